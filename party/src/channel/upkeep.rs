//! Keeping a channel in order: dead connections, expired tokens, old entries, jobs.

use std::cell::Cell;
use std::time::Duration;

use super::relays::{Hub, KEEP};
use super::rules::Rules;
use super::summaries::SUMMARY;
use super::{Channel, MEMBER};
use crate::error::{Error, ErrorCode, Result};
use crate::message::Frame;
use crate::parts::invitations::Invitations;
use crate::parts::jobs::{Job, When};
use crate::parts::wire::{Json, Probe, ServerFrame};
use crate::{CloseCode, Connection, Timestamp};

/// The time between two searches for dead connections while the room is active anyway.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The job that puts a quiet room in order, and its key.
const SWEEP: (&str, &str) = ("party.channel.sweep", "all");

/// The job that destroys a room that nobody needs any more, and its key.
const END: (&str, &str) = ("party.channel.end", "all");

/// The time after which an empty room that was never used is destroyed.
const UNUSED_FOR: Duration = Duration::from_secs(24 * 3_600);

/// The pause before a sweep goes on when there is more to remove than it removes at once.
const SWEEP_ON: Duration = Duration::from_secs(1);

impl<R: Rules> Channel<R> {
    /// Ends a connection's membership. Call it in [`on_close`](crate::Server::on_close), for any connection.
    ///
    /// The member is present for its [grace](super::Settings::grace), 10 seconds by default, unless it has another
    /// connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Close, Connection, Result, Room};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
    ///     self.channel.close(who)
    /// }
    /// # }
    /// ```
    pub fn close(&self, connection: &Connection) -> Result<()> {
        if let Some(relay) = self.place.relay() {
            return self.close_at_relay(relay, connection);
        }
        self.moderation.left(connection)?;
        self.presence.leave(connection)
    }

    /// Runs the jobs that are due: the channel's, and with `own` those that the app has set in [`jobs`](Self::jobs).
    /// Call it in [`on_alarm`](crate::Server::on_alarm).
    ///
    /// # Errors
    ///
    /// The error of a job. The other jobs have run.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Result, Room};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_alarm(&self, room: &Room) -> Result<()> {
    ///     self.channel
    ///         .alarm(async |job| match job.kind() {
    ///             "close" => self.channel.send_event(&("closed", job.key())),
    ///             other => Ok(room.log(&format!("an unknown job: {other}"))),
    ///         })
    ///         .await
    /// }
    /// # }
    /// ```
    pub async fn alarm(&self, own: impl AsyncFn(&Job) -> Result<()>) -> Result<()> {
        let ends = Cell::new(false);
        let work = async |job: &Job| match job.kind() {
            _ if self.presence.handle(job)? || self.handle_files(job).await? => Ok(()),
            SUMMARY => self.summarize_late(job),
            kind if kind == KEEP.0 => self.place.hub().map_or(Ok(()), Hub::look_after),
            kind if kind == SWEEP.0 => self.sweep(),
            kind if kind == END.0 => {
                ends.set(self.is_at_its_end(job)?);
                Ok(())
            }
            _ => own(job).await,
        };
        self.jobs.run(work).await?;
        self.recount();
        match ends.get() {
            true => self.room.destroy().await,
            false => Ok(()),
        }
    }

    /// Looks for dead connections if that was not done for a while.
    pub(super) fn look_for_dead(&self) -> Result<()> {
        match self.room.now().has_passed(self.looked_at.get(), LOOK_EVERY) {
            true => self.close_dead(),
            false => Ok(()),
        }
    }

    /// Asks clients that were sent much whether they read it. A client of another protocol cannot answer: it is closed,
    /// and comes back.
    pub(super) fn look_for_backlogs(&self) -> Result<()> {
        let closed = self.backlog.check(|connection, id| {
            let can_answer = connection.has_tag(MEMBER);
            if can_answer {
                connection.send(Frame::from(&ServerFrame::Probe(Probe { id: id.to_owned() })));
            }
            can_answer
        });
        closed.iter().try_for_each(|connection| self.lost(connection))
    }

    /// Ends the presence of a member by a connection that was closed. A relay counts the connections that are open.
    fn lost(&self, connection: &Connection) -> Result<()> {
        if self.place.relay().is_some() { Ok(()) } else { self.presence.lost(connection) }
    }

    /// Closes connections that have been silent for too long, and those whose token has expired.
    pub(super) fn close_dead(&self) -> Result<()> {
        self.looked_at.set(self.room.now());
        for dead in self.heartbeat.sweep() {
            self.lost(&dead)?;
        }
        for connection in self.room.connections() {
            self.close_expired(&connection)?;
        }
        Ok(())
    }

