//! Embedded SQLite under the rules of Durable Object SQL.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Statement};

use super::text::Text;
use super::{authorizer, mathematics};
use crate::error::{Error, ErrorKind, Result};
use crate::room::sql::{Rows, Value};

/// One room's database.
pub(crate) struct Database {
    connection: Connection,
    /// How many transactions are open.
    depth: Cell<u32>,
    /// Whether the statement that runs is the framework's own, and so may open and end transactions.
    framework: Arc<AtomicBool>,
    /// Whether nothing more can be written.
    full: Cell<bool>,
}

impl Database {
    pub(crate) fn new() -> Result<Self> {
        let mut connection = Connection::open_in_memory().map_err(refused)?;
        mathematics::add_to(&connection).map_err(refused)?;
        authorizer::restrict(&connection).map_err(refused)?;
        let framework = Arc::new(AtomicBool::new(false));
        let trusted = Arc::clone(&framework);
        let judge =
            move |context: AuthContext<'_>| match trusted.load(Relaxed) || authorizer::allows(&context) {
                true => Authorization::Allow,
                false => Authorization::Deny,
            };
        connection.authorizer(Some(judge)).map_err(refused)?;
        Ok(Self { connection, depth: Cell::new(0), framework, full: Cell::default() })
    }

    /// Runs statements; the parameters are for the last one, whose rows come back.
    pub(crate) fn run(&self, query: &str, params: &[Value]) -> Result<Rows> {
        let text = Text::new(query);
        text.check_statements()?;
        text.check_new_names()?;
        let query = text.without_limits();
        let mut batch = Batch::new(&self.connection, &query);
        let mut next = batch.next().map_err(refused)?;
        let mut rows = None;
        while let Some(mut statement) = next {
            // Whether it is the last must be known before it runs. What follows may speak of a table that it makes:
            // then it cannot be prepared yet, and is prepared again.
            let following = batch.next();
            let is_last = matches!(following, Ok(None));
            let params = if is_last { params } else { &[] };
            check_count(statement.parameter_count(), params.len())?;
            if !statement.readonly() {
                self.check_space()?;
            }
            match is_last {
                true => rows = Some(run_one(&mut statement, params)?),
                false => begin(&mut statement)?,
            }
            next = following.or_else(|_| batch.next()).map_err(refused)?;
        }
        rows.ok_or_else(|| Error::new(ErrorKind::Sql, "the query has no statement"))
    }

    /// Runs a statement, as [`run`](Self::run) does. Returns how many rows the last statement that inserts, updates or
    /// deletes has changed.
    pub(crate) fn run_counted(&self, query: &str, params: &[Value]) -> Result<u64> {
        let before = self.connection.total_changes();
        self.run(query, params)?;
        // A statement that changes no rows leaves the count of the one before it.
        Ok(if self.connection.total_changes() == before { 0 } else { self.connection.changes() })
    }

    /// Runs `body` in a transaction, or in a savepoint of the one that is open.
    pub(crate) fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let name = format!("party_{}", self.depth.get());
        self.control(&format!("SAVEPOINT {name}"))?;
        self.depth.set(self.depth.get().saturating_add(1));
        let result = body();
        self.depth.set(self.depth.get().saturating_sub(1));
        if result.is_err() {
            self.control(&format!("ROLLBACK TO {name}"))?;
        }
        self.control(&format!("RELEASE {name}"))?;
        result
    }

    /// Makes all writes fail from now on, or succeed again.
    pub(crate) fn set_full(&self, full: bool) {
        self.full.set(full);
    }

    /// Checks that there is space for what is to be written.
    pub(super) fn check_space(&self) -> Result<()> {
        match self.full.get() {
            true => Err(Error::new(ErrorKind::Sql, "database or disk is full: SQLITE_FULL")),
            false => Ok(()),
        }
    }

    /// Returns how large the database is, in bytes.
    pub(crate) fn bytes(&self) -> Result<u64> {
        let query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let bytes: i64 = self
            .as_framework(|connection| connection.query_row(query, (), |row| row.get(0)).map_err(refused))?;
        Ok(bytes.unsigned_abs())
    }

    fn control(&self, statement: &str) -> Result<()> {
        self.as_framework(|connection| connection.execute_batch(statement).map_err(refused))
    }

    /// Deletes everything.
    pub(crate) fn reset(&self) -> Result<()> {
        let keys = |on| {
            self.connection
                .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, on)
                .map(drop)
                .map_err(refused)
        };
        keys(false)?;
        let emptied = self.as_framework(|connection| {
            // Triggers and indexes go with their tables, and so does the data of virtual ones.
            let query =
                "SELECT 'DROP ' || type || ' \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_schema AS s
                         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND NOT EXISTS
                         (SELECT 1 FROM pragma_table_list AS l WHERE l.name = s.name AND l.type = 'shadow')
                         ORDER BY type DESC";
            let mut statement = connection.prepare(query).map_err(refused)?;
            let drops = statement.query_map((), |row| row.get::<_, String>(0)).map_err(refused)?;
            let drops = drops.collect::<std::result::Result<Vec<_>, _>>().map_err(refused)?;
            drops.iter().try_for_each(|drop| connection.execute_batch(drop).map_err(refused))
        });
        keys(true).and(emptied)
    }

    /// Runs statements of the framework's own.
    pub(super) fn as_framework<T>(&self, run: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.framework.store(true, Relaxed);
        let result = run(&self.connection);
        self.framework.store(false, Relaxed);
        result
    }
}

