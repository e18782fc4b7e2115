//! Pages of items, by cursor in both directions.

use super::row::{Texts, gathered, item_json};
use super::{Log, MAX_SEQ};
use crate::error::Result;
use crate::parts::wire::{Entries, Page};

/// A number of items before a `seq`, the newest first. (If the limit is a bare parameter, SQLite prepares the statement
/// again each time that it runs.)
pub(super) const BACKWARDS: &str = gathered!(
    "SELECT ",
    item_json!(),
    " AS entry FROM party_log WHERE seq < ? ORDER BY seq DESC LIMIT ? + 0"
);

/// A number of items after a `seq`.
pub(super) const FORWARDS: &str =
    gathered!("SELECT ", item_json!(), " AS entry FROM party_log WHERE seq > ? ORDER BY seq LIMIT ? + 0");

/// Which items a page is to have.
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// # use party::parts::log::{Append, Direction, Log, PageSize};
/// # let log = Log::open(room)?;
/// for id in ["1", "2", "3"] {
///     let _new = log.append(Append { id, author: "ada", at: room.now() }, "milk")?;
/// }
/// let page = log.page(Direction::Before(3), PageSize { items: 1, ..PageSize::default() })?;
/// assert_eq!((page.entries.read()?[0].seq, page.more), (2, true));
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// The newest.
    Newest,
    /// Those before this `seq`, the newest of them.
    Before(u64),
    /// Those after this `seq`, the oldest of them.
    After(u64),
}

/// The largest size of a page. It has at least one item, if there is one, however large that is.
///
/// The default is 100 items, of about 65,536 bytes (64 KiB) together.
///
/// # Example
///
/// ```
/// use party::parts::log::PageSize;
///
/// let short = PageSize { items: 20, ..PageSize::default() };
/// assert_eq!(short.bytes, 65_536);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PageSize {
    /// The number of items.
    pub items: u32,
    /// Their size together on the wire in bytes, about.
    pub bytes: usize,
}

impl Default for PageSize {
    /// Returns the default: 100 items, 64 KiB.
    fn default() -> Self {
        Self { items: 100, bytes: 64 * 1024 }
    }
}

impl Log {
    /// Returns a page of items as they are now, in ascending order. The cost depends on the page, and not on the length
    /// of the log.
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
    ///         all.extend(page.entries.read()?.iter().map(|item| item.seq));
    ///         last = all.last().copied().unwrap_or(0);
    ///         if !page.more {
    ///             return Ok(all);
    ///         }
    ///     }
    /// }
    /// ```
    pub fn page(&self, direction: Direction, size: PageSize) -> Result<Page> {
        let (statement, from, backwards) = match direction {
            Direction::Newest => (BACKWARDS, MAX_SEQ, true),
            Direction::Before(seq) => (BACKWARDS, seq, true),
            Direction::After(seq) => (FORWARDS, seq, false),
        };
        let mut items = size.items.max(1);
        let texts = loop {
            // One more than asked for tells whether there are more.
            let params = (from.min(MAX_SEQ), items.saturating_add(1));
            match Texts::select(self.sql()?, statement, params) {
                // Together they may be larger than a text can be. Then fewer will do: nobody asks for that many bytes.
                Err(_) if items > 1 => items /= 2,
                selected => break selected?,
            }
        };
        let mut rows = texts.rows()?;
        let found = rows.len();
        let mut bytes = 0_usize;
        let fitting = rows.iter().take(items as usize).take_while(|row| {
            let first = bytes == 0;
            bytes = bytes.saturating_add(row.get().len());
            first || bytes <= size.bytes
        });
        rows.truncate(fitting.count());
        let more = rows.len() < found;
        if backwards {
            rows.reverse();
        }
        let entries = Entries::of_texts(&rows)?;
        let (before, after) = match direction {
            Direction::Newest => (None, None),
            Direction::Before(seq) => (Some(seq), None),
            Direction::After(seq) => (None, Some(seq)),
        };
        Ok(Page { id: String::new(), before, after, entries, more })
    }
}
