//! The jobs that are set: the questions that a room asks.

use super::{Job, Jobs};
use crate::error::Result;
use crate::timestamp::Timestamp;

impl Jobs {
    /// Returns when a job is due, or `None` if it does not exist. For one that runs or has failed, it is the time of
    /// the next attempt.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::jobs::{Jobs, When};
    /// let jobs = Jobs::open(room)?;
    /// jobs.set("close", "poll", When::after(Duration::from_secs(60)), &())?;
    /// assert_eq!(jobs.due("close", "poll")?, Some(room.now() + Duration::from_secs(60)));
    /// assert_eq!(jobs.due("close", "other")?, None);
    /// # Ok(()) });
    /// ```
    pub fn due(&self, kind: &str, key: &str) -> Result<Option<Timestamp>> {
        self.0.table.due(kind, key)
    }

    /// Returns the jobs of a kind, in the order in which they are due.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Result;
    /// # use party::parts::jobs::Jobs;
    /// fn waited_for(jobs: &Jobs) -> Result<Vec<String>> {
    ///     Ok(jobs.list("kick")?.iter().map(|job| job.key().to_owned()).collect())
    /// }
    /// ```
    pub fn list(&self, kind: &str) -> Result<Vec<Job>> {
        Ok(self.0.table.of_kind(kind)?.into_iter().map(Job::new).collect())
    }

    /// Returns the jobs that are due next, of any kind, at most `most` of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Result;
    /// # use party::parts::jobs::Jobs;
    /// fn next_kind(jobs: &Jobs) -> Result<Option<String>> {
    ///     Ok(jobs.next(1)?.first().map(|job| job.kind().to_owned()))
    /// }
    /// ```
    pub fn next(&self, most: u32) -> Result<Vec<Job>> {
        Ok(self.0.table.first(most)?.into_iter().map(Job::new).collect())
    }
}
