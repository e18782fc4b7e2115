//! Many jobs on the room's one alarm: once at a time, after a delay, or by cron.
//!
//! A room has one [alarm](crate::Alarm). [`Jobs`] keeps any number of jobs in the room's database, sets the alarm for
//! the first of them, and runs the due ones from [`Server::on_alarm`](crate::Server::on_alarm).
//!
//! # Guarantees
//!
//! - **At least once.** A job is run until it has succeeded, over sleep, crash and deploy. It may run more than once,
//!   for example when the room crashes after the job's work and before it returns. So a job must be repeatable:
//!   [`Job::scheduled`] is the same at every attempt.
//! - **Not before its time**, in the order of the times, one after the other.
//! - **A failing job does not block others.** It is logged and tried again after 2 seconds, then after 4, 8 and so on.
//!   After the tenth attempt, 17 minutes after the first, it is given up with an error in the log. An attempt in which
//!   the room crashed counts as well: it is written down before the job runs.
//! - **A job can set and cancel jobs**, itself included, while it runs.
//!
//! # How `on_alarm` composes
//!
//! The alarm belongs to the jobs: a room with jobs does not set the alarm itself, and its `on_alarm` only calls
//! [`Jobs::run`]. Parts that need time have their own jobs, of kinds that begin with `party.`, and a function that runs
//! such a job.
//!
//! ```
//! use std::time::Duration;
//!
//! use party::parts::jobs::{Job, Jobs, When};
//! use party::testing::TestRoom;
//! use party::{Connection, Message, Props, Result, Room, Server};
//!
//! struct Reminders {
//!     jobs: Jobs,
//! }
//!
//! impl Server for Reminders {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { jobs: Jobs::open(room)? })
//!     }
//!
//!     async fn on_message(&self, _room: &Room, _from: &Connection, message: Message) -> Result<()> {
//!         let (name, minutes, text): (String, u64, String) = message.read_json()?;
//!         let when = When::after(Duration::from_secs(minutes.saturating_mul(60)));
//!         self.jobs.set("reminder", &name, when, &text)
//!     }
//!
//!     async fn on_alarm(&self, room: &Room) -> Result<()> {
//!         self.jobs.run(async |job: &Job| match job.kind() {
//!             "reminder" => {
//!                 let text: String = job.payload()?;
//!                 room.broadcast_json(&(job.key(), text))?.send();
//!                 Ok(())
//!             }
//!             _ => Ok(()),
//!         })
//!         .await
//!     }
//! }
//!
//! let room = TestRoom::<Reminders>::new("kitchen");
//! let ada = room.connect("ada");
//! ada.send(r#"["Ada", 10, "the eggs"]"#);
//! room.evict();
//! room.advance(Duration::from_secs(600));
//! assert_eq!(ada.receive_text(), r#"["Ada","the eggs"]"#);
//! ```

#[cfg(feature = "cron")]
mod cron;
mod job;
mod query;
mod table;
mod when;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

pub use self::job::Job;
use self::job::Stored;
use self::table::Table;
pub use self::when::When;
use crate::error::{Error, ErrorKind, Result};
use crate::observe::Record;
use crate::room::Room;
use crate::timestamp::Timestamp;

/// The longest kind and key of a job, in characters.
const MAX_KIND_CHARS: usize = 64;
const MAX_KEY_CHARS: usize = 256;

/// The largest payload, in bytes of JSON.
const MAX_PAYLOAD_BYTES: usize = 65_536;

/// The number of attempts of a job, and the first pause; each further pause is twice as long.
const MAX_ATTEMPTS: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The number of jobs that one alarm runs. The rest runs in the next, at once, so that other events get their turn.
const MAX_JOBS_A_RUN: usize = 100;

/// The time after a failed run until the alarm fires again. The platform's own attempts end after about two minutes
/// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)), and the jobs must not end with them.
const RUN_AGAIN: Duration = Duration::from_secs(60);

