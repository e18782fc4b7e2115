//! Resume: the exact entries that a client has missed after a `seq`, or else the newest page.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::row::{Texts, gathered, item_json};
use super::{Direction, Log, PageSize, State};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::wire::Entries;
use crate::{Connection, Timestamp};

/// The largest number of missed entries that are sent. A client that has missed more starts from the newest page.
const MAX_ENTRIES: u64 = 500;

/// Their largest size together in bytes, about.
const MAX_BYTES: usize = 256 * 1024;

/// Items and changes after a `seq`.
pub(super) const MISSED: &str = gathered!(
    "SELECT seq, ",
    item_json!(),
    r#" AS entry FROM party_log WHERE seq > ?1
    UNION ALL
    SELECT change.seq, concat('{"seq":', change.seq, ',"id":', json_quote(change.id), ',"author":', json_quote(coalesce(change.shown, change.author)),
        ',"at":', change.at, ',"target":', change.target, ',"body":' || item.body, '}')
    FROM party_log_changes AS change LEFT JOIN party_log AS item ON item.seq = change.target
    WHERE change.seq > ?1 ORDER BY 1"#
);

/// The query parameter that carries a [`Position`].
const PARAMETER: &str = "position";

/// The last entry that a client has: which log, its `seq`, and by what the entry is known again.
///
/// A number alone would not do: a database that was put back to an earlier moment counts on with other entries.
///
/// As text, and as JSON, it is `{epoch}.{seq}.{at}.{id}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position {
    /// The epoch of the log that the client knows.
    pub epoch: String,
    /// The `seq` of the entry; 0 if the client has none.
    pub seq: u64,
    /// The time at which the entry was appended.
    pub at: Timestamp,
    /// The id of the entry.
    pub id: String,
}

impl Position {
    /// Returns the position that a client gives in its address, in the parameter `position`.
    ///
    /// **Security:** the client chooses it. With a wrong one its client receives a page that it has, or a gap, and
    /// nothing else.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::log::Position;
    ///
    /// let position: Position = "Zm9vYmFyYmF6cXV4MTIzNA.7.1798761600000.a1".parse()?;
    /// assert_eq!((position.seq, position.id.as_str()), (7, "a1"));
    /// # fn of(connection: &party::Connection) -> u64 {
    /// Position::of(connection).map_or(0, |position| position.seq)
    /// # }
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn of(connection: &Connection) -> Option<Self> {
        connection.query(PARAMETER)?.parse().ok()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.epoch, self.seq, self.at, self.id)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

impl TryFrom<String> for Position {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let mut fields = text.splitn(4, '.');
            let (epoch, seq) = (fields.next()?.to_owned(), fields.next()?.parse().ok()?);
            Some(Self {
                epoch,
                seq,
                at: Timestamp::from_millis(fields.next()?.parse().ok()?),
                id: fields.next()?.to_owned(),
            })
        };
        read().ok_or_else(|| Error::client(ErrorCode::INVALID, "not a valid position in a log"))
    }
}

/// The entries that bring a client up to date.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Caught {
    /// The epoch of the log.
    pub epoch: String,
    /// The last `seq` of the log.
    pub head: u64,
    /// The last entry of the log: the client's position once it has these entries.
    pub position: Position,
    /// Whether `entries` are exactly what the client has missed. Otherwise they are the newest page of items, and the
    /// client must forget what it knew.
    pub recovered: bool,
    /// The entries, in ascending order.
    pub entries: Entries,
    /// Whether there are items before the page.
    pub older: bool,
}

impl Log {
    /// Brings a client up to date from its position, or from the beginning.
    ///
    /// There is no time window. A client receives exactly the entries that it has missed, unless it knows another log,
    /// a missed entry was [removed](super::Retention), or it has missed more than 500 entries or about 256 KiB. Then it
    /// receives the newest page. The cost depends on the entries that are sent, and not on the length of the log.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, Result};
    /// # use party::parts::log::{Log, PageSize, Position};
    /// fn greet(log: &Log, who: &Connection) -> Result<()> {
    ///     let caught = log.catch_up(Position::of(who), PageSize::default())?;
    ///     who.send_json(&(caught.recovered, caught.epoch, caught.head, caught.entries))
    /// }
    /// ```
    pub fn catch_up(&self, from: Option<Position>, page: PageSize) -> Result<Caught> {
        let (head, floor) = self.known(|state| (state.head, state.floor))?;
        let position = self.position()?;
        let epoch = position.epoch.clone();
        if let Some(from) = from.filter(|from| from.epoch == epoch)
            && self.has(&from, &position)?
            && let Some(entries) = self.missed(from.seq, head, floor)?
        {
            return Ok(Caught { epoch, head, position, recovered: true, entries, older: false });
        }
        let page = self.page(Direction::Newest, page)?;
        Ok(Caught { epoch, head, position, recovered: false, entries: page.entries, older: page.more })
    }

    /// Returns the last entry of the log, as the position of a client that has all.
    ///
    /// # Errors
    ///
    /// As [`catch_up`](Self::catch_up).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::Log;
    /// let log = Log::open(room)?;
    /// assert_eq!(log.position()?.seq, log.head()?);
    /// # Ok(()) });
    /// ```
    pub fn position(&self) -> Result<Position> {
        let State { epoch, head, last, .. } = self.known(State::clone)?;
        let (id, at) = last.unwrap_or_default();
        Ok(Position { epoch, seq: head, at, id })
    }

    /// Returns the position of an entry; `None` if the log does not have it any more.
    pub(crate) fn position_at(&self, seq: u64) -> Result<Option<Position>> {
        let (epoch, named) = (self.known(|state| state.epoch.clone())?, self.named(seq)?);
        Ok(match named {
            Some((id, at)) => Some(Position { epoch, seq, at, id }),
            None if seq == 0 => Some(Position { epoch, seq, at: Timestamp::default(), id: String::new() }),
            None => None,
        })
    }

    /// Returns whether the log has the entry of a position. Then it also has all before it, in the same order.
    fn has(&self, position: &Position, last: &Position) -> Result<bool> {
        if position.seq == 0 || position.seq > last.seq {
            return Ok(position.seq == 0);
        }
        if position.seq == last.seq {
            return Ok(position == last);
        }
        let found = self.named(position.seq)?;
        Ok(found.is_some_and(|(id, at)| id == position.id && at == position.at))
    }

    /// Returns all entries after `seq`, or `None` if they are not known any more, or too many.
    fn missed(&self, seq: u64, head: u64, floor: u64) -> Result<Option<Entries>> {
        let Some(count) = head.checked_sub(seq) else { return Ok(None) };
        if count == 0 {
            return Entries::of_texts(&[]).map(Some);
        }
        if count > MAX_ENTRIES || seq < floor {
            return Ok(None);
        }
        // It fails where they are more than a text can have, which is too much.
        let Ok(texts) = Texts::select(self.sql()?, MISSED, (seq,)) else { return Ok(None) };
        let rows = texts.rows()?;
        let bytes = rows.iter().map(|row| row.get().len()).fold(0, usize::saturating_add);
        if bytes > MAX_BYTES || u64::try_from(rows.len()) != Ok(count) {
            return Ok(None);
        }
        Entries::of_texts(&rows).map(Some)
    }
}
