//! The frames between a room and its clients: version 2 of the protocol, as `docs/protocol.md` specifies it.
//!
//! This module has the shapes of the frames, and reads them. `B` is the app's own body of an entry, `D` the presence
//! data of a member; both are any JSON. The TypeScript types in `party-client` are generated from this module.

mod client;
mod entries;
mod json;
mod moderation;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use self::client::check_id;
pub use self::client::{ClientFrame, MAX_FRAMES, read};
pub use self::entries::Entries;
pub use self::json::Json;
pub use self::moderation::{Action, Role};
use crate::connection::Connection;
use crate::error::{Error, ErrorCode, ErrorFrame, Result};
use crate::message::Frame;
use crate::timestamp::Timestamp;

/// The version of the protocol.
pub const VERSION: &str = "2";

/// The query parameter by which a client asks for a version.
pub(crate) const VERSION_PARAMETER: &str = "wire";

/// The query parameter by which a client accepts several frames in one text.
const BATCH_PARAMETER: &str = "batch";

/// Returns the version that a client asks for, if it asks for one.
///
/// It is the parameter `wire` of its address, which is not checked: [`VERSION`] is the one that this module has.
///
/// # Example
///
/// ```
/// use party::Connection;
/// use party::parts::wire::{VERSION, version_of};
///
/// fn is_current(connection: &Connection) -> bool {
///     version_of(connection).as_deref() == Some(VERSION)
/// }
/// ```
pub fn version_of(connection: &Connection) -> Option<std::borrow::Cow<'_, str>> {
    connection.query(VERSION_PARAMETER)
}

/// Returns whether a client accepts several frames in one text, as a JSON array.
///
/// It says so by the parameter `batch=1` of its address. Other clients get one frame a text.
///
/// # Example
///
/// ```
/// use party::parts::wire::accepts_batches;
/// use party::{Connection, Frame, Result};
///
/// fn send_both(to: &Connection, one: &str, two: &str) {
///     match accepts_batches(to) {
///         true => to.send(format!("[{one},{two}]")),
///         false => [one, two].iter().for_each(|frame| to.send(*frame)),
///     }
/// }
/// ```
pub fn accepts_batches(connection: &Connection) -> bool {
    connection.query(BATCH_PARAMETER).as_deref() == Some("1")
}

/// A frame that a room sends.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
#[serde(try_from = "Json", bound(deserialize = "B: DeserializeOwned, D: DeserializeOwned"))]
pub enum ServerFrame<B = Json, D = Json> {
    /// The first frame that counts on a connection.
    Welcome(Welcome<B, D>),
    /// One more entry of the log. To its author it is the acknowledgement.
    Entry(Entry<B>),
    /// The frame with this id was accepted.
    Ack(Ack),
    /// A page of items, asked for by `history`.
    Page(Page<B>),
    /// The members that are present, or a change of them.
    Presence(Roster<D>),
    /// An ephemeral event.
    Ephemeral(EphemeralEvent),
    /// The client's own member, when its role or its mute changes.
    You(You),
    /// The app's own state of the client's member, when it changes.
    Own(AppData),
    /// The app's own state of the room, when it changes.
    Shared(AppData),
    /// What the app answers to a query.
    Answer(Answer),
    /// A frame of the app's own.
    Event(AppData),
    /// Asks the client to prove that it reads.
    Probe(Probe),
    /// A frame of the client's was refused.
    Error(ErrorFrame),
}

impl From<&ServerFrame> for Frame<'static> {
    fn from(frame: &ServerFrame) -> Self {
        // Its parts are texts, numbers and JSON, which can always be written as JSON.
        Frame::json(frame).unwrap_or_else(|_| Frame::from(String::new()))
    }
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
            "own" => Self::Own(frame.read()?),
            "shared" => Self::Shared(frame.read()?),
            "answer" => Self::Answer(frame.read()?),
            "event" => Self::Event(frame.read()?),
            "probe" => Self::Probe(frame.read()?),
            "error" => Self::Error(frame.read()?),
            _ => return Err(Error::client(ErrorCode::INVALID, "unknown frame type")),
        })
    }
}

