//! Numbered steps that bring a room's tables up to date, each run once per room.

use super::Sql;
use crate::error::{Error, ErrorKind, Result};

/// The table in which a room stores how many steps it has run. (`PRAGMA user_version` is not allowed on the platform.)
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_migrations (steps INTEGER NOT NULL)";

pub(super) fn run(sql: &Sql, steps: &[&str]) -> Result<()> {
    sql.ensure_table("party_migrations", TABLE)?;
    let done = match sql.query_opt::<(usize,)>("SELECT steps FROM party_migrations", ())? {
        Some((done,)) => done,
        None => {
            sql.execute("INSERT INTO party_migrations (steps) VALUES (0)", ())?;
            0
        }
    };
    if done > steps.len() {
        let text = format!(
            "the room has run {done} migration steps, this worker knows {}: it is older",
            steps.len()
        );
        return Err(Error::new(ErrorKind::Sql, text));
    }
    for (number, step) in (1_i64..).zip(steps).skip(done) {
        sql.transaction(|| {
            sql.execute(step, ())?;
            sql.execute("UPDATE party_migrations SET steps = ?", (number,))
        })
        .map_err(|error| Error::caused(ErrorKind::Sql, format!("migration step {number} failed"), error))?;
    }
    Ok(())
}
