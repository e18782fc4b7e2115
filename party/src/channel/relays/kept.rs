//! What the hub of a large room keeps in its database: how many relays there are, and how far all of them are.
//!
//! A room that never was large has no table for it, and reads nothing.

use crate::Sql;
use crate::error::Result;
use crate::parts::log::Position;

const NAME: &str = "party_relays";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_relays (
    one INTEGER PRIMARY KEY CHECK (one = 1), activation INTEGER NOT NULL, relays INTEGER NOT NULL,
    members INTEGER NOT NULL, version INTEGER NOT NULL, floor TEXT
)";

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The last activation of the hub while there were relays. A later one has a greater number.
    pub(super) activation: u64,
    /// The number of relays.
    pub(super) relays: u32,
    /// The number of members, when the relays were looked after last.
    pub(super) members: usize,
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
        let row: Option<(u64, u32, u64, u64, Option<String>)> =
            sql.query_opt("SELECT activation, relays, members, version, floor FROM party_relays", ())?;
        let Some((activation, relays, members, version, floor)) = row else { return Ok(Self::default()) };
        let members = usize::try_from(members).unwrap_or(usize::MAX);
        Ok(Self { activation, relays, members, version, floor: floor.and_then(|floor| floor.parse().ok()) })
    }

    pub(super) fn write(&self, sql: &Sql) -> Result<()> {
        sql.ensure_table(NAME, TABLE)?;
        let floor = self.floor.as_ref().map(Position::to_string);
        let members = u64::try_from(self.members).unwrap_or(u64::MAX);
        sql.execute(
            "INSERT OR REPLACE INTO party_relays (one, activation, relays, members, version, floor)
             VALUES (1, ?, ?, ?, ?, ?)",
            (self.activation, self.relays, members, self.version, floor.as_deref()),
        )
    }
}
