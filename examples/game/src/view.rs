//! The view of a table for each member. Nothing else of a game is ever sent.
//!
//! A player sees the own fleet, a spectator none; of other ships everyone sees those that have sunk. After the round
//! all is open.

use std::time::Duration;

use party::Timestamp;

use crate::protocol::{Effect, Player, SeaView, Shot, View};
use crate::rules::{LastShot, Pair, Phase, Sea, Side};
use crate::table::Table;

/// The sides that are connected.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Presence {
    /// Which players are.
    pub online: Pair<bool>,
    /// The number of spectators.
    pub spectators: usize,
}

/// Returns whole milliseconds.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl View {
    /// Returns the table as `viewer` may see it, `None` being a spectator.
    pub fn of(table: &Table, viewer: Option<Side>, presence: &Presence, now: Timestamp) -> Self {
        let game = &table.game;
        let is_over = matches!(game.phase, Phase::Over { .. });
        Self {
            phase: game.phase,
            round: game.round,
            left_ms: table.deadline.map(|deadline| millis(deadline.since(now))),
            players: Pair::each(|side| player(table, side, presence)),
            seas: Pair::each(|side| sea_view(game.seas.of(side), is_over || viewer == Some(side))),
            last: game.last.and_then(|last| shot(last, game.seas.of(last.by.other()))),
            spectators: presence.spectators,
            free_seat: table.has_free_seat(&presence.online),
        }
    }
}

fn player(table: &Table, side: Side, presence: &Presence) -> Player {
    Player {
        seated: table.players.of(side).is_some(),
        online: *presence.online.of(side),
        ready: *table.game.ready.of(side),
        wins: *table.game.wins.of(side),
    }
}

fn sea_view(sea: &Sea, is_open: bool) -> SeaView {
    let (hits, misses) = sea.shots.iter().partition(|cell| sea.is_ship(**cell));
    let ships = sea.ships.iter().filter(|ship| is_open || sea.has_sunk(ship)).cloned().collect();
    SeaView { ships, hits, misses }
}

fn shot(last: LastShot, sea: &Sea) -> Option<Shot> {
    let cell = *sea.shots.last()?;
    Some(Shot { by: last.by, cell, did: effect(sea, cell), late: last.late })
}

fn effect(sea: &Sea, cell: u8) -> Effect {
    match sea.ships.iter().find(|ship| ship.contains(&cell)) {
        None => Effect::Miss,
        Some(ship) if sea.has_sunk(ship) => Effect::Sunk,
        Some(_) => Effect::Hit,
    }
}
