//! What a client says, and how it is read.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Code, Fault, Json};
use crate::message::Message;
use crate::parts::identity::MAX_MEMBER_BYTES;

/// How many frames a client may send in one.
pub const MAX_FRAMES: usize = 64;

/// The longest id of an entry, in characters.
const MAX_ID_CHARS: usize = 64;

/// The longest kind of an ephemeral event, in bytes.
const MAX_KIND_BYTES: usize = 32;

/// What a client says.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame<B = Json, D = Json> {
    /// A new item.
    Append {
        /// Chosen by the client, and used for nothing else.
        id: String,
        /// The body.
        body: B,
    },
    /// Another body for an item.
    Edit {
        /// Chosen by the client, and used for nothing else.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
        /// The new body.
        body: B,
    },
    /// No more body for an item.
    Delete {
        /// Chosen by the client, and used for nothing else.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
    },
    /// A page of items, please: those before a `seq`, or those after one.
    History {
        /// Before this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        before: Option<u64>,
        /// After this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        after: Option<u64>,
    },
    /// Something of the moment.
    Ephemeral {
        /// What it is, such as `typing`.
        kind: String,
        /// More about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        data: Option<Json>,
        /// Whether it is over.
        #[serde(skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(as = "Option<bool>", optional))]
        end: bool,
    },
    /// What the member shows of itself.
    Presence {
        /// It.
        data: D,
    },
    /// Something that a moderator does.
    Moderate {
        /// What.
        action: Action,
        /// To whom.
        member: String,
        /// For how long; for good if it is not said.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        seconds: Option<u64>,
    },
    /// A fresh token, before the old one expires.
    Token {
        /// It.
        token: String,
    },
}

/// What a moderator does to a member.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Closes the member's connections.
    Kick,
    /// Kicks, and keeps the member out.
    Ban,
    /// Lets a banned member in again.
    Unban,
    /// Lets the member write no more.
    Mute,
    /// Lets a muted member write again.
    Unmute,
    /// Makes the member a moderator.
    Appoint,
    /// Makes a moderator a member again.
    Dismiss,
}

/// Reads what a client has sent: one frame, or several in an array.
///
/// # Errors
///
/// What the client is to be told: the message is binary, has more than `max_bytes`, is no JSON, has more than [`MAX_FRAMES`]
/// frames, or one of them is no frame. Then none of them counts.
///
/// # Example
///
/// ```
/// use party::Message;
/// use party::parts::wire::{self, ClientFrame, Code};
///
/// let message = Message::from(r#"{"type":"append","id":"1","body":"hello"}"#);
/// let frames = wire::read::<String, ()>(&message, 1_024).unwrap_or_default();
/// assert!(matches!(frames.as_slice(), [ClientFrame::Append { body, .. }] if body == "hello"));
///
/// let fault = wire::read::<String, ()>(&Message::from("hello"), 1_024).unwrap_err();
/// assert_eq!(fault.code, Code::NotJson);
/// ```
pub fn read<B: DeserializeOwned, D: DeserializeOwned>(
    message: &Message,
    max_bytes: usize,
) -> Result<Vec<ClientFrame<B, D>>, Fault> {
    let Some(text) = message.as_text() else {
        return Err(Fault::new(Code::Binary, "expected a text frame with JSON, got a binary frame"));
    };
    if text.len() > max_bytes {
        let message = format!("the frame has {} bytes, more than {max_bytes}", text.len());
        return Err(Fault::new(Code::TooLarge, message));
    }
    if !text.trim_start().starts_with('[') {
        return one(text).map(|frame| vec![frame]);
    }
    let all: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| Fault::unreadable(text, &error))?;
    if all.len() > MAX_FRAMES {
        let message = format!("the array has {} frames, more than {MAX_FRAMES}", all.len());
        return Err(Fault::new(Code::TooLarge, message));
    }
    all.into_iter().map(|frame| one(frame.get())).collect()
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

fn one<B: DeserializeOwned, D: DeserializeOwned>(text: &str) -> Result<ClientFrame<B, D>, Fault> {
    let fields: Fields<'_, B> =
        serde_json::from_str(text).map_err(|error| Fault::unreadable(text, &error))?;
    let id = fields.id.clone();
    fields.frame().map_err(|fault| id.map_or(fault.clone(), |id| fault.of(&id)))
}

impl<B> Fields<'_, B> {
    fn frame<D: DeserializeOwned>(self) -> Result<ClientFrame<B, D>, Fault> {
        let tag = self.tag.into_owned();
        Ok(match tag.as_str() {
            "append" => ClientFrame::Append { id: entry_id(self.id)?, body: needed(self.body, "body")? },
            "edit" => ClientFrame::Edit {
                id: entry_id(self.id)?,
                target: needed(self.target, "target")?,
                body: needed(self.body, "body")?,
            },
            "delete" => {
                ClientFrame::Delete { id: entry_id(self.id)?, target: needed(self.target, "target")? }
            }
            "history" => ClientFrame::History { before: self.before, after: self.after },
            "ephemeral" => {
                ClientFrame::Ephemeral { kind: short_kind(self.kind)?, data: self.data, end: self.end }
            }
            "presence" => {
                let data = needed(self.data, "data")?;
                let data = serde_json::from_str(data.as_str())
                    .map_err(|error| Fault::unreadable(data.as_str(), &error))?;
                ClientFrame::Presence { data }
            }
            "moderate" => ClientFrame::Moderate {
                action: needed(self.action, "action")?,
                member: member_name(self.member)?,
                seconds: self.seconds,
            },
            "token" => ClientFrame::Token { token: needed(self.token, "token")? },
            _ => return Err(Fault::new(Code::Invalid, "the frame has no type of this wire")),
        })
    }
}

fn needed<T>(field: Option<T>, name: &str) -> Result<T, Fault> {
    field.ok_or_else(|| Fault::new(Code::Invalid, format!("the frame has no `{name}`")))
}

fn entry_id(id: Option<String>) -> Result<String, Fault> {
    let id = needed(id, "id")?;
    if id.trim().is_empty() || id.chars().nth(MAX_ID_CHARS).is_some() || id.contains(char::is_control) {
        let message = format!("an id has 1 to {MAX_ID_CHARS} characters, none of them a control character");
        return Err(Fault::new(Code::Invalid, message));
    }
    Ok(id)
}

fn member_name(member: Option<String>) -> Result<String, Fault> {
    let member = needed(member, "member")?;
    if member.is_empty() || member.len() > MAX_MEMBER_BYTES {
        return Err(Fault::new(Code::Invalid, format!("a member's name has 1 to {MAX_MEMBER_BYTES} bytes")));
    }
    Ok(member)
}

fn short_kind(kind: Option<String>) -> Result<String, Fault> {
    let kind = needed(kind, "kind")?;
    if kind.is_empty() || kind.len() > MAX_KIND_BYTES {
        return Err(Fault::new(Code::Invalid, format!("a kind has 1 to {MAX_KIND_BYTES} bytes")));
    }
    Ok(kind)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
