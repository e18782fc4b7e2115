//! The protocol of the original durable-chat app, byte for byte, so that its client works here as it is.
//!
//! Every frame is a JSON object with a `type`. Data for which the original has no frame is translated: a deleted
//! message becomes one that says so, a reply begins with a line that quotes, a file is a line with its name, and an
//! error carries the history, since that client takes every frame of unknown type for the history.

use party::channel::{Channel, Context, Protocol, Request};
use party::parts::log::Direction;
use party::parts::wire::Entry;
use party::{Error, ErrorCode, ErrorFrame, Frame, Result};
use serde::{Deserialize, Serialize};

use crate::protocol::{
    MAX_FRAME_BYTES, MAX_ID_CHARS, MessageBody, MessageDraft, NAMES, ProfileUpdate, Role, check_content,
};
use crate::room::Chatting;

/// The content of a message that was deleted.
pub const DELETED: &str = "This message was deleted.";

/// The longest quotation of a message, in characters.
const EXCERPT_CHARS: usize = 80;

/// The original protocol, beside the channel's own.
#[derive(Clone, Copy, Debug)]
pub struct Original;

/// A message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    /// Chosen by the author's client.
    pub id: String,
    /// The text.
    pub content: String,
    /// The author's name.
    pub user: String,
    /// The author.
    pub role: Role,
}

/// A frame that a client sends. (serde's own tagged enums would copy every frame into a tree first.)
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct ClientFrame {
    /// The request.
    #[serde(rename = "type")]
    pub kind: Kind,
    id: String,
    content: String,
    user: String,
    role: Role,
}

/// The part that is read of an invalid frame.
#[derive(Deserialize)]
struct Identified {
    id: String,
}

/// The request of a frame. Either of them may name a message that exists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A new message.
    Add,
    /// Another text for a message.
    Update,
}

/// A frame that the room sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame {
    /// The newest messages, oldest first: the first frame of a connection.
    All {
        /// The messages.
        messages: Vec<Message>,
    },
    /// A new message, to everyone, its author included.
    Add(Message),
    /// Another text for a message, to everyone.
    Update(Message),
    /// A frame of the client's was refused.
    Error(Refusal),
}

/// An error.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Refusal {
    /// The error as every client gets it.
    #[serde(flatten)]
    pub error: ErrorFrame,
    /// The history as it is, for a client that would break without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
}

impl Protocol<Chatting> for Original {
    fn speaks(&self, version: Option<&str>) -> bool {
        matches!(version, None | Some("1"))
    }

    fn tag(&self) -> &'static str {
        "original"
    }

    fn read(
        &self,
        channel: &Channel<Chatting>,
        by: &Context<'_, Chatting>,
        message: &party::Message,
    ) -> Result<Vec<Request<Chatting>>> {
        let frame = ClientFrame::read(message)?;
        let (kind, sent) = (frame.kind, Message::from(frame));
        by.require_writer().map_err(|error| error.with_id(&sent.id))?;
        let mut requests = Vec::new();
        if by.profile().is_none_or(|profile| profile.name != sent.user) {
            requests.push(Request::Introduce(sent.id.clone(), ProfileUpdate { name: sent.user.clone() }));
        }
        let draft = MessageDraft { content: sent.content.clone(), reply_to: None, file: None };
        requests.push(match channel.log().item_by_id(&sent.id)? {
            None => Request::Append(sent.id, draft),
            Some(item) if item.author != *by.member() || item.body.is_none() => {
                let conflict = Error::client(ErrorCode::CONFLICT, "the id belongs to another message");
                return Err(conflict.with_id(sent.id));
            }
            // Sent again word for word: only its sender gets an answer.
            Some(item) if Message::of_item(&item).as_ref() == Some(&sent) => {
                Request::Answer(frame_of(&if kind == Kind::Add {
                    ServerFrame::Add(sent)
                } else {
                    ServerFrame::Update(sent)
                }))
            }
            // This protocol has no id for a change.
            Some(item) => Request::Edit(by.room().random_id(), item.seq, draft),
        });
        Ok(requests)
    }

    fn welcome(&self, channel: &Channel<Chatting>) -> Result<Frame<'static>> {
        Ok(frame_of(&ServerFrame::All { messages: history(channel)? }))
    }

    fn entry(&self, channel: &Channel<Chatting>, entry: &Entry) -> Result<Option<Frame<'static>>> {
        let Some(target) = entry.target else {
            return Ok(shown(channel, entry)?.map(|message| frame_of(&ServerFrame::Add(message))));
        };
        let Some(item) = channel.log().item(target)? else { return Ok(None) };
        let message = shown(channel, &item)?.unwrap_or_else(|| Message::deleted(&item.id));
        Ok(Some(frame_of(&ServerFrame::Update(message))))
    }

    fn known(&self, channel: &Channel<Chatting>, _id: &str, seq: u64) -> Result<Option<Frame<'static>>> {
        let Some(item) = channel.log().item(seq)? else { return Ok(None) };
        Ok(shown(channel, &item)?.map(|message| frame_of(&ServerFrame::Add(message))))
    }

    fn error(&self, channel: &Channel<Chatting>, error: &Error) -> Option<Frame<'static>> {
        // A client that is closed for what it has done gets the close alone: it would break at a frame without history.
        if error.close_code().is_some() && error.code() != ErrorCode::ROOM_FULL {
            return None;
        }
        let messages = if Refusal::wants_history(error) { history(channel).ok() } else { None };
        Some(frame_of(&ServerFrame::Error(Refusal { error: error.into(), messages })))
    }
}

