//! The rows of a document: a base, and the updates since.

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::error::Result;
use crate::room::sql::Sql;

/// The largest part of an update in one row: the platform allows
/// [2 MB](https://developers.cloudflare.com/durable-objects/platform/limits/).
pub(super) const PART: usize = 1 << 20;

/// The document as it was when it was last written as one, in parts.
const BASE: &str = "party_document_base";
const BASE_TABLE: &str = "CREATE TABLE IF NOT EXISTS party_document_base (
    part INTEGER PRIMARY KEY, data BLOB NOT NULL
)";

/// The updates since, in their order. An update that has no place in a row goes on in the next one.
const UPDATES: &str = "party_document_updates";
const UPDATES_TABLE: &str = "CREATE TABLE IF NOT EXISTS party_document_updates (
    id INTEGER PRIMARY KEY, goes_on INTEGER NOT NULL, data BLOB NOT NULL
)";

/// Bytes of a row.
pub(super) struct Blob(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Blob;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> std::result::Result<Blob, E> {
                Ok(Blob(bytes.to_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// All that is stored of a document.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) base: Option<Vec<u8>>,
    pub(super) updates: Vec<Vec<u8>>,
    /// The rows of the updates.
    pub(super) rows: u64,
    /// The id of the next row.
    pub(super) next: u64,
}

/// Returns whether anything was ever stored.
pub(super) fn is_there(sql: &Sql) -> Result<bool> {
    sql.has_table(UPDATES)
}

/// Reads all.
pub(super) fn read(sql: &Sql) -> Result<Stored> {
    if !is_there(sql)? {
        return Ok(Stored { next: 1, ..Stored::default() });
    }
    let mut base: Option<Vec<u8>> = None;
    for (Blob(part),) in sql.query::<(Blob,)>("SELECT data FROM party_document_base ORDER BY part", ())? {
        base.get_or_insert_default().extend(part);
    }
    let (updates, rows, next) = rows(sql)?;
    Ok(Stored { base, updates, rows, next })
}

/// Reads the updates since the base.
pub(super) fn read_updates(sql: &Sql) -> Result<Vec<Vec<u8>>> {
    Ok(rows(sql)?.0)
}

/// Returns the updates since the base, the number of their rows, and the id of the next row.
fn rows(sql: &Sql) -> Result<(Vec<Vec<u8>>, u64, u64)> {
    let (mut updates, mut rows, mut next, mut goes_on) = (Vec::<Vec<u8>>::new(), 0_u64, 1_u64, false);
    let query = "SELECT id, goes_on, data FROM party_document_updates ORDER BY id";
    for (id, more, Blob(part)) in sql.query::<(u64, bool, Blob)>(query, ())? {
        match updates.last_mut() {
            Some(update) if goes_on => update.extend(part),
            _ => updates.push(part),
        }
        (rows, next, goes_on) = (rows.saturating_add(1), id.saturating_add(1), more);
    }
    Ok((updates, rows, next))
}

/// Adds an update, from this id on. Returns how many rows it has.
pub(super) fn append(sql: &Sql, next: u64, update: &[u8]) -> Result<u64> {
    sql.ensure_table(BASE, BASE_TABLE)?;
    sql.ensure_table(UPDATES, UPDATES_TABLE)?;
    let insert = |id: u64, goes_on: bool, part: &[u8]| {
        let statement = "INSERT INTO party_document_updates (id, goes_on, data) VALUES (?, ?, ?)";
        sql.execute(statement, (id, goes_on, part))
    };
    if update.len() <= PART {
        insert(next, false, update)?;
        return Ok(1);
    }
    sql.transaction(|| {
        let (mut id, mut left) = (next, update.chunks(PART).peekable());
        while let Some(part) = left.next() {
            insert(id, left.peek().is_some(), part)?;
            id = id.saturating_add(1);
        }
        Ok(id.saturating_sub(next))
    })
}

/// Puts one update in place of all updates, from this id on. Returns how many rows it has.
pub(super) fn fold(sql: &Sql, next: u64, update: &[u8]) -> Result<u64> {
    sql.transaction(|| {
        sql.execute("DELETE FROM party_document_updates", ())?;
        append(sql, next, update)
    })
}

/// Puts a base in place of all that is stored.
pub(super) fn rebase(sql: &Sql, base: &[u8]) -> Result<()> {
    sql.transaction(|| {
        sql.ensure_table(BASE, BASE_TABLE)?;
        sql.ensure_table(UPDATES, UPDATES_TABLE)?;
        sql.execute("DELETE FROM party_document_base", ())?;
        for (part, data) in base.chunks(PART).enumerate() {
            sql.execute("INSERT INTO party_document_base (part, data) VALUES (?, ?)", (part, data))?;
        }
        sql.execute("DELETE FROM party_document_updates", ())
    })
}
