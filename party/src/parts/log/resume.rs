//! Resume: what somebody has missed who knows the log up to a `seq`, exactly, or else the newest page.

use serde::{Deserialize, Serialize};

use super::row::{Texts, gathered, item_json};
use super::{Direction, Log, PageSize, State, millis};
use crate::Connection;
use crate::error::Result;
use crate::parts::wire::Entries;

/// How many entries are caught up on; somebody who has missed more starts from the newest page.
const MAX_ENTRIES: u64 = 500;

/// How many bytes they have together, about.
const MAX_BYTES: usize = 256 * 1024;

/// Items and changes after a `seq`.
const MISSED: &str = gathered!(
    "SELECT seq, ",
    item_json!(),
    r#" AS entry FROM party_log WHERE seq > ?1
    UNION ALL
    SELECT change.seq, concat('{"seq":', change.seq, ',"id":', json_quote(change.id), ',"author":', json_quote(change.author),
        ',"at":', change.at, ',"target":', change.target, ',"body":' || item.body, '}')
    FROM party_log_changes AS change LEFT JOIN party_log AS item ON item.seq = change.target
    WHERE change.seq > ?1 ORDER BY 1"#
);

/// Where a client stands in the log: what it has seen last.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Position {
    /// Which log it knows.
    pub epoch: String,
    /// The last entry that it has.
    pub seq: u64,
}

impl Position {
    /// The position that a client tells in its address, by `epoch` and `seq`.
    ///
    /// **Security:** it is whatever the client chose to send; the worst that a wrong one does is that its client misses something
    /// or gets a page that it has.
    pub fn of(connection: &Connection) -> Option<Self> {
        let seq = connection.query("seq")?.parse().ok()?;
        Some(Self { epoch: connection.query("epoch")?.into_owned(), seq })
    }
}

/// What brings a client up to date.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Which log this is.
    pub epoch: String,
    /// The last `seq` there is: where the client stands with this.
    pub head: u64,
    /// Whether `entries` are exactly what the client has missed. Otherwise they are the newest page of items, and what the
    /// client knew is to be forgotten.
    pub recovered: bool,
    /// The entries, in ascending order.
    pub entries: Entries,
    /// Whether there are items before the page.
    pub older: bool,
}

impl Log {
    /// Brings somebody up to date who stands at a position, or who knows nothing yet.
    ///
    /// There is no time window: what counts is what can be proved. A client gets exactly what it has missed, unless it knows
    /// another log, something it has missed was [removed](super::Retention), or it has missed more than 500 entries or about
    /// 256 KiB; then it gets the newest page. It costs what is sent, however long the log is.
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
        let State { epoch, head, floor } = self.known(State::clone)?;
        if let Some(from) = from.filter(|from| from.epoch == epoch)
            && let Some(entries) = self.missed(from.seq, head, floor)?
        {
            return Ok(Caught { epoch, head, recovered: true, entries, older: false });
        }
        let page = self.page(Direction::Newest, page)?;
        Ok(Caught { epoch, head, recovered: false, entries: page.entries, older: page.more })
    }

    /// All entries after `seq`; `None` if they cannot be told, or are too much.
    fn missed(&self, seq: u64, head: u64, floor: u64) -> Result<Option<Entries>> {
        let Some(count) = head.checked_sub(seq) else { return Ok(None) };
        if count == 0 {
            return Entries::of_texts(&[]).map(Some);
        }
        if count > MAX_ENTRIES || seq < floor {
            return Ok(None);
        }
        // It fails where they are more than a text can have, which is too much.
        let Ok(texts) = Texts::select(&self.sql, MISSED, (millis(seq),)) else { return Ok(None) };
        let rows = texts.rows()?;
        let bytes = rows.iter().map(|row| row.get().len()).fold(0, usize::saturating_add);
        if bytes > MAX_BYTES || u64::try_from(rows.len()) != Ok(count) {
            return Ok(None);
        }
        Entries::of_texts(&rows).map(Some)
    }
}
