//! The members that are connected to a relay: how many there are, and which of them belong elsewhere.

use std::rc::Rc;

use super::{COUNT_EVERY, GROWN, MOVE_EVERY, MOVED_AT_ONCE, Relay};
use crate::channel::MEMBER;
use crate::channel::relays::line::pause;
use crate::error::Result;
use crate::parts::identity::Identity;
use crate::parts::wire::{Roster, ServerFrame};
use crate::sorted::Sorted;
use crate::{CloseCode, Connection, MemberId};

impl Relay {
    pub(super) fn with_members<T>(&self, ask: impl FnOnce(&mut Sorted<MemberId, usize>) -> T) -> Result<T> {
        if self.members.borrow().is_none() {
            let mut members = Sorted::default();
            for connection in self.room.connections_tagged(MEMBER) {
                if let Some(member) = Identity::member(&connection)? {
                    add(&mut members, &member);
                }
            }
            self.members.replace(Some(members));
        }
        let mut members = self.members.borrow_mut();
        Ok(ask(members.get_or_insert_default()))
    }

    /// Returns the number of members and of connections.
    pub(in crate::channel::relays) fn here(&self) -> Result<(usize, usize)> {
        Ok((self.with_members(|members| members.len())?, self.room.connections_count()))
    }

    /// Returns the number of a member's connections to this relay.
    pub(in crate::channel::relays) fn connections_here(&self, member: &MemberId) -> Result<usize> {
        self.with_members(|members| members.get(member).copied().unwrap_or(0))
    }

    pub(in crate::channel::relays) fn comes(
        self: &Rc<Self>,
        connection: &Connection,
        member: &MemberId,
    ) -> Result<()> {
        self.with_members(|members| add(members, member))?;
        self.report_later();
        if self.is_stray(connection)? {
            self.move_later();
        }
        Ok(())
    }

    pub(in crate::channel::relays) fn goes(self: &Rc<Self>, member: &MemberId) -> Result<()> {
        self.with_members(|members| match members.get_mut(member) {
            Some(connections) if *connections > 1 => *connections = connections.saturating_sub(1),
            _ => drop(members.remove(member)),
        })?;
        self.report_later();
        Ok(())
    }

    /// Tells the hub soon how many members there are.
    fn report_later(self: &Rc<Self>) {
        if self.is_reporting.replace(true) {
            return;
        }
        let relay = Rc::clone(self);
        self.room.wait_until(async move {
            for failures in 0..8 {
                relay.room.sleep(COUNT_EVERY.max(pause(failures))).await;
                let here = relay.here().ok();
                if relay.reported.get() != here && relay.follow().await.is_ok() {
                    relay.reported.set(here);
                }
                if relay.reported.get() == relay.here().ok() {
                    break;
                }
            }
            relay.is_reporting.set(false);
        });
    }

    /// Notes the number of members and of relays.
    pub(super) fn count(self: &Rc<Self>, members: usize, relays: u32) {
        let (had, before) = {
            let mut hub = self.hub.borrow_mut();
            (std::mem::replace(&mut hub.members, members), hub.relays.replace(relays))
        };
        if had != members {
            self.send_all(ServerFrame::Presence(Roster {
                count: members,
                members: None,
                join: None,
                leave: None,
            }));
        }
        if before != Some(relays) {
            self.move_later();
        }
    }

    /// Closes the connections that belong elsewhere, some at a time, so that their clients go there.
    pub(super) fn move_later(self: &Rc<Self>) {
        if self.is_moving.replace(true) {
            return;
        }
        let relay = Rc::clone(self);
        self.room.wait_until(async move {
            loop {
                let mut strays = relay.room.connections_tagged(MEMBER);
                strays.retain(|connection| matches!(relay.is_stray(connection), Ok(true)));
                strays.truncate(MOVED_AT_ONCE);
                if strays.is_empty() {
                    break;
                }
                strays.iter().for_each(|connection| connection.close(CloseCode::RESTART, GROWN));
                relay.room.sleep(MOVE_EVERY).await;
            }
            relay.is_moving.set(false);
        });
    }
}

fn add(members: &mut Sorted<MemberId, usize>, member: &MemberId) {
    match members.get_mut(member) {
        Some(connections) => *connections = connections.saturating_add(1),
        None => members.insert(member.clone(), 1),
    }
}
