//! The frames between a client and the room. Presence is sent as JSON, because it rarely changes: as the presence
//! frames of [`party::parts::wire`], with a member's number as its presence data. Moves are binary and of fixed size,
//! all numbers unsigned, 16 bits, little endian:
//!
//! ```text
//! client to room, 4 bytes    x  y
//! room to client, 6 bytes    member  x  y
//! ```
//!
//! `x` and `y` are parts of the page's width and height: 0 is left or top, 65,535 right or bottom. The room adds whose
//! move it is, so nobody can move another member's cursor.

use party::{Error, Message, Result};
use serde::Serialize;

/// A member's number: from 1, and free again when the member has left.
pub type Number = u16;

/// A point of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From left to right.
    pub x: u16,
    /// From top to bottom.
    pub y: u16,
}

impl Point {
    /// Reads a client's move.
    ///
    /// **Security:** nothing but four bytes is a move, and any four bytes are one, so what was read may be sent on.
    ///
    /// # Errors
    ///
    /// A message for the client, when it has sent something else.
    pub fn read(message: &Message) -> Result<Self> {
        let Message::Binary(bytes) = message else {
            return Err(Error::bad_message("expected a binary frame of 4 bytes, got text"));
        };
        let &[x0, x1, y0, y1] = bytes.as_slice() else {
            return Err(Error::bad_message(format!("a move has 4 bytes, this one {}", bytes.len())));
        };
        Ok(Self { x: u16::from_le_bytes([x0, x1]), y: u16::from_le_bytes([y0, y1]) })
    }

    /// Returns the frame of a member's move.
    pub fn frame_of(self, member: Number) -> Vec<u8> {
        [member, self.x, self.y].into_iter().flat_map(u16::to_le_bytes).collect()
    }
}

/// A JSON frame of this room, beside those of presence and of errors.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum RoomFrame {
    /// The first frame of a connection.
    Welcome {
        /// The client's own number.
        number: Number,
    },
    /// Asks a member to point again: the room has lost where.
    Where,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_goes_out_as_it_came_in_behind_the_members_number() {
        let point = Point::read(&Message::from(vec![0x34, 0x12, 0xff, 0xff])).unwrap();
        assert_eq!(point, Point { x: 0x1234, y: 65_535 });
        assert_eq!(point.frame_of(258), [2, 1, 0x34, 0x12, 0xff, 0xff]);
    }

    #[test]
    fn a_frame_of_another_size_is_not_a_move() {
        for length in (0..64).chain([1_000_000]).filter(|length| *length != 4) {
            let error = Point::read(&Message::from(vec![0; length])).unwrap_err();
            assert_eq!(error.public_text(), format!("a move has 4 bytes, this one {length}"));
        }
        assert!(Point::read(&Message::from("1234")).is_err());
    }
}
