//! The wire: the frames between the players and the room. Every frame is a JSON object with a `type`.
//!
//! A page connects with `?play=1` if it wants a seat. `client/protocol.ts` is generated from this file.
//!
//! An error reaches its client as the framework's own [`ErrorFrame`](party::ErrorFrame), with a code of the framework
//! or one of those below.

use party::{Error, ErrorCode, Message, Result};
use serde::{Deserialize, Serialize};

use crate::fleet::Ship;
use crate::rules::{Illegal, Pair, Phase, Side};

/// The longest frame that is looked at, in bytes.
pub const MAX_FRAME_BYTES: usize = 256;

/// A spectator may only watch.
pub const SPECTATOR: ErrorCode = ErrorCode::from_static("spectator");
/// Not in this phase.
pub const NOT_NOW: ErrorCode = ErrorCode::from_static("not_now");
/// It is the other player's turn.
pub const NOT_YOUR_TURN: ErrorCode = ErrorCode::from_static("not_your_turn");
/// No such cell.
pub const OFF_BOARD: ErrorCode = ErrorCode::from_static("off_board");
/// The cell was fired at before.
pub const REPEATED: ErrorCode = ErrorCode::from_static("repeated");

/// A request of a player.
#[derive(party::Frame, Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
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

/// A frame that the room sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame of a connection.
    Welcome {
        /// The client's side, `null` for a spectator.
        side: Option<Side>,
        /// The secret by which the room recognises this member on its next connection. Only a new member is sent one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        secret: Option<String>,
    },
    /// All that the client may see, whenever something has changed.
    View(View),
}

/// The game as one of those who are there may see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct View {
    /// The phase of the game.
    pub phase: Phase,
    /// Which round it is, from 1.
    pub round: u32,
    /// The milliseconds left for the next move, `null` if nobody has to move.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub left_ms: Option<u64>,
    /// The players.
    pub players: Pair<Player>,
    /// The seas.
    pub seas: Pair<SeaView>,
    /// The newest shot of this round.
    pub last: Option<Shot>,
    /// The number of spectators.
    pub spectators: usize,
    /// Whether a spectator may take a seat.
    pub free_seat: bool,
}

/// The public data of a player.
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

/// The view of a sea.
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
    /// The side that fired.
    pub by: Side,
    /// At which cell.
    pub cell: u8,
    /// The effect of the shot.
    pub did: Effect,
    /// Whether the clock fired it, since the player was late.
    pub late: bool,
}

/// The effect of a shot.
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

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    ///
    /// An error for its sender, when it is longer than [`MAX_FRAME_BYTES`] or not a frame of this game.
    pub fn read(message: &Message) -> Result<Self> {
        if message.len() > MAX_FRAME_BYTES {
            let text = format!("the frame has {} bytes, more than {MAX_FRAME_BYTES}", message.len());
            return Err(Error::client(ErrorCode::TOO_LONG, text));
        }
        message.read_frame()
    }
}

impl From<Illegal> for Error {
    fn from(illegal: Illegal) -> Self {
        let code = match illegal {
            Illegal::NotNow => NOT_NOW,
            Illegal::NotYourTurn => NOT_YOUR_TURN,
            Illegal::OffBoard => OFF_BOARD,
            Illegal::Repeated => REPEATED,
        };
        Self::client(code, illegal.to_string())
    }
}

#[cfg(test)]
mod tests;
