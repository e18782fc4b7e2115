//! What travels between a room of parts and its clients: version 2 of the wire, as `docs/protocol.md` specifies it.
//!
//! Only the shapes stand here, and what makes a frame unreadable. `B` is the app's own body of an entry, `D` what a member shows
//! of itself; both are any JSON. The types of TypeScript in `party-client` are generated from this module.

mod client;
mod entries;
mod fault;
mod json;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use self::client::{Action, ClientFrame, MAX_FRAMES, read};
pub use self::entries::Entries;
pub use self::fault::{Code, Fault};
pub use self::json::Json;
use super::moderation::Role;
use crate::error::{Error, Result};

/// The query parameter by which a client asks for this wire, and its value.
pub const WIRE: (&str, &str) = ("wire", "2");

/// What a room says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
#[serde(try_from = "Json", bound(deserialize = "B: DeserializeOwned, D: DeserializeOwned"))]
pub enum ServerFrame<B = Json, D = Json> {
    /// The first frame that counts on a connection.
    Welcome(Welcome<B, D>),
    /// One more entry of the log. To its author it is the acknowledgement.
    Entry(Entry<B>),
    /// What the client sent was in the log already.
    Ack(Ack),
    /// A page of items, asked for by `history`.
    Page(Page<B>),
    /// Who is here, or what has changed about it.
    Presence(Roster<D>),
    /// Something of the moment.
    Ephemeral(Moment),
    /// Who the client is, when that changes.
    You(You),
    /// Something of the client's was not taken.
    Error(Fault),
}

impl<B: DeserializeOwned, D: DeserializeOwned> TryFrom<Json> for ServerFrame<B, D> {
    type Error = Error;

    /// Reads a frame. (serde's own tagged enums cannot hold a [`Json`].)
    fn try_from(frame: Json) -> Result<Self> {
        #[derive(Deserialize)]
        struct Tagged {
            #[serde(rename = "type")]
            tag: String,
        }
        let Tagged { tag } = frame.read()?;
        Ok(match tag.as_str() {
            "welcome" => Self::Welcome(frame.read()?),
            "entry" => Self::Entry(frame.read()?),
            "ack" => Self::Ack(frame.read()?),
            "page" => Self::Page(frame.read()?),
            "presence" => Self::Presence(frame.read()?),
            "ephemeral" => Self::Ephemeral(frame.read()?),
            "you" => Self::You(frame.read()?),
            "error" => Self::Error(frame.read()?),
            _ => return Err(Error::bad_message("the frame has no type of this wire")),
        })
    }
}

/// The first frame that counts on a connection.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Welcome<B = Json, D = Json> {
    /// Who the client is.
    pub you: You,
    /// Which log this is. Another epoch is another log.
    pub epoch: String,
    /// The last `seq` of the log: where the client stands from now on.
    #[cfg_attr(test, ts(type = "number"))]
    pub head: u64,
    /// Whether `entries` are exactly what the client has missed. If not, what it knew may be incomplete, and `entries` are the
    /// newest page of items.
    pub recovered: bool,
    /// The entries.
    #[cfg_attr(test, ts(as = "Vec<Entry<B>>"))]
    pub entries: Entries<B>,
    /// Whether there are items before them. It says nothing where the client has `recovered`.
    pub older: bool,
    /// Who is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub presence: Option<Roster<D>>,
}

/// Who a client is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct You {
    /// The member, as everyone sees it.
    pub member: String,
    /// What the member may do.
    pub role: Role,
    /// Until when the member may not write, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub muted_until: Option<u64>,
    /// A secret that the room has just made: the client keeps it and proves with it who it is next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub secret: Option<String>,
}

/// An entry of the log: an item, or a change of one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Entry<B = Json> {
    /// Its place in the log: 1, 2, 3 without gaps.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
    /// Chosen by the author's client.
    pub id: String,
    /// The member who wrote it.
    pub author: String,
    /// When the room took it, in milliseconds since the Unix epoch.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// The `seq` of the item that it changes. Without it, the entry is an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub target: Option<u64>,
    /// Of an item as it is now: the `seq` of its last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub edited: Option<u64>,
    /// The body. An item without one is deleted; a change without one deletes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub body: Option<B>,
}

/// What was in the log already.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ack {
    /// The id that the client gave it.
    pub id: String,
    /// Its place in the log.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
}

/// A page of items, in ascending order.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page<B = Json> {
    /// All items stand before this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub before: Option<u64>,
    /// All items stand after this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub after: Option<u64>,
    /// The items as they are now.
    #[cfg_attr(test, ts(as = "Vec<Entry<B>>"))]
    pub entries: Entries<B>,
    /// Whether there are further items in the direction that was asked for.
    pub more: bool,
}

/// Who is here: all of them, or what has changed about it. With neither, only how many is known.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Roster<D = Json> {
    /// How many members are here.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: usize,
    /// All of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub members: Option<Vec<Member<D>>>,
    /// Those who have come, or show something else of themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub join: Option<Vec<Member<D>>>,
    /// Those who have gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub leave: Option<Vec<String>>,
}

/// Somebody who is here.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member<D = Json> {
    /// Who it is.
    pub member: String,
    /// What they show of themselves.
    pub data: D,
}

/// Something that holds for a moment.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Moment {
    /// Whose it is.
    pub from: String,
    /// What it is, such as `typing`.
    pub kind: String,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub data: Option<Json>,
    /// For how many milliseconds it holds; 0 ends it.
    #[cfg_attr(test, ts(type = "number"))]
    pub ttl: u64,
}
