//! A moment.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::room::sql::value::MAX_EXACT_INTEGER;
use crate::room::sql::{Param, Value};

/// A moment, in milliseconds since the Unix epoch: the clock of a room, from [`Room::now`](crate::Room::now).
///
/// In JSON, in the database and as text it is the number of milliseconds. Sums and differences saturate: no moment is
/// before 1970, and none is after [`MAX`](Self::MAX).
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::Timestamp;
///
/// let new_year = Timestamp::from_millis(1_798_761_600_000);
/// let later = new_year + Duration::from_secs(60);
/// assert!(later > new_year);
/// assert_eq!(later.since(new_year), Duration::from_secs(60));
/// assert_eq!(new_year.since(later), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(from = "u64", into = "u64")]
pub struct Timestamp(u64);

impl Timestamp {
    /// The Unix epoch: 1970-01-01 00:00 UTC.
    pub const UNIX_EPOCH: Self = Self(0);

    /// The last time: 2^53 - 1 milliseconds, the largest number that JavaScript and the database hold exactly.
    pub const MAX: Self = Self(MAX_EXACT_INTEGER);

    /// The last moment that JavaScript has a date for, in the year 275760
    /// ([ECMA-262, section 21.4.1.1](https://tc39.es/ecma262/#sec-time-values-and-time-range)).
    pub(crate) const LAST_DATE: Self = Self(8_640_000_000_000_000);

    /// Returns the time `millis` milliseconds after the Unix epoch, or [`MAX`](Self::MAX) if it would be later.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Timestamp;
    ///
    /// const START: Timestamp = Timestamp::from_millis(1_798_761_600_000);
    /// assert_eq!(START.to_string(), "1798761600000");
    /// assert_eq!(Timestamp::from_millis(u64::MAX), Timestamp::MAX);
    /// ```
    pub const fn from_millis(millis: u64) -> Self {
        if millis > MAX_EXACT_INTEGER { Self::MAX } else { Self(millis) }
    }

    /// Returns the milliseconds since the Unix epoch.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_millis(1_500).as_millis(), 1_500);
    /// assert_eq!(Timestamp::UNIX_EPOCH.as_millis(), 0);
    /// ```
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns the time that has passed since `earlier`, or zero if that is later.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::Timestamp;
    ///
    /// let (earlier, later) = (Timestamp::from_millis(1_000), Timestamp::from_millis(3_500));
    /// assert_eq!(later.since(earlier), Duration::from_millis(2_500));
    /// assert_eq!(earlier.since(later), Duration::ZERO);
    /// ```
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Returns whether an interval has passed since an earlier moment. It has, too, if the clock was set back to before
    /// that moment: nothing must wait until the clock is there again.
    pub(crate) fn has_passed(self, earlier: Self, interval: Duration) -> bool {
        self < earlier || self.since(earlier) >= interval
    }
}

/// Returns the whole milliseconds of a duration, or the largest number if there are more.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis(time)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(millis(time)))
    }
}

impl AddAssign<Duration> for Timestamp {
    fn add_assign(&mut self, time: Duration) {
        *self = Add::add(*self, time);
    }
}

impl SubAssign<Duration> for Timestamp {
    fn sub_assign(&mut self, time: Duration) {
        *self = Sub::sub(*self, time);
    }
}

impl From<u64> for Timestamp {
    fn from(millis: u64) -> Self {
        Self::from_millis(millis)
    }
}

impl From<Timestamp> for u64 {
    fn from(moment: Timestamp) -> Self {
        moment.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// As milliseconds since the Unix epoch.
impl Param for Timestamp {
    fn into_value(self) -> Result<Value> {
        self.0.into_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    #[test]
    fn sums_and_differences_saturate() {
        assert_eq!(NOW + Duration::MAX, Timestamp::MAX);
        assert_eq!(NOW - Duration::MAX, Timestamp::UNIX_EPOCH);
        assert_eq!(Timestamp::from_millis(u64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::UNIX_EPOCH.since(NOW), Duration::ZERO);
    }

    #[test]
    fn json_has_the_number_of_milliseconds() {
        assert_eq!(serde_json::to_string(&NOW).unwrap(), "1767225600000");
        assert_eq!(serde_json::from_str::<Timestamp>("1767225600000").unwrap(), NOW);
        assert_eq!(serde_json::from_str::<Timestamp>("18446744073709551615").unwrap(), Timestamp::MAX);
        assert!(serde_json::from_str::<Timestamp>("-1").is_err());
        assert!(serde_json::from_str::<Timestamp>("\"1\"").is_err());
    }

    #[test]
    fn every_moment_can_be_stored() {
        assert_eq!(Timestamp::MAX.into_value().unwrap(), Value::Integer(9_007_199_254_740_991));
    }
    #[test]
    fn a_time_is_moved_in_both_directions() {
        let (mut later, mut earlier) = (NOW, NOW);
        later += Duration::from_secs(1);
        earlier -= Duration::from_secs(1);
        assert_eq!((later.since(NOW), NOW.since(earlier)), (Duration::from_secs(1), Duration::from_secs(1)));
    }

    #[test]
    fn the_latest_time_is_the_largest_exact_number_of_milliseconds() {
        assert_eq!(Timestamp::from_millis(MAX_EXACT_INTEGER).as_millis(), MAX_EXACT_INTEGER);
        assert_eq!(Timestamp::from_millis(MAX_EXACT_INTEGER + 1).as_millis(), MAX_EXACT_INTEGER);
        assert_eq!(MAX_EXACT_INTEGER, 9_007_199_254_740_991);
    }
}
