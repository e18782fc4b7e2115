//! How many members a large room has, and how those of the hub go to the relays.

use std::rc::Rc;
use std::time::Duration;

use super::{Follower, Hub};
use crate::channel::MEMBER;
use crate::error::Result;
use crate::{CloseCode, Connection};

/// How often relays are told the number of members.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// For how long members that move are counted where they were: until their new relay has said that they are there.
const HELD_FOR: Duration = Duration::from_secs(3);

/// How many connections are moved at once, and how soon the next ones.
const MOVED_AT_ONCE: usize = 50;
const MOVE_EVERY: Duration = Duration::from_millis(100);

impl Hub {
    /// Closes the connections of this object, some at a time, so that their clients go to a relay.
    pub(super) fn move_away(self: &Rc<Self>) -> Result<()> {
        if self.is_moving.replace(true) {
            return Ok(());
        }
        let hub = Rc::clone(self);
        self.room.wait_until(async move {
            while hub.relays().unwrap_or(0) > 0 {
                let here = hub.room.connections_tagged(MEMBER);
                if here.is_empty() || hub.hold().is_err() {
                    break;
                }
                let next: Vec<Connection> = here.into_iter().take(MOVED_AT_ONCE).collect();
                if let Err(error) = hub.presence.move_away(&next) {
                    hub.room.logged("relays", None, error);
                }
                next.iter().for_each(|connection| connection.close(CloseCode::RESTART, "The room grows"));
                hub.room.sleep(MOVE_EVERY).await;
            }
            hub.is_moving.set(false);
        });
        Ok(())
    }

    /// Returns how many members the room has.
    pub(in crate::channel) fn members(&self) -> Result<usize> {
        let followers = self.followers.borrow();
        let relayed =
            followers.values().map(|follower| follower.report.members).fold(0, usize::saturating_add);
        let mut here = self.presence.count()?.saturating_add(relayed);
        if self.is_waking.get() && followers.values().any(Follower::is_unheard) {
            here = here.max(self.kept(|kept| kept.members)?);
        }
        Ok(if self.held_for().is_some() { here.max(self.held.get().0) } else { here })
    }

    /// Keeps the number of members from falling for a while: members move.
    pub(super) fn hold(self: &Rc<Self>) -> Result<()> {
        let is_held = self.held_for().is_some();
        self.count()?;
        self.held.set((self.shown.get(), self.room.now()));
        if is_held {
            return Ok(());
        }
        let hub = Rc::clone(self);
        self.room.wait_until(async move {
            while let Some(rest) = hub.held_for() {
                hub.room.sleep(rest).await;
            }
            hub.counted();
        });
        Ok(())
    }

    fn held_for(&self) -> Option<Duration> {
        let ((_, since), now) = (self.held.get(), self.room.now());
        if now.has_passed(since, HELD_FOR) { None } else { Some((since + HELD_FOR).since(now)) }
    }

    /// Takes the number of members as it is now, to tell all relays the same.
    pub(super) fn count(&self) -> Result<()> {
        self.shown.set(self.members()?);
        Ok(())
    }

    pub(super) fn connections(&self) -> usize {
        let followers = self.followers.borrow();
        let relayed = followers.values().map(|follower| follower.report.connections);
        relayed.fold(self.room.connections_count(), usize::saturating_add)
    }

    /// Returns whether nobody is connected to any object of the room. A relay may have clients until it has said that
    /// it has none, and the room has given it up.
    pub(in crate::channel) fn is_empty(self: &Rc<Self>) -> Result<bool> {
        Ok(!self.is_followed()? && self.room.connections_count() == 0)
    }

    /// After the number of members may have changed: more or fewer relays, and soon the relays are told.
    pub(in crate::channel) fn counted(self: &Rc<Self>) {
        if self.activation.get().is_none() {
            return;
        }
        if let Err(error) = self.fit() {
            self.room.logged("relays", None, error);
        }
        if self.is_counting.replace(true) {
            return;
        }
        let hub = Rc::clone(self);
        self.room.wait_until(async move {
            hub.room.sleep(COUNT_EVERY).await;
            hub.is_counting.set(false);
            if let Err(error) = hub.count().and_then(|()| hub.announce()) {
                hub.room.logged("relays", None, error);
            }
        });
    }
}
