//! The frames that a client sends, and how they are read.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Action, Json};
use crate::error::{Error, ErrorCode, Result};
use crate::message::Message;
use crate::name::MAX_MEMBER_BYTES;
use crate::sql::value::MAX_EXACT_INTEGER;

/// How many frames a client may send in one text.
pub const MAX_FRAMES: usize = 64;

/// The longest id of a frame, in characters.
const MAX_ID_CHARS: usize = 64;

/// The longest kind of an ephemeral event, in bytes.
const MAX_KIND_BYTES: usize = 32;

/// A frame that a client sends. `C` is a command of the app's own.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame<B = Json, D = Json, C = Json> {
    /// A new item.
    Append {
        /// The id of the frame, and of the entry.
        id: String,
        /// The body.
        body: B,
    },
    /// Another body for an item.
    Edit {
        /// The id of the frame, and of the entry.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
        /// The new body.
        body: B,
    },
    /// Removes the body of an item.
    Delete {
        /// The id of the frame, and of the entry.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
    },
    /// A command of the app's own.
    Command {
        /// The id of the frame, and of the entry that the command causes, if it causes one.
        id: String,
        /// The command.
        data: C,
    },
    /// Requests a page of items: those before a `seq`, or those after one, or the newest.
    History {
        /// The id of the frame.
        id: String,
        /// Before this `seq`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        before: Option<u64>,
        /// After this `seq`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        after: Option<u64>,
    },
    /// An ephemeral event. It is not answered, but an error names its id.
    Ephemeral {
        /// The id of the frame.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        id: Option<String>,
        /// The kind, such as `typing`.
        kind: String,
        /// Optional data.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        data: Option<Json>,
        /// Whether the event ends.
        #[serde(skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(as = "Option<bool>", optional))]
        end: bool,
    },
    /// New presence data of the member.
    Presence {
        /// The id of the frame.
        id: String,
        /// The data.
        data: D,
    },
    /// An action of a moderator.
    Moderate {
        /// The id of the frame.
        id: String,
        /// The action.
        action: Action,
        /// The member it applies to.
        member: String,
        /// The duration of a ban or a mute; without it, it lasts until it is ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        seconds: Option<u64>,
    },
    /// A fresh token before the old one expires, or the secret that the room has just made.
    Token {
        /// The id of the frame.
        id: String,
        /// The token.
        token: String,
    },
}

impl<B, D, C> ClientFrame<B, D, C> {
    /// Returns the id of the frame.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Ephemeral { id, .. } => id.as_deref(),
            Self::Append { id, .. }
            | Self::Edit { id, .. }
            | Self::Delete { id, .. }
            | Self::Command { id, .. }
            | Self::History { id, .. }
            | Self::Presence { id, .. }
            | Self::Moderate { id, .. }
            | Self::Token { id, .. } => Some(id),
        }
    }
}

/// Reads the text of a client: one frame, or several in an array. A frame that cannot be read is refused on its own, with an
/// error that names its id; the others count.
///
/// # Errors
///
/// The text as a whole is refused: [`ErrorCode::BINARY`], [`ErrorCode::NOT_JSON`], or [`ErrorCode::TOO_LONG`] when it has more
/// than `max_bytes`, or more than [`MAX_FRAMES`] frames. Then none of its frames counts.
///
/// # Example
///
/// ```
/// use party::parts::wire::{self, ClientFrame};
/// use party::{ErrorCode, Message};
///
/// let message = Message::from(r#"[{"type":"append","id":"1","body":"hello"},{"type":"append","id":"2"}]"#);
/// let frames = wire::read::<String, (), ()>(&message, 1_024)?;
/// assert!(matches!(&frames[0], Ok(ClientFrame::Append { body, .. }) if body == "hello"));
/// assert!(matches!(&frames[1], Err(error) if error.id() == Some("2")));
///
/// let error = wire::read::<String, (), ()>(&Message::from("hello"), 1_024).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::NOT_JSON);
/// # Ok::<(), party::Error>(())
/// ```
pub fn read<B, D, C>(message: &Message, max_bytes: usize) -> Result<Vec<Result<ClientFrame<B, D, C>>>>
where
    B: DeserializeOwned,
    D: DeserializeOwned,
    C: DeserializeOwned,
{
    let Some(text) = message.as_text() else {
        return Err(Error::client(ErrorCode::BINARY, "expected a text frame with JSON, got a binary frame"));
    };
    if text.len() > max_bytes {
        let message = format!("the text has {} bytes, more than {max_bytes}", text.len());
        return Err(Error::client(ErrorCode::TOO_LONG, message));
    }
    if !text.trim_start().starts_with('[') {
        return match serde_json::from_str::<Fields<'_, B>>(text) {
            Ok(fields) => Ok(vec![fields.frame()]),
            Err(error) => unreadable(text, &error).map(|refused| vec![Err(refused)]),
        };
    }
    // Mostly all of them can be read, and each is read once.
    let read = serde_json::from_str::<Vec<Fields<'_, B>>>(text);
    let frames = match read {
        Ok(all) => all.into_iter().map(Fields::frame).collect(),
        Err(_) => one_by_one(text)?,
    };
    if frames.len() > MAX_FRAMES {
        let message = format!("the array has {} frames, more than {MAX_FRAMES}", frames.len());
        return Err(Error::client(ErrorCode::TOO_LONG, message));
    }
    Ok(frames)
}

