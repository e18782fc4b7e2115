//! Versions: what a document was at some time, by a name.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use yrs::undo::UndoManager;
use yrs::updates::decoder::Decode;
use yrs::{Origin, ReadTxn, Transact, Update, undo};

use super::Document;
use super::contents::{Contents, busy, new};
use super::store::{self, Blob};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::names::checked_title;
use crate::room::sql::Param;
use crate::{Room, Timestamp};

/// The largest number of versions of a document.
pub const MAX_VERSIONS: u64 = 100;

/// The longest name of a version, in characters.
pub const MAX_VERSION_NAME_CHARS: usize = 100;

const NAME: &str = "party_document_versions";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_document_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL
)";
const PARTS: &str = "party_document_version_parts";
const PARTS_TABLE: &str = "CREATE TABLE IF NOT EXISTS party_document_version_parts (
    version INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (version, part)
) WITHOUT ROWID";

/// A version of a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Version {
    /// Its number: a later version has a greater one.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was saved.
    pub at: Timestamp,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Document {
    /// Saves the document as it is now, as a version with a name. Names may be used again.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::EMPTY`], [`ErrorCode::INVALID`] and [`ErrorCode::TOO_LONG`] (more than 100 characters) for the
    /// name; [`ErrorCode::TOO_LARGE`] when there are [100 versions](MAX_VERSIONS);
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// let version = document.save_version("before the review")?;
    /// assert_eq!(document.versions()?, [version]);
    /// # Ok(()) });
    /// ```
    pub fn save_version(&self, name: &str) -> Result<Version> {
        let name = checked_title(name, MAX_VERSION_NAME_CHARS)?;
        if name.is_empty() {
            return Err(Error::client(ErrorCode::EMPTY, "a version has a name"));
        }
        let whole = self.encoded()?;
        let (sql, at) = (self.room.sql(), self.room.now());
        sql.transaction(|| {
            sql.ensure_table(NAME, TABLE)?;
            sql.ensure_table(PARTS, PARTS_TABLE)?;
            let (count,): (u64,) = sql.query_one("SELECT count(*) FROM party_document_versions", ())?;
            if count >= MAX_VERSIONS {
                let text = format!("a document has at most {MAX_VERSIONS} versions: delete one first");
                return Err(Error::client(ErrorCode::TOO_LARGE, text));
            }
            let bytes = u64::try_from(whole.len()).unwrap_or(u64::MAX);
            let insert =
                "INSERT INTO party_document_versions (name, at, bytes) VALUES (?, ?, ?) RETURNING id";
            let (id,): (u64,) = sql.query_one(insert, (&name, at, bytes))?;
            for (part, data) in whole.chunks(store::PART).enumerate() {
                let insert =
                    "INSERT INTO party_document_version_parts (version, part, data) VALUES (?, ?, ?)";
                sql.execute(insert, (id, part, data))?;
            }
            Ok(Version { id, name: name.clone(), at, bytes })
        })
    }

    /// Returns the versions, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// assert!(document.versions()?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn versions(&self) -> Result<Vec<Version>> {
        let sql = self.room.sql();
        match sql.has_table(NAME)? {
            true => sql.query("SELECT id, name, at, bytes FROM party_document_versions ORDER BY id", ()),
            false => Ok(Vec::new()),
        }
    }

    /// Returns a version as one update of Yjs, as [`encoded`](Self::encoded) returns the document. `None` if there is
    /// none with this number.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// let version = document.save_version("empty")?;
    /// assert_eq!(document.version(version.id)?, Some(document.encoded()?));
    /// # Ok(()) });
    /// ```
    pub fn version(&self, id: u64) -> Result<Option<Bytes>> {
        let sql = self.room.sql();
        if !sql.has_table(PARTS)? || !is_number(id) {
            return Ok(None);
        }
        let query = "SELECT data FROM party_document_version_parts WHERE version = ? ORDER BY part";
        let parts: Vec<(Blob,)> = sql.query(query, (id,))?;
        Ok((!parts.is_empty()).then(|| parts.into_iter().flat_map(|(Blob(part),)| part).collect()))
    }

    /// Deletes a version. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// let version = document.save_version("empty")?;
    /// assert!(document.delete_version(version.id)?);
    /// assert!(document.versions()?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn delete_version(&self, id: u64) -> Result<bool> {
        let sql = self.room.sql();
        if !sql.has_table(NAME)? || !is_number(id) {
            return Ok(false);
        }
        sql.transaction(|| {
            sql.execute("DELETE FROM party_document_version_parts WHERE version = ?", (id,))?;
            Ok(sql.execute_counted("DELETE FROM party_document_versions WHERE id = ?", (id,))? > 0)
        })
    }

    /// Makes the document what it was in a version. Returns whether there is one with this number.
    ///
    /// It is a change like any other: it is sent to everyone, those who write at the same time go on, and what the
    /// document was before can be a version, too.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::TOO_LARGE`] when the document would become too large, [`ErrorKind::Sql`](crate::ErrorKind::Sql)
    /// when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions, yrs::Text, yrs::WriteTxn};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// document.change(|transaction| Ok(transaction.get_or_insert_text("notes").push(transaction, "milk")))?;
    /// let version = document.save_version("milk")?;
    /// document.change(|transaction| Ok(transaction.get_or_insert_text("notes").push(transaction, ", eggs")))?;
    ///
    /// assert!(document.restore_version(version.id)?);
    /// assert_eq!(document.text("notes")?, "milk");
    /// # Ok(()) });
    /// ```
    pub fn restore_version(&self, id: u64) -> Result<bool> {
        let Some(version) = self.version(id)? else { return Ok(false) };
        let room = &self.room;
        self.with_all(|contents| {
            let update = going_back(contents, room, &version)?;
            self.put(contents, &update)
        })?;
        Ok(true)
    }
}

