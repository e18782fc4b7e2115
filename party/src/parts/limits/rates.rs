//! Token buckets: one rate for many keys.

use std::cell::RefCell;
use std::time::Duration;

use crate::sorted::Sorted;
use crate::timestamp::{Timestamp, millis};

/// The number of buckets that are kept before those that are full again are forgotten.
pub(super) const KEPT: usize = 2_048;

/// A rate limit: a number at once, and then one more every so often (a token bucket).
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::limits::Rate;
///
/// let ten_a_second = Rate::new(30, Duration::from_millis(100));
/// let one_a_minute = Rate::new(1, Duration::from_secs(60));
/// # let _ = (ten_a_second, one_a_minute);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    burst: u32,
    every: Duration,
}

impl Rate {
    /// Returns a rate of `burst` at once, and one more every `every`. Both are at least 1 (millisecond).
    ///
    /// # Example
    ///
    /// 30 frames at once, and then 10 a second:
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::Timestamp;
    /// use party::parts::limits::{Rate, Rates};
    ///
    /// let frames = Rates::new(Rate::new(30, Duration::from_millis(100)));
    /// let now = Timestamp::from_millis(0);
    /// assert!(frames.take_many("ada", 30, now).is_ok());
    /// assert_eq!(frames.take("ada", now), Err(Duration::from_millis(100)));
    /// ```
    pub fn new(burst: u32, every: Duration) -> Self {
        let every = Duration::from_millis(millis(every).max(1));
        Self { burst: burst.max(1), every }
    }
}

/// One rate for many keys: each key, such as a member or an address, has its own bucket.
///
/// Buckets are in memory only. They are lost when the room sleeps. Most of them are full again before that.
///
/// # Example
///
/// A limit of the app's own, beside those of [`Limits`](super::Limits):
///
/// ```
/// use std::time::Duration;
/// use party::parts::limits::{Rate, Rates};
/// use party::{Error, ErrorCode, MemberId, Result, Room};
///
/// fn vote(room: &Room, votes: &Rates, member: &MemberId) -> Result<()> {
///     votes.take(member, room.now()).map_err(|wait| {
///         Error::client(ErrorCode::SLOW_DOWN, "one vote a minute").retry_after(wait)
///     })
/// }
/// # let _ = (vote, Rates::new(Rate::new(1, Duration::from_secs(60))));
/// ```
#[derive(Debug)]
pub struct Rates {
    rate: Rate,
    buckets: RefCell<Sorted<String, Bucket>>,
}

/// A bucket of tokens, stored as the time at which it is full again. Each token moves it by one interval.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    full_at: Timestamp,
    /// When a token was last taken or refused.
    used_at: Timestamp,
    refused: u32,
}

