//! Sea battle: two players with hidden fleets, a clock for every turn, and spectators.
//!
//! - [`rules`] is the game, and knows nothing of rooms; [`fleet`] deals ships by [`dice`];
//! - [`table`] is a game with its seats and its clock, as it is stored;
//! - [`view`] is what each may see of it, and the one place that knows what is hidden;
//! - [`protocol`] is what travels;
//! - [`room`] is the party.
//!
//! This file is the worker in front: it sends `/parties/game/{room}` to the room and everything else to the page.

pub mod dice;
pub mod fleet;
pub mod protocol;
pub mod room;
pub mod rules;
pub mod table;
pub mod view;

use worker::{Context, Env, Request, Response, event};

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}
