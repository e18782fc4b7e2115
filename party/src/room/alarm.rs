//! The one alarm of a room.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::error::Result;
use crate::platform::Platform;
use crate::room::learned::Learned;
use crate::room::sql::Sql;
use crate::timestamp::Timestamp;

/// The time after which an overdue alarm is taken for lost. The platform retries a failed alarm for about two minutes
/// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)).
const LOST_AFTER: Duration = Duration::from_secs(300);

/// The alarm of a room, from [`Room::alarm`](crate::Room::alarm): one time at which
/// [`Server::on_alarm`](crate::Server::on_alarm) is called, also if the room sleeps.
///
/// A room has one alarm; setting it again moves it. It is stored, so it survives restarts. As with every write there is
/// nothing to wait for: nothing that the room sends afterwards leaves it before the alarm is stored. The hook is called
/// at least once, not before its time, usually within milliseconds of it
/// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)).
///
/// # Example
///
/// ```
/// # use std::time::Duration;
/// # use party::{Connection, Message, Props, Result, Room, Server};
/// # struct Poll;
/// # impl Server for Poll {
/// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
/// async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
///     room.alarm().set_after(Duration::from_secs(60))
/// }
///
/// async fn on_alarm(&self, room: &Room) -> Result<()> {
///     room.broadcast("the poll is closed").send();
///     Ok(())
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Alarm(Rc<Inner>);

struct Inner {
    platform: Rc<dyn Platform>,
    /// The alarm is a row of the database too, and undone with a transaction.
    sql: Sql,
    /// The time it is set to, where that is known in this activation: the platform is asked once.
    set: Learned<Option<Timestamp>>,
    /// Whether the room starts for it, and `on_alarm` is not called yet.
    ringing: Cell<bool>,
}

impl Alarm {
    pub(crate) fn new(platform: Rc<dyn Platform>, sql: Sql) -> Self {
        Self(Rc::new(Inner { platform, sql, set: Learned::default(), ringing: Cell::default() }))
    }

    /// Notes that the room starts for the alarm.
    pub(crate) fn starts_the_room(&self) {
        self.0.ringing.set(true);
    }

    /// Returns whether the room starts for the alarm: overdue work is then done without another alarm.
    pub(crate) fn is_ringing(&self) -> bool {
        self.0.ringing.get()
    }

    /// Returns whether an alarm of this time would have fired by now, or would have been given up.
    pub(crate) fn is_lost(&self, at: Timestamp) -> bool {
        at + LOST_AFTER < self.0.platform.now()
    }

    /// Notes that the alarm fires, so that it is not set any more, unless the room has started for it and has set it
    /// again.
    pub(crate) fn rings(&self, started_for_it: bool) {
        self.0.ringing.set(false);
        if !started_for_it || self.known().is_none() {
            self.0.set.set(&self.0.sql, None);
        }
    }

    /// Notes that the alarm has failed: only the platform knows whether and when it fires again.
    pub(crate) fn failed(&self) {
        self.0.set.forget();
    }

    /// Makes sure that it is set to this time, or to none. Where that is not known in this activation, it is set
    /// without asking: that is a row written, but nothing has to wait.
    pub(crate) fn ensure(&self, at: Option<Timestamp>) -> Result<()> {
        let at = at.map(possible);
        match self.known() == Some(at) && !at.is_some_and(|at| self.is_lost(at)) {
            true => Ok(()),
            false => self.set(at),
        }
    }

    /// Returns the time that it is set to, if that is known.
    pub(crate) fn known(&self) -> Option<Option<Timestamp>> {
        self.0.set.get(&self.0.sql)
    }

    /// Sets the alarm to `delay` from now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when there is no storage. If the change cannot be stored,
    /// the platform restarts the room, and nothing that it has sent since leaves it.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// room.alarm().set_after(Duration::from_secs(60))?;
    /// // Setting it again moves it: there is one alarm.
    /// room.alarm().set_after(Duration::from_secs(5))?;
    /// assert_eq!(room.alarm().due().await?, Some(room.now() + Duration::from_secs(5)));
    /// # Ok(()) });
    /// ```
    pub fn set_after(&self, delay: Duration) -> Result<()> {
        self.set_at(self.0.platform.now() + delay)
    }

    /// Sets the alarm to a time. A time in the past means at once; one after the year 275760 means the last of that
    /// year.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when there is no storage. If the change cannot be stored,
    /// the platform restarts the room, and nothing that it has sent since leaves it.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// let midnight = room.now() + Duration::from_secs(3_600);
    /// room.alarm().set_at(midnight)?;
    /// assert_eq!(room.alarm().due().await?, Some(midnight));
    /// # Ok(()) });
    /// ```
    pub fn set_at(&self, at: Timestamp) -> Result<()> {
        self.set(Some(at))
    }

    /// Returns when the alarm is due, or `None` if none is set. While `on_alarm` runs, the alarm that caused it is not
    /// set any more.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// if room.alarm().due().await?.is_none() {
    ///     room.alarm().set_after(Duration::from_secs(24 * 3_600))?;
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn due(&self) -> Result<Option<Timestamp>> {
        if let Some(set) = self.known() {
            return Ok(set);
        }
        let asked = self.0.platform.alarm().await?;
        // Somebody may have set it meanwhile.
        let set = self.known().unwrap_or(asked);
        self.0.set.set(&self.0.sql, set);
        Ok(set)
    }

    /// Cancels the alarm.
    ///
    /// Nothing happens if none is set. An `on_alarm` that has begun is not stopped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when there is no storage. If the change cannot be stored,
    /// the platform restarts the room, and nothing that it has sent since leaves it.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// room.alarm().set_after(std::time::Duration::from_secs(60))?;
    /// room.alarm().clear()?;
    /// assert_eq!(room.alarm().due().await?, None);
    /// # Ok(()) });
    /// ```
    pub fn clear(&self) -> Result<()> {
        self.set(None)
    }

    fn set(&self, at: Option<Timestamp>) -> Result<()> {
        let at = at.map(possible);
        self.0.platform.set_alarm(at)?;
        self.0.set.set(&self.0.sql, at);
        Ok(())
    }
}

/// Returns a time that the platform accepts: it refuses 1970 itself, and times that are not a valid date.
fn possible(at: Timestamp) -> Timestamp {
    at.clamp(Timestamp::from_millis(1), Timestamp::LAST_DATE)
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alarm")
    }
}