/// Reads the frames of an array of which one cannot be read.
fn one_by_one<B, D, C>(text: &str) -> Result<Vec<Result<ClientFrame<B, D, C>>>>
where
    B: DeserializeOwned,
    D: DeserializeOwned,
    C: DeserializeOwned,
{
    let all: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let read = |frame: &RawValue| match serde_json::from_str::<Fields<'_, B>>(frame.get()) {
        Ok(fields) => fields.frame(),
        Err(error) => Err(unreadable(frame.get(), &error).unwrap_or_else(|error| error)),
    };
    Ok(all.into_iter().map(read).collect())
}

/// All fields of all frames. (serde's own tagged enums would copy every frame into a tree first.)
#[derive(Deserialize)]
#[serde(bound = "B: DeserializeOwned")]
struct Fields<'a, B> {
    #[serde(rename = "type", borrow)]
    tag: Cow<'a, str>,
    id: Option<String>,
    target: Option<u64>,
    before: Option<u64>,
    after: Option<u64>,
    kind: Option<String>,
    #[serde(default)]
    end: bool,
    action: Option<Action>,
    member: Option<String>,
    seconds: Option<u64>,
    token: Option<String>,
    body: Option<B>,
    data: Option<Json>,
}

impl<B> Fields<'_, B> {
    /// The frame, or an error that names it.
    fn frame<D: DeserializeOwned, C: DeserializeOwned>(self) -> Result<ClientFrame<B, D, C>> {
        let id = self.id.clone().unwrap_or_default();
        self.checked().map_err(|error| if id.is_empty() { error } else { error.with_id(id) })
    }

    fn checked<D: DeserializeOwned, C: DeserializeOwned>(self) -> Result<ClientFrame<B, D, C>> {
        if *self.tag == *"ephemeral" {
            let (kind, data, end) = (checked_kind(self.kind)?, self.data, self.end);
            return Ok(ClientFrame::Ephemeral { id: self.id, kind, data, end });
        }
        let id = || checked_id(self.id);
        Ok(match &*self.tag {
            "append" => ClientFrame::Append { id: id()?, body: required(self.body, "body")? },
            "edit" => ClientFrame::Edit {
                id: id()?,
                target: exact(required(self.target, "target")?, "target")?,
                body: required(self.body, "body")?,
            },
            "delete" => {
                ClientFrame::Delete { id: id()?, target: exact(required(self.target, "target")?, "target")? }
            }
            "command" => ClientFrame::Command { id: id()?, data: read_data(self.data)? },
            "history" => ClientFrame::History {
                id: id()?,
                before: self.before.map(|seq| exact(seq, "before")).transpose()?,
                after: self.after.map(|seq| exact(seq, "after")).transpose()?,
            },
            "presence" => ClientFrame::Presence { id: id()?, data: read_data(self.data)? },
            "moderate" => ClientFrame::Moderate {
                id: id()?,
                action: required(self.action, "action")?,
                member: checked_member(self.member)?,
                seconds: self.seconds.map(|seconds| exact(seconds, "seconds")).transpose()?,
            },
            "token" => ClientFrame::Token { id: id()?, token: required(self.token, "token")? },
            _ => return Err(invalid("unknown frame type")),
        })
    }
}

fn invalid(text: impl Into<Cow<'static, str>>) -> Error {
    Error::client(ErrorCode::INVALID, text)
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::client(ErrorCode::NOT_JSON, format!("the text is not JSON: {error}"))
}

/// The error of a frame that serde could not read, with the `id` in it.
///
/// # Errors
///
/// When the text is not JSON.
fn unreadable(text: &str, error: &serde_json::Error) -> Result<Error> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    if !error.is_data() {
        return Err(not_json(error));
    }
    let refused = invalid(format!("the frame has the wrong shape: {error}"));
    Ok(match serde_json::from_str::<Identified>(text) {
        Ok(Identified { id }) => refused.with_id(id),
        Err(_) => refused,
    })
}

fn required<T>(field: Option<T>, name: &str) -> Result<T> {
    field.ok_or_else(|| invalid(format!("the frame has no `{name}`")))
}

/// A number that the room can store.
fn exact(number: u64, name: &str) -> Result<u64> {
    match number {
        ..=MAX_EXACT_INTEGER => Ok(number),
        _ => Err(invalid(format!("`{name}` is larger than {MAX_EXACT_INTEGER}"))),
    }
}

fn read_data<T: DeserializeOwned>(data: Option<Json>) -> Result<T> {
    let data = required(data, "data")?;
    serde_json::from_str(data.as_str())
        .map_err(|error| invalid(format!("`data` has the wrong shape: {error}")))
}

fn checked_id(id: Option<String>) -> Result<String> {
    let id = required(id, "id")?;
    if id.trim().is_empty() || id.chars().nth(MAX_ID_CHARS).is_some() || id.contains(char::is_control) {
        let text = format!("an id has 1 to {MAX_ID_CHARS} characters, none of them a control character");
        return Err(invalid(text));
    }
    Ok(id)
}

fn checked_member(member: Option<String>) -> Result<String> {
    let member = required(member, "member")?;
    if member.is_empty() || member.len() > MAX_MEMBER_BYTES {
        return Err(invalid(format!("a member has 1 to {MAX_MEMBER_BYTES} bytes")));
    }
    Ok(member)
}

fn checked_kind(kind: Option<String>) -> Result<String> {
    let kind = required(kind, "kind")?;
    if kind.is_empty() || kind.len() > MAX_KIND_BYTES {
        return Err(invalid(format!("a kind has 1 to {MAX_KIND_BYTES} bytes")));
    }
    Ok(kind)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
