//! Values by key, in the table that the platform has for them.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Number, Value as Json};

use super::database::{Database, refused};
use crate::error::Result;
use crate::room::sql::value::MAX_EXACT_INTEGER;

/// As the platform has it: made for the first value. A room's own statements cannot use it.
const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";

impl Database {
    pub(crate) fn value(&self, key: &str) -> Result<Option<String>> {
        if !self.has_values()? {
            return Ok(None);
        }
        self.as_framework(|connection| {
            let query = "SELECT value FROM _cf_KV WHERE key = ?";
            connection.query_row(query, params![key], |row| row.get(0)).optional().map_err(refused)
        })
    }

    pub(crate) fn set_value(&self, key: &str, json: &str) -> Result<()> {
        let value = cloned(json)?;
        self.check_space()?;
        self.as_framework(|connection| {
            connection.execute_batch(TABLE).map_err(refused)?;
            let query = "INSERT OR REPLACE INTO _cf_KV (key, value) VALUES (?, ?)";
            connection.execute(query, params![key, value]).map(drop).map_err(refused)
        })
    }

    pub(crate) fn delete_value(&self, key: &str) -> Result<bool> {
        if !self.has_values()? {
            return Ok(false);
        }
        self.as_framework(|connection| {
            let deleted = connection.execute("DELETE FROM _cf_KV WHERE key = ?", params![key]);
            deleted.map(|rows| rows > 0).map_err(refused)
        })
    }

    pub(crate) fn values(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        if !self.has_values()? {
            return Ok(Vec::new());
        }
        self.as_framework(|connection| {
            let query = "SELECT key, value FROM _cf_KV WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key";
            let mut statement = connection.prepare(query).map_err(refused)?;
            let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let rows = statement.query_map(params![prefix], pair).map_err(refused)?;
            rows.collect::<std::result::Result<_, _>>().map_err(refused)
        })
    }

    fn has_values(&self) -> Result<bool> {
        self.as_framework(|connection| {
            let query = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_cf_KV')";
            connection.query_row(query, [], |row| row.get(0)).map_err(refused)
        })
    }
}

/// Returns the JSON that comes back of a value that JavaScript has had in between.
fn cloned(json: &str) -> Result<String> {
    let mut value: Json = serde_json::from_str(json)?;
    take_for_numbers(&mut value);
    Ok(value.to_string())
}

/// Treats numbers as JavaScript does: one without a fraction is an integer.
fn take_for_numbers(value: &mut Json) {
    match value {
        Json::Number(number) => {
            if let Some(whole) = number.as_f64().and_then(whole) {
                *number = Number::from(whole);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(take_for_numbers),
        Json::Object(fields) => fields.values_mut().for_each(take_for_numbers),
        Json::Null | Json::Bool(_) | Json::String(_) => {}
    }
}

fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "it is less than 2^53")]
    let is_exact = number.abs() <= MAX_EXACT_INTEGER as f64;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and less than 2^53")]
    (number.fract() == 0.0 && is_exact).then_some(number as i64)
}
