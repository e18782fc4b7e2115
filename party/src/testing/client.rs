//! A client of a test room.

use std::fmt;
use std::rc::Rc;

use http::Request;
use http::header::{CONNECTION, UPGRADE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::request::TestResponse;
use super::simulation::{Machine, Promised};
use crate::error::{Error, ErrorKind};
use crate::host::errand::SUBPROTOCOL_HEADER;
use crate::host::{Answer, Upgrade};
use crate::platform::SocketId;
use crate::{Body, Close, Frame, Message, SUBPROTOCOL};

/// The characters that are encoded in a query, as `encodeURIComponent` does it, so that `_pk` stays as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A client that is about to connect, from [`TestRoom::connecting`](super::TestRoom::connecting).
#[must_use = "nobody connects until `.connect()` is called"]
pub struct Connecting {
    machine: Rc<dyn Machine>,
    query: String,
    headers: Vec<(String, String)>,
}

impl Connecting {
    pub(super) fn new(machine: Rc<dyn Machine>, id: &str) -> Self {
        let connecting = Self { machine, query: String::new(), headers: Vec::new() };
        if id.is_empty() { connecting } else { connecting.query("_pk", id) }
    }

    /// Adds a parameter to the address's query.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        self.query.extend(utf8_percent_encode(name, QUERY));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, QUERY));
        self
    }

    /// Adds a header to the upgrade request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Offers our subprotocol and with it a secret or token, see
    /// [`ConnectionContext::bearer`](crate::ConnectionContext::bearer).
    pub fn bearer(self, secret: &str) -> Self {
        self.header("sec-websocket-protocol", &format!("{SUBPROTOCOL}, party.bearer.{secret}"))
    }

    /// Offers a subprotocol that the router selects, see [`Router::subprotocols`](crate::Router::subprotocols).
    pub fn subprotocol(self, name: &str) -> Self {
        self.header("sec-websocket-protocol", name).header(SUBPROTOCOL_HEADER, name)
    }

    /// Connects the client.
    ///
    /// # Panics
    ///
    /// When the room refuses, or does not answer.
    pub fn connect(self) -> TestClient {
        match self.try_connect() {
            Ok(client) => client,
            Err(response) => panic!("the connection was refused: {} {}", response.status(), response.text()),
        }
    }

    /// Connects, or returns the response of the room that refused.
    ///
    /// # Errors
    ///
    /// The room's response, when it grants no upgrade.
    ///
    /// # Panics
    ///
    /// When the room does not answer, since a hook waits for what does not come.
    pub fn try_connect(self) -> Result<TestClient, Box<TestResponse>> {
        self.begin().finish()
    }

    /// Begins to connect: a hook may wait for something that the test does next.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Slow;
    /// # impl Server for Slow {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
    /// #         Ok(Self)
    /// #     }
    /// async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     room.sleep(Duration::from_secs(1)).await;
    ///     who.send("hello");
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Slow>::new("lobby");
    /// let pending = room.connecting("ada").begin();
    /// room.advance(Duration::from_secs(1));
    /// let Ok(ada) = pending.finish() else { panic!("the room has refused") };
    /// assert_eq!(ada.receive_text(), "hello");
    /// ```
    pub fn begin(self) -> Pending {
        let mut request = Request::get(self.machine.address(&self.query)).header(UPGRADE, "websocket");
        request = request.header(CONNECTION, "Upgrade");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match request.body(Body::empty()) {
            Ok(request) => request,
            Err(error) => panic!("the upgrade request cannot be made: {error}"),
        };
        let answer = self.machine.fetch(request);
        Pending { machine: self.machine, answer }
    }
}

impl fmt::Debug for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connecting")
            .field("query", &self.query)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A client whose upgrade the room has perhaps not answered yet, from [`Connecting::begin`].
#[must_use = "nobody is connected until `.finish()` is called"]
pub struct Pending {
    machine: Rc<dyn Machine>,
    answer: Promised<Answer>,
}

impl Pending {
    /// Returns whether the room has answered the upgrade.
    pub fn is_answered(&self) -> bool {
        let answer = self.answer.take();
        let is_answered = answer.is_some();
        self.answer.set(answer);
        is_answered
    }

