//! Coming in: who it is, whether the room lets them in, and what they are told first.

use party::parts::identity::{Admission, Identity};
use party::parts::log::{PageSize, Position};
use party::parts::moderation::Role;
use party::parts::wire::{Code, Fault, ServerFrame, Welcome, You};
use party::{CloseCode, Connection, ConnectionContext, Result, Room};

use super::Chat;
use super::parts::Obeyed;
use crate::deed;
use crate::original;
use crate::protocol::{Profile, checked_name};

/// The name of somebody who has told none.
const NAMELESS: &str = "Guest";

impl Chat {
    /// A client of the parts' wire comes in.
    pub(super) fn welcome(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        let admission = self.identity.admit(room, who, context)?;
        if !self.lets_in(room, who, &admission)? {
            return Ok(());
        }
        let Admission { member, secret } = admission;
        self.moderation.found(&member)?;
        self.sweep_at_times()?;
        let name = context.query("name").and_then(|name| checked_name(&name).ok());
        self.show(room, who, &member, &name.unwrap_or_else(|| NAMELESS.to_owned()), false)?;
        let caught = self.log.catch_up(Position::of(who), PageSize::default())?;
        let welcome = Welcome {
            you: You { secret, ..self.you(room, &member)? },
            epoch: caught.epoch,
            head: caught.head,
            recovered: caught.recovered,
            entries: caught.entries,
            older: caught.older,
            presence: Some(self.presence.roster()?),
        };
        who.send_json(&ServerFrame::Welcome(welcome))
    }

    /// A client of the original wire comes in: it gets the history, and is among those who are here.
    pub(super) fn welcome_original(
        &self,
        room: &Room,
        who: &Connection,
        context: &ConnectionContext,
    ) -> Result<()> {
        let admission = self.identity.admit_guest(who, context)?;
        if !self.lets_in(room, who, &admission)? {
            return Ok(());
        }
        self.sweep_at_times()?;
        self.show(room, who, &admission.member, NAMELESS, true)?;
        who.send_json(&original::ServerFrame::All { messages: deed::original_history(&self.log)? })
    }

    /// Whether somebody may come in. Whoever may not is told why and closed.
    fn lets_in(&self, room: &Room, who: &Connection, admission: &Admission) -> Result<bool> {
        let member = &admission.member;
        let address = Identity::address(who)?;
        if self.moderation.keeps_out(member, address.as_deref(), room.now())? {
            self.identity.forget(who)?;
            who.close(CloseCode::FORBIDDEN, "A moderator has banned you");
            return Ok(false);
        }
        let place = || self.place(room, member, address.as_deref());
        let fault = match place()? {
            Ok(()) => return Ok(true),
            Err(_) => {
                // Perhaps some of them are only dead lines.
                self.close_dead(room)?;
                place()?
            }
        };
        if let Err(fault) = fault {
            self.identity.forget(who)?;
            deed::tell_fault(&self.log, who, fault);
            who.close(CloseCode::ROOM_FULL, "The room is full");
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether there is a place for somebody, or why not.
    fn place(&self, room: &Room, member: &str, address: Option<&str>) -> Obeyed<()> {
        if self.presence.is_here(member)? {
            return Ok(self.limits.admit_connection(self.presence.connections(member)?));
        }
        if self.moderates(member)? {
            return Ok(Ok(()));
        }
        let count = self.presence.count()?;
        // As long as all together are fewer than may come from one address, nobody need look from where they come.
        let from_there = match address {
            Some(address) if self.limits.admit_from_address(count).is_err() => {
                // The newcomer is connected already.
                Identity::members_from(room, address)?.saturating_sub(1)
            }
            _ => 0,
        };
        Ok(self.limits.admit(count).and_then(|()| self.limits.admit_from_address(from_there)))
    }

    /// A member shows itself under a name.
    pub(super) fn show(
        &self,
        room: &Room,
        who: &Connection,
        member: &str,
        name: &str,
        guest: bool,
    ) -> Result<()> {
        let You { role, muted_until, .. } = self.you(room, member)?;
        let profile = Profile { name: name.to_owned(), role, muted_until, guest };
        who.set_state(&profile)?;
        self.presence.join(who, member, &profile)
    }

    /// Who a client is, for itself.
    pub(super) fn you(&self, room: &Room, member: &str) -> Result<You> {
        let standing = self.moderation.standing(member)?;
        let muted_until = standing.muted_until.filter(|_| standing.is_muted(room.now()));
        Ok(You { member: member.to_owned(), role: standing.role, muted_until, secret: None })
    }

    /// Why a member may not write now, if so.
    pub(super) fn may_write(&self, room: &Room, member: &str) -> Result<Option<Fault>> {
        let standing = self.moderation.standing(member)?;
        Ok(if standing.role == Role::Reader {
            Some(Fault::new(Code::Forbidden, "you may read here, but not write"))
        } else if standing.is_muted(room.now()) {
            Some(Fault::new(Code::Muted, "a moderator has muted you"))
        } else {
            None
        })
    }
}
