//! Rooms in plain `cargo test`: no server, no network, no sleeping, and the same outcome every time.
//!
//! A [`TestRoom`] runs a party exactly as it runs on Workers, on embedded SQLite and a virtual clock. Everything is
//! synchronous: each call returns when the room has nothing left to do. A test can do everything that happens to rooms
//! on real machines: evict a room from memory ([`evict`](TestRoom::evict)), crash it ([`crash`](TestRoom::crash)),
//! break a connection ([`TestClient::vanish`], or unnoticed [`TestClient::fall_silent`]), and let time pass
//! ([`advance`](TestRoom::advance)).
//!
//! A [`TestWorld`] has many such rooms, which call each other.
//!
//! # Example
//!
//! ```
//! use party::testing::TestRoom;
//! use party::{Connection, Message, Props, Result, Room, Server};
//!
//! struct Echo;
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
//!
//! let room = TestRoom::<Echo>::new("lobby");
//! let (alice, bob) = (room.connect("alice"), room.connect("bob"));
//! room.evict();
//! alice.send("hello");
//! assert_eq!(bob.receive_text(), "hello");
//! assert!(alice.received().is_empty());
//! ```

#![expect(clippy::panic, reason = "a test kit speaks by panicking")]

mod bucket;
mod client;
#[doc(hidden)]
pub mod example;
mod faults;
mod inspect;
mod member;
mod post;
mod request;
mod rooms;
mod simulation;
mod snapshot;
mod tasks;
mod world;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::Request;
use serde::Serialize;

pub use self::bucket::TestBucket;
pub use self::client::{Connecting, Pending, TestClient};
pub use self::member::{MemberFrame, RoomFrame, TestMember};
pub use self::request::{PendingResponse, TestResponse};
use self::rooms::{Machine, Rooms};
use self::simulation::Build;
pub(crate) use self::snapshot::Kept;
pub use self::snapshot::Snapshot;
pub use self::world::{CallFault, CallFaults, TestWorld};
use crate::host::errand::Kind;
use crate::platform::memory::Chance;
use crate::room::props::Props;
use crate::router::call::{self, Call};
use crate::{Body, Result, Server};

/// The party of a room that is alone.
const PARTY: &str = "party";

/// A room on the native platform.
///
/// The examples of its methods have a room `Counter`. It counts its messages in its storage, broadcasts the count,
/// answers each request with it, and sets it back to 0 a minute after the last message.
///
/// # Lifetime
///
/// The room starts at its first event, as on Workers. Dropping it ends it.
pub struct TestRoom<S: Server> {
    machine: Machine,
    server: PhantomData<fn() -> S>,
}

impl<S: Server> TestRoom<S> {
    /// Returns a room of this name that has not started yet.
    ///
    /// Its clock begins at a fixed time, its database is empty, and its randomness comes from the seed 0.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// assert_eq!(ada.receive_text(), "1");
    /// ```
    pub fn new(name: &str) -> Self {
        Self::with_seed(name, 0)
    }

    /// Returns a room as [`new`](Self::new) does, with another seed for its randomness.
    ///
    /// # Example
    ///
    /// Two rooms with different seeds make different secrets, as two rooms in production do:
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Gate;
    /// # impl Server for Gate {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     who.send(room.random_id());
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let secret = |seed| TestRoom::<Gate>::with_seed("gate", seed).connect("ada").receive_text();
    /// assert_eq!(secret(1), secret(1));
    /// assert_ne!(secret(1), secret(2));
    /// ```
    pub fn with_seed(name: &str, seed: u64) -> Self {
        Self::alone(Some(name.to_owned()), seed)
    }

    /// Returns a room that is alone in its world.
    fn alone(name: Option<String>, seed: u64) -> Self {
        let rooms = Rooms::new(seed);
        rooms.set_party(PARTY, None);
        let room = rooms.make(PARTY, name, Build::of::<S>(), Chance::new(seed));
        Self { machine: Machine { rooms, room }, server: PhantomData }
    }

