//! The messages and members of this chat, as they travel and are stored, and their limits.
//!
//! `client/protocol.ts` is generated from this file. The protocol of the original durable-chat app is in
//! [`original`](crate::original).

use crate::about::Change;
use party::parts::files::File;
use party::parts::moderation;
use party::parts::names::NameRules;
use party::parts::reactions::Reaction;
use party::{Error, ErrorCode, Result, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest content of a message, in bytes of UTF-8.
pub const MAX_CONTENT_BYTES: usize = 8_192;

/// The longest name of a member, in characters.
pub const MAX_USER_CHARS: usize = 64;

/// The names that members may have.
pub const NAMES: NameRules = NameRules::new().max_chars(MAX_USER_CHARS);

/// The longest id of a message, in characters.
pub const MAX_ID_CHARS: usize = 64;

/// The longest frame that is looked at, in bytes. It leaves room for a message whose every character is escaped.
pub const MAX_FRAME_BYTES: usize = 65_536;

/// The author of a message.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person.
    User,
    /// A program.
    Assistant,
}

/// A message as a client sends it: the body of its appends and edits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageDraft {
    /// The text.
    pub content: String,
    /// The `seq` of the message that it answers. An edit does not change it.
    #[serde(default, rename = "replyTo", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub reply_to: Option<u64>,
    /// The id of the file that it has. An edit does not change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub file: Option<String>,
}

/// A message as it is stored and as everyone gets it: the body of an entry.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageBody {
    /// The text.
    pub content: String,
    /// The author's name when it was written. Names can be shared: who an author is says the entry's `author`.
    pub user: String,
    /// The author.
    pub role: Role,
    /// The `seq` of the message that it answers. That may be deleted by now.
    #[serde(default, rename = "replyTo", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub reply_to: Option<u64>,
    /// Its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "RoomFile"))]
    pub file: Option<File>,
    /// Whether its author has edited it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub edited: bool,
    /// The reactions to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, type = "{ emoji: string, count: number, names: string[] }[]"))]
    pub reactions: Vec<Reaction>,
}

/// A command on a message or the room.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Give it an emoji, or take it back.
    React {
        /// The `seq` of the message.
        #[cfg_attr(test, ts(type = "number"))]
        message: u64,
        /// The emoji.
        emoji: String,
        /// `false` takes it back.
        on: bool,
    },
    /// Change what the room says about itself. Only moderators can.
    Room(Change),
}

/// A question to the room.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Which messages have all these words? The answer is a [`Found`](party::parts::search::Found).
    Search {
        /// The words.
        text: String,
        /// Only messages before this `seq`: where an answer before has ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        before: Option<u64>,
    },
}

/// The presence data that a client sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProfileUpdate {
    /// The name to be shown.
    pub name: String,
}

/// The presence data of a member that everyone gets.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Profile {
    /// The name to be shown.
    pub name: String,
    /// The role of the member.
    #[cfg_attr(test, ts(type = "\"reader\" | \"member\" | \"moderator\""))]
    pub role: moderation::Role,
    /// Until when the member may not write, in milliseconds of the room's clock.
    #[serde(default, rename = "mutedUntil", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub muted_until: Option<Timestamp>,
    /// Whether the member came by the original protocol, in which nobody can prove who they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub guest: bool,
}

/// Checks the text of a message. It may be empty beside a file.
///
/// # Errors
///
/// [`ErrorCode::EMPTY`], [`ErrorCode::TOO_LARGE`], [`ErrorCode::INVALID`].
pub fn check_content(content: &str, has_file: bool) -> Result<()> {
    if !has_file && content.trim().is_empty() {
        return Err(Error::client(ErrorCode::EMPTY, "the message is empty"));
    }
    if content.len() > MAX_CONTENT_BYTES {
        let text = format!("the message has {} bytes, more than {MAX_CONTENT_BYTES}", content.len());
        return Err(Error::client(ErrorCode::TOO_LARGE, text));
    }
    // They show nothing, and each is six bytes of the JSON that is stored.
    if content.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t')) {
        let text = "the message has a control character other than a line feed, carriage return or tab";
        return Err(Error::client(ErrorCode::INVALID, text));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
