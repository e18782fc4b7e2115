//! The members that are present, in one activation of the room.

use super::{LEAVE, Share, share_of};
use crate::error::Result;
use crate::parts::jobs::Jobs;
use crate::parts::wire::Json;
use crate::platform::{Platform, SocketId};
use crate::sorted::{Sorted, SortedSet};
use crate::{Connection, MemberId, Room};

/// The members of a room, by name.
#[derive(Default)]
pub(super) struct Members {
    here: Sorted<MemberId, Box<Present>>,
    /// Whether the clients have no roster, where that was asked for in this activation.
    pub(super) large: Option<bool>,
}

/// One of them.
struct Present {
    share: Share,
    /// Its connections; none while it is in its grace.
    sockets: SortedSet<SocketId>,
}

impl Members {
    /// Returns the members of the connections, and those in their grace period.
    pub(super) fn read(room: &Room, jobs: &Jobs) -> Result<Self> {
        let mut members = Self::default();
        for job in jobs.list(LEAVE)? {
            // What another build has kept may have another shape. The member leaves anyway.
            let share = job.payload().or_else(|_| Share::new(&MemberId::new(job.key())?, &()))?;
            members.here.insert(share.member.clone(), Present::new(share));
        }
        for connection in room.connections() {
            if let Some(share) = share_of(&connection)? {
                members.join(&connection, &share);
            }
        }
        Ok(members)
    }

    /// Adds a connection of a member. Returns whether the roster has changed.
    pub(super) fn join(&mut self, who: &Connection, share: &Share) -> bool {
        let Some(present) = self.here.get_mut(&share.member) else {
            let mut present = Present::new(share.clone());
            present.add(who);
            self.here.insert(share.member.clone(), present);
            return true;
        };
        let shows_else = present.share.data != share.data;
        present.add(who);
        present.share = share.clone();
        shows_else
    }

    /// Removes a connection. Returns whether it was the member's last, so that its grace begins.
    pub(super) fn leave(&mut self, who: &Connection, share: &Share) -> bool {
        let Some(present) = self.here.get_mut(&share.member) else {
            // The room woke for this: the member was read from no connection any more, but the clients have it in their
            // rosters.
            self.here.insert(share.member.clone(), Present::new(share.clone()));
            return true;
        };
        if let Some(socket) = who.socket() {
            present.sockets.remove(&socket);
        }
        // The others count if they are open: of a dead line that a newer connection has taken over no close may ever
        // come.
        let others = present.sockets.keys().any(|socket| who.platform().is_open(*socket));
        if !others {
            present.sockets = SortedSet::default();
        }
        !others
    }

    /// Ends a member's grace. Returns whether the member has left.
    pub(super) fn gone(&mut self, member: &str) -> bool {
        let over = self.here.get(member).is_some_and(|present| present.sockets.is_empty());
        over && self.here.remove(member).is_some()
    }

    /// Removes a member without grace. Returns whether it was present.
    pub(super) fn remove(&mut self, member: &str) -> bool {
        self.here.remove(member).is_some()
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.here.contains_key(member)
    }

    /// Returns the presence data of a member.
    pub(super) fn shown(&self, member: &str) -> Option<&Json> {
        self.here.get(member).map(|present| &present.share.data)
    }

    /// Returns how many open connections a member has.
    pub(super) fn connections(&self, member: &str, platform: &dyn Platform) -> usize {
        let sockets = self.here.get(member).into_iter().flat_map(|present| present.sockets.keys());
        sockets.filter(|socket| platform.is_open(**socket)).count()
    }

    pub(super) fn len(&self) -> usize {
        self.here.len()
    }

    /// Returns the members without a connection, which are in their grace.
    pub(super) fn waiting(&self) -> Vec<Share> {
        let waiting = self.here.values().filter(|present| present.sockets.is_empty());
        waiting.map(|present| present.share.clone()).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Share> {
        self.here.values().map(|present| &present.share)
    }
}

impl Present {
    fn new(share: Share) -> Box<Self> {
        Box::new(Self { share, sockets: SortedSet::default() })
    }

    fn add(&mut self, who: &Connection) {
        if let Some(socket) = who.socket() {
            self.sockets.insert(socket, ());
        }
    }
}
