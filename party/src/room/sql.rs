//! The room's own SQLite database.

mod migrate;
mod params;
pub(crate) mod row;
pub(crate) mod value;

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use serde::de::DeserializeOwned;

pub use self::params::{Param, Params};
pub use self::row::{Row, Rows};
pub use self::value::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::Platform;
use crate::room::learned::Learned;

/// The room's own SQLite database, from [`Room::sql`](crate::Room::sql).
///
/// Every call is done when it returns; nothing is awaited. A write is durable before anything that is sent after it
/// reaches a client, for the platform holds frames and responses back until then ([output
/// gates](https://blog.cloudflare.com/durable-objects-easy-fast-correct-choose-three/)).
///
/// # Limits
///
/// 10 GB a room, 2 MB a row, 100 parameters a statement, 100 KB of text a statement
/// ([limits](https://developers.cloudflare.com/durable-objects/platform/limits/)). Integers of 2^53 and beyond are
/// refused both ways, since they would be rounded: keep them as text.
///
/// # Example
///
/// ```
/// # use party::{Result, Sql};
/// #[derive(serde::Deserialize)]
/// struct Player { name: String, points: i64 }
///
/// fn best(sql: &Sql) -> Result<Vec<Player>> {
///     sql.execute("INSERT INTO players (name, points) VALUES (?, ?)", ("Ada", 7))?;
///     sql.query("SELECT name, points FROM players ORDER BY points DESC LIMIT ?", (10,))
/// }
/// ```
#[derive(Clone)]
pub struct Sql(Rc<Inner>);

struct Inner {
    platform: Rc<dyn Platform>,
    /// How many transactions are open, each inside the one before.
    open: Cell<u32>,
    /// The number of transactions that were rolled back in this activation.
    undone: Cell<u64>,
    /// The names of the tables that there are, read once in an activation.
    tables: Learned<Vec<String>>,
}

impl Sql {
    pub(crate) fn new(platform: Rc<dyn Platform>) -> Self {
        Self(Rc::new(Inner {
            platform,
            open: Cell::new(0),
            undone: Cell::new(0),
            tables: Learned::default(),
        }))
    }

    /// Runs one or more statements whose rows are not needed. The parameters are for the last statement.
    ///
    /// Statements are separated by `;`. Use a [`transaction`](Self::transaction) if all of them or none must take
    /// effect.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when SQLite refuses, or a parameter cannot be handed over exactly.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let sql = room.sql();
    /// sql.execute("CREATE TABLE players (name TEXT); CREATE INDEX by_name ON players (name)", ())?;
    /// sql.execute("INSERT INTO players VALUES (?), (?)", ("Ada", "Bob"))?;
    /// # Ok(()) });
    /// ```
    pub fn execute(&self, query: &str, params: impl Params) -> Result<()> {
        self.0.platform.execute(query, &params.into_values()?)
    }

    /// Runs one or more statements, as [`execute`](Self::execute) does, and returns how many rows the last `INSERT`,
    /// `UPDATE` or `DELETE` among them has changed: 0 if there is none. Rows that triggers or foreign keys change are
    /// not counted.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// fn take_back(sql: &Sql, vote: u64, voter: &str) -> Result<bool> {
    ///     let removed = sql.execute_counted("DELETE FROM votes WHERE id = ? AND voter = ?", (vote, voter))?;
    ///     Ok(removed > 0)
    /// }
    /// ```
    // Not part of `execute`: the platform counts rows of indexes too (`rowsWritten`), so SQLite has to be asked by
    // statements of their own, before and after. That is three times the cost of a small statement, and nearly no
    // caller wants the number.
    pub fn execute_counted(&self, query: &str, params: impl Params) -> Result<u64> {
        self.0.platform.execute_counted(query, &params.into_values()?)
    }

    /// Runs a statement and reads each of its rows as a `T`: a struct with the columns' names, or a tuple in their
    /// order.
    ///
    /// `NULL` is read as `None`, an integer also as a `bool` or a float, a blob as bytes
    /// (`#[serde(with = "serde_bytes")]` or `Vec<u8>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when SQLite refuses or a row is not a `T`.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let sql = room.sql();
    /// # sql.execute("CREATE TABLE players (name TEXT, points INTEGER)", ())?;
    /// # sql.execute("INSERT INTO players VALUES ('Ada', 7), ('Bob', 3)", ())?;
    /// #[derive(serde::Deserialize)]
    /// struct Player { name: String, points: u32 }
    ///
    /// let best: Vec<Player> = sql.query("SELECT * FROM players WHERE points > ?", (5,))?;
    /// assert_eq!((best[0].name.as_str(), best[0].points), ("Ada", 7));
    ///
    /// let names: Vec<(String,)> = sql.query("SELECT name FROM players ORDER BY name", ())?;
    /// assert_eq!(names.len(), 2);
    /// # Ok(()) });
    /// ```
    pub fn query<T: DeserializeOwned>(&self, query: &str, params: impl Params) -> Result<Vec<T>> {
        self.rows(query, params)?.iter().map(|row| row.read()).collect()
    }

