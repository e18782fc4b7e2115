//! A client of a test room.

mod connecting;

use std::fmt;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::connecting::{Connecting, Pending};
use super::rooms::Machine;
use crate::error::{Error, ErrorKind};
use crate::platform::SocketId;
use crate::{Close, Frame, Message};

/// A client that is, or was, connected to a [`TestRoom`](super::TestRoom).
///
/// It behaves as a browser does: it receives what the room sends, in order, and answers a close. Dropping it does not
/// close the connection.
///
/// # Example
///
/// ```
/// # use party::testing::{TestRoom, example::Counter};
/// let room = TestRoom::<Counter>::new("lobby");
/// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
/// ada.send("one more");
/// assert_eq!(ada.receive_text(), "1");
/// assert_eq!(bob.receive_text(), "1");
/// bob.close(1000, "good night");
/// assert!(ada.is_open() && !bob.is_open());
/// ```
pub struct TestClient {
    machine: Machine,
    socket: SocketId,
    subprotocol: Option<String>,
}

impl TestClient {
    /// Returns the client of a connection that was restored.
    pub(super) fn restored(machine: Machine, socket: SocketId) -> Self {
        Self { machine, socket, subprotocol: None }
    }

    /// Returns the subprotocol that the room has selected.
    ///
    /// `None` if the client has offered none that the room knows.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connecting("ada").bearer("a secret").connect();
    /// assert_eq!(ada.subprotocol(), Some("party"));
    /// assert_eq!(room.connect("bob").subprotocol(), None);
    /// ```
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Returns the name of the object that has the connection: the room, or one of the relays of a large room.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.connect("ada").room_name(), "lobby");
    /// ```
    pub fn room_name(&self) -> String {
        self.machine.room.durable.name.clone().unwrap_or_default()
    }

    /// Sends text or bytes. Nothing happens if the connection is closed. Frames that the platform answers by itself,
    /// such as a [heartbeat](crate::parts::heartbeat), do not reach the room and do not start it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("a text");
    /// ada.send(vec![0xca, 0xfe]);
    /// assert_eq!(ada.received().len(), 2);
    /// ```
    pub fn send<'a>(&self, frame: impl Into<Frame<'a>>) {
        let message: Message = frame.into().into();
        let (network, now) = (self.machine.network(), self.machine.now());
        let has_line = network.borrow().has_line(self.socket);
        if has_line && !network.borrow_mut().auto_respond(self.socket, &message, now) {
            self.machine.message(self.socket, message);
        }
    }

    /// Sends a value as JSON text.
    ///
    /// # Panics
    ///
    /// When the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, Message, Props, Result, Room, Server};
    /// # struct Sum;
    /// # impl Server for Sum {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
    ///     from.send_json(&message.read_json::<Vec<i64>>()?.iter().sum::<i64>())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Sum>::new("desk");
    /// let ada = room.connect("ada");
    /// ada.send_json(&[1, 2, 3]);
    /// assert_eq!(ada.receive_json::<i64>(), 6);
    /// ```
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) {
        match Frame::json(value) {
            Ok(frame) => self.send(frame),
            Err(error) => panic!("{}", error.chain()),
        }
    }

    /// Returns the next message that has arrived, `None` if there is none.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// assert_eq!(ada.try_receive(), None);
    /// ada.send("one more");
    /// assert_eq!(ada.try_receive().unwrap().as_text(), Some("1"));
    /// ```
    pub fn try_receive(&self) -> Option<Message> {
        let mut network = self.machine.network().borrow_mut();
        network.client(self.socket)?.received.pop_front().map(Rc::unwrap_or_clone)
    }

    /// Returns the next message that has arrived.
    ///
    /// # Panics
    ///
    /// When there is none.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Message;
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// assert_eq!(ada.receive(), Message::from("1"));
    /// ```
    pub fn receive(&self) -> Message {
        self.try_receive().unwrap_or_else(|| panic!("nothing has arrived"))
    }

    /// Returns the next message, as text.
    ///
    /// # Panics
    ///
    /// When there is none, or it is binary.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// assert_eq!(ada.receive_text(), "1");
    /// ```
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
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// assert_eq!(ada.receive_json::<u32>(), 1);
    /// ```
    pub fn receive_json<T: DeserializeOwned>(&self) -> T {
        let message = self.receive();
        message.read_json().unwrap_or_else(|error| panic!("{error}, in {message:?}"))
    }

    /// Returns all messages that have arrived and were not received yet.
    ///
    /// Call it to skip frames that a test does not look at, and to check that there are none.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.send("one more");
    /// ada.send("one more");
    /// assert_eq!(bob.received().len(), 2);
    /// assert!(bob.received().is_empty());
    /// ```
    pub fn received(&self) -> Vec<Message> {
        std::iter::from_fn(|| self.try_receive()).collect()
    }

    /// Closes the connection.
    ///
    /// The room's [`on_close`](crate::Server::on_close) receives this code and reason. Nothing happens if the
    /// connection is closed.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Close, Connection, Props, Result, Room, Server};
    /// # struct Lobby;
    /// # impl Server for Lobby {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
    ///     room.broadcast(format!("{} left: {}", who.id(), close.reason)).send();
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Lobby>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.close(1000, "good night");
    /// assert_eq!(bob.receive_text(), "ada left: good night");
    /// ```
    pub fn close(&self, code: u16, reason: &str) {
        if self.machine.network().borrow_mut().client_closes(self.socket) {
            self.machine.close(self.socket, Close { code, reason: reason.to_owned(), was_clean: true });
        }
    }

    /// Breaks the connection without a close frame. The room receives it as 1006.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Close, Connection, Props, Result, Room, Server};
    /// # struct Lobby;
    /// # impl Server for Lobby {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_close(&self, room: &Room, _who: &Connection, close: Close) -> Result<()> {
    ///     room.broadcast(close.code.to_string()).send();
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Lobby>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.vanish();
    /// assert_eq!(bob.receive_text(), "1006");
    /// ```
    pub fn vanish(&self) {
        if self.machine.network().borrow_mut().breaks(self.socket) {
            self.machine.close(self.socket, Close { code: 1006, reason: String::new(), was_clean: false });
        }
    }

    /// Cuts the connection without an event on either side, as when a phone leaves the network. Nothing is delivered
    /// any more, and the room counts the connection until it closes it.
    ///
    /// A [heartbeat](crate::parts::heartbeat) finds such connections.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.fall_silent();
    /// ada.send("one more");
    /// assert!(bob.received().is_empty(), "the message was lost");
    /// ```
    pub fn fall_silent(&self) {
        self.machine.network().borrow_mut().cut(self.socket);
    }

    /// Makes the client ignore close frames and keep sending, as a hostile client might.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{CloseCode, Connection, Message, Props, Result, Room, Server};
    /// # use party::testing::TestRoom;
    /// # struct Strict;
    /// # impl Server for Strict {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
    ///     from.close(CloseCode::POLICY, "silence, please");
    ///     room.broadcast("somebody spoke").send();
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Strict>::new("library");
    /// let (mallory, bob) = (room.connect("mallory"), room.connect("bob"));
    /// mallory.defy();
    /// mallory.send("one");
    /// mallory.send("two");
    /// assert_eq!(bob.received().len(), 1, "the room ignores a connection that it has closed");
    /// ```
    pub fn defy(&self) {
        self.machine.network().borrow_mut().defy(self.socket);
    }

    /// Makes the platform refuse every frame that the room sends on this connection from now on, as it may for a
    /// connection that is about to break.
    ///
    /// The room closes such a connection with 1011; other clients receive the frame.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    /// ada.refuse_frames();
    /// bob.send("one more");
    /// assert_eq!(bob.receive_text(), "1");
    /// assert!(!ada.is_open());
    /// ```
    pub fn refuse_frames(&self) {
        self.machine.network().borrow_mut().refuse_frames(self.socket);
    }

    /// Breaks the connection with an error that the platform reports to the room, as for an invalid frame.
    ///
    /// The room's [`on_error`](crate::Server::on_error) is called, then `on_close` with 1006.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.fail("the frame is not valid UTF-8");
    /// assert!(!ada.is_open());
    /// ```
    pub fn fail(&self, text: &str) {
        if !self.machine.network().borrow_mut().breaks(self.socket) {
            return;
        }
        self.machine.error(self.socket, Error::new(ErrorKind::Platform, text.to_owned()));
    }

    /// Returns whether the connection is open on both sides.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// assert!(ada.is_open());
    /// ada.close(1000, "");
    /// assert!(!ada.is_open());
    /// ```
    pub fn is_open(&self) -> bool {
        self.machine.network().borrow().is_open(self.socket)
    }

    /// Returns the close frame that has arrived from the room, or 1006 if the connection broke.
    ///
    /// `None` while the connection is open.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{CloseCode, Connection, Message, Props, Result, Room, Server};
    /// # use party::testing::TestRoom;
    /// # struct Strict;
    /// # impl Server for Strict {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
    ///     from.close(CloseCode::POLICY, "silence, please");
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Strict>::new("library");
    /// let ada = room.connect("ada");
    /// ada.send("hello");
    /// let close = ada.closed().unwrap();
    /// assert_eq!((close.code, close.reason.as_str()), (1008, "silence, please"));
    /// ```
    pub fn closed(&self) -> Option<Close> {
        self.machine.network().borrow_mut().client(self.socket)?.closed.clone()
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").field("socket", &self.socket).finish_non_exhaustive()
    }
}
