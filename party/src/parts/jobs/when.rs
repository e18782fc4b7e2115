//! When a job is to run.

use std::time::Duration;

#[cfg(feature = "cron")]
use super::cron::Pattern;
use crate::error::{Error, ErrorKind, Result};
use crate::timestamp::Timestamp;

/// When a job is to run: at a moment, after a delay, or again and again by cron.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::Timestamp;
/// use party::parts::jobs::When;
///
/// let new_year = When::at(Timestamp::from_millis(1_798_761_600_000));
/// let soon = When::after(Duration::from_secs(30));
/// ```
#[derive(Clone, Debug)]
pub struct When(Moment);

#[derive(Clone, Debug)]
enum Moment {
    At(Timestamp),
    After(Duration),
    #[cfg(feature = "cron")]
    Cron(Pattern),
}

impl When {
    /// Runs a job once, at a time. A time in the past means at once.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// use party::parts::jobs::{Jobs, When};
    ///
    /// let end = room.now() + Duration::from_secs(3_600);
    /// Jobs::open(room)?.set("close", "poll", When::at(end), &())?;
    /// # Ok(()) });
    /// ```
    pub fn at(moment: Timestamp) -> Self {
        Self(Moment::At(moment))
    }

    /// Runs a job once, this long after it was set.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use std::time::Duration;
    /// use party::parts::jobs::{Jobs, When};
    ///
    /// Jobs::open(room)?.set("close", "poll", When::after(Duration::from_secs(3_600)), &())?;
    /// # Ok(()) });
    /// ```
    pub fn after(delay: Duration) -> Self {
        Self(Moment::After(delay))
    }

    /// Runs a job repeatedly, at the times of a cron pattern, in UTC. Feature `cron`.
    ///
    /// The pattern has five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday); or it is
    /// one of `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. Fields may be lists, ranges and steps, and use the
    /// words and signs of [OCPS](https://github.com/open-source-cron/ocps), such as `MON`, `L` for the last day,
    /// `MON#2` for the second Monday.
    ///
    /// Of moments that pass while the room cannot run, or while the job fails and is tried again, one is made up for:
    /// the job runs once, and then at its next moment. A job that is given up goes on with its next moment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an invalid pattern. One that never fires, such as the 30th of February, is refused
    /// when a job is set by it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Props, Result, Room, Server};
    /// # use party::parts::jobs::{Jobs, When};
    /// # struct Digest { jobs: Jobs }
    /// # impl Server for Digest {
    /// async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    ///     let jobs = Jobs::open(room)?;
    ///     jobs.set("digest", "daily", When::cron("30 6 * * MON-FRI")?, &())?;
    ///     Ok(Self { jobs })
    /// }
    /// # }
    /// assert!(When::cron("every day").is_err());
    /// ```
    #[cfg(feature = "cron")]
    pub fn cron(pattern: &str) -> Result<Self> {
        Ok(Self(Moment::Cron(Pattern::new(pattern)?)))
    }

    /// Returns the pattern, of a job by cron.
    pub(super) fn pattern(&self) -> Option<&str> {
        match &self.0 {
            #[cfg(feature = "cron")]
            Moment::Cron(pattern) => Some(pattern.as_str()),
            Moment::At(_) | Moment::After(_) => None,
        }
    }

    /// Returns the next moment.
    pub(super) fn next(&self, now: Timestamp) -> Result<Timestamp> {
        let next = match &self.0 {
            Moment::At(moment) => *moment,
            Moment::After(delay) => now + *delay,
            #[cfg(feature = "cron")]
            Moment::Cron(pattern) => pattern.next(now)?,
        };
        if next > Timestamp::LAST_DATE {
            return Err(Error::new(ErrorKind::Invalid, "the job's time is after the year 275760"));
        }
        Ok(next)
    }
}

/// Returns the next moment of a pattern that was stored.
#[cfg(feature = "cron")]
pub(super) fn next_of_cron(pattern: &str, now: Timestamp) -> Result<Timestamp> {
    Pattern::new(pattern)?.next(now)
}

/// Returns a worker that knew patterns has stored one, this one does not know them.
#[cfg(not(feature = "cron"))]
pub(super) fn next_of_cron(_pattern: &str, _now: Timestamp) -> Result<Timestamp> {
    Err(Error::new(ErrorKind::Invalid, "the feature `cron` of party is off"))
}
