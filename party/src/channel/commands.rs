//! The commands that left no entry in the log. A command that its client sends again is not carried out again.

use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::{Room, Sql};

/// The table, made for the first of them.
const NAME: &str = "party_channel_commands";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_channel_commands (
    id TEXT PRIMARY KEY, member TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID";

/// The time that they are remembered: a client that was away for longer and sends such a command again has it carried
/// out again.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);

/// The ids of commands that left no entry.
pub(super) struct Commands {
    sql: Sql,
    room: Room,
}

impl Commands {
    pub(super) fn new(room: &Room) -> Self {
        Self { sql: room.sql().clone(), room: room.clone() }
    }

    /// Returns whether a member's command was carried out, and left no entry.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::CONFLICT`] when the id is another member's.
    pub(super) fn has(&self, id: &str, member: &str) -> Result<bool> {
        if !self.sql.has_table(NAME)? {
            return Ok(false);
        }
        let query = "SELECT member FROM party_channel_commands WHERE id = ?";
        let found: Option<(String,)> = self.sql.query_opt(query, (id,))?;
        match found {
            Some((owner,)) if owner != member => {
                Err(Error::client(ErrorCode::CONFLICT, "the id belongs to another member's command"))
            }
            found => Ok(found.is_some()),
        }
    }

    pub(super) fn remember(&self, id: &str, member: &str) -> Result<()> {
        self.sql.ensure_table(NAME, TABLE)?;
        let statement = "INSERT INTO party_channel_commands (id, member, at) VALUES (?, ?, ?)";
        self.sql.execute(statement, (id, member, self.room.now()))
    }

    /// Forgets those that are too old.
    pub(super) fn prune(&self) -> Result<()> {
        if !self.sql.has_table(NAME)? {
            return Ok(());
        }
        let before = self.room.now() - REMEMBERED;
        self.sql.execute("DELETE FROM party_channel_commands WHERE at < ?", (before,))
    }
}
