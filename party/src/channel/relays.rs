//! Large rooms: a hub, which owns the log, and relays, which own the connections. `docs/large-rooms.md` has the design.
//!
//! Order and exactness come from the numbers of the entries, and never from the calls between the objects: each may be
//! lost, late, or arrive twice.

mod acting;
mod calls;
mod flight;
mod hub;
mod kept;
mod lane;
mod line;
mod member;
mod mirror;
mod options;
mod relay;

use std::rc::Rc;

pub(super) use self::calls::ChangeKind;
pub(super) use self::hub::{Hub, KEEP};
pub use self::options::Relays;
pub(super) use self::relay::Relay;
use super::Channel;
use super::rules::Rules;
use crate::Room;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::identity::Identity;
use crate::parts::jobs::Jobs;
use crate::parts::log::Log;
use crate::parts::moderation::Moderation;
use crate::parts::presence::Presence;

/// Which object of its room this one is.
pub(super) enum Place {
    /// The only one.
    Alone,
    /// The one that owns the log, in a room that may get relays.
    Hub(Rc<Hub>),
    /// A relay.
    Relay(Rc<Relay>),
}

/// The parts that a large room shares.
pub(super) struct Parts<'a> {
    pub(super) log: &'a Log,
    pub(super) jobs: &'a Jobs,
    pub(super) presence: &'a Presence,
    pub(super) identity: &'a Identity,
    pub(super) moderation: &'a Moderation,
}

impl Place {
    pub(super) fn of(room: &Room, relays: Option<Relays>, parts: &Parts<'_>) -> Self {
        match (room.relay(), relays) {
            (Some(number), _) => Self::Relay(Relay::new(room, number, parts.identity, parts.moderation)),
            (None, Some(relays)) => Self::Hub(Hub::new(room, parts, relays)),
            (None, None) => Self::Alone,
        }
    }

    pub(super) fn relay(&self) -> Option<&Rc<Relay>> {
        match self {
            Self::Relay(relay) => Some(relay),
            _ => None,
        }
    }

    pub(super) fn hub(&self) -> Option<&Rc<Hub>> {
        match self {
            Self::Hub(hub) => Some(hub),
            _ => None,
        }
    }

    /// Fails in a relay, which does not own the log.
    pub(super) fn check_is_own(&self) -> Result<()> {
        match self {
            Self::Relay(_) => {
                let text = "a relay of a large room does not change the room: see `Room::is_relay`";
                Err(Error::new(ErrorKind::Invalid, text))
            }
            _ => Ok(()),
        }
    }

    /// Tells the relays of something that is not in the log, if there are relays.
    pub(super) fn tell(&self, change: impl FnOnce() -> ChangeKind) -> Result<()> {
        match self.hub() {
            Some(hub) if hub.is_followed()? => hub.change(change()),
            _ => Ok(()),
        }
    }
}

impl<R: Rules> Channel<R> {
    /// Has the relays told, soon, how many members there are.
    pub(super) fn recount(&self) {
        if let Some(hub) = self.place.hub() {
            hub.counted();
        }
    }

    /// Returns whether nobody is connected to any object of the room.
    pub(super) fn is_deserted(&self) -> Result<bool> {
        match &self.place {
            Place::Hub(hub) => hub.is_empty(),
            _ => Ok(self.room.connections().is_empty()),
        }
    }

    /// Returns the number of members of the whole room.
    pub(super) fn members(&self) -> Result<usize> {
        match &self.place {
            Place::Alone => self.presence.count(),
            Place::Hub(hub) => hub.members(),
            Place::Relay(relay) => Ok(relay.members()),
        }
    }
}
