//! The messages between a room and the clients of Yjs: the protocol of `y-websocket`.

use super::lib0::{Malformed, Reader, write_bytes, write_varuint};

/// The kinds of messages.
const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;

/// The kinds of messages of a sync.
const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// The kind of an auth message: something is not permitted.
const DENIED: u64 = 0;

/// The error of a message of another kind.
const UNKNOWN: Malformed = Malformed("a message of an unknown kind");

/// What a client has sent.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Received<'a> {
    /// What it has, by the state vector: it wants the rest.
    Step1(&'a [u8]),
    /// What the room lacks.
    Step2(&'a [u8]),
    /// A change.
    Update(&'a [u8]),
    /// States of clients: cursors, names.
    Awareness(&'a [u8]),
    /// It wants the states of all clients.
    QueryAwareness,
    /// It says that something is not permitted: nothing to do.
    Auth,
}

/// Reads a message.
pub(super) fn read(bytes: &[u8]) -> Result<Received<'_>, Malformed> {
    let mut reader = Reader::new(bytes);
    let received = match reader.varuint()? {
        SYNC => match reader.varuint()? {
            STEP_1 => Received::Step1(reader.buffer()?),
            STEP_2 => Received::Step2(reader.buffer()?),
            UPDATE => Received::Update(reader.buffer()?),
            _ => return Err(UNKNOWN),
        },
        AWARENESS => Received::Awareness(reader.buffer()?),
        QUERY_AWARENESS => Received::QueryAwareness,
        AUTH => return Ok(Received::Auth),
        _ => return Err(UNKNOWN),
    };
    reader.end()?;
    Ok(received)
}

/// Returns the message that asks a client for what the room lacks, by the room's state vector.
pub(super) fn step_1(state_vector: &[u8]) -> Vec<u8> {
    of(&[SYNC, STEP_1], state_vector)
}

/// Returns the answer to a client's step 1.
pub(super) fn step_2(update: &[u8]) -> Vec<u8> {
    of(&[SYNC, STEP_2], update)
}

/// Returns the message with a change.
pub(super) fn update(update: &[u8]) -> Vec<u8> {
    of(&[SYNC, UPDATE], update)
}

/// Returns the message with states of clients.
pub(super) fn awareness(states: &[u8]) -> Vec<u8> {
    of(&[AWARENESS], states)
}

/// Returns the message that says why something was not done.
pub(super) fn denied(reason: &str) -> Vec<u8> {
    of(&[AUTH, DENIED], reason.as_bytes())
}

fn of(kinds: &[u64], content: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(content.len().saturating_add(8));
    for kind in kinds {
        write_varuint(&mut message, *kind);
    }
    write_bytes(&mut message, content);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_those_of_y_websocket() {
        assert_eq!(step_1(&[0]), [0, 0, 1, 0]);
        assert_eq!(step_2(&[0, 0]), [0, 1, 2, 0, 0]);
        assert_eq!(update(&[0, 0]), [0, 2, 2, 0, 0]);
        assert_eq!(awareness(&[0]), [1, 1, 0]);
        assert_eq!(denied("no"), [2, 0, 2, b'n', b'o']);
        assert_eq!(read(&[0, 0, 1, 0]).ok(), Some(Received::Step1(&[0])));
        assert_eq!(read(&[0, 1, 2, 0, 0]).ok(), Some(Received::Step2(&[0, 0])));
        assert_eq!(read(&[0, 2, 2, 0, 0]).ok(), Some(Received::Update(&[0, 0])));
        assert_eq!(read(&[1, 1, 0]).ok(), Some(Received::Awareness(&[0])));
        assert_eq!(read(&[2, 0, 2, b'n', b'o']).ok(), Some(Received::Auth));
        assert_eq!(read(&[3]).ok(), Some(Received::QueryAwareness));
    }

    #[test]
    fn no_other_bytes_are_a_message() {
        let wrong: [&[u8]; 10] = [
            &[],
            &[0],
            &[0, 3, 0],
            &[0, 0],
            &[0, 0, 2, 0],
            &[0, 2, 1, 0, 0],
            &[1],
            &[4],
            &[3, 0],
            &[255; 12],
        ];
        for bytes in wrong {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}