impl ClientFrame {
    /// Reads a frame and checks every limit.
    ///
    /// # Errors
    ///
    /// The answer to its sender.
    pub fn read(frame: &party::Message) -> Result<Self> {
        if frame.len() > MAX_FRAME_BYTES {
            let text = format!("the text has {} bytes, more than {MAX_FRAME_BYTES}", frame.len());
            return Err(Error::client(ErrorCode::TOO_LONG, text));
        }
        let read: Self = frame.read_json().map_err(|error| match frame.read_json() {
            Ok(Identified { id }) => error.with_id(id),
            Err(_) => error,
        })?;
        let id = read.id.as_str();
        if id.trim().is_empty() || id.chars().nth(MAX_ID_CHARS).is_some() || id.contains(char::is_control) {
            let text = format!(
                "a message's id has 1 to {MAX_ID_CHARS} characters, none of them a control character"
            );
            return Err(Error::client(ErrorCode::INVALID, text).with_id(id));
        }
        let user = read.checked_user().map_err(|error| error.with_id(id))?;
        // The checked value is the one that is used.
        Ok(Self { user, ..read })
    }

    /// Checks the message, and returns the name as it is used.
    fn checked_user(&self) -> Result<String> {
        check_content(&self.content, false)?;
        match self.role {
            Role::User => NAMES.check(&self.user),
            // A client that proves nothing is not a program of the room's.
            Role::Assistant => Err(Error::client(
                ErrorCode::FORBIDDEN,
                "no client can write as the assistant in this protocol",
            )),
        }
    }
}

impl From<ClientFrame> for Message {
    fn from(ClientFrame { id, content, user, role, .. }: ClientFrame) -> Self {
        Self { id, content, user, role }
    }
}

impl Message {
    /// Returns the message of an item in the log, without what it answers; `None` if it is deleted. A file is a line
    /// with its name.
    pub fn of_item(item: &Entry) -> Option<Self> {
        let MessageBody { content, user, role, file, .. } = item.read_body().ok()?;
        let content = match file {
            Some(file) => format!("[{}]\n{content}", file.name).trim_end().to_owned(),
            None => content,
        };
        Some(Self { id: item.id.clone(), content, user, role })
    }

    /// Returns the message in place of one that was deleted.
    pub fn deleted(id: &str) -> Self {
        Self { id: id.to_owned(), content: DELETED.to_owned(), user: "-".to_owned(), role: Role::User }
    }
}

impl Refusal {
    /// Returns whether the client would break without the history: its page can have sent what is refused.
    pub fn wants_history(error: &Error) -> bool {
        error.id().is_some()
            || [ErrorCode::SLOW_DOWN, ErrorCode::ROOM_FULL, ErrorCode::MUTED, ErrorCode::INTERNAL]
                .contains(&error.code())
    }
}

/// Returns the newest messages.
fn history(channel: &Channel<Chatting>) -> Result<Vec<Message>> {
    let page = channel.log().page(Direction::Newest, channel.page_size())?;
    let items: Vec<Entry> = page.entries.read()?;
    items.iter().filter_map(|item| shown(channel, item).transpose()).collect()
}

/// Returns the message of an item as this protocol shows it: a reply begins with a line that quotes the message that it
/// answers. `None` if it is deleted.
fn shown(channel: &Channel<Chatting>, item: &Entry) -> Result<Option<Message>> {
    let Some(message) = Message::of_item(item) else { return Ok(None) };
    let MessageBody { reply_to, .. } = item.read_body()?;
    let Some(answered) = reply_to else { return Ok(Some(message)) };
    let quoted = match channel.log().item(answered)?.as_ref().and_then(Message::of_item) {
        Some(Message { user, content, .. }) => format!("{user}: {}", excerpt(&content)),
        None => DELETED.to_owned(),
    };
    Ok(Some(Message { content: format!("> {quoted}\n{}", message.content), ..message }))
}

/// Returns the beginning of a text: at most 80 characters of its first line that is not empty.
fn excerpt(content: &str) -> String {
    let line = content.trim_start().lines().next().unwrap_or_default();
    let mut excerpt: String = line.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < content.trim().len() {
        excerpt.push('…');
    }
    excerpt
}

fn frame_of(frame: &ServerFrame) -> Frame<'static> {
    // Its parts are texts and numbers, which can always be written as JSON.
    Frame::json(frame).unwrap_or_else(|_| Frame::from(String::new()))
}

#[cfg(test)]
mod tests;