/// Runs a statement that is not the last of its query as the platform does: up to its first row.
fn begin(statement: &mut Statement<'_>) -> Result<()> {
    if !statement.readonly() && statement.column_count() > 0 {
        // It would be left open, and then nothing of what the room has written could be committed: the platform ends
        // the room.
        return Err(Error::new(
            ErrorKind::Sql,
            "a statement that writes and returns rows must be the last of its query",
        ));
    }
    statement.raw_query().next().map(drop).map_err(refused)
}

fn check_count(expected: usize, given: usize) -> Result<()> {
    if expected == given {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Sql, format!("the statement has {expected} parameters, {given} were given")))
}

fn run_one(statement: &mut Statement<'_>, params: &[Value]) -> Result<Rows> {
    for (index, value) in (1..).zip(params) {
        bind(statement, index, value)?;
    }
    let mut columns = columns_of(statement);
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next().map_err(refused)? {
        if rows.is_empty() {
            // The tables may have changed since it was prepared.
            columns = columns_of(row.as_ref());
        }
        let values = (0..columns.len()).map(|column| read(row.get_ref(column).map_err(refused)?));
        rows.push(values.collect::<Result<_>>()?);
    }
    Ok(Rows::new(columns, rows))
}

fn columns_of(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

fn bind(statement: &mut Statement<'_>, index: usize, value: &Value) -> Result<()> {
    match value {
        Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
        // The platform's numbers are JavaScript's: each is bound as a float.
        #[expect(clippy::cast_precision_loss, reason = "integers beyond 2^53 were refused before")]
        Value::Integer(number) => statement.raw_bind_parameter(index, *number as f64),
        Value::Real(number) => statement.raw_bind_parameter(index, number),
        Value::Text(text) => statement.raw_bind_parameter(index, text),
        Value::Blob(bytes) => statement.raw_bind_parameter(index, bytes),
    }
    .map_err(refused)
}

fn read(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        #[expect(
            clippy::cast_precision_loss,
            reason = "the platform rounds too, and what may be rounded is refused"
        )]
        ValueRef::Integer(number) => return Value::of_number(number as f64),
        ValueRef::Real(number) => return Value::of_number(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
    })
}

pub(super) fn refused(error: rusqlite::Error) -> Error {
    Error::caused(ErrorKind::Sql, "the statement failed", error)
}
