//! How many messages a room has after one. The page asks for it to say what is new in rooms that it is not in.
//! Whoever knows the room's address may ask, or whoever may join, where that needs an invitation.

use party::channel::Channel;
use party::http::request::Parts;
use party::parts::log::Direction;
use party::{Body, Response, Result};
use serde::Serialize;

use crate::room::Chatting;

/// The answer.
#[derive(Serialize)]
struct Count {
    /// The number of messages that are not deleted, on one page.
    count: usize,
    /// Whether there are more pages.
    more: bool,
}

/// Answers `GET /parties/chat/{room}/count?after={seq}`. Returns `None` for any other request.
///
/// # Errors
///
/// [`ErrorCode::UNAUTHORIZED`](party::ErrorCode::UNAUTHORIZED) and [`ErrorCode::FORBIDDEN`](party::ErrorCode::FORBIDDEN)
/// for a caller that may not join.
pub fn answer(channel: &Channel<Chatting>, request: &Parts) -> Result<Option<Response>> {
    let Some(after) = asked(request) else { return Ok(None) };
    if channel.rules().is_by_invitation()? {
        channel.admit_caller(request)?;
    }
    let page = channel.log().page(Direction::After(after), channel.page_size())?;
    let count = page.entries.read()?.iter().filter(|item| item.body.is_some()).count();
    Body::json(&Count { count, more: page.more }).map(|body| Some(Response::new(body)))
}

/// Returns the `seq` after which is to be counted.
fn asked(request: &Parts) -> Option<u64> {
    if request.method != "GET" || !request.uri.path().ends_with("/count") {
        return None;
    }
    request
        .uri
        .query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("after="))
        .and_then(|seq| seq.parse().ok())
}
