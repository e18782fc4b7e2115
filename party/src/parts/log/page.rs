//! Pages of items, by cursor in both directions.

use super::{Log, millis, row};
use crate::error::Result;
use crate::parts::wire::Page;

/// Which items a page is to have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// The newest.
    Newest,
    /// Those before this `seq`, the newest of them.
    Before(u64),
    /// Those after this `seq`, the oldest of them.
    After(u64),
}

/// How large a page may be. It has at least one item, if there is one, however large that is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PageSize {
    /// How many items.
    pub items: u32,
    /// How many bytes they have together on the wire, about.
    pub bytes: usize,
}

impl Default for PageSize {
    /// 100 items, 64 KiB.
    fn default() -> Self {
        Self { items: 100, bytes: 64 * 1024 }
    }
}

impl Log {
    /// A page of items as they are now, in ascending order. It costs what the page has, however long the log is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Result;
    /// # use party::parts::log::{Direction, Log, PageSize};
    /// fn all(log: &Log) -> Result<Vec<u64>> {
    ///     let (mut all, mut last) = (Vec::new(), 0);
    ///     loop {
    ///         let page = log.page(Direction::After(last), PageSize::default())?;
    ///         all.extend(page.entries.iter().map(|item| item.seq));
    ///         last = all.last().copied().unwrap_or(0);
    ///         if !page.more {
    ///             return Ok(all);
    ///         }
    ///     }
    /// }
    /// ```
    pub fn page(&self, direction: Direction, size: PageSize) -> Result<Page> {
        const COLUMNS: &str = "SELECT seq, id, author, at, edited, body FROM party_log";
        let (filter, from, backwards) = match direction {
            Direction::Newest => ("WHERE seq < ? ORDER BY seq DESC", MAX_SEQ, true),
            Direction::Before(seq) => ("WHERE seq < ? ORDER BY seq DESC", seq, true),
            Direction::After(seq) => ("WHERE seq > ? ORDER BY seq", seq, false),
        };
        // One more than asked for tells whether there are more.
        let (most, limit) = (size.items.max(1), size.items.max(1).saturating_add(1));
        let query = format!("{COLUMNS} {filter} LIMIT ?");
        let rows: Vec<row::Item> = self.sql.query(&query, (millis(from.min(MAX_SEQ)), limit))?;
        let found = rows.len();
        let mut bytes = 0_usize;
        let fits = |row: &row::Item| {
            let first = bytes == 0;
            bytes = bytes.saturating_add(row.bytes());
            first || bytes <= size.bytes
        };
        let taken = rows.into_iter().take(most as usize).take_while(fits);
        let mut entries = taken.map(row::Item::entry).collect::<Result<Vec<_>>>()?;
        let more = entries.len() < found;
        if backwards {
            entries.reverse();
        }
        let (before, after) = match direction {
            Direction::Newest => (None, None),
            Direction::Before(seq) => (Some(seq), None),
            Direction::After(seq) => (None, Some(seq)),
        };
        Ok(Page { before, after, entries, more })
    }
}

/// No `seq` is larger than what the platform hands over exactly.
const MAX_SEQ: u64 = (1 << 53) - 1;
