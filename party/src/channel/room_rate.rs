//! The rate at which all members of a room together may write.

use super::Channel;
use super::operation::Operation;
use super::rules::Rules;
use crate::MemberId;
use crate::error::Result;
use crate::parts::moderation::Role;

impl<R: Rules> Channel<R> {
    /// Returns those operations that are within the rate of the room. The others are refused for a while.
    pub(super) fn within_room_rate(&self, operations: Vec<Operation<R>>) -> Vec<Operation<R>> {
        let mut accepted = Vec::with_capacity(operations.len());
        for operation in operations {
            match self.take_room_rate(&operation.member) {
                Ok(()) => accepted.push(operation),
                Err(error) => self.refuse_operation(&operation, error),
            }
        }
        accepted
    }

    /// Counts what a member writes. Moderators are not counted.
    pub(super) fn take_room_rate(&self, member: &MemberId) -> Result<()> {
        match self.moderation.standing(member)?.role {
            Role::Moderator => Ok(()),
            _ => self.limits.take_room(),
        }
    }
}
