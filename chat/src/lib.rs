//! A durable chat: every address is a room, every message is stored, whoever joins sees what was said.
//!
//! - [`room`] is the party: what happens when somebody joins or says something;
//! - [`deed`] is what members do to the conversation, how it is stored and told;
//! - [`protocol`] is what a message and a member are, and what is too much;
//! - [`original`] is the wire of the original app, which its clients still speak.
//!
//! This file is the worker in front: it sends `/parties/chat/{room}` to the room and everything else to the page.

pub mod deed;
pub mod original;
pub mod protocol;
pub mod room;

use worker::{Context, Env, Request, Response, event};

/// A request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}
