//! Rooms in plain `cargo test`: no server, no network, no sleeping, and the same outcome every time.
//!
//! A [`TestRoom`] runs a party exactly as it runs on Workers, on embedded SQLite and a virtual clock. Everything is
//! synchronous: each call returns when the room has nothing left to do. A test can do everything that happens to rooms
//! on real machines: evict a room from memory ([`evict`](TestRoom::evict)), crash it ([`crash`](TestRoom::crash)),
//! break a connection ([`TestClient::vanish`], or unnoticed [`TestClient::fall_silent`]), and let time pass
//! ([`advance`](TestRoom::advance)).
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

mod client;
mod member;
mod request;
mod simulation;
mod snapshot;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use http::{Request, StatusCode};
use serde::Serialize;

pub use self::client::{Connecting, Pending, TestClient};
pub use self::member::{MemberFrame, RoomFrame, TestMember};
pub use self::request::{PendingResponse, TestResponse};
use self::simulation::{Machine, Simulation};
pub(crate) use self::snapshot::Kept;
pub use self::snapshot::Snapshot;
use crate::host::errand::Kind;
use crate::observe::Level;
use crate::room::props::Props;
use crate::router::call::Call;
use crate::timestamp::Timestamp;
use crate::{Body, Error, Result, Server};

/// A room on the native platform.
///
/// # Lifetime
///
/// The room starts at its first event, as on Workers. Dropping it ends it.
pub struct TestRoom<S: Server> {
    simulation: Rc<Simulation<S>>,
}

impl<S: Server> TestRoom<S> {
    /// Returns a room of this name that has not started yet.
    pub fn new(name: &str) -> Self {
        Self::with_seed(name, 0)
    }

    /// Returns a room as [`new`](Self::new) does, with another seed for its randomness.
    pub fn with_seed(name: &str, seed: u64) -> Self {
        Self { simulation: Rc::new(Simulation::new(Some(name.to_owned()), seed)) }
    }

    /// Returns a room whose object was not addressed by a name. It cannot start before it is [given](Self::tell_name)
    /// one.
    pub fn unnamed() -> Self {
        Self { simulation: Rc::new(Simulation::new(None, 0)) }
    }

    /// Tells the room its name with every request from now on, as a worker does by the header `x-partykit-room`.
    pub fn tell_name(&self, name: &str) {
        self.simulation.tell_name(name);
    }

    /// Asks the room as another worker does, see [`Stub::call`](crate::Stub::call).
    ///
    /// # Errors
    ///
    /// The room's refusal, or [`ErrorKind::Other`](crate::ErrorKind::Other) when it failed.
    ///
    /// # Panics
    ///
    /// When call or answer do not fit, or the room does not answer.
    pub fn call<C: Call>(&self, call: &C) -> Result<C::Reply> {
        let body = Body::json(call)?;
        let response = TestResponse::called(
            &*self.simulation,
            self.simulation.serve(Request::new(body), Kind::Call).take(),
        );
        match response.status() {
            StatusCode::OK => Ok(response.read_json()),
            status if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => {
                Err(Error::other(response.text()))
            }
            status => Err(Error::refuse(status, response.text())),
        }
    }

