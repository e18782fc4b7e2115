//! Live cursors and presence: every URL is a room, and everyone in it sees the cursors of the others.
//!
//! - [`room`] is the party: what happens when a client joins, points somewhere, or leaves;
//! - [`wire`] has the frames: text when the members change, a few bytes for each move.
//!
//! This file is the worker in front: it sends `/parties/cursors/{room}` to the room and everything else to the page.

pub mod room;
pub mod wire;

use worker::{Context, Env, Request, Response, event};

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}
