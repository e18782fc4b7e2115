//! How the others are told that members come and go.

use std::time::Duration;

use super::{COUNT, PART, Presence, Share, share_of};
use crate::Connection;
use crate::error::Result;
use crate::parts::jobs::When;
use crate::parts::wire::{Member, Roster, ServerFrame};

/// Its key: there is one such job.
const ALL: &str = "all";

/// The shortest time between two counts that a large room is sent.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// The key under which the room stores that its clients have no roster.
const LARGE: &str = "party.presence.large";

impl Presence {
    /// Takes out connections whose clients go to another object of the room. Nobody is told: their members stay.
    pub(crate) fn move_away(&self, connections: &[Connection]) -> Result<()> {
        self.0.jobs.cancel(COUNT, ALL)?;
        connections.iter().try_for_each(|connection| self.take_out(connection).map(drop))
    }

    /// Takes out a connection. Returns whether its member is gone.
    pub(super) fn take_out(&self, connection: &Connection) -> Result<bool> {
        let Some(share) = share_of(connection)? else { return Ok(false) };
        connection.remove_share(PART)?;
        self.changed(|members| members.leave(connection, &share) && members.remove(&share.member))
    }

    /// Tells the others of a change.
    pub(super) fn tell(&self, came: Option<Share>, gone: Option<String>) -> Result<()> {
        let (count, was_large) = (self.count()?, self.is_large()?);
        // Once large, a room stays so until it is well below, so that a member that joins and leaves does not make
        // everyone forget and learn.
        let below = self.0.options.roster_up_to.saturating_sub(self.0.options.roster_up_to / 5);
        let large = count > if was_large { below } else { self.0.options.roster_up_to };
        if large != was_large {
            self.0.room.storage().put(LARGE, &large)?;
            self.changed(|members| members.large = Some(large))?;
            return self.send(self.roster()?);
        }
        if large {
            return self.0.jobs.set_if_absent(COUNT, ALL, When::after(COUNT_EVERY), &()).map(drop);
        }
        let join = came.map(|share| vec![Member::from(share)]);
        self.send(Roster { count, members: None, join, leave: gone.map(|member| vec![member]) })
    }

    pub(super) fn send(&self, roster: Roster) -> Result<()> {
        let frame: ServerFrame = ServerFrame::Presence(roster);
        let broadcast = self.0.room.broadcast_json(&frame)?;
        match &self.0.options.audience {
            Some(tag) => broadcast.to_tag(tag).send(),
            None => broadcast.send(),
        }
        Ok(())
    }

    pub(super) fn is_large(&self) -> Result<bool> {
        // Only a room that was ever large has something to read.
        let known = self.changed(|members| members.large)?;
        match known {
            Some(large) => Ok(large),
            None => {
                let large = self.0.room.storage().get(LARGE)?.unwrap_or(false);
                self.changed(|members| members.large = Some(large))?;
                Ok(large)
            }
        }
    }
}
