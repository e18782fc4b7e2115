//! A durable, ordered log of a room: items in the order in which the room accepted them, their changes, pages and exact
//! resume.
//!
//! # Example
//!
//! ```
//! use party::parts::log::{Append, Log, Outcome};
//! use party::{Connection, Message, Props, Result, Room, Server};
//!
//! struct Notes {
//!     log: Log,
//! }
//!
//! impl Server for Notes {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { log: Log::open(room)? })
//!     }
//!
//!     async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
//!         let (id, name, text): (String, String, String) = message.read_json()?;
//!         let append = Append { id: &id, author: &name, at: room.now() };
//!         if let Outcome::New(entry) = self.log.append(append, &text)? {
//!             room.broadcast_json(&entry)?.send();
//!         }
//!         Ok(())
//!     }
//! }
//! # use party::testing::TestRoom;
//! # let room = TestRoom::<Notes>::new("lobby");
//! # let ada = room.connect("ada");
//! # ada.send_json(&("1", "Ada", "milk"));
//! # ada.send_json(&("1", "Ada", "milk"));
//! # assert_eq!(ada.received().len(), 1);
//! ```

mod change;
mod indexing;
mod page;
mod read;
mod resume;
mod retention;
mod row;
#[cfg(test)]
mod tests;

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use self::change::{Change, Revision};
pub use self::page::{Direction, PageSize};
pub use self::resume::{Caught, Position};
pub use self::retention::Retention;
use super::wire::{Entry, Json};
use crate::error::{Error, ErrorCode, Result};
use crate::room::learned::Learned;
use crate::room::sql::value::MAX_EXACT_INTEGER;
use crate::{Room, Sql, Timestamp};

/// The tables. `seq` is SQLite's row number, so that the order costs no index; `id` has one, which makes a resend
/// harmless.
///
/// Items and their changes count by the same `seq`, but are in tables of their own, so that a page of items reads
/// nothing but items. A change keeps no body: the item has the newest one, and deleting it leaves none behind. `shown`
/// is what everybody sees as the author of a change, where that is not its author. `nth` counts the changes: so the
/// number of items and of changes is known without counting rows. Who deleted an item says its last change; once
/// retention has removed that, the table of deletions does.
const TABLES: &[(&str, &str)] = &[
    (
        "party_log",
        "CREATE TABLE IF NOT EXISTS party_log (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, at INTEGER NOT NULL,
        edited INTEGER, body TEXT
    )",
    ),
    (
        "party_log_changes",
        "CREATE TABLE IF NOT EXISTS party_log_changes (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, at INTEGER NOT NULL,
        target INTEGER NOT NULL, shown TEXT, nth INTEGER NOT NULL
    )",
    ),
    (
        META,
        "CREATE TABLE IF NOT EXISTS party_log_meta (
        one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, floor INTEGER NOT NULL DEFAULT 0,
        items_removed INTEGER NOT NULL DEFAULT 0, changes_removed INTEGER NOT NULL DEFAULT 0
    )",
    ),
    (
        DELETIONS,
        "CREATE TABLE IF NOT EXISTS party_log_deletions (item INTEGER PRIMARY KEY, author TEXT NOT NULL)",
    ),
];

/// The table with the epoch of the log.
const META: &str = "party_log_meta";

/// The last table. A log that an earlier build has made is without it.
const DELETIONS: &str = "party_log_deletions";

/// The last `seq`, in a statement: of an item, of a change, or of the entries that retention has removed.
macro_rules! last_seq {
    () => {
        "max(coalesce((SELECT max(seq) FROM party_log), 0), coalesce((SELECT max(seq) FROM party_log_changes), 0), \
         (SELECT floor FROM party_log_meta))"
    };
}
use last_seq;

/// The largest body, 512 KiB of JSON: so two entries together are well within the 2 MB that a text of the database
/// can have ([limits](https://developers.cloudflare.com/durable-objects/platform/limits/)).
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// The largest `seq`: the platform passes on larger numbers inexactly.
const MAX_SEQ: u64 = MAX_EXACT_INTEGER;

