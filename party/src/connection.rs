//! One client's connection to a room.

pub(crate) mod attachment;
pub(crate) mod tags;

mod context;
mod restart;
mod state;

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use serde::Serialize;
use serde_json::value::RawValue;

pub use self::context::ConnectionContext;
pub(crate) use self::context::{find_value, query_value};
use crate::connection::attachment::{Attachment, Kept, Shares};
use crate::error::{Error, Result};
use crate::gate::Gate;
use crate::host::registry::Registry;
use crate::message::Frame;
use crate::message::close::{CloseCode, fitting_reason};
use crate::name::{ConnectionId, Tag};
use crate::platform::{Platform, SocketId};
use crate::timestamp::Timestamp;

/// A client's connection to a room.
///
/// # Identity
///
/// Two connections are equal if they are the same socket. A client that reconnects has a new connection, with the same
/// [`id`](Self::id) if it asks for it.
///
/// # Lifetime
///
/// A connection outlives the room's memory: its id, address, tags and [state](Self::state) are available again when a
/// sleeping room wakes. It may close at any time. Frames to a closed connection are dropped.
///
/// # Limits
///
/// A room holds at most 32,768 connections. A connection's state, as JSON, may have at least 12,000 bytes, minus the
/// data that the [parts](crate::parts) of the room keep with it
/// ([limits](https://developers.cloudflare.com/durable-objects/best-practices/websockets/)).
///
/// # Example
///
/// A seat in a game, which survives while the room sleeps:
///
/// ```
/// # use party::testing::TestRoom;
/// # use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server};
/// # struct Game;
/// # impl Server for Game {
/// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
/// async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
///     who.set_state(&room.connections().len())
/// }
///
/// async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
///     let seat = from.state::<usize>()?.unwrap_or(0);
///     from.send(format!("you have seat {seat}"));
///     Ok(())
/// }
/// # }
///
/// let room = TestRoom::<Game>::new("table");
/// let (ada, bob) = (room.connect("ada"), room.connect("bob"));
/// room.evict();
/// bob.send("where do I sit?");
/// assert_eq!(bob.receive_text(), "you have seat 2");
/// ```
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    platform: Rc<dyn Platform>,
    /// The room's connections, this one among them.
    registry: Weak<Registry>,
    id: ConnectionId,
    uri: String,
    /// The time of its accept or its last message; the platform's own answers are not counted.
    seen: Cell<Timestamp>,
    /// None until it is accepted.
    socket: Cell<Option<SocketId>>,
    /// Read from the platform when first asked for.
    tags: OnceCell<Vec<Tag>>,
    state: RefCell<Option<Box<RawValue>>>,
    /// Whether the state was kept in an earlier activation, perhaps by another build.
    is_state_old: Cell<bool>,
    /// Whether the connection is from an earlier activation.
    is_woken: bool,
    /// The data that each part keeps with the connection.
    parts: RefCell<Shares>,
    /// The same, read. Each is read once in an activation of the room.
    read: RefCell<Vec<(&'static str, Rc<dyn Any>)>>,
    /// Shut while `on_connect` runs.
    joined: Gate,
    /// Whether its end is being handled, or has been.
    ended: Cell<bool>,
    /// The bytes that were sent to it alone, less those that were sent to all before it joined.
    sent: Cell<u64>,
    before: u64,
}

impl Connection {
    /// Returns the id.
    ///
    /// The client chooses it (`?_pk=` in the address), or the room makes one of 21 random characters. See
    /// [`ConnectionId`] for why it is not sent to other clients.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// assert_eq!(*ada.id(), "ada");
    /// # Ok(()) });
    /// ```
    pub fn id(&self) -> &ConnectionId {
        &self.0.id
    }

    /// Returns the full address that the client connected to, query included.
    ///
    /// **Security:** it may contain secrets of the client, such as a token in its query.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// assert!(ada.uri().ends_with("/parties/party/lobby?_pk=ada"));
    /// # Ok(()) });
    /// ```
    pub fn uri(&self) -> &str {
        &self.0.uri
    }

