//! Ephemeral events, such as "is typing". They are sent on and never stored. They are rate-limited and expire.
//!
//! # Example
//!
//! ```
//! # use party::parts::ephemeral::Ephemeral;
//! # use party::{Connection, MemberId, Result};
//! fn typing(ephemeral: &Ephemeral, from: &Connection, member: &MemberId) -> Result<()> {
//!     ephemeral.relay(from, member, "typing", None, false).map(drop)
//! }
//! ```

use std::cell::RefCell;
use std::time::Duration;

use super::wire::{EphemeralEvent, Json, ServerFrame};
use crate::error::Result;
use crate::sorted::Sorted;
use crate::timestamp::{Timestamp, millis};
use crate::{Connection, MemberId, Room, Tag};

/// The number of members whose last events are remembered before expired ones are forgotten.
const REMEMBERED: usize = 1_024;

/// The largest data of an event, in bytes of JSON.
pub const MAX_DATA_BYTES: usize = 512;

/// The options of ephemeral events.
///
/// | option | default |
/// | --- | --- |
/// | [lifetime of an event](Self::ttl) | 6 seconds |
/// | [time between two events](Self::interval) of one kind by one member | 1 second |
/// | [connections up to which events are sent on](Self::up_to) | 200 |
/// | [connections that receive events](Self::audience) | all |
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::ephemeral::EphemeralOptions;
///
/// let cursors = EphemeralOptions::default().interval(Duration::from_millis(50)).up_to(20);
/// # let _ = cursors;
/// ```
#[derive(Clone, Debug)]
pub struct EphemeralOptions {
    ttl: Duration,
    interval: Duration,
    audience: Option<Tag>,
    up_to: usize,
}

impl Default for EphemeralOptions {
    fn default() -> Self {
        Self { ttl: Duration::from_secs(6), interval: Duration::from_secs(1), audience: None, up_to: 200 }
    }
}

impl EphemeralOptions {
    /// Sets the lifetime of an event.
    ///
    /// The default is 6 seconds. A client that goes on typing sends the event again before that.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::ephemeral::EphemeralOptions;
    ///
    /// let short = EphemeralOptions::default().ttl(Duration::from_secs(2));
    /// # let _ = short;
    /// ```
    #[must_use]
    pub fn ttl(self, ttl: Duration) -> Self {
        Self { ttl, ..self }
    }

    /// Sets the shortest time between two events of one kind by one member. An earlier event is dropped. An end is sent
    /// on at any time, and so is the next event after it.
    ///
    /// The default is one second.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::ephemeral::EphemeralOptions;
    ///
    /// let cursors = EphemeralOptions::default().interval(Duration::from_millis(50));
    /// # let _ = cursors;
    /// ```
    #[must_use]
    pub fn interval(self, interval: Duration) -> Self {
        Self { interval, ..self }
    }

    /// Sets the connections that receive events: those with this tag. By default all do.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Tag;
    /// use party::parts::ephemeral::EphemeralOptions;
    ///
    /// let options = EphemeralOptions::default().audience(Tag::from_static("player"));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn audience(self, tag: Tag) -> Self {
        Self { audience: Some(tag), ..self }
    }

    /// Sets the largest number of connections with which events are sent on. In a larger room they would cost more than
    /// they are worth.
    ///
    /// The default is 200 connections.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::ephemeral::EphemeralOptions;
    ///
    /// let small_rooms = EphemeralOptions::default().up_to(20);
    /// # let _ = small_rooms;
    /// ```
    #[must_use]
    pub fn up_to(self, connections: usize) -> Self {
        Self { up_to: connections, ..self }
    }
}

