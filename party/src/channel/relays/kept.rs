//! What the hub of a large room keeps in its database: how many relays there are, and how far all of them are.
//!
//! A room that never was large has no table for it, and reads nothing.

use crate::error::Result;
use crate::parts::log::Position;
use crate::{Sql, Timestamp};

const NAME: &str = "party_relays";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_relays (
    one INTEGER PRIMARY KEY CHECK (one = 1), activation INTEGER NOT NULL, relays INTEGER NOT NULL,
    spread INTEGER NOT NULL, members INTEGER NOT NULL, version INTEGER NOT NULL, small_since INTEGER, floor TEXT
)";

type Row = (u64, u32, u32, u64, u64, Option<Timestamp>, Option<String>);

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The last activation of the hub while there were relays. A later one has a greater number.
    pub(super) activation: u64,
    /// The number of relays.
    pub(super) relays: u32,
    /// The number of relays that may have clients: also those that were given up, until they have none.
    pub(super) spread: u32,
    /// The number of members, when the relays were looked after last.
    pub(super) members: usize,
    /// The version of the state that relays must know. A later one has a greater number: a time in milliseconds, or
    /// more.
    pub(super) version: u64,
    /// Since when the room is so small that it can do without relays.
    pub(super) small_since: Option<Timestamp>,
    /// The last entry that all relays have which have ever asked.
    pub(super) floor: Option<Position>,
}

impl Kept {
    /// Gives the state another version than it ever had, also after the database was put back to an earlier moment.
    pub(super) fn renew(&mut self, now: Timestamp) {
        self.version = self.version.saturating_add(1).max(now.as_millis());
    }

    pub(super) fn read(sql: &Sql) -> Result<Self> {
        if !sql.has_table(NAME)? {
            return Ok(Self::default());
        }
        let query =
            "SELECT activation, relays, spread, members, version, small_since, floor FROM party_relays";
        let row: Option<Row> = sql.query_opt(query, ())?;
        let Some((activation, relays, spread, members, version, small_since, floor)) = row else {
            return Ok(Self::default());
        };
        let members = usize::try_from(members).unwrap_or(usize::MAX);
        let floor = floor.and_then(|floor| floor.parse().ok());
        Ok(Self { activation, relays, spread, members, version, small_since, floor })
    }

    pub(super) fn write(&self, sql: &Sql) -> Result<()> {
        sql.ensure_table(NAME, TABLE)?;
        let floor = self.floor.as_ref().map(Position::to_string);
        let members = u64::try_from(self.members).unwrap_or(u64::MAX);
        sql.execute(
            "INSERT OR REPLACE INTO party_relays
             (one, activation, relays, spread, members, version, small_since, floor)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.activation,
                self.relays,
                self.spread,
                members,
                self.version,
                self.small_since,
                floor.as_deref(),
            ),
        )
    }
}
