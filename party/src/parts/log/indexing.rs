//! Reading the log for an index over it, such as that of [`search`](crate::parts::search).

use super::Log;
use super::row::{Item, Texts, gathered, item_columns, item_json};
use crate::error::Result;
use crate::parts::wire::{Entry, Json};
use crate::room::sql::Params;

/// Items in a range, the newest first.
const RANGE: &str = gathered!(
    "SELECT ",
    item_json!(),
    " AS entry FROM party_log WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT ? + 0"
);

impl Log {
    /// Returns the `seq` of the oldest item. Without any item it returns a number after the last entry.
    pub(crate) fn oldest(&self) -> Result<u64> {
        let (oldest,): (Option<u64>,) = self.sql()?.query_one("SELECT min(seq) FROM party_log", ())?;
        oldest.map_or_else(|| Ok(self.head()?.saturating_add(1)), Ok)
    }

    /// Returns the newest items after `low` and up to `high` as they are now, the newest first. There are at most
    /// `limit` of them, and fewer where they are more than a text of the database can have.
    pub(crate) fn items_within(&self, low: u64, high: u64, mut limit: u32) -> Result<Vec<Entry>> {
        loop {
            match Texts::select(self.sql()?, RANGE, (low, high, limit)) {
                Err(_) if limit > 1 => limit /= 2,
                texts => return texts?.entries(),
            }
        }
    }

    /// Returns the number of the first change after a `seq` that the log still has, or else of its next one: they count
    /// 1, 2, 3. If it is larger than was expected, then changes were removed that nobody has seen.
    pub(crate) fn change_number_after(&self, seq: u64) -> Result<u64> {
        let query = "SELECT coalesce(
                (SELECT nth FROM party_log_changes WHERE seq > ? ORDER BY seq LIMIT 1),
                (SELECT nth FROM party_log_changes ORDER BY seq DESC LIMIT 1) + 1,
                changes_removed + 1
            ) FROM party_log_meta";
        let (number,) = self.sql()?.query_one(query, (seq,))?;
        Ok(number)
    }

    /// Returns the first changes after a `seq`, at most `limit`: the `seq` of each, and that of its item.
    pub(crate) fn changes_after(&self, seq: u64, limit: u32) -> Result<Vec<(u64, u64)>> {
        let query = "SELECT seq, target FROM party_log_changes WHERE seq > ? ORDER BY seq LIMIT ? + 0";
        self.sql()?.query(query, (seq, limit))
    }

    /// Returns the items at these `seq`s as they are now, those that the log has.
    pub(crate) fn items_at(&self, seqs: &[u64]) -> Result<Vec<Entry>> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let query = concat!(
            "SELECT ",
            item_columns!(),
            " FROM party_log WHERE seq IN (SELECT value FROM json_each(?))"
        );
        self.items_of(query, (Json::of(seqs)?.as_str(),))
    }

    /// Returns the items that a statement selects.
    pub(crate) fn items_of(&self, query: &str, params: impl Params) -> Result<Vec<Entry>> {
        self.sql()?.query::<Item>(query, params)?.into_iter().map(Item::entry).collect()
    }
}
