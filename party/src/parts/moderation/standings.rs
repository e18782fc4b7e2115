//! The standings of all members of a room.

use super::{Role, Standing};
use crate::sorted::Sorted;
use crate::{MemberId, Timestamp};

/// The largest number of standings that moderators can make: members that are banned, muted or moderators.
const MAX_STANDINGS: usize = 10_000;

/// The founder, and the members that have a standing of their own.
pub(super) struct Standings {
    pub(super) founder: Option<MemberId>,
    pub(super) members: Sorted<MemberId, Standing>,
    /// The lowest role that may write.
    pub(super) writers: Role,
}

impl Standings {
    /// Returns whether the room has never had a moderator.
    pub(super) fn is_fresh(&self) -> bool {
        // Who founds a room is written down before anybody can take its standing away.
        self.founder.is_none() && !self.members.values().any(|standing| standing.role == Role::Moderator)
    }

    /// Returns whether moderators can give a member a standing.
    pub(super) fn has_place_for(&self, member: &MemberId, now: Timestamp) -> bool {
        let made = |standing: &&Standing| standing.role != Role::Reader && !standing.is_over(now);
        self.members.contains_key(member) || self.members.values().filter(made).count() < MAX_STANDINGS
    }
}