/// Returns whether a version can have this number: the database counts no further.
fn is_number(id: u64) -> bool {
    id.into_value().is_ok()
}

/// Returns the update after which a document is what it was: what was done since is undone, as by an undo in an editor.
fn going_back(contents: &mut Contents, room: &Room, version: &[u8]) -> Result<Vec<u8>> {
    let doc = contents.doc(room)?;
    let (old, origin) = (new(room), Origin::from("restore"));
    let apply = |update: &[u8], origin: Option<Origin>| {
        let update = Update::decode_v1(update).map_err(Error::other)?;
        let mut transaction = match origin {
            Some(origin) => old.try_transact_mut_with(origin),
            None => old.try_transact_mut(),
        }
        .map_err(busy)?;
        transaction.apply_update(update).map_err(Error::other)
    };
    apply(version, None)?;

    let now = doc.try_transact().map_err(busy)?;
    let (mut since, state_vector) = (Vec::new(), now.state_vector());
    let names: Vec<Arc<str>> = now.root_refs().map(|(name, _)| name.into()).collect();
    since.extend(now.encode_state_as_update_v1(&old.try_transact().map_err(busy)?.state_vector()));
    drop(now);

    let mut manager = UndoManager::<()>::with_options(undo::Options {
        capture_timeout_millis: 0,
        tracked_origins: [origin.clone()].into(),
        capture_transaction: None,
        timestamp: Arc::new(|| 0),
        init_undo_stack: Vec::new(),
        init_redo_stack: Vec::new(),
    });
    let all: Vec<Arc<str>> =
        old.try_transact().map_err(busy)?.root_refs().map(|(name, _)| name.into()).chain(names).collect();
    for name in all {
        // By whichever type: it says only where to look.
        manager.expand_scope(&old, &old.get_or_insert_map(name));
    }
    apply(&since, Some(origin))?;
    manager.undo_blocking();
    let undone = old.try_transact().map_err(busy)?;
    Ok(undone.encode_diff_v1(&state_vector))
}
