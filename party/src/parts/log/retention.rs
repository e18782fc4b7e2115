//! Retention: old entries are removed by age or count, a bounded number at a time.

use std::time::Duration;

use super::{Log, millis};
use crate::error::Result;

/// How many rows one [`Log::prune`] looks at, at most.
const CHUNK: u32 = 1_000;

/// How long entries are kept. The default is for good.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::log::Retention;
///
/// let a_month = Retention::default().age(Duration::from_secs(30 * 24 * 3_600)).entries(100_000);
/// # let _ = a_month;
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Retention {
    age: Option<Duration>,
    entries: Option<u64>,
}

impl Retention {
    /// Keeps no entry for longer than this.
    #[must_use]
    pub fn age(self, age: Duration) -> Self {
        Self { age: Some(age), ..self }
    }

    /// Keeps only as many entries, items and changes together.
    #[must_use]
    pub fn entries(self, entries: u64) -> Self {
        Self { entries: Some(entries), ..self }
    }
}

impl Log {
    /// Removes what is older than `retention` keeps, oldest first and 1,000 of them at most; whether there may be more to
    /// remove. Call it from the alarm, again soon while it gives `true` ([`Jobs`](crate::parts::jobs) does that well).
    ///
    /// Those who stand before what was removed start from the newest page when they come back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is removed.
    pub fn prune(&self, retention: Retention, now: u64) -> Result<bool> {
        let Retention { age, entries } = retention;
        let by_count = entries.map_or(Ok(0), |kept| Ok(self.head()?.saturating_sub(kept)))?;
        let before =
            age.map_or(0, |age| now.saturating_sub(u64::try_from(age.as_millis()).unwrap_or(u64::MAX)));
        let is_old = |(seq, at): &(u64, u64)| *seq <= by_count || *at < before;
        // Mostly there is nothing to remove, and the oldest tells so.
        if !self.oldest(1)?.iter().any(is_old) {
            return Ok(false);
        }
        let oldest = self.oldest(CHUNK)?;
        let looked_at = oldest.len();
        let removed: Vec<(u64, u64)> = oldest.into_iter().take_while(is_old).collect();
        let Some((floor, _)) = removed.last().copied() else { return Ok(false) };
        self.sql.transaction(|| {
            self.sql.execute("UPDATE party_log_meta SET floor = ?", (millis(floor),))?;
            self.sql.execute("DELETE FROM party_log WHERE seq <= ?", (millis(floor),))?;
            self.sql.execute("DELETE FROM party_log_changes WHERE seq <= ?", (millis(floor),))
        })?;
        self.known.0.update(&self.sql, |state| state.floor = floor);
        Ok(removed.len() == looked_at && looked_at == CHUNK as usize)
    }

    /// The oldest entries: the `seq` of each and when it was taken.
    fn oldest(&self, count: u32) -> Result<Vec<(u64, u64)>> {
        // Both are in this order already, so no more of them is read than is asked for.
        let query = "SELECT seq, at FROM party_log UNION ALL SELECT seq, at FROM party_log_changes
                     ORDER BY seq LIMIT ?";
        self.sql.query(query, (count,))
    }
}