    /// Closes a connection whose token has expired. Returns whether it has.
    pub(super) fn close_expired(&self, connection: &Connection) -> Result<bool> {
        let expired = self.identity.is_expired(connection)?;
        if expired {
            let error = Error::client(ErrorCode::EXPIRED, "the token has expired");
            connection.send_error(&error.closing(CloseCode::UNAUTHORIZED));
            self.lost(connection)?;
        }
        Ok(expired)
    }

    /// Sets the job that puts the room in order, if it is not set.
    pub(super) fn keep_sweeping(&self) -> Result<()> {
        if self.sweeps.get() {
            return Ok(());
        }
        self.jobs.set_if_absent(SWEEP.0, SWEEP.1, When::after(self.options.sweep), &())?;
        self.sweeps.set(true);
        Ok(())
    }

    /// Removes every entry of the log. All clients reconnect at once, and begin with an empty log.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is removed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, ada| {
    /// channel.append("a1", ada, &"milk".to_owned())?;
    /// channel.clear()?;
    /// assert_eq!(channel.log().head()?, 0);
    /// # Ok(()) });
    /// ```
    pub fn clear(&self) -> Result<()> {
        self.place.check_is_own()?;
        self.release_all_files()?;
        self.log.clear()?;
        for connection in self.room.connections() {
            connection.close(CloseCode::RESTART, "The history was cleared");
        }
        Ok(())
    }

    /// Does the upkeep of the room, and again later while somebody is connected.
    fn sweep(&self) -> Result<()> {
        self.sweeps.set(false);
        self.commands.prune()?;
        let more = self.log.prune(self.options.retention)?;
        self.release_old_files()?;
        self.close_dead()?;
        self.presence.settle()?;
        match (more, self.is_deserted()?) {
            (true, _) => self.sweep_after(SWEEP_ON),
            (false, false) => self.sweep_after(self.options.sweep),
            (false, true) => self.end_later(),
        }
    }

    /// Sets when a room without connections is destroyed, if it ever is.
    fn end_later(&self) -> Result<()> {
        match self.lives_on()? {
            Some(time) => self.jobs.set(END.0, END.1, When::after(time), &self.room.now()),
            None => Ok(()),
        }
    }

    /// Returns how long the room is kept once nobody is connected; for ever if there is no such time.
    fn lives_on(&self) -> Result<Option<Duration>> {
        // Its founder has this time to come back; nobody can have used it before.
        let unused_for = if self.is_unused()? { Some(UNUSED_FOR) } else { None };
        Ok(self.options.time_to_live.into_iter().chain(unused_for).min())
    }

    /// Returns whether the room is to be destroyed, now that the time is over which `end_later` has set.
    fn is_at_its_end(&self, job: &Job) -> Result<bool> {
        // Somebody is here, or was since: the sweep after that sets the time again.
        if !self.is_deserted()? || self.jobs.due(SWEEP.0, SWEEP.1)?.is_some() {
            return Ok(false);
        }
        // The build that set it may have had another time.
        let since: Timestamp = job.payload()?;
        match self.lives_on()? {
            Some(time) if self.room.now() >= since + time => Ok(true),
            Some(time) => self.jobs.set(END.0, END.1, When::at(since + time), &since).map(|()| false),
            None => Ok(false),
        }
    }

    /// Returns whether nothing was ever written in the room.
    fn is_unused(&self) -> Result<bool> {
        let app_tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 6) <> 'party_' \
                          AND substr(name, 1, 4) <> '_cf_' AND substr(name, 1, 7) <> 'sqlite_'";
        let app_jobs = "SELECT count(*) FROM party_jobs WHERE substr(kind, 1, 6) <> 'party.'";
        let none = |query: &str| Ok::<_, Error>(self.sql.query_one::<(u64,)>(query, ())? == (0,));
        let values: Vec<(String, Json)> = self.room.storage().list("")?;
        Ok(self.is_deserted()?
            && self.log.extent()?.is_none_or(|(_, head)| head == 0)
            && self.moderation.is_untouched()?
            && Invitations::open(&self.room)?.key()?.is_none()
            && none(app_tables)?
            && none(app_jobs)?
            && values.iter().all(|(key, _)| key.starts_with("party.") || key == "__ps_name"))
    }

    fn sweep_after(&self, delay: Duration) -> Result<()> {
        self.jobs.set(SWEEP.0, SWEEP.1, When::after(delay), &())?;
        self.sweeps.set(true);
        Ok(())
    }
}
