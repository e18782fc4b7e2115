//! Low-level access to the platform, for what the framework does not wrap.
//!
//! Functions that return the platform of a room or a connection. They return `None` on the native one.
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
use crate::body::labelled;
use crate::connection::Connection;
use crate::error::Result;
use crate::room::Room;
use crate::{Request, Response};

/// Returns the bindings, variables and secrets of the worker.
///
/// # Example
///
/// ```no_run
/// use party::Room;
///
/// fn region(room: &Room) -> Option<String> {
///     Some(party::workers::env(room)?.var("REGION").ok()?.to_string())
/// }
/// ```
pub fn env(room: &Room) -> Option<worker::Env> {
    workers(room).map(Workers::env)
}

/// Returns the object's state: storage, sockets and all, as the `worker` crate has it.
///
/// **Careful:** some of its accessors panic where JavaScript throws, and a panic resets every room of the isolate. And
/// a room remembers what it has learned from its storage: so set the alarm by [`Room::alarm`], undo what
/// [`parts`](crate::parts) have written by [`Sql::transaction`](crate::Sql::transaction) alone, and delete nothing that
/// is theirs.
///
/// # Example
///
/// ```no_run
/// use party::Room;
///
/// fn object_id(room: &Room) -> Option<String> {
///     Some(party::workers::state(room)?.id().to_string())
/// }
/// ```
pub fn state(room: &Room) -> Option<worker::durable::State> {
    workers(room).map(Workers::state)
}

/// Returns the socket of an accepted connection.
///
/// # Example
///
/// ```no_run
/// use party::Connection;
///
/// fn is_native(connection: &Connection) -> bool {
///     party::workers::socket(connection).is_none()
/// }
/// ```
pub fn socket(connection: &Connection) -> Option<worker::WebSocket> {
    let platform = connection.platform().as_any().downcast_ref::<Workers>()?;
    platform.web_socket(connection.socket()?)
}

/// Returns a request of the worker's in the types of the `http` crate, for a service of that world such as axum's. The
/// body is streamed.
///
/// # Errors
///
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a request that the `http` crate cannot hold.
///
/// # Example
///
/// ```no_run
/// fn path(request: &worker::Request) -> party::Result<String> {
///     Ok(party::workers::http_request(request)?.uri().path().to_owned())
/// }
/// ```
pub fn http_request(request: &worker::Request) -> Result<Request> {
    super::http::request_from_js(request.inner())
}

/// Returns a response in the types of the `http` crate for the worker to give. Its headers say what its body is, see
/// [`Body`](crate::Body).
///
/// # Errors
///
/// [`ErrorKind::Platform`](crate::ErrorKind::Platform) for a status that no response can have.
///
/// # Example
///
/// ```no_run
/// use party::http::StatusCode;
///
/// fn not_found() -> party::Result<worker::Response> {
///     party::workers::worker_response(party::response(StatusCode::NOT_FOUND, "there is nothing here"))
/// }
/// ```
pub fn worker_response(response: Response) -> Result<worker::Response> {
    super::http::response_to_js(labelled(response)).map(Into::into)
}

fn workers(room: &Room) -> Option<&Workers> {
    room.platform().as_any().downcast_ref()
}
