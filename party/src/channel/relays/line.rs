//! The line between the hub of a room and its relays.

use std::time::Duration;

use crate::Room;
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::Kind;
use crate::platform::{self, Address};
use crate::router::call::{self, Call};

/// How long an answer may take. A call without one counts as lost, and is made again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls another object of this room.
///
/// # Errors
///
/// [`ErrorKind::Platform`] when no answer comes. The call may have arrived.
pub(super) async fn ask<C: Call>(room: &Room, object: &str, question: &C) -> Result<C::Reply> {
    let party =
        room.party().ok_or_else(|| Error::new(ErrorKind::Platform, "the room's party is not known"))?;
    let to = Address { party: party.to_string(), object: object.to_owned() };
    let answer = platform::call(room.platform(), to, Kind::Relay, call::question(question)?);
    match room.within(PATIENCE, answer).await {
        Some(answer) => answer.and_then(|(status, text)| call::answer::<C>(status, text)),
        None => Err(Error::new(ErrorKind::Platform, format!("{object} does not answer"))),
    }
}

/// Returns how long to wait before the next attempt.
pub(super) fn pause(failures: u32) -> Duration {
    Duration::from_millis(100_u64.saturating_mul(1 << failures.min(6)))
}
