//! A board of questions: members ask, and upvote each other's questions; a moderator marks them as answered, or removes
//! them.
//!
//! - [`room`] is the party: a channel, and the rules of the board;
//! - [`protocol`] is what travels.
//!
//! This file is the worker in front: it routes `/parties/board/{room}` to the room. Any other address gets the page.

pub mod protocol;
pub mod room;

use worker::{Context, Env, Request, Response, event};

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}