    /// Returns the client, or the response of the room that refused.
    ///
    /// # Errors
    ///
    /// The room's response, when it grants no upgrade.
    ///
    /// # Panics
    ///
    /// When the room has not answered yet.
    pub fn finish(self) -> Result<TestClient, Box<TestResponse>> {
        match self.answer.take() {
            Some(Answer::Upgrade(Upgrade { socket, subprotocol })) => {
                Ok(TestClient { machine: self.machine, socket, subprotocol })
            }
            Some(Answer::Response(response)) => Err(Box::new(TestResponse::read(&*self.machine, response))),
            None => panic!("the room has not answered the upgrade: a hook waits for what does not come"),
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}

/// A client that is, or was, connected to a [`TestRoom`](super::TestRoom).
pub struct TestClient {
    machine: Rc<dyn Machine>,
    socket: SocketId,
    subprotocol: Option<String>,
}

impl TestClient {
    /// Returns the client of a connection that was restored.
    pub(super) fn restored(machine: Rc<dyn Machine>, socket: SocketId) -> Self {
        Self { machine, socket, subprotocol: None }
    }

    /// Returns the subprotocol that the room has selected.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Sends text or bytes. Nothing happens if the connection is closed. What the platform answers by itself, as for a
    /// [heartbeat](crate::parts::heartbeat), does not reach the room and does not start it.
    pub fn send<'a>(&self, frame: impl Into<Frame<'a>>) {
        let message: Message = frame.into().into();
        let world = self.machine.world();
        let now = world.now.get();
        let has_line = world.network.borrow().has_line(self.socket);
        if has_line && !world.network.borrow_mut().auto_respond(self.socket, &message, now) {
            self.machine.message(self.socket, message);
        }
    }

    /// Sends a value as JSON text.
    ///
    /// # Panics
    ///
    /// When the value cannot be written as JSON.
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) {
        match Frame::json(value) {
            Ok(frame) => self.send(frame),
            Err(error) => panic!("{}", error.chain()),
        }
    }

    /// Returns the next message that has arrived, `None` if there is none.
    pub fn try_receive(&self) -> Option<Message> {
        let mut network = self.machine.world().network.borrow_mut();
        network.client(self.socket)?.received.pop_front()
    }

    /// Returns the next message that has arrived.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn receive(&self) -> Message {
        self.try_receive().unwrap_or_else(|| panic!("nothing has arrived"))
    }

    /// Returns the next message, as text.
    ///
    /// # Panics
    ///
    /// When there is none, or it is binary.
    pub fn receive_text(&self) -> String {
        match self.receive() {
            Message::Text(text) => text,
            Message::Binary(bytes) => panic!("expected text, got {} bytes", bytes.len()),
        }
    }

    /// Returns the next message, read as JSON.
    ///
    /// # Panics
    ///
    /// When there is none, or it has another shape.
    pub fn receive_json<T: DeserializeOwned>(&self) -> T {
        let message = self.receive();
        message.read_json().unwrap_or_else(|error| panic!("{error}, in {message:?}"))
    }

    /// Returns all messages that have arrived and were not received yet.
    pub fn received(&self) -> Vec<Message> {
        std::iter::from_fn(|| self.try_receive()).collect()
    }

    /// Closes the connection.
    pub fn close(&self, code: u16, reason: &str) {
        if self.machine.world().network.borrow_mut().client_closes(self.socket) {
            self.machine.close(self.socket, Close { code, reason: reason.to_owned(), was_clean: true });
        }
    }

    /// Breaks the connection without a close frame. The room receives it as 1006.
    pub fn vanish(&self) {
        if self.machine.world().network.borrow_mut().breaks(self.socket) {
            self.machine.close(self.socket, Close { code: 1006, reason: String::new(), was_clean: false });
        }
    }

    /// Cuts the connection without an event on either side, as when a phone leaves the network. Nothing is delivered
    /// any more, and the room counts the connection until it closes it.
    pub fn fall_silent(&self) {
        self.machine.world().network.borrow_mut().cut(self.socket);
    }

    /// Makes the client ignore close frames and keep sending, as a hostile client might.
    pub fn defy(&self) {
        self.machine.world().network.borrow_mut().defy(self.socket);
    }

    /// Has the platform refuse every frame that the room sends on this connection from now on, as it may for a
    /// connection that is about to break.
    pub fn refuse_frames(&self) {
        self.machine.world().network.borrow_mut().refuse_frames(self.socket);
    }

    /// Breaks the connection with an error that the platform reports to the room, as for a frame that is none.
    pub fn fail(&self, text: &str) {
        if !self.machine.world().network.borrow_mut().breaks(self.socket) {
            return;
        }
        self.machine.error(self.socket, Error::new(ErrorKind::Platform, text.to_owned()));
    }

    /// Returns whether the connection is open on both sides.
    pub fn is_open(&self) -> bool {
        self.machine.world().network.borrow().is_open(self.socket)
    }

    /// Returns the close frame that has arrived from the room, or 1006 if the connection broke.
    pub fn closed(&self) -> Option<Close> {
        self.machine.world().network.borrow_mut().client(self.socket)?.closed.clone()
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").field("socket", &self.socket).finish_non_exhaustive()
    }
}
