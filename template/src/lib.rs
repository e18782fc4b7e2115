//! A wall of notes: every URL is a wall, notes are stored, and everyone who opens it sees them all.
//!
//! [`room`] is the room and its rules. This file is the worker, which routes `/parties/wall/{room}` to the room of that
//! name. Any other address is a file of `public`.

pub mod room;

use worker::{Context, Env, Request, Response, event};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => Response::error("Not found", 404),
    }
}
