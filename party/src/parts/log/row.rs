//! Rows of the log's tables, and the entries that they are. One row is read as such; many are read as the JSON that
//! they are on the wire: SQLite writes it, and it crosses over as one text.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::parts::wire::{Entry, Json};
use crate::room::sql::Params;
use crate::{Sql, Timestamp};

/// An item.
#[derive(Deserialize)]
pub(super) struct Item {
    seq: u64,
    id: String,
    author: String,
    at: Timestamp,
    edited: Option<u64>,
    body: Option<String>,
    #[serde(default)]
    deleted_by: Option<String>,
}

impl Item {
    pub(super) fn entry(self) -> Result<Entry> {
        let Self { seq, id, author, at, edited, body, deleted_by } = self;
        let body = body.map(Json::from_text).transpose()?;
        Ok(Entry { seq, id, author, at, target: None, edited, deleted_by, body })
    }
}

/// The member that deleted an item, in a statement about `party_log`; `NULL` if it is not deleted.
macro_rules! deleted_by {
    () => {
        "CASE WHEN body IS NULL THEN coalesce(
            (SELECT coalesce(shown, author) FROM party_log_changes WHERE seq = party_log.edited),
            (SELECT author FROM party_log_deletions WHERE item = party_log.seq)) END"
    };
}
pub(super) use deleted_by;

/// The columns of an [`Item`], in a statement about `party_log`.
macro_rules! item_columns {
    () => {
        concat!(
            "seq, id, author, at, edited, body, ",
            $crate::parts::log::row::deleted_by!(),
            " AS deleted_by"
        )
    };
}
pub(super) use item_columns;

/// An item as JSON, in a statement about `party_log`. `NULL` is left out, because `concat` ignores it. (The body is put
/// in as it is: SQLite's own `json` refuses what is nested a thousand times.)
macro_rules! item_json {
    () => {
        concat!(
            r#"concat('{"seq":', seq, ',"id":', json_quote(id), ',"author":', json_quote(author), ',"at":', at,
            ',"edited":' || edited, ',"body":' || body, ',"deletedBy":' || nullif(json_quote("#,
            $crate::parts::log::row::deleted_by!(),
            "), 'null'), '}')"
        )
    };
}
pub(super) use item_json;

/// Texts that SQLite has gathered, one for each row.
pub(super) struct Texts(String);

impl Texts {
    /// Runs a statement that selects JSON of one row or another.
    pub(super) fn select(sql: &Sql, statement: &str, params: impl Params) -> Result<Self> {
        let (text,) = sql.query_one(statement, params)?;
        Ok(Self(text))
    }

    /// Returns the text of each row.
    pub(super) fn rows(&self) -> Result<Vec<&RawValue>> {
        serde_json::from_str(&self.0)
            .map_err(|error| Error::caused(ErrorKind::Json, "what is stored is not JSON", error))
    }

    /// Returns the entry of each row.
    pub(super) fn entries(self) -> Result<Vec<Entry>> {
        Json::from_text(self.0)?.read()
    }
}

/// A statement for [`Texts`] of another one that selects a column `entry`, in its order.
macro_rules! gathered {
    ($($statement:expr),+) => {
        concat!("SELECT '[' || coalesce(group_concat(entry, ','), '') || ']' FROM (", $($statement),+, ")")
    };
}
pub(super) use gathered;