/// The jobs of a room. [The module](self) has the guarantees, and how it is used.
///
/// # Identity
///
/// A job is identified by its kind, the work to do, and its key, the subject of the work. There is one job of each kind
/// and key.
///
/// # Lifetime
///
/// Jobs are kept in the table `party_jobs` of the room's database, which is made when the first is set. Cloning is
/// cheap. All instances that are opened on one room are the same.
///
/// # Limits
///
/// A kind has 1 to 64 characters, a key 1 to 256, a payload at most 65,536 bytes as JSON. Setting a job writes two
/// rows, its own and that of an index, and a third when the alarm must fire earlier. Running it writes up to three more
/// ([what a row costs](https://developers.cloudflare.com/durable-objects/platform/pricing/)). A job that is set again
/// to a later time leaves the alarm as it is: the alarm fires once with nothing to do, and is then set to the next job.
#[derive(Clone)]
pub struct Jobs(Rc<Inner>);

struct Inner {
    room: Room,
    table: Table,
}

impl Jobs {
    /// Opens the jobs of a room. Call it in [`Server::on_start`](crate::Server::on_start).
    ///
    /// It writes only if a job is overdue and the room does not start for its alarm. Then it sets the alarm, because
    /// the platform may have given it up: it does so when a room cannot start for some minutes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses, [`ErrorKind::Platform`] when it has no storage.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::jobs::Jobs;
    ///
    /// let jobs = Jobs::open(room)?;
    /// assert!(jobs.next(10)?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        let jobs = Self(Rc::new(Inner { room: room.clone(), table: Table::new(room.sql().clone()) }));
        let overdue = |due: Timestamp| due <= room.now();
        if !room.alarm().is_ringing() && jobs.0.table.earliest()?.is_some_and(overdue) {
            jobs.settle()?;
        }
        Ok(jobs)
    }

    /// Sets a job, in place of the one of this kind and key if there is one.
    ///
    /// It is stored when this returns. Use it after the event that causes the job, such as a message: a
    /// [delay](When::after) then begins again. In [`Server::on_start`](crate::Server::on_start) use
    /// [`set_if_absent`](Self::set_if_absent): a room starts each time it wakes, also for its alarm, and a delay that
    /// starts again at every start may never end. A job by cron (`When::cron`) can be set in either way: one that
    /// exists with the same pattern keeps its next moment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a kind, a key or a moment outside its limits, [`ErrorKind::TooLarge`] for such a
    /// payload, [`ErrorKind::Json`] when it cannot be written as JSON, [`ErrorKind::Sql`] when the database refuses.
    /// [`ErrorKind::Platform`] when the alarm cannot be set: the job is stored then, and runs with the next.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::{Connection, Result};
    /// # use party::parts::jobs::{Jobs, When};
    /// fn wait_for(jobs: &Jobs, who: &Connection) -> Result<()> {
    ///     jobs.set("kick", who.id().as_str(), When::after(Duration::from_secs(60)), &"too slow")
    /// }
    /// ```
    pub fn set<T: Serialize + ?Sized>(&self, kind: &str, key: &str, when: When, payload: &T) -> Result<()> {
        let payload = checked(kind, key, payload)?;
        if let Some(pattern) = when.pattern()
            && self.0.table.keep_cron(kind, key, pattern, &payload)?
        {
            return Ok(());
        }
        self.put(kind, key, &when, &payload)
    }

    /// Sets a job, unless there is one of this kind and key. Returns whether it was set.
    ///
    /// A job that exists is left as it is: its time, its payload and its attempts stay. Use it for regular work of a
    /// room, in [`Server::on_start`](crate::Server::on_start) and again when the job has run. To give a job another
    /// time or payload, use [`set`](Self::set).
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    ///
    /// # Example
    ///
    /// A room is tidied once an hour, however often it falls asleep in between:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::{Props, Result, Room, Server};
    /// # use party::parts::jobs::{Job, Jobs, When};
    /// # struct Library { jobs: Jobs }
    /// # fn tidy(_room: &Room) -> Result<()> { Ok(()) }
    /// const HOUR: Duration = Duration::from_secs(3600);
    ///
    /// # impl Server for Library {
    /// async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    ///     let jobs = Jobs::open(room)?;
    ///     jobs.set_if_absent("tidy", "all", When::after(HOUR), &())?;
    ///     Ok(Self { jobs })
    /// }
    ///
    /// async fn on_alarm(&self, room: &Room) -> Result<()> {
    ///     self.jobs.run(async |job: &Job| match job.kind() {
    ///         "tidy" => {
    ///             tidy(room)?;
    ///             self.jobs.set("tidy", "all", When::after(HOUR), &())
    ///         }
    ///         _ => Ok(()),
    ///     })
    ///     .await
    /// }
    /// # }
    /// ```
    pub fn set_if_absent<T: Serialize + ?Sized>(
        &self,
        kind: &str,
        key: &str,
        when: When,
        payload: &T,
    ) -> Result<bool> {
        let payload = checked(kind, key, payload)?;
        let absent = self.0.table.due(kind, key)?.is_none();
        if absent {
            self.put(kind, key, &when, &payload)?;
        }
        Ok(absent)
    }

    fn put(&self, kind: &str, key: &str, when: &When, payload: &str) -> Result<()> {
        let due = when.next(self.0.room.now())?;
        self.0.table.put(kind, key, due, when.pattern(), payload)?;
        match self.rings_before(due) {
            true => Ok(()),
            false => self.settle(),
        }
    }

    /// Cancels a job. Returns whether it existed. A running job is not stopped, but it is not tried again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses, [`ErrorKind::Platform`] when the alarm cannot be set.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, Result};
    /// # use party::parts::jobs::Jobs;
    /// fn has_moved(jobs: &Jobs, who: &Connection) -> Result<bool> {
    ///     jobs.cancel("kick", who.id().as_str())
    /// }
    /// ```
    pub fn cancel(&self, kind: &str, key: &str) -> Result<bool> {
        let was_there = self.0.table.remove(kind, key)?;
        if was_there {
            self.settle()?;
        }
        Ok(was_there)
    }

    /// Runs the due jobs, then sets the alarm to the next one. Call it in
    /// [`Server::on_alarm`](crate::Server::on_alarm).
    ///
    /// Jobs run in the order of their times, those of the same time in the order of kind and key. At most 100 run; if
    /// more are due, the alarm fires again at once. An error of `handler` is logged, and that job is tried again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] and [`ErrorKind::Platform`] when the database or the alarm refuses, never what a job failed
    /// with. Return it from `on_alarm`, so that it is logged. The alarm rings again after a minute, until a run
    /// succeeds.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, CloseCode, Props, Result, Room, Server};
    /// # use party::parts::jobs::{Job, Jobs, When};
    /// # struct Table { jobs: Jobs }
    /// # impl Server for Table {
    /// # async fn on_start(room: &Room, _props: Props) -> Result<Self> { Ok(Self { jobs: Jobs::open(room)? }) }
    /// async fn on_alarm(&self, room: &Room) -> Result<()> {
    ///     self.jobs.run(async |job: &Job| {
    ///         if let Some(slow) = room.connection(job.key()) {
    ///             slow.close(CloseCode::POLICY, &job.payload::<String>()?);
    ///         }
    ///         Ok(())
    ///     })
    ///     .await
    /// }
    /// # }
    /// ```
    pub async fn run(&self, handler: impl AsyncFnMut(&Job) -> Result<()>) -> Result<()> {
        let ran = self.run_due(handler).await;
        if ran.is_err() {
            // The database may have refused, and so is not asked.
            self.0.room.alarm().set_after(RUN_AGAIN)?;
        }
        ran
    }

    async fn run_due(&self, mut handler: impl AsyncFnMut(&Job) -> Result<()>) -> Result<()> {
        for _ in 0..MAX_JOBS_A_RUN {
            let Some(stored) = self.0.table.next(self.0.room.now())? else { break };
            if stored.attempt >= MAX_ATTEMPTS {
                // Else it would have ended: it was under way when the room's memory was lost.
                self.give_up(&stored, &Error::new(ErrorKind::Other, "the room was lost while it ran"))?;
                continue;
            }
            let claim = self.claim(stored)?;
            if claim.job.attempt() > 1 {
                // The platform's own attempts may be used up when a job crashes the room again and again.
                self.settle()?;
            }
            let outcome = handler(&claim.job).await;
            self.finish(&claim, outcome)?;
        }
        self.settle()
    }

    /// Writes down that a job is tried, and when it is tried again if nothing comes of this.
    fn claim(&self, stored: Stored) -> Result<Claim> {
        let attempt = stored.attempt.saturating_add(1);
        let retry = self.0.room.now() + pause_after(attempt);
        let claimed = Stored { attempt, due: retry, ..stored.clone() };
        self.0.table.update(&stored, &claimed)?;
        Ok(Claim { job: Job::new(Stored { attempt, ..stored }), claimed })
    }

    fn finish(&self, claim: &Claim, outcome: Result<()>) -> Result<()> {
        match outcome {
            Ok(()) => self.end(&claim.claimed),
            Err(error) if claim.job.attempt() >= MAX_ATTEMPTS => self.give_up(&claim.claimed, &error),
            Err(error) => {
                let Stored { kind, key, attempt, .. } = &claim.claimed;
                self.log(&format!(
                    "the job {kind:?} {key:?} failed at attempt {attempt} of {MAX_ATTEMPTS}: {}",
                    error.chain()
                ));
                Ok(())
            }
        }
    }

    fn give_up(&self, stored: &Stored, error: &Error) -> Result<()> {
        let Stored { kind, key, attempt, .. } = stored;
        self.log(&format!(
            "the job {kind:?} {key:?} is given up after {attempt} attempts: {}",
            error.chain()
        ));
        self.end(stored)
    }

    /// Removes a job that is done or given up, or sets its next time. One that was set or cancelled meanwhile is
    /// left as it is.
    fn end(&self, stored: &Stored) -> Result<()> {
        let Some(pattern) = &stored.cron else { return self.0.table.remove_if_same(stored) };
        match when::next_of_cron(pattern, self.0.room.now()) {
            Ok(due) => {
                self.0.table.update(stored, &Stored { attempt: 0, due, scheduled: due, ..stored.clone() })
            }
            Err(error) => {
                self.log(&format!(
                    "the job {:?} {:?} never fires again: {}",
                    stored.kind,
                    stored.key,
                    error.chain()
                ));
                self.0.table.remove_if_same(stored)
            }
        }
    }

    /// Returns whether the alarm is known to ring until this moment. It may ring for a job that was put off since: then
    /// it finds nothing to do. That is less than to move it each time, which is a row written, for jobs that are put
    /// off again and again.
    fn rings_before(&self, due: Timestamp) -> bool {
        let alarm = self.0.room.alarm();
        alarm.known().flatten().is_some_and(|at| at <= due && !alarm.is_lost(at))
    }

    /// Sets the alarm to the earliest moment, if it is not set to it. Whoever changes jobs calls this afterwards.
    fn settle(&self) -> Result<()> {
        match self.0.table.is_made()? {
            true => self.0.room.alarm().ensure(self.0.table.earliest()?),
            false => Ok(()),
        }
    }

    fn log(&self, line: &str) {
        let platform = self.0.room.platform();
        platform.log(Record::failure(platform, line));
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").field("room", &self.0.room).finish_non_exhaustive()
    }
}

