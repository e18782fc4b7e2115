//! The wire: what players and the room say to each other. Every frame is a JSON object with a `type`.
//!
//! A page connects with `?play=1` if it wants a seat, and with `?token=` if it has one. `client/protocol.ts` is generated
//! from this file.

use party::Message;
use serde::{Deserialize, Serialize};

use crate::fleet::Ship;
use crate::rules::{Illegal, Pair, Phase, Side};

/// The longest frame that is looked at, in bytes.
pub const MAX_FRAME_BYTES: usize = 256;

/// What a player asks for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Another fleet.
    Shuffle,
    /// To battle; or after a round, another one.
    Ready,
    /// A shot.
    Fire {
        /// At which cell of the other's sea, counted from 0 row by row.
        cell: u8,
    },
}

/// What the room says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame: who one is here.
    Welcome {
        /// One's side, `null` for a spectator.
        side: Option<Side>,
        /// The secret that gives the seat back on a new connection. It is told once, when the seat is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        token: Option<String>,
    },
    /// All that one may see, whenever something has changed.
    View(View),
    /// What the sender asked for was not done; nobody else hears of it.
    Error(Refusal),
}

/// The game as one of those who are there may see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct View {
    /// How far it is.
    pub phase: Phase,
    /// Which round it is, from 1.
    pub round: u32,
    /// How many milliseconds are left for the next move, `null` if nobody has to move.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub left_ms: Option<u64>,
    /// The players.
    pub players: Pair<Player>,
    /// The seas.
    pub seas: Pair<SeaView>,
    /// The newest shot of this round.
    pub last: Option<Shot>,
    /// How many watch.
    pub spectators: usize,
    /// Whether a spectator may take a seat.
    pub free_seat: bool,
}

/// What everyone may know of a player.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Player {
    /// Whether the seat is taken.
    pub seated: bool,
    /// Whether its player is connected.
    pub online: bool,
    /// Whether they want to go on.
    pub ready: bool,
    /// The rounds that they have won.
    pub wins: u32,
}

/// What one may see of a sea.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SeaView {
    /// The ships that one may see: one's own, those that have sunk, and after the round all.
    pub ships: Vec<Ship>,
    /// The cells that were hit.
    pub hits: Vec<u8>,
    /// The cells where a shot has met only water.
    pub misses: Vec<u8>,
}

/// A shot.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Shot {
    /// Who fired.
    pub by: Side,
    /// At which cell.
    pub cell: u8,
    /// What it did.
    pub did: Effect,
    /// Whether the clock fired it, since the player was late.
    pub late: bool,
}

/// What a shot did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    Miss,
    /// It hit a ship.
    Hit,
    /// It sank one.
    Sunk,
}

/// Why something was not done.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
}

/// Why something was not done, for programs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not a frame of this game.
    BadFrame,
    /// A spectator may only watch.
    Spectator,
    /// Not in this phase.
    NotNow,
    /// It is the other's turn.
    NotYourTurn,
    /// No such cell.
    OffBoard,
    /// The cell was fired at before.
    Repeated,
    /// The room failed; trying again may help.
    Internal,
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    ///
    /// What its sender is told, when it is none.
    pub fn read(message: &Message) -> Result<Self, Refusal> {
        if message.len() > MAX_FRAME_BYTES {
            let text = format!("the frame has {} bytes, more than {MAX_FRAME_BYTES}", message.len());
            return Err(Refusal::new(ErrorCode::BadFrame, text));
        }
        message.read_json().map_err(|error| Refusal::new(ErrorCode::BadFrame, error.public_text()))
    }
}

impl Refusal {
    /// A refusal for programs and people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl From<Illegal> for Refusal {
    fn from(illegal: Illegal) -> Self {
        let code = match illegal {
            Illegal::NotNow => ErrorCode::NotNow,
            Illegal::NotYourTurn => ErrorCode::NotYourTurn,
            Illegal::OffBoard => ErrorCode::OffBoard,
            Illegal::Repeated => ErrorCode::Repeated,
        };
        Self::new(code, illegal.to_string())
    }
}

#[cfg(test)]
mod tests;