    /// Runs a statement that returns one row or none, and reads it, see [`query`](Self::query).
    ///
    /// # Errors
    ///
    /// As [`query`](Self::query), and when there is more than one row.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// fn points(sql: &Sql, name: &str) -> Result<Option<i64>> {
    ///     let found: Option<(i64,)> = sql.query_opt("SELECT points FROM players WHERE name = ?", (name,))?;
    ///     Ok(found.map(|(points,)| points))
    /// }
    /// ```
    pub fn query_opt<T: DeserializeOwned>(&self, query: &str, params: impl Params) -> Result<Option<T>> {
        let rows = self.rows(query, params)?;
        if rows.len() > 1 {
            return Err(Error::new(ErrorKind::Sql, format!("expected at most one row, got {}", rows.len())));
        }
        rows.iter().next().map(|row| row.read()).transpose()
    }

    /// Runs a statement that returns exactly one row, and reads it, see [`query`](Self::query).
    ///
    /// # Errors
    ///
    /// As [`query`](Self::query), and when there is no row or more than one.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// fn count(sql: &Sql) -> Result<u64> {
    ///     let (count,) = sql.query_one("SELECT count(*) FROM players", ())?;
    ///     Ok(count)
    /// }
    /// ```
    pub fn query_one<T: DeserializeOwned>(&self, query: &str, params: impl Params) -> Result<T> {
        let row = self.query_opt(query, params)?;
        row.ok_or_else(|| Error::new(ErrorKind::Sql, "expected one row, got none"))
    }

    /// Runs a statement and gives its rows as they are.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when SQLite refuses.
    ///
    /// # Example
    ///
    /// For a statement whose columns are not known when the program is written:
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let sql = room.sql();
    /// let rows = sql.rows("SELECT 'Ada' AS name, 7 AS points", ())?;
    /// assert_eq!(rows.columns(), ["name", "points"]);
    /// assert_eq!(rows.len(), 1);
    /// # Ok(()) });
    /// ```
    pub fn rows(&self, query: &str, params: impl Params) -> Result<Rows> {
        self.0.platform.sql(query, &params.into_values()?)
    }

    /// Runs `body` in a transaction: when it fails, all that it wrote is undone.
    ///
    /// A transaction inside another is rolled back on its own. Without one, what a hook writes between two awaits is
    /// committed together anyway.
    ///
    /// # Errors
    ///
    /// The errors of `body`, and [`ErrorKind::Sql`] when SQLite refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// fn pay(sql: &Sql, from: &str, to: &str, amount: i64) -> Result<()> {
    ///     sql.transaction(|| {
    ///         sql.execute("UPDATE purses SET coins = coins - ? WHERE name = ?", (amount, from))?;
    ///         sql.execute("UPDATE purses SET coins = coins + ? WHERE name = ?", (amount, to))
    ///     })
    /// }
    /// ```
    pub fn transaction<T>(&self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut body = Some(body);
        let mut outcome = None;
        let open = self.0.open.get();
        self.0.open.set(open.saturating_add(1));
        let done = self.0.platform.transaction(&mut || {
            let result = body.take().map(|body| body());
            let verdict = match &result {
                Some(Err(error)) => Err(error.clone()),
                _ => Ok(()),
            };
            outcome = result;
            verdict
        });
        self.0.open.set(open);
        if done.is_err() {
            self.0.undone.set(self.undone().wrapping_add(1));
        }
        done?;
        outcome.unwrap_or_else(|| {
            Err(Error::new(ErrorKind::Platform, "the platform did not run the transaction"))
        })
    }

    /// Brings the database to the newest of numbered `steps`: those that this room has not run yet run now, in order,
    /// each in a transaction of its own. Call it in [`Server::on_start`](crate::Server::on_start).
    ///
    /// The number of a step is its place in the slice. Steps that were ever deployed are never changed, only added to.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when a step fails; those before it stay. Also when the room is newer than `steps`, as after a
    /// rollback of the worker: it must not write to tables that it does not know.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// const STEPS: &[&str] = &[
    ///     "CREATE TABLE players (name TEXT PRIMARY KEY)",
    ///     "ALTER TABLE players ADD COLUMN points INTEGER NOT NULL DEFAULT 0",
    /// ];
    ///
    /// fn prepare(sql: &Sql) -> Result<()> {
    ///     sql.migrate(STEPS)
    /// }
    /// ```
    pub fn migrate(&self, steps: &[&str]) -> Result<()> {
        migrate::run(self, steps)
    }
}

impl Sql {
    /// Creates a table of the framework's own, unless it is there. Returns whether it was created. However many tables
    /// a room has, one statement finds out which.
    pub(crate) fn ensure_table(&self, name: &str, table: &str) -> Result<bool> {
        if self.has_table(name)? {
            return Ok(false);
        }
        self.execute(table, ())?;
        self.0.tables.update(self, |tables| tables.push(name.to_owned()));
        Ok(true)
    }

    /// Returns whether there is a table.
    pub(crate) fn has_table(&self, name: &str) -> Result<bool> {
        let read = || {
            let found: Vec<(String,)> =
                self.query("SELECT name FROM sqlite_schema WHERE type = 'table'", ())?;
            Ok(found.into_iter().map(|(name,)| name).collect())
        };
        self.0.tables.ask(self, read, |tables| tables.iter().any(|known| known == name))
    }

    /// Returns whether a transaction is open, which may take back what is written now.
    pub(crate) fn is_in_transaction(&self) -> bool {
        self.0.open.get() > 0
    }

    /// Returns how many transactions were rolled back in this activation: data that was read from the database before
    /// may be wrong now.
    pub(crate) fn undone(&self) -> u64 {
        self.0.undone.get()
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sql")
    }
}
