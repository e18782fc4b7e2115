//! A text editor for several people: everyone with the address of a text writes in it at the same time, and those with
//! the link for readers watch.
//!
//! - [`room`] is the party: a document, and its versions;
//! - [`access`] is the rule that tells writers from readers;
//! - [`protocol`] is what travels beside the document.
//!
//! This file is the worker in front: it routes `/parties/editor/{room}` to the room. Any other address gets the page.

pub mod access;
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