/// A job that is under way.
struct Claim {
    /// As its handler sees it.
    job: Job,
    /// As it stands in the table, unless somebody has set or cancelled it since.
    claimed: Stored,
}

/// Returns how long a job waits after an attempt that has failed.
fn pause_after(attempt: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
}

/// Checks a job's names. Returns its payload as JSON.
fn checked<T: Serialize + ?Sized>(kind: &str, key: &str, payload: &T) -> Result<String> {
    check_name("kind", kind, MAX_KIND_CHARS)?;
    check_name("key", key, MAX_KEY_CHARS)?;
    written(payload)
}

fn check_name(what: &str, name: &str, max: usize) -> Result<()> {
    let chars = name.chars().count();
    if (1..=max).contains(&chars) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Invalid, format!("a job's {what} has 1 to {max} characters, this one {chars}")))
}

fn written<T: Serialize + ?Sized>(payload: &T) -> Result<String> {
    let json = serde_json::to_string(payload)
        .map_err(|error| Error::caused(ErrorKind::Json, "the payload cannot be written as JSON", error))?;
    if json.len() > MAX_PAYLOAD_BYTES {
        let text =
            format!("a job's payload has at most {MAX_PAYLOAD_BYTES} bytes as JSON, this one {}", json.len());
        return Err(Error::new(ErrorKind::TooLarge, text));
    }
    Ok(json)
}
