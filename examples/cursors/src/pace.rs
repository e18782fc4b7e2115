//! How many moves a member may make: the rest of a flood is not sent on.

use party::Timestamp;

/// How many moves of one member are sent on in one second. The page makes 25; two seconds' worth may come in one when the
/// network has held them up.
pub const MOVES_A_SECOND: u32 = 50;

/// Counts one member's moves in the second of the room's clock that they fall in.
///
/// It lives in memory: a room that wakes begins to count anew, but a room that is flooded does not sleep.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    second: u64,
    moves: u32,
}

impl Pace {
    /// Counts a move; whether it may be sent on.
    pub fn allows(&mut self, now: Timestamp) -> bool {
        let second = now.as_millis() / 1000;
        if self.second != second {
            *self = Self { second, moves: 0 };
        }
        self.moves = self.moves.saturating_add(1);
        self.moves <= MOVES_A_SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_allows_the_same_number_of_moves() {
        let mut pace = Pace::default();
        for second in [0, 1, 7] {
            let moves =
                (0..1000).filter(|ms| pace.allows(Timestamp::from_millis(second * 1000 + ms))).count();
            assert_eq!(moves, MOVES_A_SECOND as usize);
        }
    }
}