    /// Returns a room whose object was not addressed by a name. It cannot start before it is [given](Self::tell_name)
    /// one.
    ///
    /// On the platform, this is an object whose id was made by `newUniqueId()` or read from a text.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::unnamed();
    /// room.tell_name("lobby");
    /// assert_eq!(room.get("").text(), "0");
    /// ```
    pub fn unnamed() -> Self {
        Self::alone(None, 0)
    }

    /// Sends the room its name with every request from now on, as a worker does with the header `x-partykit-room`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Body, Props, Request, Response, Result, Room, Server};
    /// # struct Named;
    /// # impl Server for Named {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
    ///     Ok(Response::new(Body::from(room.name().to_string())))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Named>::unnamed();
    /// room.tell_name("lobby");
    /// assert_eq!(room.get("").text(), "lobby");
    /// ```
    pub fn tell_name(&self, name: &str) {
        self.machine.room.tell_name(name);
    }

    /// Calls the room as another worker does, see [`Stub::call`](crate::Stub::call).
    ///
    /// # Errors
    ///
    /// The room's refusal, [`ErrorKind::Other`](crate::ErrorKind::Other) when it failed, and
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when call or answer do not fit.
    ///
    /// # Panics
    ///
    /// When the room does not answer, because a hook waits.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Call, Props, RemoteCall, Reply, Result, Room, Server};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Double(u32);
    ///
    /// impl Call for Double {
    ///     type Reply = u32;
    /// }
    ///
    /// # struct Calculator;
    /// # impl Server for Calculator {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_call(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
    ///     call.answer(async |Double(number)| Ok(number * 2)).await
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Calculator>::new("desk");
    /// assert_eq!(room.call(&Double(21))?, 42);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn call<C: Call>(&self, call: &C) -> Result<C::Reply> {
        let request = Request::new(Body::from(call::question(call)?));
        let response = TestResponse::called(&self.machine, self.machine.serve(request, Kind::Call).take());
        call::answer::<C>(response.status().as_u16(), response.text())
    }

    /// Sets the props that the room is started with, as [`Router::props`](crate::Router::props) does.
    ///
    /// Every request and every connecting client brings them, as with the router. A room that starts for a message or
    /// for its alarm has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Body, Props, Request, Response, Result, Room, Server};
    /// # struct Hall { seats: u32 }
    /// # impl Server for Hall {
    /// async fn on_start(_room: &Room, props: Props) -> Result<Self> {
    ///     Ok(Self { seats: props.get()?.unwrap_or(10) })
    /// }
    /// # async fn on_request(&self, _room: &Room, _request: Request) -> Result<Response> {
    /// #     Ok(Response::new(Body::json(&self.seats)?))
    /// # }
    /// # }
    ///
    /// let room = TestRoom::<Hall>::new("hall");
    /// room.set_props(&25)?;
    /// assert_eq!(room.get("").text(), "25");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn set_props<T: Serialize + ?Sized>(&self, props: &T) -> Result<()> {
        let json = Body::json(props)?.into_parts().unwrap_or_default();
        self.machine.room.set_props(Props::from_json(&String::from_utf8_lossy(&json))?);
        Ok(())
    }

    /// Connects a client with this id.
    ///
    /// An id that is empty gives the client an id that the room makes, as for a client that names none.
    ///
    /// # Panics
    ///
    /// When the room refuses; [`connecting`](Self::connecting) does not.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.send("one more");
    /// assert_eq!(bob.receive_text(), "1");
    /// ```
    pub fn connect(&self, id: &str) -> TestClient {
        self.connecting(id).connect()
    }

    /// Returns a client with this id that is about to connect: choose its query and headers, then connect it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Game;
    /// # impl Server for Game {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
    ///     who.send(format!("welcome to {}", context.query("team").unwrap_or_default()));
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Game>::new("game");
    /// let ada = room.connecting("ada").query("team", "red").connect();
    /// assert_eq!(ada.receive_text(), "welcome to red");
    /// ```
    pub fn connecting(&self, id: &str) -> Connecting {
        Connecting::new(self.machine.clone(), id)
    }

    /// Sends a GET request to the room, `path` being what follows its address.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let response = room.get("/count?format=json");
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(response.read_json::<u32>(), 0);
    /// ```
    pub fn get(&self, path: &str) -> TestResponse {
        let uri = self.machine.address(path);
        match Request::get(uri).body(Body::empty()) {
            Ok(request) => self.request(request),
            Err(error) => panic!("{path:?} is not a path: {error}"),
        }
    }

    /// Sends a request to the room.
    ///
    /// The response is read to its end before this returns.
    ///
    /// # Panics
    ///
    /// When the room does not answer, because a hook waits forever.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::http::Request;
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let request = Request::post("https://party.test/parties/party/lobby").body("{}").unwrap();
    /// assert_eq!(room.request(request).text(), "0");
    /// ```
    pub fn request(&self, request: Request<impl Into<Body>>) -> TestResponse {
        let (parts, body) = request.into_parts();
        TestResponse::of(&self.machine, Request::from_parts(parts, body.into()))
    }

    /// Sends a request whose hook may take time: let it [pass](Self::advance), then ask for the response.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::testing::TestRoom;
    /// use party::{Body, Props, Request, Response, Result, Room, Server};
    ///
    /// struct Slow;
    ///
    /// impl Server for Slow {
    ///     // ...
    /// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    ///     async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
    ///         room.sleep(Duration::from_secs(1)).await;
    ///         Ok(Response::new(Body::from("done")))
    ///     }
    /// }
    ///
    /// let room = TestRoom::<Slow>::new("lobby");
    /// let pending = room.begin_request(Request::new(Body::empty()));
    /// room.advance(Duration::from_secs(1));
    /// assert_eq!(pending.finish().text(), "done");
    /// ```
    pub fn begin_request(&self, request: Request<impl Into<Body>>) -> PendingResponse {
        let (parts, body) = request.into_parts();
        PendingResponse::of(self.machine.clone(), Request::from_parts(parts, body.into()))
    }

    /// Lets time pass; the alarm rings when its moment comes, as often as it is set, and again after growing pauses
    /// when it fails.
    ///
    /// In a [`TestWorld`], time passes for all rooms.
    ///
    /// Before that the room goes on with what has become possible meanwhile, as when the test has completed a future
    /// that a hook waited for; no time at all ([`Duration::ZERO`]) will do for this.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// assert_eq!(ada.receive_text(), "1");
    ///
    /// // The alarm rings after a minute without messages.
    /// room.advance(Duration::from_secs(60));
    /// assert_eq!(ada.receive_text(), "0");
    /// ```
    pub fn advance(&self, time: Duration) {
        self.machine.rooms.advance(time);
    }

    /// Sets a secret of the worker, for [`Room::secret`](crate::Room::secret). It stays over evictions and crashes, and
    /// in a [`TestWorld`] all rooms have it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Body, Props, Request, Response, Result, Room, Server};
    /// # struct Vault;
    /// # impl Server for Vault {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
    ///     Ok(Response::new(Body::from(room.secret("API_KEY")?.len().to_string())))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Vault>::new("vault");
    /// assert_eq!(room.get("").status(), 500, "the secret is missing");
    /// room.set_secret("API_KEY", "0123456789");
    /// assert_eq!(room.get("").text(), "10");
    /// ```
    pub fn set_secret(&self, name: &str, value: &str) {
        self.machine.rooms.world.secrets.borrow_mut().insert(name.to_owned(), value.to_owned());
    }
}

impl<S: Server> fmt::Debug for TestRoom<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestRoom").field("name", &self.machine.room.durable.name).finish_non_exhaustive()
    }
}
