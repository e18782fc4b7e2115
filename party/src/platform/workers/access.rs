//! Low-level access to the platform, for what the framework does not wrap.
//!
//! Each function gives `None` on the native platform.
//!
//! # Example
//!
//! ```no_run
//! # use party::{Result, Room};
//! /// A secret that was set by `wrangler secret put`.
//! fn secret(room: &Room) -> Option<String> {
//!     Some(party::workers::env(room)?.secret("TOKEN_KEY").ok()?.to_string())
//! }
//! ```

use super::Workers;
use crate::connection::Connection;
use crate::room::Room;

/// The bindings, variables and secrets of the worker.
pub fn env(room: &Room) -> Option<worker::Env> {
    workers(room).map(Workers::env)
}

/// The object's state: storage, sockets and all, as the `worker` crate has it.
///
/// **Careful:** some of its accessors panic where JavaScript throws, and a panic resets every room of the isolate.
pub fn state(room: &Room) -> Option<worker::durable::State> {
    workers(room).map(Workers::state)
}

/// The socket of an accepted connection.
pub fn socket(connection: &Connection) -> Option<worker::WebSocket> {
    let platform = connection.platform().as_any().downcast_ref::<Workers>()?;
    platform.web_socket(connection.socket()?)
}

fn workers(room: &Room) -> Option<&Workers> {
    room.platform().as_any().downcast_ref()
}
