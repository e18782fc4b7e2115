//! One frame to many connections.

use std::fmt;

use crate::connection::Connection;
use crate::host::registry::{Audience, Registry};
use crate::message::Frame;
use crate::name::ConnectionId;

/// A frame on its way to everyone in the room, from [`Room::broadcast`](crate::Room::broadcast).
///
/// It is sent to all open connections, also those whose `on_connect` still runs, unless a method chooses fewer. The
/// frame is converted once for all connections. A connection that cannot accept it is closed with 1011; the others
/// receive it anyway.
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

    /// Excludes a connection. Can be called repeatedly.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// room.broadcast("ada is typing").except(ada).send();
    /// # Ok(()) });
    /// assert!(ada.received().is_empty());
    /// assert_eq!(bob.receive_text(), "ada is typing");
    /// ```
    pub fn except(self, connection: &Connection) -> Self {
        self.except_id(connection.id())
    }

    /// Excludes the connection with this id. Can be called repeatedly.
    ///
    /// Use it when only the id is known, for example from the database.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// let author = ada.id().clone();
    /// room.broadcast("a new draft").except_id(&author).send();
    /// # Ok(()) });
    /// assert!(ada.received().is_empty());
    /// assert_eq!(bob.receive_text(), "a new draft");
    /// ```
    pub fn except_id(mut self, id: &ConnectionId) -> Self {
        self.audience.except.push(id.clone());
        self
    }

    /// Sends only to connections with this tag. Can be called repeatedly: then it sends to connections with any of the
    /// tags, once to each.
    ///
    /// **Security:** a connection's id, which its client may choose, is one of its tags. Use
    /// [`filter`](Self::filter) where a client must not be able to choose what it receives.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, _ada| {
    /// room.broadcast("for bob").to_tag("bob").send();
    /// room.broadcast("for both").to_tag("ada").to_tag("bob").send();
    /// # Ok(()) });
    /// assert_eq!(ada.receive_text(), "for both");
    /// assert_eq!(bob.received().len(), 2);
    /// ```
    pub fn to_tag(mut self, tag: impl AsRef<str>) -> Self {
        self.audience.tags.push(tag.as_ref().to_owned());
        self
    }

    /// Sends only to connections for which `chosen` returns `true`.
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

    /// Sends the frame.
    ///
    /// It does not wait, and it does not fail: a connection that cannot accept the frame is closed. As all that a room
    /// sends, the frame leaves when everything is stored that was written before it.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, _ada| {
    /// let frame = room.broadcast("ready?");
    /// frame.send();
    /// # Ok(()) });
    /// assert_eq!(bob.receive_text(), "ready?");
    /// ```
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
