//! How many messages a room has after one. The page asks for it to say what is new in rooms that it is not in. As
//! everywhere, whoever knows the room's address may read.

use party::channel::Channel;
use party::parts::log::Direction;
use party::{Body, Request, Response, Result};
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
/// When the database refuses.
pub fn answer(channel: &Channel<Chatting>, request: &Request) -> Result<Option<Response>> {
    let Some(after) = asked(request) else { return Ok(None) };
    let page = channel.log().page(Direction::After(after), channel.page_size())?;
    let count = page.entries.read()?.iter().filter(|item| item.body.is_some()).count();
    Body::json(&Count { count, more: page.more }).map(|body| Some(Response::new(body)))
}

/// Returns the `seq` after which is to be counted.
fn asked(request: &Request) -> Option<u64> {
    let uri = request.uri();
    if request.method() != "GET" || !uri.path().ends_with("/count") {
        return None;
    }
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("after=")).and_then(|seq| seq.parse().ok())
}