/// Relays ephemeral events.
///
/// # Limits
///
/// An event carries at most 512 bytes of JSON. It is not stored: an event that is under way when the room loses its
/// memory is lost, and expires at the clients.
///
/// # Example
///
/// ```
/// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
/// # use party::MemberId;
/// # use party::parts::ephemeral::{Ephemeral, EphemeralOptions};
/// let ephemeral = Ephemeral::open(room, EphemeralOptions::default())?;
/// ephemeral.relay(ada, &MemberId::new("ada")?, "typing", None, false)?;
/// # Ok(()) });
/// assert!(ada.received().is_empty());
/// assert_eq!(bob.received().len(), 1);
/// ```
#[derive(Debug)]
pub struct Ephemeral {
    room: Room,
    options: EphemeralOptions,
    /// When each member's event of each kind was last sent on.
    sent: RefCell<Sorted<(MemberId, String), Timestamp>>,
}

impl Ephemeral {
    /// Opens the ephemeral events of a room.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::ephemeral::{Ephemeral, EphemeralOptions};
    ///
    /// let ephemeral = Ephemeral::open(room, EphemeralOptions::default())?;
    /// # let _ = ephemeral;
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: EphemeralOptions) -> Result<Self> {
        Ok(Self { room: room.clone(), options, sent: RefCell::default() })
    }

    /// Sends an event on to all others; `end` ends it. Returns whether it was sent on. An event that is too frequent or
    /// too large, or in a room that is too large, is dropped silently, and so is the end of an event that the room does
    /// not know, as after a sleep: that event expires anyway.
    ///
    /// **Security:** a client can send any kind and data. The member must come from the room.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the event cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::ephemeral::{Ephemeral, EphemeralOptions};
    /// # let ephemeral = Ephemeral::open(room, EphemeralOptions::default())?;
    /// let member = MemberId::new("ada")?;
    /// assert!(ephemeral.relay(ada, &member, "typing", None, false)?);
    /// assert!(!ephemeral.relay(ada, &member, "typing", None, false)?, "at most one a second");
    /// # Ok(()) });
    /// # let frame = bob.receive_text();
    /// assert_eq!(frame, r#"{"type":"ephemeral","from":"ada","kind":"typing","ttl":6000}"#);
    /// ```
    pub fn relay(
        &self,
        from: &Connection,
        member: &MemberId,
        kind: &str,
        data: Option<Json>,
        end: bool,
    ) -> Result<bool> {
        let too_much = data.as_ref().is_some_and(|data| data.as_str().len() > MAX_DATA_BYTES);
        if too_much || !self.is_due(member, kind, end) || self.room.connections().len() > self.options.up_to {
            return Ok(false);
        }
        let ttl = if end { 0 } else { millis(self.options.ttl) };
        let event = EphemeralEvent { from: member.to_string(), kind: kind.to_owned(), data, ttl };
        let frame: ServerFrame = ServerFrame::Ephemeral(event);
        let broadcast = self.room.broadcast_json(&frame)?.except(from);
        match &self.options.audience {
            Some(tag) => broadcast.to_tag(tag).send(),
            None => broadcast.send(),
        }
        Ok(true)
    }

    /// Returns whether the event is not too early; then it is remembered as sent.
    fn is_due(&self, member: &MemberId, kind: &str, end: bool) -> bool {
        let now = self.room.now();
        let mut sent = self.sent.borrow_mut();
        let key = (member.clone(), kind.to_owned());
        if end {
            // There is something to end only if something went out.
            return sent.remove(&key).is_some();
        }
        let is_recent = |last: &Timestamp| !now.has_passed(*last, self.options.interval);
        if sent.get(&key).is_some_and(is_recent) {
            return false;
        }
        if sent.len() >= REMEMBERED {
            sent.retain(is_recent);
        }
        sent.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_keeps_its_value_when_others_follow() {
        let seconds = Duration::from_secs;
        let tag = Tag::from_static("typists");
        let options =
            EphemeralOptions::default().ttl(seconds(9)).interval(seconds(8)).audience(tag.clone()).up_to(7);
        assert_eq!((options.ttl, options.interval), (seconds(9), seconds(8)));
        assert_eq!((options.audience, options.up_to), (Some(tag), 7));
    }
}
