//! What this chat's entries and members are made of on [the wire of parts](party::parts::wire), and what is too much.
//!
//! `client/protocol.ts` is generated from this file. The wire of the original durable-chat app is in [`original`](crate::original).

use party::Connection;
use party::parts::moderation::Role as Standing;
use party::parts::wire::{Code, Fault};
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

/// What a client says: the body of its appends and edits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Said {
    /// The text.
    pub content: String,
}

/// A message as everyone sees it: the body of an entry.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Line {
    /// The text.
    pub content: String,
    /// The author's name when it was written. Names can be shared: who an author is says the entry's `author`.
    pub user: String,
    /// Who wrote it.
    pub role: Role,
}

/// What a client shows of its member: the data of its presence.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Name {
    /// The name to be shown.
    pub name: String,
}

/// A member as everyone sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Profile {
    /// The name to be shown.
    pub name: String,
    /// What the member may do.
    #[cfg_attr(test, ts(type = "\"reader\" | \"member\" | \"moderator\""))]
    pub role: Standing,
    /// Until when it may not write, in milliseconds since the Unix epoch.
    #[serde(default, rename = "mutedUntil", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub muted_until: Option<u64>,
    /// Whether it came over the original wire, where nobody can prove who they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub guest: bool,
}

/// Which wire a client speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wire {
    /// The original's, byte for byte.
    Original,
    /// That of the parts.
    Parts,
}

impl Wire {
    /// The wire that a client asks for; `None` if it is one that nobody here speaks.
    pub fn of(connection: &Connection) -> Option<Self> {
        match connection.query("wire").as_deref() {
            None | Some("1") => Some(Self::Original),
            Some("2") => Some(Self::Parts),
            Some(_) => None,
        }
    }

    /// The tag of connections that speak it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Original => "wire:1",
            Self::Parts => "wire:2",
        }
    }
}

/// The tag of connections that take several frames in one.
pub const BATCH: &str = "batch";

/// The tag of connections on the wire of the parts that take one frame at a time.
pub const SINGLY: &str = "singly";

/// Whether a client takes several frames in one.
pub fn takes_batches(connection: &Connection) -> bool {
    connection.query("batch").as_deref() == Some("1")
}

/// A name as it is shown, if it can be.
///
/// # Errors
///
/// What its sender is to be told.
pub fn checked_name(name: &str) -> Result<String, Fault> {
    let name = name.trim();
    if name.is_empty() || name.chars().nth(MAX_USER_CHARS).is_some() || name.chars().any(char::is_control) {
        let message =
            format!("a name has 1 to {MAX_USER_CHARS} characters, none of them a control character");
        return Err(Fault::new(Code::Invalid, message));
    }
    Ok(name.to_owned())
}

/// Whether a text can be said.
///
/// # Errors
///
/// What its sender is to be told.
pub fn check_content(content: &str) -> Result<(), Fault> {
    if content.trim().is_empty() {
        return Err(Fault::new(Code::Empty, "the message is empty"));
    }
    if content.len() > MAX_CONTENT_BYTES {
        let size = content.len();
        let message = format!("the message has {size} bytes, more than {MAX_CONTENT_BYTES}");
        return Err(Fault::new(Code::TooLarge, message));
    }
    // They show nothing, and each is six bytes of the JSON that is stored.
    if content.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t')) {
        let message = "the message has a control character other than a line feed, carriage return or tab";
        return Err(Fault::new(Code::Invalid, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
