//! One job, as its handler sees it.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::timestamp::Timestamp;

/// A job, as [`Jobs::run`](super::Jobs::run) hands it to its handler.
///
/// # Example
///
/// ```
/// use party::parts::jobs::Job;
/// use party::{Result, Room};
///
/// fn run(room: &Room, job: &Job) -> Result<()> {
///     match job.kind() {
///         "remind" => room.broadcast(job.payload::<String>()?).send(),
///         other => room.log(&format!("a job of an earlier build: {other}")),
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Job(Stored);

/// A row of the table.
#[derive(Clone, Deserialize)]
pub(super) struct Stored {
    pub(super) kind: String,
    pub(super) key: String,
    /// When it is tried next.
    pub(super) due: Timestamp,
    /// When it was to be tried first.
    pub(super) scheduled: Timestamp,
    /// The number of attempts that have begun.
    pub(super) attempt: u32,
    pub(super) cron: Option<String>,
    pub(super) payload: String,
}

impl Job {
    pub(super) fn new(stored: Stored) -> Self {
        Self(stored)
    }

    /// Returns the kind of the job: what is to be done.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::jobs::{Jobs, When};
    /// # let jobs = Jobs::open(room)?;
    /// jobs.set("close", "poll", When::after(Duration::from_secs(60)), &())?;
    /// assert_eq!(jobs.next(1)?[0].kind(), "close");
    /// # Ok(()) });
    /// ```
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Returns the key of the job: what it is about.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::jobs::{Jobs, When};
    /// # let jobs = Jobs::open(room)?;
    /// jobs.set("close", "poll", When::after(Duration::from_secs(60)), &())?;
    /// assert_eq!(jobs.next(1)?[0].key(), "poll");
    /// # Ok(()) });
    /// ```
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// Returns which attempt this is, from 1; 0 for a job that was not tried yet.
    ///
    /// A job is given up after its tenth attempt.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Result;
    /// use party::parts::jobs::Job;
    ///
    /// fn import(job: &Job) -> Result<()> {
    ///     if job.attempt() > 3 {
    ///         return Ok(println!("{} is left out", job.key()));
    ///     }
    ///     Err(party::Error::other("the service does not answer"))
    /// }
    /// ```
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Returns when this attempt is due. It may run later, as after an outage.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::jobs::{Jobs, When};
    /// # let jobs = Jobs::open(room)?;
    /// jobs.set("close", "poll", When::after(Duration::from_secs(60)), &())?;
    /// assert_eq!(jobs.next(1)?[0].due(), room.now() + Duration::from_secs(60));
    /// # Ok(()) });
    /// ```
    pub fn due(&self) -> Timestamp {
        self.0.due
    }

    /// Returns the moment that the job was set for: when the first attempt was due. With kind
    /// and key it names one run, the same at every attempt.
    ///
    /// # Example
    ///
    /// A bill for a month is written once, however often the job runs:
    ///
    /// ```
    /// # use party::{Result, Sql};
    /// # use party::parts::jobs::Job;
    /// fn bill(sql: &Sql, job: &Job) -> Result<()> {
    ///     let name = format!("{} {}", job.key(), job.scheduled());
    ///     sql.execute("INSERT OR IGNORE INTO bills (name) VALUES (?)", (name,))
    /// }
    /// ```
    pub fn scheduled(&self) -> Timestamp {
        self.0.scheduled
    }

    /// Returns the payload that the job was set with.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when it has another shape, as after a deploy that changed `T`.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::jobs::{Jobs, When};
    /// # let jobs = Jobs::open(room)?;
    /// jobs.set("remind", "ada", When::after(Duration::from_secs(60)), &("tea", 2))?;
    /// let (what, cups): (String, u32) = jobs.next(1)?[0].payload()?;
    /// assert_eq!((what.as_str(), cups), ("tea", 2));
    /// # Ok(()) });
    /// ```
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.0.payload).map_err(|error| {
            Error::caused(ErrorKind::Json, "the job's payload has another shape than was asked for", error)
        })
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("kind", &self.0.kind)
            .field("key", &self.0.key)
            .field("attempt", &self.0.attempt)
            .field("due", &self.0.due)
            .finish_non_exhaustive()
    }
}
