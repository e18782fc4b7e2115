//! The wire: what clients and the room say to each other, and what is too much.
//!
//! Every frame is a JSON object with a `type`. The shape is that of the original durable-chat app, so its client works here
//! as it is. A client that connects with `?wire=2` gets each message with its place in the room's order and its time;
//! others get the original's four fields and nothing else.
//!
//! `client/protocol.ts` is generated from this file.

use party::Connection;
use serde::{Deserialize, Serialize};

/// The longest content of a message, in bytes of UTF-8.
pub const MAX_CONTENT_BYTES: usize = 8_192;

/// The longest name of a user, in characters.
pub const MAX_USER_CHARS: usize = 64;

/// The longest id of a message, in characters.
pub const MAX_ID_CHARS: usize = 64;

/// The longest frame that is looked at, in bytes. It leaves room for a message whose every character is escaped.
pub const MAX_FRAME_BYTES: usize = 65_536;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person.
    User,
    /// A program.
    Assistant,
}

/// A message as its author sends it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Draft {
    /// Chosen by the author's client. One message has one id, however often it is sent.
    pub id: String,
    /// The text.
    pub content: String,
    /// The author's name.
    pub user: String,
    /// Who wrote it.
    pub role: Role,
}

/// A message as everyone sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Message {
    /// The author's id of it.
    pub id: String,
    /// The text.
    pub content: String,
    /// The author's name.
    pub user: String,
    /// Who wrote it.
    pub role: Role,
    /// Its place in the room's order, the same for everyone. On wire 2 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub seq: Option<u64>,
    /// When the room stored it, in milliseconds since the Unix epoch. On wire 2 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub at: Option<u64>,
}

/// What a client says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame {
    /// A new message.
    Add(Draft),
    /// Another text for a message of one's own.
    Update(Draft),
}

/// What the room says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
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
    Error(Rejection),
}

/// Why something was not taken.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rejection {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Which message was not taken, where that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub id: Option<String>,
    /// The newest messages. The original client takes every frame of a type that it does not know for the history, so on its
    /// wire a rejected message comes with the history as it is; without it, that client's page would break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub messages: Option<Vec<Message>>,
}

/// Why something was not taken, for programs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A binary frame.
    Binary,
    /// No JSON.
    NotJson,
    /// JSON, but no frame of this protocol, or a field outside its limits.
    Invalid,
    /// A message without content.
    Empty,
    /// A frame or a content beyond its limit.
    TooLarge,
    /// The id belongs to somebody else's message.
    Conflict,
    /// The room failed; trying again may help.
    Internal,
}

/// Which of the two wires a client speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wire {
    /// The original's, byte for byte.
    Original,
    /// With `seq` and `at`.
    Stamped,
}

impl Wire {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Original, Self::Stamped];

    /// The wire that a client asked for.
    pub fn of(connection: &Connection) -> Self {
        if connection.query("wire").as_deref() == Some("2") { Self::Stamped } else { Self::Original }
    }

    /// The tag of connections that speak it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Original => "wire:1",
            Self::Stamped => "wire:2",
        }
    }

    /// A message as it goes over this wire.
    pub fn message(self, message: Message) -> Message {
        match self {
            Self::Original => Message { seq: None, at: None, ..message },
            Self::Stamped => message,
        }
    }

    /// Messages as they go over this wire.
    pub fn messages(self, messages: Vec<Message>) -> Vec<Message> {
        messages.into_iter().map(|message| self.message(message)).collect()
    }
}

impl ClientFrame {
    /// Reads a frame and checks every limit.
    ///
    /// # Errors
    ///
    /// Why the frame is not taken, to be told to its sender.
    pub fn read(frame: &party::Message) -> Result<Self, Rejection> {
        let Some(text) = frame.as_text() else {
            return Err(Rejection::new(
                ErrorCode::Binary,
                "expected a text frame with JSON, got a binary frame",
            ));
        };
        if text.len() > MAX_FRAME_BYTES {
            let message = format!("the frame has {} bytes, more than {MAX_FRAME_BYTES}", text.len());
            return Err(Rejection::new(ErrorCode::TooLarge, message));
        }
        let read: Self = serde_json::from_str(text).map_err(|error| Rejection::of_json(text, &error))?;
        match read.draft().fault() {
            Some((code, message)) => {
                Err(Rejection { id: Some(read.draft().id.clone()), ..Rejection::new(code, message) })
            }
            None => Ok(read),
        }
    }

    /// The message in it.
    pub fn draft(&self) -> &Draft {
        match self {
            Self::Add(draft) | Self::Update(draft) => draft,
        }
    }

    /// The frame that tells everyone.
    pub fn told(&self, message: Message) -> ServerFrame {
        match self {
            Self::Add(_) => ServerFrame::Add(message),
            Self::Update(_) => ServerFrame::Update(message),
        }
    }
}

impl Draft {
    /// What is outside its limits, if anything is.
    fn fault(&self) -> Option<(ErrorCode, String)> {
        let within = |text: &str, max: usize| !text.trim().is_empty() && text.chars().nth(max).is_none();
        if !within(&self.id, MAX_ID_CHARS) {
            Some((ErrorCode::Invalid, format!("a message's id has 1 to {MAX_ID_CHARS} characters")))
        } else if !within(&self.user, MAX_USER_CHARS) {
            Some((ErrorCode::Invalid, format!("a name has 1 to {MAX_USER_CHARS} characters")))
        } else if self.content.trim().is_empty() {
            Some((ErrorCode::Empty, "the message is empty".to_owned()))
        } else if self.content.len() > MAX_CONTENT_BYTES {
            let size = self.content.len();
            Some((
                ErrorCode::TooLarge,
                format!("the message has {size} bytes, more than {MAX_CONTENT_BYTES}"),
            ))
        } else {
            None
        }
    }
}

impl Rejection {
    /// A rejection of something whose id is not known.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), id: None, messages: None }
    }

    /// A rejection of what serde could not read.
    fn of_json(text: &str, error: &serde_json::Error) -> Self {
        /// All that a client needs to find out which of its messages it was.
        #[derive(Deserialize)]
        struct Identified {
            id: String,
        }
        if !error.is_data() {
            return Self::new(ErrorCode::NotJson, format!("the frame is not JSON: {error}"));
        }
        let id = serde_json::from_str::<Identified>(text).ok().map(|identified| identified.id);
        Self { id, ..Self::new(ErrorCode::Invalid, format!("the frame is not one of this chat's: {error}")) }
    }
}

#[cfg(test)]
mod tests;
