//! Chance that a seed decides.

use std::cell::Cell;

/// A sequence of numbers that its seed decides (SplitMix64).
pub(crate) struct Chance(Cell<u64>);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// Returns the chance of a room, which depends on no other room.
    pub(crate) fn of_room(seed: u64, party: &str, name: &str) -> Self {
        let place = [party, name]
            .join("/")
            .bytes()
            .fold(seed, |place, byte| Self::new(place ^ u64::from(byte)).number());
        Self::new(place)
    }

    /// Returns the next number.
    pub(crate) fn number(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 up to 1, 1 excluded.
    #[expect(clippy::cast_precision_loss, reason = "32 bits are exact")]
    pub(crate) fn fraction(&self) -> f64 {
        (self.number() >> 32) as f64 / (1_u64 << 32) as f64
    }

    /// Returns whether something happens that has this probability.
    pub(crate) fn happens(&self, probability: f64) -> bool {
        self.fraction() < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_reference_implementation_of_splitmix64() {
        let chance = Chance::new(0);
        let numbers = [chance.number(), chance.number(), chance.number()];
        assert_eq!(numbers, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn an_impossible_event_never_happens_and_a_certain_one_always_does() {
        let chance = Chance::new(7);
        assert!((0..1_000).all(|_| chance.happens(1.0) && !chance.happens(0.0)));
        let often = (0..1_000).filter(|_| chance.happens(0.5)).count();
        assert!((400..600).contains(&often), "{often}");
    }

    #[test]
    fn rooms_of_one_world_have_different_chance() {
        let first = |party, name| Chance::of_room(1, party, name).number();
        assert_eq!(first("chat", "a"), first("chat", "a"));
        assert_ne!(first("chat", "a"), first("chat", "b"));
        assert_ne!(first("chat", "a"), first("hall", "a"));
    }
}
