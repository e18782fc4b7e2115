//! Embedded SQLite under the rules of Durable Object SQL.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Statement};

use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Rows, Value};

/// The pragmas that the platform allows, as far as rooms have a use for them
/// ([SQL API](https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/)).
const PRAGMAS: &[&str] = &[
    "case_sensitive_like",
    "data_version",
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "function_list",
    "ignore_check_constraints",
    "index_info",
    "index_list",
    "index_xinfo",
    "legacy_alter_table",
    "optimize",
    "quick_check",
    "recursive_triggers",
    "reverse_unordered_selects",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// How many bytes a text, a blob or a row has at most
/// ([limits](https://developers.cloudflare.com/durable-objects/platform/limits/)).
const MAX_LENGTH: i32 = 2_000_000;

/// How the platform's own tables begin.
const HIDDEN: &str = "_cf_";

/// One room's database.
pub(crate) struct Database {
    connection: Connection,
    /// How many transactions are open.
    depth: Cell<u32>,
    /// Whether the statement that runs is the framework's own, and so may open and end transactions.
    framework: Arc<AtomicBool>,
}

impl Database {
    pub(crate) fn new() -> Result<Self> {
        let mut connection = Connection::open_in_memory().map_err(refused)?;
        // As on the platform, where foreign keys hold and a text or a row has at most 2 MB.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true).map_err(refused)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH).map_err(refused)?;
        let framework = Arc::new(AtomicBool::new(false));
        let allowed = Allowed(Arc::clone(&framework));
        connection
            .authorizer(Some(move |context: AuthContext<'_>| allowed.judge(&context)))
            .map_err(refused)?;
        Ok(Self { connection, depth: Cell::new(0), framework })
    }

    /// Runs statements; the parameters are for the last one, whose rows come back.
    pub(crate) fn run(&self, query: &str, params: &[Value]) -> Result<Rows> {
        let mut batch = Batch::new(&self.connection, query);
        let mut next = batch.next().map_err(refused)?;
        let mut rows = None;
        while let Some(mut statement) = next {
            // Whether it is the last must be known before it runs. What follows may speak of a table that it makes: then it
            // cannot be prepared yet, and is prepared again.
            let following = batch.next();
            let params = if matches!(following, Ok(None)) { params } else { &[] };
            check_count(statement.parameter_count(), params.len())?;
            rows = Some(run_one(&mut statement, params)?);
            next = following.or_else(|_| batch.next()).map_err(refused)?;
        }
        rows.ok_or_else(|| Error::new(ErrorKind::Sql, "the query has no statement"))
    }

    /// As [`run`](Self::run). Returns how many rows the last statement that inserts, updates or deletes has changed.
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

    fn control(&self, statement: &str) -> Result<()> {
        self.as_framework(|connection| connection.execute_batch(statement).map_err(refused))
    }

    /// Runs statements of the framework's own.
    pub(super) fn as_framework<T>(&self, run: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.framework.store(true, Relaxed);
        let result = run(&self.connection);
        self.framework.store(false, Relaxed);
        result
    }
}

/// What a room's own statements may do.
struct Allowed(Arc<AtomicBool>);

impl Allowed {
    fn judge(&self, context: &AuthContext<'_>) -> Authorization {
        match context.action {
            // Transactions are the platform's, through `transactionSync`.
            AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } if !self.0.load(Relaxed) => {
                Authorization::Deny
            }
            AuthAction::Pragma { pragma_name, .. } if !PRAGMAS.contains(&pragma_name) => Authorization::Deny,
            AuthAction::Read { table_name, .. }
            | AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name }
                if table_name.starts_with(HIDDEN) && !self.0.load(Relaxed) =>
            {
                Authorization::Deny
            }
            AuthAction::Attach { .. } | AuthAction::Detach { .. } => Authorization::Deny,
            _ => Authorization::Allow,
        }
    }
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
