//! A game with its seats and its clock, as it is stored: all that a room must remember.

use std::time::Duration;

use party::{Result, Sql, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::protocol::ClientFrame;
use crate::rules::{Game, Illegal, Pair, Phase, Side};

/// The time for a move. Each shot restarts the clock.
pub const TURN: Duration = Duration::from_secs(30);

/// The tables, step by step. Steps are only ever added.
///
/// A game is small and changes as a whole, so it is one row: a crash finds the old one or the new one, nothing between.
const STEPS: &[&str] = &[
    "CREATE TABLE game (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL)",
    // Seats used to belong to secrets that no client offers any more: nobody could continue such a game.
    "DELETE FROM game",
];

/// A game, who plays it, and until when the next move must come.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Table {
    /// The game.
    pub game: Game,
    /// The members whose seats these are.
    pub players: Pair<Option<String>>,
    /// When the clock runs out, in milliseconds since the Unix epoch. `None` while nothing is expected of anyone.
    pub deadline: Option<Timestamp>,
}

impl Table {
    /// Returns the table as it was stored, or a new one.
    ///
    /// # Errors
    ///
    /// When the database refuses, or what it has is not a table.
    pub fn load(sql: &Sql) -> Result<Self> {
        sql.migrate(STEPS)?;
        let Some((json,)) = sql.query_opt::<(String,)>("SELECT json FROM game", ())? else {
            return Ok(Self::default());
        };
        Ok(serde_json::from_str(&json)?)
    }

    /// Stores the table in place of what was stored.
    ///
    /// # Errors
    ///
    /// When the database refuses; the stored table is unchanged then.
    pub fn save(&self, sql: &Sql) -> Result<()> {
        let json = serde_json::to_string(self)?;
        sql.execute("INSERT OR REPLACE INTO game (id, json) VALUES (1, ?)", (json,))
    }

    /// Returns the side that a member plays; `None` for a spectator.
    pub fn side_of(&self, member: &str) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.players.of(*side).as_deref() == Some(member))
    }

    /// Returns whether somebody who comes may play: a seat was never taken, or its player left when no game was on.
    pub fn has_free_seat(&self, online: &Pair<bool>) -> bool {
        Side::BOTH.into_iter().any(|side| self.is_free(side, online))
    }

    /// Gives a member a free seat. When both are taken, a game begins.
    pub fn sit(
        &mut self,
        member: &str,
        online: &Pair<bool>,
        dice: &mut Dice,
        now: Timestamp,
    ) -> Option<Side> {
        let side = Side::BOTH.into_iter().find(|side| self.is_free(*side, online))?;
        for other in Side::BOTH {
            if self.is_free(other, online) {
                *self.players.of_mut(other) = None;
            }
        }
        *self.players.of_mut(side) = Some(member.to_owned());
        self.game = Game::new();
        if self.players.of(side.other()).is_some() {
            self.game.deal(dice);
        }
        self.wind_clock(now);
        Some(side)
    }

    /// Does what a player asks for.
    ///
    /// # Errors
    ///
    /// When it is against the rules; nothing has changed then.
    pub fn play(
        &mut self,
        side: Side,
        frame: ClientFrame,
        dice: &mut Dice,
        now: Timestamp,
    ) -> Result<(), Illegal> {
        let before = self.progress();
        match frame {
            ClientFrame::Shuffle => self.game.shuffle(side, dice)?,
            ClientFrame::Ready => self.game.ready(side, dice)?,
            ClientFrame::Fire { cell } => self.game.fire(side, cell)?,
        }
        // Another fleet is not progress: asking for fleets again and again does not stop the clock.
        if self.progress() != before {
            self.wind_clock(now);
        }
        Ok(())
    }

    /// Plays for a player whose time is up. Says whether it was: an alarm may come twice.
    pub fn play_if_late(&mut self, dice: &mut Dice, now: Timestamp) -> bool {
        let is_late = self.deadline.is_some_and(|deadline| deadline <= now);
        if is_late {
            self.game.play_for_the_late(dice);
            self.wind_clock(now);
        }
        is_late
    }

    fn is_free(&self, side: Side, online: &Pair<bool>) -> bool {
        !self.game.is_on() && (self.players.of(side).is_none() || !online.of(side))
    }

    fn progress(&self) -> (u32, Phase, usize) {
        let Pair { coral, teal } = &self.game.seas;
        (self.game.round, self.game.phase, coral.shots.len().saturating_add(teal.shots.len()))
    }

    fn wind_clock(&mut self, now: Timestamp) {
        self.deadline = self.game.is_on().then(|| now + TURN);
    }
}
