//! How one talks to a document: the protocol of npm's `y-protocols`, as `y-websocket` and `y-partyserver` send it.
//! Numbers have seven bits in each byte, buffers their length before them.

use crate::Result;

/// The first number of a message about the document.
const SYNC: u64 = 0;

/// The second.
const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// The question of a client that has nothing: its state vector has no entries.
pub(crate) const WHAT_IS_THERE: &[u8] = &[0, 0, 1, 0];

/// An update without changes and deletions.
pub(crate) const EMPTY: &[u8] = &[0, 0];

/// The answer of a client that has nothing to somebody who asks what it has: an empty update.
pub(crate) const NOTHING: &[u8] = &[0, 1, 2, 0, 0];

/// A message about the document.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Received<'a> {
    /// The other side asks what it lacks.
    Step1,
    /// What this side lacked.
    Step2(&'a [u8]),
    /// A change.
    Update(&'a [u8]),
    /// Something about those who are there, or a refusal.
    Other,
}

/// Returns the message of a change.
pub(crate) fn update(bytes: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(bytes.len() + 8);
    for number in [SYNC, UPDATE, bytes.len() as u64] {
        put_number(&mut message, number);
    }
    message.extend(bytes);
    message
}

/// Reads a message.
pub(crate) fn read(mut message: &[u8]) -> Result<Received<'_>> {
    if take_number(&mut message)? != SYNC {
        return Ok(Received::Other);
    }
    let kind = take_number(&mut message)?;
    let length = usize::try_from(take_number(&mut message)?)?;
    let bytes = message.get(..length).ok_or("a message that ends too early")?;
    Ok(match kind {
        STEP_1 => Received::Step1,
        STEP_2 => Received::Step2(bytes),
        UPDATE => Received::Update(bytes),
        _ => Received::Other,
    })
}

fn put_number(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn take_number(from: &mut &[u8]) -> Result<u64> {
    let mut number = 0;
    for place in 0..9 {
        let (byte, rest) = from.split_first().ok_or("a message that ends in a number")?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("a number that is too long".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_as_it_was_written() {
        let long = vec![7; 300];
        for bytes in [&[][..], &[1, 2, 3], &long] {
            assert_eq!(read(&update(bytes)).unwrap(), Received::Update(bytes));
        }
    }

    #[test]
    fn messages_are_told_apart() {
        assert_eq!(read(WHAT_IS_THERE).unwrap(), Received::Step1);
        assert_eq!(read(NOTHING).unwrap(), Received::Step2(&[0, 0]));
        assert_eq!(read(&[1, 1, 0]).unwrap(), Received::Other);
        assert!(read(&[0, 2, 5, 1]).is_err(), "it ends too early");
        assert!(read(&[]).is_err());
    }
}