    /// Returns the first value of a parameter in the address's query, decoded.
    ///
    /// `None` if the address has no such parameter. A parameter without a value is an empty text.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// assert_eq!(ada.query("_pk").as_deref(), Some("ada"));
    /// assert_eq!(ada.query("team"), None);
    /// # Ok(()) });
    /// ```
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        query_value(self.uri(), name)
    }

    /// Returns the tags, the id first. Empty before the connection is accepted.
    ///
    /// There are at most ten, of 1 to 256 bytes each. They are set once, by
    /// [`Server::connection_tags`](crate::Server::connection_tags), and survive while the room sleeps.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// assert_eq!(ada.tags(), [party::Tag::new("ada")?]);
    /// # Ok(()) });
    /// ```
    pub fn tags(&self) -> &[Tag] {
        let Some(socket) = self.0.socket.get() else { return &[] };
        self.0.tags.get_or_init(|| {
            let kept = self.0.platform.tags(socket).unwrap_or_default();
            kept.iter().filter_map(|tag| Tag::new(tag).ok()).collect()
        })
    }

    /// Returns whether the connection has this tag.
    ///
    /// **Security:** a connection's id is one of its tags, and its client may choose it. So a tag does not prove a
    /// role.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// # let from = ada;
    /// if from.has_tag("spectator") {
    ///     return Err(party::Error::bad_message("spectators only watch"));
    /// }
    /// # Ok(()) });
    /// ```
    pub fn has_tag(&self, tag: impl AsRef<str>) -> bool {
        self.tags().iter().any(|own| own == tag.as_ref())
    }

    /// Returns the time of the client's last sign of life: its last message, its last
    /// [heartbeat](crate::parts::heartbeat), or when it came.
    ///
    /// A message is remembered while the room is in memory, and when the [state](Self::set_state) is set; so after a
    /// sleep this may be earlier than the last message. A heartbeat is remembered by the platform for as long as there
    /// is the connection
    /// ([`getWebSocketAutoResponseTimestamp`](https://developers.cloudflare.com/durable-objects/api/state/)).
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::{Connection, Room};
    /// fn is_idle(room: &Room, connection: &Connection) -> bool {
    ///     room.now().since(connection.last_seen()) > Duration::from_secs(600)
    /// }
    /// ```
    pub fn last_seen(&self) -> Timestamp {
        self.0.seen.get().max(self.last_heartbeat().unwrap_or_default())
    }

    /// Returns how many bytes the client was sent in this activation of the room, at most: frames to connections with a
    /// tag count for all.
    pub(crate) fn sent_bytes(&self) -> u64 {
        let to_all = self.0.registry.upgrade().map_or(0, |registry| registry.sent_bytes());
        to_all.saturating_sub(self.0.before).saturating_add(self.0.sent.get())
    }

    /// Sends text or bytes. Nothing happens if the connection is not open. One that cannot accept the frame is closed
    /// with 1011.
    ///
    /// # Example
    ///
    /// ```
    /// # fn greet(connection: &party::Connection) {
    /// connection.send("hello");
    /// connection.send(vec![0x01, 0x02]);
    /// # }
    /// ```
    pub fn send<'a>(&self, frame: impl Into<Frame<'a>>) {
        if let (Some(socket), Some(registry)) = (self.0.socket.get(), self.0.registry.upgrade()) {
            let frame = frame.into();
            self.0.sent.set(self.0.sent.get().saturating_add(frame.len()));
            registry.send_singly(socket, &frame);
        }
    }

    /// Sends a value as JSON text, see [`send`](Self::send).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |_room, ada| {
    /// ada.send_json(&("welcome", 7))?;
    /// # Ok(()) });
    /// assert_eq!(ada.receive_text(), r#"["welcome",7]"#);
    /// ```
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<()> {
        self.send(Frame::json(value)?);
        Ok(())
    }

    /// Sends the [error frame](crate::ErrorFrame) of an error, and closes the connection if the error
    /// [says so](Error::closing), with the error's text as the reason.
    ///
    /// An error that a hook returns is sent automatically. This is for the errors of single frames, of which one
    /// message may have several.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, Error, ErrorCode};
    /// fn refuse(from: &Connection, frame_id: &str) {
    ///     from.send_error(&Error::client(ErrorCode::NOT_FOUND, "There is no such question").with_id(frame_id));
    /// }
    /// ```
    pub fn send_error(&self, error: &Error) {
        self.send(Frame::from(error));
        if let Some(code) = error.close_code() {
            self.close(code, error.public_text());
        }
    }

    /// Closes the connection. A reason of more than 123 bytes is cut; closing twice does nothing.
    ///
    /// It is not among [`Room::connections`](crate::Room::connections) any more when this returns, and
    /// [`Server::on_close`](crate::Server::on_close) is called soon after, with this code and reason: the room does not
    /// wait for the client's answer, which may never come.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// ada.close(party::CloseCode::POLICY, "one vote each");
    /// assert_eq!(room.connections().len(), 1, "only bob is left");
    /// # Ok(()) });
    /// assert_eq!(ada.closed().unwrap().reason, "one vote each");
    /// ```
    pub fn close(&self, code: CloseCode, reason: &str) {
        if let (Some(socket), Some(registry)) = (self.0.socket.get(), self.0.registry.upgrade()) {
            registry.close(socket, code, reason);
        }
    }

    /// Returns whether the connection is open: accepted, and closed by neither side.
    ///
    /// A hook that has awaited may ask this before it does expensive work for a client. Sending needs no such check:
    /// frames to a closed connection are dropped.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// assert!(ada.is_open());
    /// ada.close(party::CloseCode::NORMAL, "");
    /// assert!(!ada.is_open());
    /// # Ok(()) });
    /// ```
    pub fn is_open(&self) -> bool {
        self.0.socket.get().is_some_and(|socket| self.0.platform.is_open(socket))
    }

    /// Returns a connection that is not accepted yet.
    pub(crate) fn arriving(
        platform: Rc<dyn Platform>,
        registry: Weak<Registry>,
        id: ConnectionId,
        uri: String,
    ) -> Self {
        let before = registry.upgrade().map_or(0, |registry| registry.sent_bytes());
        Self(Rc::new(Inner {
            seen: Cell::new(platform.now()),
            platform,
            registry,
            id,
            uri,
            socket: Cell::new(None),
            tags: OnceCell::new(),
            state: RefCell::new(None),
            is_state_old: Cell::new(false),
            is_woken: false,
            parts: RefCell::default(),
            read: RefCell::default(),
            joined: Gate::default(),
            ended: Cell::default(),
            sent: Cell::default(),
            before,
        }))
    }

    /// Returns a connection from before the room slept, by what was kept with its socket. `None` for a socket that the
    /// framework did not accept. One whose kept data this build cannot read is closed, so that its client comes back at
    /// once.
    pub(crate) fn woken(
        platform: Rc<dyn Platform>,
        registry: Weak<Registry>,
        socket: SocketId,
    ) -> Option<Self> {
        let kept = match Attachment::decode(&platform.attachment(socket)?) {
            Kept::Readable(kept) => ConnectionId::new(&kept.id).ok().map(|id| (id, kept)),
            Kept::Unreadable => None,
            Kept::Foreign => return None,
        };
        let Some((id, Attachment { uri, seen, state, parts, .. })) = kept else {
            restart::close(&*platform, socket);
            return None;
        };
        let before = registry.upgrade().map_or(0, |registry| registry.sent_bytes());
        Some(Self(Rc::new(Inner {
            platform,
            registry,
            id,
            uri,
            seen: Cell::new(seen),
            socket: Cell::new(Some(socket)),
            tags: OnceCell::new(),
            state: RefCell::new(state),
            is_state_old: Cell::new(true),
            is_woken: true,
            parts: RefCell::new(parts),
            read: RefCell::default(),
            joined: Gate::opened(),
            ended: Cell::default(),
            sent: Cell::default(),
            before,
        })))
    }

    /// Accepts the connection under these tags.
    pub(crate) fn accept(&self, tags: Vec<Tag>) -> Result<SocketId> {
        let attachment =
            self.attachment(self.0.state.borrow().clone(), self.0.parts.borrow().clone()).encode()?;
        let socket = self.0.platform.accept(&tags, &attachment)?;
        self.0.socket.set(Some(socket));
        // An accepted connection has its tags from the platform when it wakes; until then they are these.
        let _same = self.0.tags.set(tags);
        Ok(socket)
    }

    pub(crate) fn platform(&self) -> &dyn Platform {
        &*self.0.platform
    }

    pub(crate) fn socket(&self) -> Option<SocketId> {
        self.0.socket.get()
    }

    /// Notes that a message has arrived.
    pub(crate) fn heard(&self) {
        self.0.seen.set(self.0.platform.now());
    }

    /// Returns when the platform last answered a heartbeat of the client's.
    pub(crate) fn last_heartbeat(&self) -> Option<Timestamp> {
        self.0.platform.last_auto_response(self.0.socket.get()?)
    }

    /// Marks the end of the connection as handled. Returns whether it was before.
    pub(crate) fn ends(&self) -> bool {
        self.0.ended.replace(true)
    }

    /// Returns whether the end of the connection is being handled, or has been.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.ended.get()
    }

    pub(crate) fn joined(&self) -> &Gate {
        &self.0.joined
    }

    fn attachment(&self, state: Option<Box<RawValue>>, parts: Shares) -> Attachment {
        Attachment {
            id: self.id().to_string(),
            uri: self.0.uri.clone(),
            seen: self.0.seen.get(),
            state,
            parts,
        }
    }
}

impl PartialEq for Connection {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || (self.socket().is_some() && self.socket() == other.socket())
    }
}

impl Eq for Connection {}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.0.id)
            .field("socket", &self.0.socket)
            .finish_non_exhaustive()
    }
}

/// Closes a socket; one that is closed already stays so.
pub(crate) fn close_quietly(platform: &dyn Platform, socket: SocketId, code: CloseCode, reason: &str) {
    // The only errors are those of a socket that is gone, and gone is what was asked for.
    let _gone = platform.close(socket, code.as_u16(), fitting_reason(reason));
}
