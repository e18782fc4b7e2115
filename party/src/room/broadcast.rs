//! One frame to many connections.

use std::fmt;

use crate::connection::Connection;
use crate::host::registry::{Audience, Registry};
use crate::message::Frame;
use crate::name::ConnectionId;

/// A frame on its way to everyone in the room, from [`Room::broadcast`](crate::Room::broadcast).
///
/// It reaches all open connections, those whose `on_connect` still runs included, unless it is narrowed. The frame is
/// converted once, however many there are. A connection that cannot take it is closed with 1011; the others get it all
/// the same.
///
/// # Example
///
/// ```
/// # use party::{Connection, Result, Room};
/// # fn example(room: &Room, from: &Connection) -> Result<()> {
/// room.broadcast("the game begins").send();
/// room.broadcast_json(&("moved", 4))?.except(from).send();
/// room.broadcast(vec![1, 2, 3]).to_tag("red").to_tag("blue").send();
/// # Ok(())
/// # }
/// ```
#[must_use = "a broadcast goes nowhere until `.send()` is called"]
pub struct Broadcast<'a> {
    registry: &'a Registry,
    frame: Frame<'a>,
    audience: Audience<'a>,
}

impl<'a> Broadcast<'a> {
    pub(crate) fn new(registry: &'a Registry, frame: Frame<'a>) -> Self {
        Self { registry, frame, audience: Audience::default() }
    }

    /// Leaves a connection out. Can be said of several.
    pub fn except(self, connection: &Connection) -> Self {
        self.except_id(connection.id())
    }

    /// Leaves out the connection with this id. Can be said of several.
    pub fn except_id(mut self, id: &ConnectionId) -> Self {
        self.audience.except.push(id.clone());
        self
    }

    /// Reaches only connections with this tag. Can be said of several: then it reaches those that have any of them,
    /// each once.
    ///
    /// **Security:** a connection's id, which its client may choose, is one of its tags. Use
    /// [`filter`](Self::filter) where a client must not be able to choose what it receives.
    pub fn to_tag(mut self, tag: impl AsRef<str>) -> Self {
        self.audience.tags.push(tag.as_ref().to_owned());
        self
    }

    /// Reaches only connections for which `chosen` says so.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Room;
    /// # fn example(room: &Room) {
    /// let seated = |connection: &party::Connection| connection.state::<u8>().is_ok_and(|seat| seat.is_some());
    /// room.broadcast("your turn is near").filter(seated).send();
    /// # }
    /// ```
    pub fn filter(mut self, chosen: impl Fn(&Connection) -> bool + 'a) -> Self {
        self.audience.filter = Some(Box::new(chosen));
        self
    }

    /// Sends it.
    pub fn send(self) {
        self.registry.send(&self.frame, &self.audience);
    }
}

impl fmt::Debug for Broadcast<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast")
            .field("frame", &self.frame)
            .field("except", &self.audience.except)
            .field("tags", &self.audience.tags)
            .finish_non_exhaustive()
    }
}
