//! A database as statements that make it again.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use super::database::{Database, refused};
use crate::error::Result;

/// The contents of a room's database: tables first, without those that SQLite and virtual tables keep for themselves.
const OBJECTS: &str = "SELECT s.type = 'table', s.name, s.sql, coalesce(l.type, '') = 'virtual' FROM sqlite_schema AS s \
     LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name \
     WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND coalesce(l.type, '') <> 'shadow' \
     ORDER BY s.type <> 'table', s.rowid";

/// The tables in which a virtual table has its data: those that begin with its name and `_`.
const SHADOWS: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow' \
     AND substr(name, 1, length(?1) + 1) = ?1 || '_' ORDER BY name";

impl Database {
    /// Returns the statements that make this database out of an empty one.
    pub(crate) fn dump(&self) -> Result<Vec<String>> {
        self.as_framework(|connection| dump(connection).map_err(refused))
    }

    /// Replaces the database by the one that these statements make.
    pub(crate) fn load(&self, dump: &[String]) -> Result<()> {
        self.as_framework(|connection| load(connection, dump).map_err(refused))
    }
}

fn dump(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(OBJECTS)?;
    let objects = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut dump = Vec::new();
    for object in objects {
        let (is_table, name, sql, is_virtual): (bool, String, String, bool) = object?;
        dump.push(sql);
        if is_virtual {
            dump.extend(shadows(connection, &name)?);
        } else if is_table {
            dump.extend(rows(connection, &name)?);
        }
    }
    Ok(dump)
}

/// Returns the data of a virtual table: as it is stored, for an index without content cannot be read.
fn shadows(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(SHADOWS)?;
    let shadows = statement.query_map([table], |row| row.get::<_, String>(0))?;
    let mut dump = Vec::new();
    for shadow in shadows {
        let shadow = shadow?;
        dump.push(format!("DELETE FROM {}", quoted(&shadow)));
        dump.extend(rows(connection, &shadow)?);
    }
    Ok(dump)
}

/// Returns the rows of a table, each as the statement that inserts it.
fn rows(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?)")?;
    let columns = statement.query_map([table], |row| row.get::<_, String>(0))?;
    let columns: Vec<String> =
        columns.map(|name| name.map(|name| quoted(&name))).collect::<rusqlite::Result<_>>()?;
    let values: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
    let (table, names) = (quoted(table), columns.join(", "));
    let query = format!("SELECT {} FROM {table} ORDER BY 1", values.join(" || ', ' || "));
    let mut statement = connection.prepare(&query)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|values| Ok(format!("INSERT INTO {table} ({names}) VALUES ({})", values?))).collect()
}

fn load(connection: &Connection, dump: &[String]) -> rusqlite::Result<()> {
    // A row of the platform's may be longer than a statement of the room's.
    let limit = connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, i32::MAX)?;
    connection.execute_batch("PRAGMA foreign_keys = 0")?;
    // The data of a virtual table is written as it is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let loaded =
        empty(connection).and_then(|()| dump.iter().try_for_each(|sql| connection.execute_batch(sql)));
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch("PRAGMA foreign_keys = 1")?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, limit)?;
    loaded
}

fn empty(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(OBJECTS)?;
    let objects = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let objects: Vec<(bool, String)> = objects.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for (_, name) in objects.iter().filter(|(is_table, _)| *is_table) {
        connection.execute_batch(&format!("DROP TABLE {}", quoted(name)))?;
    }
    // Views are what is left: indexes and triggers have gone with their tables.
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?;
    let views: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    views.iter().try_for_each(|name| connection.execute_batch(&format!("DROP VIEW {}", quoted(name))))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