/// A durable, ordered log.
///
/// Every entry has a `seq`: 1, 2, 3 without gaps, in the order in which the room accepted them. An entry is an item, or
/// a [change](Self::edit) of one; so all clients that follow `seq` have the same view. An entry that an append has
/// returned is durable before any later frame reaches a client ([`Sql`]).
///
/// # Identity
///
/// A room has one log. Its `epoch` is made with it, and changes when it is [cleared](Self::clear): a client with
/// another epoch knows another log.
///
/// # Limits
///
/// A body has at most [`MAX_BODY_BYTES`]. An append writes two rows, one of them an index entry, and reads one, however
/// long the log is. The first append in an activation of the room reads some more, and so does one that is in the log
/// already. A change writes three.
#[derive(Clone)]
pub struct Log {
    room: Room,
    sql: Sql,
    known: Rc<Known>,
}

/// The epoch and the head of the log in memory, so that the database is not asked at every append and every join.
#[derive(Default)]
struct Known(Learned<State>);

/// The author, id and target of an entry; not its body.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// The id, chosen by the author for this entry alone: an entry whose id is in the log already is not appended
    /// again.
    pub id: &'a str,
    /// The author.
    ///
    /// **Security:** it must come from the room, as [`identity`](super::identity) knows it, and never from a frame.
    pub author: &'a str,
    /// The time: [`Room::now`].
    pub at: Timestamp,
}

impl Append<'_> {
    /// Returns the entry that it is in the log.
    fn entry(self, seq: u64, body: Json) -> Entry {
        let (id, author, at) = (self.id.to_owned(), self.author.to_owned(), self.at);
        Entry { seq, id, author, at, target: None, edited: None, deleted_by: None, body: Some(body) }
    }
}

/// The outcome of an append or a change that was accepted.
#[derive(Clone, Debug)]
#[must_use = "send a new entry to everyone, and acknowledge a known one to its author"]
pub enum Outcome {
    /// The entry is new in the log: send it to everyone.
    New(Entry),
    /// The entry was in the log already: its author has sent it again. Acknowledge its `seq` to the author.
    Known(u64),
}

/// The epoch and the head of a log.
#[derive(Clone, Deserialize)]
struct State {
    epoch: String,
    /// The last `seq`.
    head: u64,
    /// The last `seq` that was removed. Before it entries are missing.
    floor: u64,
    /// The id of the last entry and when it was appended, where it is still there.
    #[serde(default)]
    last: Option<(String, Timestamp)>,
}

