//! The wire of the original durable-chat app, byte for byte, so that its client works here as it is.
//!
//! Every frame is a JSON object with a `type`. What the original cannot say is translated: a deleted message becomes one that says
//! so, since that client knows no deletion; and whom the room cannot take a message from gets an error that carries the history,
//! since that client takes every frame of a type that it does not know for the history.

use party::Result;
use party::parts::wire::{Code, Entry, Fault};
use serde::{Deserialize, Serialize};

use crate::protocol::{Line, MAX_FRAME_BYTES, MAX_ID_CHARS, Role, check_content, checked_name};

/// What stands in the place of a message that was deleted.
pub const DELETED: &str = "This message was deleted.";

/// A message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    /// Chosen by the author's client.
    pub id: String,
    /// The text.
    pub content: String,
    /// The author's name.
    pub user: String,
    /// Who wrote it.
    pub role: Role,
}

/// What a client says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", from = "Said")]
pub enum ClientFrame {
    /// A new message.
    Add(Message),
    /// Another text for a message of one's own.
    Update(Message),
}

/// A client's frame as it is read. (serde's own tagged enums would copy every frame into a tree first.)
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: Kind,
    id: String,
    content: String,
    user: String,
    role: Role,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Add,
    Update,
}

impl From<Said> for ClientFrame {
    fn from(said: Said) -> Self {
        let Said { kind, id, content, user, role } = said;
        let message = Message { id, content, user, role };
        match kind {
            Kind::Add => Self::Add(message),
            Kind::Update => Self::Update(message),
        }
    }
}

/// What the room says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame {
    /// The newest messages, oldest first: what somebody gets who joins.
    All {
        /// The messages.
        messages: Vec<Message>,
    },
    /// A new message, to everyone, its author included.
    Add(Message),
    /// Another text for a message, to everyone.
    Update(Message),
    /// What the sender sent was not taken; nobody else hears of it.
    Error(Refusal),
}

/// Why something was not taken.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Refusal {
    /// Why.
    #[serde(flatten)]
    pub fault: Fault,
    /// The history as it is, for a client that would break without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
}

impl ClientFrame {
    /// Reads a frame and checks every limit.
    ///
    /// # Errors
    ///
    /// What its sender is to be told.
    pub fn read(frame: &party::Message) -> Result<Self, Fault> {
        let Some(text) = frame.as_text() else {
            return Err(Fault::new(Code::Binary, "expected a text frame with JSON, got a binary frame"));
        };
        if text.len() > MAX_FRAME_BYTES {
            let message = format!("the frame has {} bytes, more than {MAX_FRAME_BYTES}", text.len());
            return Err(Fault::new(Code::TooLarge, message));
        }
        let read: Self = serde_json::from_str(text).map_err(|error| Fault::unreadable(text, &error))?;
        let id = &read.message().id;
        if id.trim().is_empty() || id.chars().nth(MAX_ID_CHARS).is_some() || id.contains(char::is_control) {
            let message = format!(
                "a message's id has 1 to {MAX_ID_CHARS} characters, none of them a control character"
            );
            return Err(Fault::new(Code::Invalid, message).of(id));
        }
        read.message().check().map_err(|fault| fault.of(id))?;
        Ok(read)
    }

    /// The message in it.
    pub fn message(&self) -> &Message {
        match self {
            Self::Add(message) | Self::Update(message) => message,
        }
    }

    /// The frame that tells everyone of it.
    pub fn told(&self) -> ServerFrame {
        match self {
            Self::Add(message) => ServerFrame::Add(message.clone()),
            Self::Update(message) => ServerFrame::Update(message.clone()),
        }
    }
}

impl Message {
    /// An item of the log; `None` if it is deleted.
    pub fn of_item(item: &Entry) -> Option<Self> {
        let line: Line = item.body.as_ref()?.read().ok()?;
        let Line { content, user, role } = line;
        Some(Self { id: item.id.clone(), content, user, role })
    }

    /// What stands in the place of an item that was deleted.
    pub fn deleted(id: &str) -> Self {
        Self { id: id.to_owned(), content: DELETED.to_owned(), user: "-".to_owned(), role: Role::User }
    }

    /// The body of its entry.
    pub fn line(&self) -> Line {
        Line { content: self.content.clone(), user: self.user.clone(), role: self.role }
    }

    fn check(&self) -> Result<(), Fault> {
        checked_name(&self.user)?;
        check_content(&self.content)?;
        match self.role {
            Role::User => Ok(()),
            // Whoever may be anyone is no program of the room's.
            Role::Assistant => {
                Err(Fault::new(Code::Forbidden, "nobody writes as the assistant on this wire"))
            }
        }
    }
}

impl Refusal {
    /// Whether the client would break without the history: it sent what its page can send.
    pub fn wants_history(fault: &Fault) -> bool {
        fault.id.is_some() || matches!(fault.code, Code::SlowDown | Code::RoomFull | Code::Muted)
    }
}

#[cfg(test)]
mod tests;
