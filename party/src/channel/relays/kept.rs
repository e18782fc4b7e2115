//! What the hub of a large room keeps in its database: how many relays there are, and how far all of them are.
//!
//! A room that never was large has no table for it, and reads nothing.

use crate::Sql;
use crate::error::Result;
use crate::parts::log::Position;

const NAME: &str = "party_relays";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_relays (
    one INTEGER PRIMARY KEY CHECK (one = 1), relays INTEGER NOT NULL, version INTEGER NOT NULL, floor TEXT
)";

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The number of relays.
    pub(super) relays: u32,
    /// How often the state has changed that relays must know.
    pub(super) version: u64,
    /// The last entry that all relays have.
    pub(super) floor: Option<Position>,
}

impl Kept {
    pub(super) fn read(sql: &Sql) -> Result<Self> {
        if !sql.has_table(NAME)? {
            return Ok(Self::default());
        }
        let row: Option<(u32, u64, Option<String>)> =
            sql.query_opt("SELECT relays, version, floor FROM party_relays", ())?;
        let Some((relays, version, floor)) = row else { return Ok(Self::default()) };
        Ok(Self { relays, version, floor: floor.and_then(|floor| floor.parse().ok()) })
    }

    pub(super) fn write(&self, sql: &Sql) -> Result<()> {
        sql.ensure_table(NAME, TABLE)?;
        let floor = self.floor.as_ref().map(Position::to_string);
        sql.execute(
            "INSERT OR REPLACE INTO party_relays (one, relays, version, floor) VALUES (1, ?, ?, ?)",
            (self.relays, self.version, floor.as_deref()),
        )
    }
}
