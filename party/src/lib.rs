//! Realtime rooms on Cloudflare Durable Objects: the PartyKit Server API, in Rust.
//!
//! A room is a struct with [`#[party]`](macro@party) that implements [`Server`]. Clients connect to it by WebSocket.
//! Every room is one Durable Object with its own SQLite database. It sleeps when nothing happens, and keeps its
//! connections while it sleeps.
//!
//! ```
//! use party::{Connection, Message, Props, Result, Room, Server, party};
//!
//! #[party]
//! pub struct Echo;
//!
//! impl Server for Echo {
//!     async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self)
//!     }
//!
//!     async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
//!         room.broadcast(&message).except(from).send();
//!         Ok(())
//!     }
//! }
//! ```
//!
//! A worker routes `/parties/echo/{room}` to the room of that name, see [`route`]. Any
//! [`partysocket`](https://www.npmjs.com/package/partysocket) client can connect, also by its React hook, which makes
//! the same `PartySocket`.
//!
//! Start with [`Server`] for the hooks of a room, with [`Room`] for the methods that a hook can call, with [`channel`]
//! and [`parts`] for the building blocks of most rooms, and with `testing` (feature `testing`) for tests of rooms in
//! plain `cargo test`.
//!
//! # The examples
//!
//! Every example of this documentation is compiled and run as a test. Many of them are the inside of a hook: `room` is
//! the room that the hook receives, and `ada` the [`Connection`] of the client that has caused it. Where an example
//! ends with what clients receive, `ada` and `bob` are the two clients of that room.

// What macros expand into names `party`, here too.
extern crate self as party;

mod body;
mod connection;
mod error;
#[cfg(test)]
mod fuzz;
mod gate;
mod host;
mod message;
mod name;
mod platform;
mod room;
mod router;
mod server;
mod sorted;
mod timestamp;

pub mod channel;
pub mod observe;
pub mod parts;

#[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use body::{Body, response};
pub use connection::{Connection, ConnectionContext};
pub use error::{Error, ErrorCode, ErrorFrame, ErrorKind, Result, ResultExt};
pub use http;
pub use message::close::{Close, CloseCode};
pub use message::frame::FromFrame;
pub use message::{Frame, Message};
pub use name::{ConnectionId, MemberId, PartyName, RoomName, Tag};
#[doc(inline)]
pub use party_macros::Frame;
#[doc = include_str!("docs/party.md")]
pub use party_macros::party;
pub use platform::workers::access as workers;
pub use room::Room;
pub use room::alarm::Alarm;
pub use room::broadcast::Broadcast;
pub use room::bucket::{Bucket, Object};
pub use room::props::Props;
pub use room::sql::{Param, Params, Row, Rows, Sql, Value};
pub use room::storage::Storage;
pub use room::stub::RoomStub;
pub use router::call::{Call, RemoteCall, Reply};
pub use router::route::Route;
pub use router::subprotocol::SUBPROTOCOL;
pub use router::{
    Cors, Hook, Lobby, Namespace, Next, NoHook, Retry, RetryEvent, Router, ServerOptions, Stub, route,
    server_by_name,
};
pub use server::Server;
pub use timestamp::Timestamp;

/// An HTTP request to a room, as [`Server::on_request`] gets it.
pub type Request = http::Request<Body>;

/// An HTTP response of a room, as [`Server::on_request`] gives it.
pub type Response = http::Response<Body>;

#[cfg(doctest)]
mod doctests;
