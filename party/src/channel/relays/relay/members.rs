//! The members that are connected to a relay: how many there are, and which of them belong elsewhere.

use std::rc::Rc;

use super::{COUNT_EVERY, GROWN, MOVE_EVERY, MOVED_AT_ONCE, Relay};
use crate::channel::MEMBER;
use crate::channel::relays::calls::Report;
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

    /// Returns the next report to the hub. A report that arrives after a later one says nothing.
    pub(super) fn report(&self) -> Result<Report> {
        let (last, since) = self.reported.get();
        // The hub ignores a report that is not later than the last one, which may be of before this object has slept.
        let before = last.number.max(self.heard.get());
        let number = self.room.now().as_millis().max(before.saturating_add(1));
        let (members, connections) = self.here()?;
        let is_the_same = (last.members, last.connections) == (members, connections) && since > 0;
        let hub = self.hub.borrow();
        let heard = hub.relays.map(|relays| (hub.members, relays));
        let report = Report { number, members, connections, hub: hub.id, heard };
        self.reported.set((report, if is_the_same { since } else { number }));
        Ok(report)
    }

    /// Returns whether the hub has heard how many are here now. What was sent to it may be lost.
    fn is_heard(&self) -> Result<bool> {
        let (last, since) = self.reported.get();
        Ok((last.members, last.connections) == self.here()? && since > 0 && self.heard.get() >= since)
    }

    /// Returns the number of members and of connections.
    fn here(&self) -> Result<(usize, usize)> {
        let connections = self.room.connections_count();
        if self.with_members(|members| members.values().sum::<usize>())? != connections {
            // The end of one that was closed here comes late, or never.
            self.members.take();
        }
        Ok((self.with_members(|members| members.len())?, connections))
    }

    /// Returns the number of a member's connections to this relay.
    pub(in crate::channel) fn connections_here(&self, member: &MemberId) -> Result<usize> {
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
                if !matches!(relay.is_heard(), Ok(true)) {
                    // The hub may be asked already: then that answer says nothing of those who have come since.
                    let _failed = relay.follow().await;
                }
                if matches!(relay.is_heard(), Ok(true)) {
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
                // They are not counted twice once their next relay has them. A failure is seen soon.
                let _failed = relay.follow().await;
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
