//! The standings of a large room as one of its relays knows them: from the hub, and in memory only.

use super::standings::Standings;
use super::{BANNED, Moderation, REMOVED, Role, Standing};
use crate::error::Result;
use crate::parts::identity::Identity;
use crate::parts::wire::You;
use crate::timestamp::millis;
use crate::{CloseCode, MemberId, Timestamp};

/// The standings that the hub has told.
pub(super) struct Followed {
    pub(super) standings: Standings,
    /// The addresses of banned members that the hub does not know.
    found: Vec<(MemberId, String)>,
}

impl Moderation {
    /// Follows a hub from now on: standings are what it tells.
    pub(crate) fn follow(&self) {
        self.adopt(&[]);
    }

    /// Takes all standings in place of those that are known.
    pub(crate) fn adopt(&self, standings: &[(MemberId, Standing)]) {
        let mut members = crate::sorted::Sorted::default();
        for (member, standing) in standings {
            members.insert(member.clone(), standing.clone());
        }
        let standings = Standings { founder: None, members, writers: Role::default() };
        self.0.followed.replace(Some(Followed { standings, found: self.take_found() }));
    }

    /// Takes the standing of one member.
    pub(crate) fn learn(&self, member: &MemberId, standing: Standing) {
        if let Some(followed) = &mut *self.0.followed.borrow_mut() {
            followed.standings.members.insert(member.clone(), standing);
        }
    }

    /// Closes the connections of a member if it is banned, and those from its address.
    pub(crate) fn close_banned(&self, member: &MemberId) -> Result<()> {
        let standing = self.standing(member)?;
        if !standing.is_banned(self.0.room.now()) {
            return Ok(());
        }
        let address = match standing.address {
            Some(address) => Some(address),
            None => self.address_of(member)?.inspect(|address| self.find(member, address)),
        };
        self.close_all(member, address.as_deref(), BANNED)
    }

    /// Closes the connections of all members that are banned, or whose address is.
    pub(crate) fn close_kept_out(&self) -> Result<()> {
        for connection in self.0.room.connections() {
            if let Some((member, address)) = Identity::who(&connection)?
                && let Err(error) = self.check_ban(&member, address.as_deref())
            {
                connection.close(CloseCode::FORBIDDEN, error.public_text());
            }
        }
        Ok(())
    }

    /// Closes the connections of a member that was removed.
    pub(crate) fn close_kicked(&self, member: &MemberId) -> Result<()> {
        self.close_all(member, None, REMOVED)
    }

    fn find(&self, member: &MemberId, address: &str) {
        if let Some(followed) = &mut *self.0.followed.borrow_mut() {
            followed.found.push((member.clone(), address.to_owned()));
        }
    }

    /// Takes the addresses of banned members that the hub does not know.
    pub(crate) fn take_found(&self) -> Vec<(MemberId, String)> {
        self.0
            .followed
            .borrow_mut()
            .as_mut()
            .map(|followed| std::mem::take(&mut followed.found))
            .unwrap_or_default()
    }

    /// Notes the address of a banned member, which a relay has found. Returns whether it was not known.
    pub(crate) fn found(&self, member: &MemberId, address: &str) -> Result<bool> {
        let standing = self.standing(member)?;
        let is_new = standing.address.is_none() && standing.is_banned(self.0.room.now());
        if is_new {
            self.change(member, |standing| standing.address = Some(address.to_owned()))?;
        }
        Ok(is_new)
    }

    /// Returns the standings of all members that have one of their own.
    pub(crate) fn all(&self) -> Result<Vec<(MemberId, Standing)>> {
        self.with(|standings| {
            standings.members.iter().map(|(member, standing)| (member.clone(), standing.clone())).collect()
        })
    }

    /// Returns the `you` frame: what a client is sent about its own member.
    pub(crate) fn you(&self, member: &MemberId) -> Result<You> {
        let standing = self.standing(member)?;
        let left = |until: Timestamp| until.since(self.0.room.now());
        let muted_for = standing.muted_until.map(left).filter(|left| !left.is_zero()).map(millis);
        Ok(You { member: member.to_string(), role: standing.role, muted_for, secret: None })
    }
}
