//! The options of a room's limits.

use std::time::Duration;

use super::Rate;

/// The limits of a member, an address and a room, with defaults that no person notices.
///
/// | limit | default |
/// | --- | --- |
/// | [bytes of a frame](Self::frame_bytes) | 65,536 (64 KiB) |
/// | [members of the room](Self::members) | 1,000, of which 500 from one address |
/// | [connections of a member](Self::connections) | 128 |
/// | [frames of a member](Self::per_member) | 30 at once, then 10 a second |
/// | [frames of an address](Self::per_address) | 120 at once, then 40 a second |
/// | [connects of a member](Self::connects_per_member) | 150 at once, then 2 a second |
/// | [what all members write](Self::per_room) | no rate |
/// | [connects of an address](Self::connects_per_address) | 600 at once, then 20 a second |
/// | [refusals before a close](Self::patience) | 50 more than accepted frames |
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::limits::{LimitsOptions, Rate};
///
/// let small_room = LimitsOptions::default().members(8).per_member(Rate::new(60, Duration::from_millis(16)));
/// # let _ = small_room;
/// ```
#[derive(Clone, Debug)]
pub struct LimitsOptions {
    pub(super) frame_bytes: usize,
    pub(super) members: usize,
    pub(super) connections: usize,
    pub(super) per_member: Rate,
    pub(super) per_address: Rate,
    pub(super) per_room: Option<Rate>,
    pub(super) connects_per_member: Rate,
    pub(super) connects_per_address: Rate,
    pub(super) patience: u32,
}

impl Default for LimitsOptions {
    fn default() -> Self {
        Self {
            frame_bytes: 64 * 1024,
            members: 1_000,
            connections: 128,
            per_member: Rate::new(30, Duration::from_millis(100)),
            per_address: Rate::new(120, Duration::from_millis(25)),
            per_room: None,
            // Enough for all tabs of a browser that was started again, and for a school behind one address.
            connects_per_member: Rate::new(150, Duration::from_millis(500)),
            connects_per_address: Rate::new(600, Duration::from_millis(50)),
            patience: 50,
        }
    }
}

impl LimitsOptions {
    /// Sets how many bytes a frame may have.
    ///
    /// The default is 65,536 bytes (64 KiB). A longer text is refused as a whole, with the code `too_long`.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::limits::LimitsOptions;
    ///
    /// let short_messages = LimitsOptions::default().frame_bytes(4 * 1_024);
    /// # let _ = short_messages;
    /// ```
    #[must_use]
    pub fn frame_bytes(self, bytes: usize) -> Self {
        Self { frame_bytes: bytes, ..self }
    }

    /// Sets the largest number of members in the room. Half of them may come from one
    /// [address](crate::parts::identity::Identity::address), so that one machine cannot fill the room.
    ///
    /// The default is 1,000, of which 500 may come from one address. Members in their
    /// [grace](crate::parts::presence::PresenceOptions::grace) count.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default().members(20))?;
    /// assert!(limits.admit(19).is_ok());
    /// assert!(limits.admit(20).is_err());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn members(self, members: usize) -> Self {
        Self { members, ..self }
    }

    /// Sets how many connections a member may have at once.
    ///
    /// The default is 128. Each tab and each device has one.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default().connections(3))?;
    /// assert!(limits.admit_connection(2).is_ok());
    /// assert!(limits.admit_connection(3).is_err());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// Sets how often a member may send.
    ///
    /// The default is 30 frames at once, and then 10 a second. All connections of a member count together.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::limits::{LimitsOptions, Rate};
    ///
    /// let slow_mode = LimitsOptions::default().per_member(Rate::new(1, Duration::from_secs(10)));
    /// # let _ = slow_mode;
    /// ```
    #[must_use]
    pub fn per_member(self, rate: Rate) -> Self {
        Self { per_member: rate, ..self }
    }

    /// Sets how often all members of one [address](crate::parts::identity::Identity::address) together may send.
    ///
    /// The default is 120 frames at once, and then 40 a second: a school or an office can share an address.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::limits::{LimitsOptions, Rate};
    ///
    /// let for_classrooms = LimitsOptions::default().per_address(Rate::new(1_000, Duration::from_millis(5)));
    /// # let _ = for_classrooms;
    /// ```
    #[must_use]
    pub fn per_address(self, rate: Rate) -> Self {
        Self { per_address: rate, ..self }
    }

    /// Sets how often all members of the room together may write: append, edit, delete, or send a command. Moderators
    /// are not counted. In a [large room](crate::channel::Settings::relays) it holds for all relays together.
    ///
    /// By default there is no such rate. Nobody reads more than 10 to 30 messages a second.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::limits::{LimitsOptions, Rate};
    ///
    /// let for_an_event = LimitsOptions::default().per_room(Rate::new(40, Duration::from_millis(50)));
    /// # let _unused = for_an_event;
    /// ```
    #[must_use]
    pub fn per_room(self, rate: Rate) -> Self {
        Self { per_room: Some(rate), ..self }
    }

    /// Sets how often a member may connect.
    ///
    /// The default is 150 times at once, and then twice a second.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::limits::{LimitsOptions, Rate};
    ///
    /// let limits = LimitsOptions::default().connects_per_member(Rate::new(20, Duration::from_secs(5)));
    /// # let _ = limits;
    /// ```
    #[must_use]
    pub fn connects_per_member(self, rate: Rate) -> Self {
        Self { connects_per_member: rate, ..self }
    }

    /// Sets how often all members of one [address](crate::parts::identity::Identity::address) together may connect.
    ///
    /// The default is 600 times at once, and then 20 times a second.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::limits::{LimitsOptions, Rate};
    ///
    /// let limits = LimitsOptions::default().connects_per_address(Rate::new(100, Duration::from_secs(1)));
    /// # let _ = limits;
    /// ```
    #[must_use]
    pub fn connects_per_address(self, rate: Rate) -> Self {
        Self { connects_per_address: rate, ..self }
    }

    /// Sets the number of refusals after which a connection is closed. Each accepted frame takes one off, a pause takes
    /// all off.
    ///
    /// The default is 50. The connection is closed with [`CloseCode::SLOW_DOWN`](crate::CloseCode::SLOW_DOWN), 4429.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::limits::LimitsOptions;
    ///
    /// let strict = LimitsOptions::default().patience(5);
    /// # let _ = strict;
    /// ```
    #[must_use]
    pub fn patience(self, refusals: u32) -> Self {
        Self { patience: refusals, ..self }
    }
}
