//! Retention: old entries are removed by age or number, a bounded number at a time.

use std::time::Duration;

use super::Log;
use crate::error::Result;
use crate::timestamp::Timestamp;

/// The largest number of items, and of changes, that one [`Log::prune`] removes.
const CHUNK: u32 = 1_000;

/// Keeps who has deleted the items whose deletions are removed.
const KEEP_DELETIONS: &str = "INSERT OR IGNORE INTO party_log_deletions (item, author)
    SELECT item.seq, coalesce(change.shown, change.author)
    FROM party_log_changes AS change CROSS JOIN party_log AS item ON item.seq = change.target
    WHERE change.seq <= ? AND item.edited = change.seq AND item.body IS NULL";

/// The time that entries are kept. By default they are kept forever.
///
/// Items and changes have a number each: in a log in which votes outnumber questions, the votes do not push out the
/// questions. A change that is removed leaves its item as it is, and who deleted the item stays known.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::log::Retention;
///
/// let a_month = Retention::default().age(Duration::from_secs(30 * 24 * 3_600)).items(100_000);
/// # let _ = a_month;
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Retention {
    age: Option<Duration>,
    items: Option<u64>,
    changes: Option<u64>,
}

impl Retention {
    /// Sets the age at which an entry is removed, counted from when it was appended.
    ///
    /// The default is no limit. A client that was away for longer than this starts again from the newest page, if it
    /// has missed an entry.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::log::Retention;
    ///
    /// let a_week = Retention::default().age(Duration::from_secs(7 * 24 * 3_600));
    /// # let _ = a_week;
    /// ```
    #[must_use]
    pub fn age(self, age: Duration) -> Self {
        Self { age: Some(age), ..self }
    }

    /// Sets how many items are kept, deleted ones included: the newest.
    ///
    /// The default is no limit.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::log::Retention;
    ///
    /// let newest = Retention::default().items(10_000);
    /// # let _ = newest;
    /// ```
    #[must_use]
    pub fn items(self, items: u64) -> Self {
        Self { items: Some(items), ..self }
    }

    /// Sets how many changes are kept: the newest. A change that its author sends again after it was removed is applied
    /// again, so keep as many as are made while a client may be away.
    ///
    /// The default is no limit.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::log::Retention;
    ///
    /// let options = Retention::default().items(10_000).changes(50_000);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn changes(self, changes: u64) -> Self {
        Self { changes: Some(changes), ..self }
    }
}

/// The entries that are removed at once.
struct Removal {
    /// The last `seq` that is removed.
    last: u64,
    count: u64,
    /// Whether there may be more to remove.
    more: bool,
}

impl Log {
    /// Removes what `retention` does not keep, oldest first, at most 1,000 items and 1,000 changes. Returns whether
    /// there may be more to remove. Call it from the alarm, and again soon while it returns `true`
    /// ([`Jobs`](crate::parts::jobs) does that well).
    ///
    /// A client that has missed something that was removed starts again from the newest page.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is removed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log, Retention};
    /// # let log = Log::open(room)?;
    /// for id in ["1", "2", "3"] {
    ///     let _new = log.append(Append { id, author: "ada", at: room.now() }, "milk")?;
    /// }
    /// let more = log.prune(Retention::default().items(1))?;
    /// assert!(!more);
    /// assert!(log.item(2)?.is_none() && log.item(3)?.is_some());
    /// # Ok(()) });
    /// ```
    pub fn prune(&self, retention: Retention) -> Result<bool> {
        if !self.sql.has_table(super::META)? {
            return Ok(false);
        }
        let now = self.room.now();
        let before = retention.age.map_or(Timestamp::UNIX_EPOCH, |age| now - age);
        let (items, changes) = self.counts()?;
        let too_many = |count: u64, kept: Option<u64>| kept.map_or(0, |kept| count.saturating_sub(kept));
        let items =
            self.removal("SELECT seq, at FROM party_log", too_many(items, retention.items), before)?;
        let changes = self.removal(
            "SELECT seq, at FROM party_log_changes",
            too_many(changes, retention.changes),
            before,
        )?;
        if items.count == 0 && changes.count == 0 {
            return Ok(false);
        }
        let floor = self.known(|state| state.floor)?.max(items.last).max(changes.last);
        self.sql()?.transaction(|| {
            let removed = "UPDATE party_log_meta SET floor = ?, items_removed = items_removed + ?, \
                           changes_removed = changes_removed + ?";
            self.sql()?.execute(removed, (floor, items.count, changes.count))?;
            self.sql()?.execute("DELETE FROM party_log WHERE seq <= ?", (items.last,))?;
            self.sql()?.execute("DELETE FROM party_log_deletions WHERE item <= ?", (items.last,))?;
            self.sql()?.execute(KEEP_DELETIONS, (changes.last,))?;
            self.sql()?.execute("DELETE FROM party_log_changes WHERE seq <= ?", (changes.last,))
        })?;
        self.known.0.forget();
        Ok(items.more || changes.more)
    }

    /// Returns how many items and how many changes there are.
    fn counts(&self) -> Result<(u64, u64)> {
        // This many entries were changes; the rest were items.
        let query =
            "SELECT coalesce((SELECT nth FROM party_log_changes ORDER BY seq DESC LIMIT 1), changes_removed),
                     items_removed, changes_removed FROM party_log_meta";
        let (changes, items_removed, changes_removed): (u64, u64, u64) = self.sql()?.query_one(query, ())?;
        let items = self.head()?.saturating_sub(changes).saturating_sub(items_removed);
        Ok((items, changes.saturating_sub(changes_removed)))
    }

    /// Returns which of the oldest entries are removed: those of which there are too many, and those that are too old.
    fn removal(&self, entries: &str, too_many: u64, before: Timestamp) -> Result<Removal> {
        // Mostly there is nothing to remove, and the oldest entry shows it.
        let oldest = |count| {
            self.sql()?.query::<(u64, Timestamp)>(&format!("{entries} ORDER BY seq LIMIT ?"), (count,))
        };
        let (mut last, mut count) = (0, 0_u64);
        let limit = if too_many == 0 && oldest(1)?.iter().all(|(_, at)| *at >= before) { 0 } else { CHUNK };
        let looked_at = if limit == 0 { Vec::new() } else { oldest(limit)? };
        for (seq, at) in &looked_at {
            if count >= too_many && *at >= before {
                break;
            }
            (last, count) = (*seq, count.saturating_add(1));
        }
        Ok(Removal { last, count, more: count == u64::from(CHUNK) })
    }
}