impl Rates {
    /// Returns the number of buckets that are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.buckets.borrow().len()
    }

    /// Returns buckets that are full at first.
    ///
    /// It keeps a bucket for each key that is not full; from 2,048 buckets on, those that are full again are removed.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::Timestamp;
    /// use party::parts::limits::{Rate, Rates};
    ///
    /// let votes = Rates::new(Rate::new(1, Duration::from_secs(60)));
    /// let now = Timestamp::from_millis(0);
    /// assert!(votes.take("ada", now).is_ok());
    /// assert!(votes.take("bob", now).is_ok(), "each key has its own bucket");
    /// ```
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: RefCell::default() }
    }

    /// Takes a token.
    ///
    /// # Errors
    ///
    /// The time until there is one.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// # use party::Timestamp;
    /// # use party::parts::limits::{Rate, Rates};
    /// # let votes = Rates::new(Rate::new(1, Duration::from_secs(60)));
    /// # let now = Timestamp::from_millis(0);
    /// assert_eq!(votes.take("ada", now), Ok(()));
    /// assert_eq!(votes.take("ada", now), Err(Duration::from_secs(60)));
    /// assert_eq!(votes.take("ada", now + Duration::from_secs(60)), Ok(()));
    /// ```
    pub fn take(&self, key: &str, now: Timestamp) -> Result<(), Duration> {
        self.take_many(key, 1, now)
    }

    /// Takes `count` tokens or none. A count above the burst size is allowed when the bucket is full. The bucket then
    /// takes longer until it has tokens again.
    ///
    /// # Errors
    ///
    /// The time until there are as many.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// # use party::Timestamp;
    /// # use party::parts::limits::{Rate, Rates};
    /// let bytes = Rates::new(Rate::new(1_000, Duration::from_millis(1)));
    /// let now = Timestamp::from_millis(0);
    /// assert!(bytes.take_many("ada", 3_000, now).is_ok(), "the bucket was full");
    /// assert!(bytes.take("ada", now + Duration::from_secs(2)).is_err(), "and owes 2,000");
    /// ```
    pub fn take_many(&self, key: &str, count: u32, now: Timestamp) -> Result<(), Duration> {
        let wait = self.wait(key, count, now);
        if !wait.is_zero() {
            self.refuse(key, now);
            return Err(wait);
        }
        let taken = self.rate.every.saturating_mul(count);
        let full_at = self.bucket(key, now).full_at.max(now) + taken;
        self.keep(key, Bucket { full_at, used_at: now, refused: self.forgiven(key, now) }, now);
        Ok(())
    }

    /// Returns how many refusals still count once a token is taken: one less, or none after a pause in which the bucket
    /// has become full. So a client that is refused again and again is not forgiven for each token that it gets in
    /// between.
    fn forgiven(&self, key: &str, now: Timestamp) -> u32 {
        let bucket = self.bucket(key, now);
        if bucket.full_at <= now { 0 } else { bucket.refused.saturating_sub(1) }
    }

    /// Counts that something was refused, for a reason of this or another rate.
    pub(super) fn refuse(&self, key: &str, now: Timestamp) {
        let bucket = self.bucket(key, now);
        self.keep(key, Bucket { refused: bucket.refused.saturating_add(1), ..bucket }, now);
    }

    fn bucket(&self, key: &str, now: Timestamp) -> Bucket {
        let Some(bucket) = self.buckets.borrow().get(key).copied() else {
            return Bucket { full_at: now, used_at: now, refused: 0 };
        };
        // A clock that was set back does not make anyone wait until it is there again.
        let full_at =
            if now < bucket.used_at { now + bucket.full_at.since(bucket.used_at) } else { bucket.full_at };
        Bucket { full_at, used_at: now, ..bucket }
    }

    fn keep(&self, key: &str, bucket: Bucket, now: Timestamp) {
        let mut buckets = self.buckets.borrow_mut();
        if buckets.len() >= KEPT && !buckets.contains_key(key) {
            buckets.retain(|bucket| bucket.full_at > now);
        }
        buckets.insert(key.to_owned(), bucket);
    }

    /// Returns the time until `count` tokens can be taken.
    pub(super) fn wait(&self, key: &str, count: u32, now: Timestamp) -> Duration {
        let full_at = self.bucket(key, now).full_at.max(now);
        let needed = self.rate.every.saturating_mul(count.min(self.rate.burst));
        let most = self.rate.every.saturating_mul(self.rate.burst);
        full_at.since(now).saturating_add(needed).saturating_sub(most)
    }

    /// Returns how many more refusals than tokens a key has had recently; 0 after its bucket was full again.
    ///
    /// Use it to find clients that do not obey a refusal. [`Limits`](super::Limits) closes them after
    /// [`patience`](super::LimitsOptions::patience) refusals.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::Timestamp;
    /// # use party::parts::limits::{Rate, Rates};
    /// # let votes = Rates::new(Rate::new(1, Duration::from_secs(60)));
    /// # let now = Timestamp::from_millis(0);
    /// for _ in 0..4 {
    ///     let _refused = votes.take("mallory", now);
    /// }
    /// assert_eq!(votes.refused("mallory"), 3);
    /// assert_eq!(votes.refused("ada"), 0);
    /// ```
    pub fn refused(&self, key: &str) -> u32 {
        self.buckets.borrow().get(key).map_or(0, |bucket| bucket.refused)
    }
}
