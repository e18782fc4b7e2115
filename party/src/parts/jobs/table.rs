//! The table in which jobs are kept.

use serde::de::DeserializeOwned;

use super::job::Stored;
use crate::error::Result;
use crate::room::sql::{Params, Sql};
use crate::timestamp::Timestamp;

/// The table. The key needs no row of its own (`WITHOUT ROWID`), so a job is two rows: its own and that of the index,
/// without which every alarm would read all jobs.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_jobs (kind TEXT NOT NULL, key TEXT NOT NULL, due INTEGER NOT NULL, \
     scheduled INTEGER NOT NULL, attempt INTEGER NOT NULL, cron TEXT, payload TEXT NOT NULL, \
     PRIMARY KEY (kind, key)) WITHOUT ROWID; \
     CREATE INDEX IF NOT EXISTS party_jobs_due ON party_jobs (due)";

/// The jobs of a room, in its database. The table is made for the first job: a room without jobs writes nothing.
pub(super) struct Table {
    sql: Sql,
}

impl Table {
    pub(super) fn new(sql: Sql) -> Self {
        Self { sql }
    }

    pub(super) fn is_made(&self) -> Result<bool> {
        self.sql.has_table("party_jobs")
    }

    /// Puts a job in the place of the one of its kind and key.
    pub(super) fn put(
        &self,
        kind: &str,
        key: &str,
        due: Timestamp,
        cron: Option<&str>,
        payload: &str,
    ) -> Result<()> {
        self.sql.ensure_table("party_jobs", TABLE)?;
        self.sql.execute(
            "INSERT OR REPLACE INTO party_jobs (kind, key, due, scheduled, attempt, cron, payload) VALUES (?, ?, ?, ?, 0, ?, ?)",
            (kind, key, due, due, cron, payload),
        )
    }

    /// Returns whether a job has this pattern already. Then only its payload is changed, if it differs.
    pub(super) fn keep_cron(&self, kind: &str, key: &str, cron: &str, payload: &str) -> Result<bool> {
        let query = "SELECT payload FROM party_jobs WHERE kind = ? AND key = ? AND cron = ?";
        let found: Vec<(String,)> = self.read(query, (kind, key, cron))?;
        let Some((kept,)) = found.first() else { return Ok(false) };
        if kept != payload {
            let query = "UPDATE party_jobs SET payload = ? WHERE kind = ? AND key = ?";
            self.sql.execute(query, (payload, kind, key))?;
        }
        Ok(true)
    }

    /// Takes a job away; whether it was there.
    pub(super) fn remove(&self, kind: &str, key: &str) -> Result<bool> {
        let query = "DELETE FROM party_jobs WHERE kind = ? AND key = ? RETURNING 1";
        let removed: Vec<(u32,)> = self.read(query, (kind, key))?;
        Ok(!removed.is_empty())
    }

    pub(super) fn due(&self, kind: &str, key: &str) -> Result<Option<Timestamp>> {
        self.read_due("SELECT due FROM party_jobs WHERE kind = ? AND key = ?", (kind, key))
    }

    /// Returns the jobs that are due first.
    pub(super) fn first(&self, most: u32) -> Result<Vec<Stored>> {
        self.read("SELECT * FROM party_jobs ORDER BY due, kind, key LIMIT ?", (most,))
    }

    /// Returns the moment of the job that is due first.
    pub(super) fn earliest(&self) -> Result<Option<Timestamp>> {
        self.read_due("SELECT due FROM party_jobs ORDER BY due LIMIT 1", ())
    }

    /// Returns the next of the jobs that are due now.
    pub(super) fn next(&self, now: Timestamp) -> Result<Option<Stored>> {
        let query = "SELECT * FROM party_jobs WHERE due <= ? ORDER BY due, kind, key LIMIT 1";
        Ok(self.read(query, (now,))?.pop())
    }

    pub(super) fn of_kind(&self, kind: &str) -> Result<Vec<Stored>> {
        self.read("SELECT * FROM party_jobs WHERE kind = ? ORDER BY due, key", (kind,))
    }

    /// Gives a job its new times and attempts, unless it was set or cancelled since it stood there as it was.
    pub(super) fn update(&self, was: &Stored, is: &Stored) -> Result<()> {
        self.sql.execute(
            "UPDATE party_jobs SET due = ?, scheduled = ?, attempt = ? WHERE kind = ? AND key = ? AND due = ? AND attempt = ?",
            (
                is.due,
                is.scheduled,
                is.attempt,
                &was.kind,
                &was.key,
                was.due,
                was.attempt,
            ),
        )
    }

    /// Takes a job away, unless it was set since it stood there as it was.
    pub(super) fn remove_if_same(&self, was: &Stored) -> Result<()> {
        self.sql.execute(
            "DELETE FROM party_jobs WHERE kind = ? AND key = ? AND due = ? AND attempt = ?",
            (&was.kind, &was.key, was.due, was.attempt),
        )
    }

    fn read_due(&self, query: &str, params: impl Params) -> Result<Option<Timestamp>> {
        let found: Vec<(Timestamp,)> = self.read(query, params)?;
        Ok(found.first().map(|(due,)| *due))
    }

    /// Returns the rows of a statement; none if there is no table.
    fn read<T: DeserializeOwned>(&self, query: &str, params: impl Params) -> Result<Vec<T>> {
        if self.is_made()? { self.sql.query(query, params) } else { Ok(Vec::new()) }
    }
}
