//! The addresses of members: of those that are connected, and of those that were.

use super::Moderation;
use crate::error::Result;
use crate::parts::identity::Identity;
use crate::{Connection, MemberId};

/// The number of members that have left whose addresses are remembered.
const REMEMBERED: usize = 1_000;

impl Moderation {
    /// Notes that a connection has closed. Call it in [`on_close`](crate::Server::on_close), for any connection: then a
    /// ban also blocks the address of a member that left before it was banned. The last 1,000 addresses are remembered
    /// while the room is in memory.
    ///
    /// # Errors
    ///
    /// As [`Identity::who`].
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # use party::parts::moderation::Moderation;
    /// # struct Lobby { moderation: Moderation }
    /// # impl Lobby {
    /// async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
    ///     self.moderation.left(who)
    /// }
    /// # }
    /// ```
    pub fn left(&self, connection: &Connection) -> Result<()> {
        if let Some((member, Some(address))) = Identity::who(connection)? {
            self.seen(&member, &address);
        }
        Ok(())
    }

    /// Remembers the address of a member.
    pub(crate) fn seen(&self, member: &MemberId, address: &str) {
        let mut left = self.0.left.borrow_mut();
        left.retain(|(other, _)| other != member);
        if left.len() >= REMEMBERED {
            left.pop_front();
        }
        left.push_back((member.clone(), address.to_owned()));
    }

    /// Returns where a member is connected from, or was.
    pub(super) fn address_of(&self, member: &MemberId) -> Result<Option<String>> {
        for connection in self.0.room.connections() {
            if Identity::is_member(&connection, member)? {
                return Identity::address(&connection);
            }
        }
        let left = self.0.left.borrow();
        Ok(left.iter().rfind(|(other, _)| other == member).map(|(_, address)| address.clone()))
    }
}
