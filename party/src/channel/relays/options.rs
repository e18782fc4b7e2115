//! When a room gets relays, and how many.

use crate::Room;
use crate::name::place::MAX_RELAYS;

/// When a channel's room gets relays, and how many, see [`Settings::relays`](super::super::Settings::relays).
///
/// # Example
///
/// ```
/// use party::channel::{Relays, Settings};
///
/// let settings = Settings::default().relays(Relays::default().above(2_000).connections(1_000));
/// # let _unused = settings;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Relays {
    pub(super) above: usize,
    pub(super) connections: usize,
    pub(in crate::channel) members: usize,
}

impl Default for Relays {
    fn default() -> Self {
        Self { above: 5_000, connections: 2_500, members: 100_000 }
    }
}

impl Relays {
    /// Reads above how many connections a room gets relays from a variable of the worker. A relay has half of that. A
    /// worker without the variable, or whose variable is no number, has no relays.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Room;
    /// use party::channel::{Relays, Settings};
    ///
    /// fn settings(room: &Room) -> Settings {
    ///     Settings::default().relays(Relays::of_variable(room, "RELAYS_ABOVE"))
    /// }
    /// ```
    pub fn of_variable(room: &Room, name: &str) -> Option<Self> {
        let above: usize = room.secret(name).ok()?.parse().ok()?;
        Some(Self::default().above(above).connections(above.div_ceil(2)))
    }

    /// How many members the room takes at most, in place of
    /// [`LimitsOptions::members`](crate::parts::limits::LimitsOptions::members). Half of them may come from one
    /// address.
    ///
    /// By default it is 100,000.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Relays;
    ///
    /// let relays = Relays::default().members(20_000);
    /// # let _unused = relays;
    /// ```
    #[must_use]
    pub fn members(self, members: usize) -> Self {
        Self { members, ..self }
    }

    /// Above how many connections a room gets relays. It gives them up below half of it.
    ///
    /// By default it is 5,000: a frame for 5,000 connections takes an object about a tenth of a second.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Relays;
    ///
    /// let relays = Relays::default().above(2_000);
    /// # let _unused = relays;
    /// ```
    #[must_use]
    pub fn above(self, connections: usize) -> Self {
        Self { above: connections, ..self }
    }

    /// How many connections a relay has at most before the room gets more relays.
    ///
    /// By default it is 2,500. A room has at most 1,000 relays.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Relays;
    ///
    /// let relays = Relays::default().connections(1_000);
    /// # let _unused = relays;
    /// ```
    #[must_use]
    pub fn connections(self, connections: usize) -> Self {
        Self { connections: connections.max(1), ..self }
    }

    /// Returns how many relays a number of connections need, if there are `relays` now.
    pub(super) fn needed(self, connections: usize, relays: u32) -> u32 {
        let half_full = connections.div_ceil((self.connections / 2).max(1)).max(1);
        let now = usize::try_from(relays).unwrap_or(usize::MAX);
        let full = self.connections.saturating_mul(now);
        // A relay in five is spared for an uneven spread.
        if relays > 0 && connections <= full.saturating_sub(full / 5) {
            return relays;
        }
        u32::try_from(half_full).unwrap_or(u32::MAX).clamp(relays.max(1), MAX_RELAYS)
    }

    /// Returns whether a room with relays can do without.
    pub(super) fn can_do_without(self, connections: usize) -> bool {
        connections <= self.above / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays_are_half_full_when_they_come_and_stay_until_they_are_nearly_full() {
        let relays = Relays::default();
        assert_eq!(relays.needed(5_001, 0), 5);
        assert_eq!(relays.needed(10_000, 5), 5);
        assert_eq!(relays.needed(10_001, 5), 9);
        assert_eq!(relays.needed(100_000, 0), 80);
        assert_eq!(relays.needed(100, 5), 5);
        assert_eq!(relays.needed(usize::MAX, 5), MAX_RELAYS);
        assert_eq!(Relays::default().connections(0).needed(3, 0), 3);
    }

    #[test]
    fn a_room_keeps_its_relays_until_half_of_what_made_them() {
        assert!(!Relays::default().can_do_without(2_501));
        assert!(Relays::default().can_do_without(2_500));
    }
}