    /// Sets the props that the room is started with, as [`Router::props`](crate::Router::props) does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    pub fn set_props<T: Serialize + ?Sized>(&self, props: &T) -> Result<()> {
        let json = Body::json(props)?.into_parts().unwrap_or_default();
        self.simulation.set_props(Props::from_json(&String::from_utf8_lossy(&json))?);
        Ok(())
    }

    /// Connects a client with this id.
    ///
    /// # Panics
    ///
    /// When the room refuses; [`connecting`](Self::connecting) does not.
    pub fn connect(&self, id: &str) -> TestClient {
        self.connecting(id).connect()
    }

    /// Returns a client with this id that is about to connect: choose its query and headers, then connect it.
    pub fn connecting(&self, id: &str) -> Connecting {
        Connecting::new(Rc::clone(&self.simulation) as Rc<_>, id)
    }

    /// Sends a GET request to the room, `path` being what follows its address.
    pub fn get(&self, path: &str) -> TestResponse {
        let uri = self.simulation.address(path);
        match Request::get(uri).body(Body::empty()) {
            Ok(request) => self.request(request),
            Err(error) => panic!("{path:?} is not a path: {error}"),
        }
    }

    /// Sends a request to the room.
    ///
    /// # Panics
    ///
    /// When the room does not answer, since a hook waits for what does not come.
    pub fn request(&self, request: Request<impl Into<Body>>) -> TestResponse {
        let (parts, body) = request.into_parts();
        TestResponse::of(&*self.simulation, Request::from_parts(parts, body.into()))
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
        PendingResponse::of(Rc::clone(&self.simulation) as Rc<_>, Request::from_parts(parts, body.into()))
    }

    /// Lets time pass; the alarm rings when its moment comes, as often as it is set, and again after growing pauses
    /// when it fails.
    ///
    /// Before that the room goes on with what has become possible meanwhile, as when the test has completed a future
    /// that a hook waited for; no time at all ([`Duration::ZERO`]) will do for this.
    pub fn advance(&self, time: Duration) {
        self.simulation.advance(time);
    }

    /// Sets the virtual clock back, as the clock of a machine may be. What sleeps until a moment sleeps until the clock
    /// is there again, as on the platform.
    pub fn set_clock_back(&self, by: Duration) {
        let now = &self.simulation.world.now;
        now.set(now.get() - by);
    }

    /// Returns the time on the virtual clock.
    pub fn now(&self) -> Timestamp {
        self.simulation.world.now.get()
    }

    /// Returns when the alarm is due.
    pub fn alarm(&self) -> Option<Timestamp> {
        self.simulation.world.alarm.get()
    }

    /// Takes the alarm away without the room, as the platform does with one that has failed too often.
    pub fn lose_alarm(&self) {
        self.simulation.world.alarm.set(None);
    }

    /// Takes the room out of memory, as when it sleeps: the struct is gone with all that it was doing, the connections
    /// and the database stay. The next event starts it again.
    pub fn evict(&self) {
        self.simulation.evict();
    }

    /// Deploys another build: the room's memory is gone, its connections and its database stay, and from now on `Next`
    /// is the room. As on the platform, nothing closes the connections of a room that sleeps.
    ///
    /// # Example
    ///
    /// ```
    /// use party::testing::TestRoom;
    /// use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server};
    /// # struct First;
    /// # impl Server for First {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// // The first build keeps a name with a connection,
    /// async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     who.set_state("Ada")
    /// }
    /// # }
    /// # struct Second;
    /// # impl Server for Second {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// // and the second one reads it.
    /// async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
    ///     from.send(from.state::<String>()?.unwrap_or_default());
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<First>::new("lobby");
    /// let ada = room.connect("ada");
    /// let room = room.deploy::<Second>();
    /// ada.send("who am I?");
    /// assert_eq!(ada.receive_text(), "Ada");
    /// assert!(room.errors().is_empty());
    /// ```
    pub fn deploy<Next: Server>(self) -> TestRoom<Next> {
        TestRoom { simulation: self.simulation.deploy() }
    }

    /// Replaces what is kept with the socket of each connection, as a build would that keeps something else.
    #[doc(hidden)]
    pub fn replace_attachments(&self, replace: impl Fn(Vec<u8>) -> Vec<u8>) {
        self.simulation.world.network.borrow_mut().replace_attachments(replace);
    }

    /// Fills the disk, or frees it again: while it is full, the database refuses to write. What is stored can be read.
    pub fn fill_disk(&self, full: bool) {
        self.simulation.world.database.set_full(full);
    }

    /// Takes the machine down: memory is gone, and every connection breaks. The database stays.
    pub fn crash(&self) {
        self.simulation.evict();
        self.simulation.world.network.borrow_mut().crash();
    }

    /// Lines that the room has logged since this was last asked, errors included.
    pub fn log(&self) -> Vec<String> {
        self.simulation.world.log.take().iter().map(ToString::to_string).collect()
    }

    /// Returns the errors among what the room has logged.
    pub fn errors(&self) -> Vec<String> {
        let log = self.simulation.world.log.borrow();
        log.iter().filter(|record| record.level == Level::Error).map(ToString::to_string).collect()
    }

    /// Sets a secret of the worker, for [`Room::secret`](crate::Room::secret). It stays over evictions and crashes.
    pub fn set_secret(&self, name: &str, value: &str) {
        self.simulation.world.secrets.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// Returns the room's values by key.
    pub fn storage(&self) -> crate::Storage {
        crate::Storage::new(self.simulation.platform())
    }

    /// Returns the room's database.
    pub fn sql(&self) -> crate::Sql {
        crate::Sql::new(self.simulation.platform())
    }
}

impl<S: Server> fmt::Debug for TestRoom<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestRoom").field("name", &self.simulation.world.name).finish_non_exhaustive()
    }
}
