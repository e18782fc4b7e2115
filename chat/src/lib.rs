//! A durable chat: every URL is a room, messages are stored, and members that join receive the history.
//!
//! - [`room`] is the party: a channel, and the rules of this chat;
//! - [`protocol`] is what messages and members are, and their limits;
//! - [`about`] is what a room says about itself: its name and topic, what is pinned, who may write;
//! - [`original`] is the protocol of the original app, which its clients still speak.
//!
//! This file is the worker in front: it routes `/parties/chat/{room}` to the room. Any other address gets the page.

pub mod about;
#[cfg(test)]
mod fuzz;
pub mod original;
pub mod protocol;
pub mod room;

use party::Router;
use worker::{Context, Env, Request, Response, event};

use crate::room::FILES;

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match Router::new().files(FILES).route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