/// The first frame that counts on a connection.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Welcome<B = Json, D = Json> {
    /// The client's own member.
    pub you: You,
    /// Which log this is. Another epoch is another log.
    pub epoch: String,
    /// The last `seq` of the log.
    #[cfg_attr(test, ts(type = "number"))]
    pub head: u64,
    /// The client's position from now on, for the parameter `position` of its next connection.
    pub position: String,
    /// The room's clock, in milliseconds since the Unix epoch. Every moment in a frame is of that clock.
    #[cfg_attr(test, ts(type = "number"))]
    pub now: Timestamp,
    /// Whether `entries` are exactly what the client has missed. If not, what it knew may be incomplete, and `entries`
    /// are the newest page of items.
    pub recovered: bool,
    /// The entries.
    #[cfg_attr(test, ts(as = "Vec<Entry<B>>"))]
    pub entries: Entries<B>,
    /// Whether there are items before them. It says nothing where the client has `recovered`.
    pub older: bool,
    /// The members who are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub presence: Option<Roster<D>>,
    /// The app's own state of the client's member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub own: Option<Json>,
    /// The app's own state of the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub shared: Option<Json>,
}

/// The client's own member.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct You {
    /// The member, as everyone sees it.
    pub member: String,
    /// The role of the member.
    pub role: Role,
    /// For how many milliseconds more the member may not write.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub muted_for: Option<u64>,
    /// A secret that the room has just made. The client keeps it, sends it back in a `token` frame, and offers it when
    /// it connects again.
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
    /// The member who wrote it. Empty for a change whose author the app keeps private.
    pub author: String,
    /// When the room took it, in milliseconds since the Unix epoch.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: Timestamp,
    /// The `seq` of the item that it changes. Without it, the entry is an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub target: Option<u64>,
    /// Of an item as it is now: the `seq` of its last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub edited: Option<u64>,
    /// Of an item that is deleted: the member that deleted it. Empty if the app keeps it private.
    #[serde(default, rename = "deletedBy", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub deleted_by: Option<String>,
    /// The body. An item without one is deleted; a change without one deletes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub body: Option<B>,
}

/// A frame of the client's that was accepted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ack {
    /// The id that the client gave it.
    pub id: String,
    /// Its `seq` in the log, if it is an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub seq: Option<u64>,
}

/// A request of the room to prove that the client reads: it sends a `probe` with the same id.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Probe {
    /// The id of the probe.
    pub id: String,
}

/// A page of items, in ascending order.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page<B = Json> {
    /// The id of the `history` frame that asked for it.
    #[serde(default)]
    pub id: String,
    /// All items are before this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub before: Option<u64>,
    /// All items are after this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub after: Option<u64>,
    /// The items as they are now.
    #[cfg_attr(test, ts(as = "Vec<Entry<B>>"))]
    pub entries: Entries<B>,
    /// Whether there are further items in the direction that was asked for.
    pub more: bool,
}

/// The presence of members: the whole roster, or its changes. Without both, only the count is known.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Roster<D = Json> {
    /// The number of members present.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: usize,
    /// All of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub members: Option<Vec<Member<D>>>,
    /// Members that have joined, or whose presence data has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub join: Option<Vec<Member<D>>>,
    /// Members that have left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub leave: Option<Vec<String>>,
}

/// A member that is present.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member<D = Json> {
    /// The member.
    pub member: String,
    /// The member's presence data.
    pub data: D,
}

/// An ephemeral event: it expires, and is never stored.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EphemeralEvent {
    /// The member whose event it is.
    pub from: String,
    /// The kind, such as `typing`.
    pub kind: String,
    /// Optional data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub data: Option<Json>,
    /// The lifetime in milliseconds; 0 ends the event.
    #[cfg_attr(test, ts(type = "number"))]
    pub ttl: u64,
}

/// What the app answers to a query.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Answer {
    /// The id of the query.
    pub id: String,
    /// The answer.
    pub data: Json,
}

/// Data of the app's own.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppData {
    /// The data.
    pub data: Json,
}

impl Entry {
    /// Reads the body.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`] for a client when the item is deleted, [`ErrorKind::Json`](crate::ErrorKind::Json) when
    /// the body has another shape.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "1", author: "ada", at: room.now() }, &("milk", 2))?;
    /// let (what, bottles): (String, u32) = log.item(1)?.unwrap().read_body()?;
    /// assert_eq!((what.as_str(), bottles), ("milk", 2));
    /// # Ok(()) });
    /// ```
    pub fn read_body<T: DeserializeOwned>(&self) -> Result<T> {
        let deleted = || Error::client(ErrorCode::NOT_FOUND, "there is no such item any more");
        self.body.as_ref().ok_or_else(deleted)?.read()
    }
}