impl Log {
    /// Opens the log of a room. It makes its tables when it is first used: a room that nobody has used writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::log::Log;
    ///
    /// let log = Log::open(room)?;
    /// assert_eq!(log.head()?, 0);
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { room: room.clone(), sql: room.sql().clone(), known: room.shared() })
    }

    /// Returns whether anything was ever asked of the log that made its tables.
    fn is_made(&self) -> Result<bool> {
        self.sql.has_table(META)
    }

    /// Returns the epoch and the last `seq`, without making the tables: `None` if they are not there yet.
    pub(crate) fn extent(&self) -> Result<Option<(String, u64)>> {
        match self.is_made()? {
            true => self.known(|state| Some((state.epoch.clone(), state.head))),
            false => Ok(None),
        }
    }

    /// Returns the database, with the tables of the log.
    fn sql(&self) -> Result<&Sql> {
        let sql = &self.sql;
        if !sql.has_table(DELETIONS)? {
            sql.transaction(|| {
                for (name, table) in TABLES {
                    sql.ensure_table(name, table)?;
                }
                let fresh = "INSERT OR IGNORE INTO party_log_meta (one, epoch) VALUES (1, ?)";
                sql.execute(fresh, (self.room.random_id(),))
            })?;
        }
        Ok(sql)
    }

    /// Appends an item with any JSON as its body. If the same author sends it again under the same id, it is recognised
    /// and not appended again, with any body.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::CONFLICT`] when the id belongs to another author's entry;
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the body cannot be written as JSON, [`ErrorCode::TOO_LARGE`]
    /// when it is longer than [`MAX_BODY_BYTES`], [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    /// Then nothing is appended.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::log::{Append, Log, Outcome};
    ///
    /// let log = Log::open(room)?;
    /// let append = Append { id: "7f3a", author: "ada", at: room.now() };
    /// assert!(matches!(log.append(append, "milk")?, Outcome::New(entry) if entry.seq == 1));
    /// // The client has not received the acknowledgement, and sends it again.
    /// assert!(matches!(log.append(append, "milk")?, Outcome::Known(1)));
    /// # Ok(()) });
    /// ```
    pub fn append<B: Serialize + ?Sized>(&self, append: Append<'_>, body: &B) -> Result<Outcome> {
        const STATEMENT: &str = "INSERT INTO party_log (seq, id, author, at, body) VALUES (?, ?, ?, ?, ?)";
        let body = encode_body(body)?;
        let Append { id, author, at } = append;
        let seq = self.head()?.saturating_add(1);
        if self.sql()?.execute(STATEMENT, (seq, id, author, at, body.as_str())).is_ok() {
            self.set_head(seq, id, at);
            return Ok(Outcome::New(append.entry(seq, body)));
        }
        // Mostly its id is there already. Else the database refuses, and does so again.
        self.append_if_new(append, body)
    }

    /// Appends an item unless its id is there.
    fn append_if_new(&self, append: Append<'_>, body: Json) -> Result<Outcome> {
        const STATEMENT: &str = concat!(
            "INSERT INTO party_log (seq, id, author, at, body) SELECT ",
            last_seq!(),
            " + 1, ?, ?, ?, ? WHERE true ON CONFLICT (id) DO NOTHING RETURNING seq"
        );
        let Append { id, author, at } = append;
        let added: Option<(u64,)> = self.sql()?.query_opt(STATEMENT, (id, author, at, body.as_str()))?;
        match added {
            Some((seq,)) => {
                self.set_head(seq, id, at);
                Ok(Outcome::New(append.entry(seq, body)))
            }
            None => match self.existing("SELECT seq, author FROM party_log WHERE id = ?", id, author)? {
                Some(seq) => Ok(Outcome::Known(seq)),
                None => Err(conflict(id)),
            },
        }
    }

    /// Appends several items in one statement, all or none of them. Returns `None`, and appends nothing, if the
    /// database refuses them together, as when one of their ids is in the log already: then append them one by one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when a body cannot be written as JSON, [`ErrorCode::TOO_LARGE`] when
    /// one is longer than [`MAX_BODY_BYTES`].
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Timestamp};
    /// # use party::parts::log::{Append, Log};
    /// fn append_both(log: &Log, author: &str, at: Timestamp) -> Result<bool> {
    ///     let append = |id| Append { id, author, at };
    ///     Ok(log.append_all(&[(append("1"), "hello"), (append("2"), "world")])?.is_some())
    /// }
    /// ```
    pub fn append_all<B: Serialize>(&self, items: &[(Append<'_>, B)]) -> Result<Option<Vec<Entry>>> {
        // One text as parameter: a statement has at most 100 parameters, and each of them costs a crossing.
        const STATEMENT: &str = "INSERT INTO party_log (seq, id, author, at, body)
            SELECT ?1 + key + 1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?2)";
        let bodies = items.iter().map(|(_, body)| encode_body(body)).collect::<Result<Vec<_>>>()?;
        let items = || items.iter().map(|(append, _)| append).zip(&bodies);
        let rows: Vec<_> =
            items().map(|(append, body)| (append.id, append.author, append.at, body.as_str())).collect();
        let (mut head, rows) = (self.head()?, Json::of(&rows)?);
        if self.sql()?.execute(STATEMENT, (head, rows.as_str())).is_err() {
            return Ok(None);
        }
        let entries = items().map(|(append, body)| {
            head = head.saturating_add(1);
            append.entry(head, body.clone())
        });
        let entries: Vec<Entry> = entries.collect();
        if let Some(last) = entries.last() {
            self.set_head(last.seq, &last.id, last.at);
        }
        Ok(Some(entries))
    }

    /// Removes every entry and begins a new epoch: a client with a position in the old one begins again when it
    /// resumes.
    ///
    /// Connected clients do not notice, and would mix old entries with new ones: close their connections with
    /// [`CloseCode::RESTART`](crate::CloseCode::RESTART). [`Channel::clear`](crate::channel::Channel::clear) does both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is removed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::CloseCode;
    /// # use party::parts::log::Log;
    /// # let log = Log::open(room)?;
    /// log.clear()?;
    /// for connection in room.connections() {
    ///     connection.close(CloseCode::RESTART, "The history was cleared");
    /// }
    /// # Ok(()) });
    /// ```
    pub fn clear(&self) -> Result<()> {
        self.known.0.forget();
        self.sql()?.transaction(|| {
            self.sql()?.execute("DELETE FROM party_log", ())?;
            self.sql()?.execute("DELETE FROM party_log_changes", ())?;
            self.sql()?.execute("DELETE FROM party_log_deletions", ())?;
            let fresh =
                "UPDATE party_log_meta SET epoch = ?, floor = 0, items_removed = 0, changes_removed = 0";
            self.sql()?.execute(fresh, (self.room.random_id(),))
        })
    }

    /// Calls `ask` with the log's epoch and head.
    fn known<T>(&self, ask: impl FnOnce(&State) -> T) -> Result<T> {
        self.known.0.ask(&self.sql, || self.state(), ask)
    }

    /// Remembers the last entry.
    fn set_head(&self, seq: u64, id: &str, at: Timestamp) {
        self.known.0.update(&self.sql, |state| {
            state.head = seq;
            state.last = Some((id.to_owned(), at));
        });
    }

    fn state(&self) -> Result<State> {
        const STATEMENT: &str = concat!("SELECT epoch, ", last_seq!(), " AS head, floor FROM party_log_meta");
        let state: State = self.sql()?.query_one(STATEMENT, ())?;
        Ok(State { last: self.named(state.head)?, ..state })
    }

    /// Returns the id of an entry and when it was appended.
    fn named(&self, seq: u64) -> Result<Option<(String, Timestamp)>> {
        const STATEMENT: &str = "SELECT id, at FROM party_log WHERE seq = ?1
             UNION ALL SELECT id, at FROM party_log_changes WHERE seq = ?1";
        self.sql()?.query_opt(STATEMENT, (seq,))
    }

    /// Returns the `seq` of an entry whose id is in the log already, if it is this author's; `None` if there is no such
    /// id.
    fn existing(&self, query: &str, id: &str, author: &str) -> Result<Option<u64>> {
        let found: Vec<(u64, String)> = self.sql()?.query(query, (id,))?;
        match found.iter().find(|(_, owner)| owner == author) {
            Some((seq, _)) => Ok(Some(*seq)),
            None if found.is_empty() => Ok(None),
            None => Err(conflict(id)),
        }
    }
}

/// Returns the error for an id that belongs to another author's entry.
fn conflict(id: &str) -> Error {
    Error::client(ErrorCode::CONFLICT, "the id belongs to another member's entry").with_id(id)
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

/// Returns a body as it is stored.
fn encode_body<B: Serialize + ?Sized>(body: &B) -> Result<Json> {
    let body = Json::of(body)?;
    match body.as_str().len() {
        ..=MAX_BODY_BYTES => Ok(body),
        bytes => {
            let text = format!("the body has {bytes} bytes as JSON, more than {MAX_BODY_BYTES}");
            Err(Error::client(ErrorCode::TOO_LARGE, text))
        }
    }
}
