//! The game itself: turns, legal moves and their effects. No rooms, no clocks, no frames.
//!
//! Two fleets lie hidden in two seas. The sides fire in turn; a side that hits fires again. The side that has sunk the
//! whole fleet of the other wins, and the loser begins the next round.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::fleet::{self, CELLS, Ship};

/// The two sides.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first to come, who begins.
    Coral,
    /// The second.
    Teal,
}

/// One thing for each side.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pair<T> {
    /// Coral's.
    pub coral: T,
    /// Teal's.
    pub teal: T,
}

/// The phase of a game.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Phase {
    /// A player is missing.
    Waiting,
    /// Both look at the fleet that they were dealt, and may have another.
    Placing,
    /// They fire.
    Playing {
        /// The side whose turn it is.
        turn: Side,
    },
    /// One has won.
    Over {
        /// The winning side.
        winner: Side,
    },
}

/// One side's sea: its fleet, and where the other has fired.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sea {
    /// The fleet.
    pub ships: Vec<Ship>,
    /// The cells that were fired at, in their order.
    pub shots: Vec<u8>,
}

/// A game, over all of its rounds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Game {
    /// The phase of the game.
    pub phase: Phase,
    /// Both seas.
    pub seas: Pair<Sea>,
    /// The sides that want to go on: to battle while ships are placed, to another round when one is over.
    pub ready: Pair<bool>,
    /// The rounds that each has won.
    pub wins: Pair<u32>,
    /// Which round it is, from 1.
    pub round: u32,
    /// The side that begins this round.
    pub first: Side,
    /// The newest shot of this round: the last one in the sea of `by`'s opponent.
    pub last: Option<LastShot>,
}

/// The last shot.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct LastShot {
    /// The side that fired.
    pub by: Side,
    /// Whether it was chance that fired for them.
    pub late: bool,
}

/// Why something may not be done. Nothing has changed then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Illegal {
    /// Not in this phase.
    NotNow,
    /// It is the other's turn.
    NotYourTurn,
    /// No such cell.
    OffBoard,
    /// The cell was fired at before.
    Repeated,
}

impl Game {
    /// Returns a game that waits for its players.
    pub fn new() -> Self {
        Self {
            phase: Phase::Waiting,
            seas: Pair::default(),
            ready: Pair::default(),
            wins: Pair::default(),
            round: 0,
            first: Side::Coral,
            last: None,
        }
    }

    /// Deals both a fleet for the next round.
    pub fn deal(&mut self, dice: &mut Dice) {
        if let Phase::Over { winner } = self.phase {
            self.first = winner.other();
        }
        self.phase = Phase::Placing;
        self.round = self.round.saturating_add(1);
        self.ready = Pair::default();
        self.last = None;
        for side in Side::BOTH {
            *self.seas.of_mut(side) = Sea { ships: fleet::deal(dice), shots: Vec::new() };
        }
    }

    /// Deals one side another fleet.
    ///
    /// # Errors
    ///
    /// [`Illegal::NotNow`] when it has said that it is ready, and later.
    pub fn shuffle(&mut self, side: Side, dice: &mut Dice) -> Result<(), Illegal> {
        if self.phase != Phase::Placing || *self.ready.of(side) {
            return Err(Illegal::NotNow);
        }
        self.seas.of_mut(side).ships = fleet::deal(dice);
        Ok(())
    }

    /// Marks a side as ready. When both are, the battle begins, or the next round.
    ///
    /// # Errors
    ///
    /// [`Illegal::NotNow`] while they wait or fire.
    pub fn ready(&mut self, side: Side, dice: &mut Dice) -> Result<(), Illegal> {
        if !matches!(self.phase, Phase::Placing | Phase::Over { .. }) {
            return Err(Illegal::NotNow);
        }
        *self.ready.of_mut(side) = true;
        if self.ready == (Pair { coral: true, teal: true }) {
            match self.phase {
                Phase::Placing => self.phase = Phase::Playing { turn: self.first },
                _ => self.deal(dice),
            }
        }
        Ok(())
    }

    /// Fires at a cell of the other side's sea.
    ///
    /// # Errors
    ///
    /// When it may not.
    pub fn fire(&mut self, side: Side, cell: u8) -> Result<(), Illegal> {
        match self.phase {
            Phase::Playing { turn } if turn == side => {}
            Phase::Playing { .. } => return Err(Illegal::NotYourTurn),
            _ => return Err(Illegal::NotNow),
        }
        let sea = self.seas.of_mut(side.other());
        if cell >= CELLS {
            return Err(Illegal::OffBoard);
        }
        if sea.shots.contains(&cell) {
            return Err(Illegal::Repeated);
        }
        sea.shots.push(cell);
        self.last = Some(LastShot { by: side, late: false });
        if sea.ships.iter().all(|ship| sea.has_sunk(ship)) {
            self.phase = Phase::Over { winner: side };
            self.ready = Pair::default();
            let wins = self.wins.of_mut(side);
            *wins = wins.saturating_add(1);
        } else if !sea.is_ship(cell) {
            self.phase = Phase::Playing { turn: side.other() };
        }
        Ok(())
    }

    /// Does what must be done for those who have let their time pass: the fleets are taken as they lie, or a shot falls
    /// where chance wants it.
    pub fn play_for_the_late(&mut self, dice: &mut Dice) {
        match self.phase {
            Phase::Placing => self.phase = Phase::Playing { turn: self.first },
            Phase::Playing { turn } => {
                let sea = self.seas.of(turn.other());
                let open: Vec<u8> = (0..CELLS).filter(|cell| !sea.shots.contains(cell)).collect();
                if let Some(cell) = dice.pick(&open) {
                    // An open cell fired at by the side whose turn it is: this is always legal.
                    let _legal = self.fire(turn, cell);
                    self.last = Some(LastShot { by: turn, late: true });
                }
            }
            Phase::Waiting | Phase::Over { .. } => {}
        }
    }

    /// Returns whether the players are expected to do something.
    pub fn is_on(&self) -> bool {
        matches!(self.phase, Phase::Placing | Phase::Playing { .. })
    }
}

impl Default for Game {
    fn default() -> Self {
        Self::new()
    }
}

impl Sea {
    /// Returns whether a ship lies at this cell.
    pub fn is_ship(&self, cell: u8) -> bool {
        self.ships.iter().any(|ship| ship.contains(&cell))
    }

    /// Returns whether every cell of this ship was hit.
    pub fn has_sunk(&self, ship: &[u8]) -> bool {
        ship.iter().all(|cell| self.shots.contains(cell))
    }
}

impl Side {
    /// Both, in the order in which they are seated.
    pub const BOTH: [Self; 2] = [Self::Coral, Self::Teal];

    /// Returns the opponent.
    pub fn other(self) -> Self {
        match self {
            Self::Coral => Self::Teal,
            Self::Teal => Self::Coral,
        }
    }
}

impl<T> Pair<T> {
    /// Returns the value of a side.
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::Coral => &self.coral,
            Side::Teal => &self.teal,
        }
    }

    /// Returns the value of a side, to be changed.
    pub fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Coral => &mut self.coral,
            Side::Teal => &mut self.teal,
        }
    }

    /// Returns a pair made by asking for each side's.
    pub fn each(mut make: impl FnMut(Side) -> T) -> Self {
        Self { coral: make(Side::Coral), teal: make(Side::Teal) }
    }
}

impl fmt::Display for Illegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotNow => "this cannot be done now",
            Self::NotYourTurn => "it is not your turn",
            Self::OffBoard => "there is no such cell",
            Self::Repeated => "you have fired at this cell before",
        })
    }
}

#[cfg(test)]
mod tests;
