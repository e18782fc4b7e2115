//! Values by key, for what needs no table of its own.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::sql::Sql;

/// Where the values are.
const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS party_storage (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID";

/// Values by key, from [`Room::storage`](crate::Room::storage): any JSON, durable as all of the room's
/// [database](crate::Sql), in which they are kept.
///
/// # Limits
///
/// 2 MB a key and its value together.
///
/// # Example
///
/// ```
/// # use party::{Result, Storage};
/// fn count_visit(storage: &Storage) -> Result<u64> {
///     let visits = storage.get::<u64>("visits")?.unwrap_or(0) + 1;
///     storage.put("visits", &visits)?;
///     Ok(visits)
/// }
/// ```
#[derive(Clone)]
pub struct Storage(Sql);

impl Storage {
    pub(crate) fn new(sql: Sql) -> Self {
        Self(sql)
    }

    /// The value of a key, `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value has another shape, [`ErrorKind::Sql`] when the database refuses.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let found: Option<(String,)> =
            self.table()?.query_opt("SELECT value FROM party_storage WHERE key = ?", (key,))?;
        found.map(|(json,)| read(&json)).transpose()
    }

    /// Gives a key a value, in place of the one it had.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON, [`ErrorKind::Sql`] when the database refuses.
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()> {
        let json = serde_json::to_string(value)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))?;
        self.table()?.execute("INSERT OR REPLACE INTO party_storage (key, value) VALUES (?, ?)", (key, json))
    }

    /// Takes a key's value away; whether it had one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    pub fn delete(&self, key: &str) -> Result<bool> {
        let rows = self.table()?.rows("DELETE FROM party_storage WHERE key = ? RETURNING 1", (key,))?;
        Ok(!rows.is_empty())
    }

    /// The keys that begin with `prefix` and their values, in the order of the keys.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when a value has another shape, [`ErrorKind::Sql`] when the database refuses.
    pub fn list<T: DeserializeOwned>(&self, prefix: &str) -> Result<Vec<(String, T)>> {
        let table = self.table()?;
        let found: Vec<(String, String)> = match following(prefix) {
            Some(end) => {
                let query = "SELECT key, value FROM party_storage WHERE key >= ? AND key < ? ORDER BY key";
                table.query(query, (prefix, end))?
            }
            None => {
                table.query("SELECT key, value FROM party_storage WHERE key >= ? ORDER BY key", (prefix,))?
            }
        };
        found.into_iter().map(|(key, json)| Ok((key, read(&json)?))).collect()
    }

    fn table(&self) -> Result<&Sql> {
        self.0.ensure_table("party_storage", TABLE)?;
        Ok(&self.0)
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

/// The first text after all that begin with `prefix`; none if there is no such text. The database orders texts by their bytes, and so by their
/// characters.
fn following(prefix: &str) -> Option<String> {
    let mut start = prefix.chars();
    while let Some(last) = start.next_back() {
        let next = (last..=char::MAX).nth(1);
        if let Some(next) = next {
            return Some(format!("{}{next}", start.as_str()));
        }
    }
    None
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| {
        Error::caused(ErrorKind::Json, "the stored value has another shape than was asked for", error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_all_that_begin_with_a_text_comes_the_text_with_the_next_character() {
        assert_eq!(following("user:"), Some("user;".to_owned()));
        assert_eq!(following("é"), Some("ê".to_owned()));
        assert_eq!(following("a\u{d7ff}"), Some("a\u{e000}".to_owned()));
        assert_eq!(following("a\u{10ffff}\u{10ffff}"), Some("b".to_owned()));
        assert_eq!([following(""), following("\u{10ffff}")], [None, None]);
    }
}
