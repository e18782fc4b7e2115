//! One client's connection to a room.

pub(crate) mod attachment;
pub(crate) mod tags;

mod context;
mod restart;

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub use self::context::ConnectionContext;
pub(crate) use self::context::{find_value, query_value};
use crate::connection::attachment::{Attachment, Kept, Shares};
use crate::error::{Error, ErrorKind, Result};
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
    pub fn id(&self) -> &ConnectionId {
        &self.0.id
    }

    /// Returns the full address that the client connected to, query included.
    ///
    /// **Security:** it may contain secrets of the client, such as a token in its query.
    pub fn uri(&self) -> &str {
        &self.0.uri
    }

    /// Returns the first value of a parameter in the address's query, decoded.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        query_value(self.uri(), name)
    }

    /// Returns the tags, the id first. Empty before the connection is accepted.
    pub fn tags(&self) -> &[Tag] {
        let Some(socket) = self.0.socket.get() else { return &[] };
        self.0.tags.get_or_init(|| {
            let kept = self.0.platform.tags(socket).unwrap_or_default();
            kept.iter().filter_map(|tag| Tag::new(tag).ok()).collect()
        })
    }

    /// Returns whether the connection has this tag.
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

    /// Returns the app's own state of the connection, `None` before any was set. It survives while the room sleeps.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the state has another shape, as after a deploy that changed `T`. If a hook returns this
    /// error for a state that was kept before the room slept, then every connection whose state is not a `T` is closed
    /// with [`CloseCode::RESTART`]: its client reconnects at once, and is admitted by the build that runs. To read the
    /// states of an earlier build instead, give new fields a default (`#[serde(default)]`).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, Result};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Player { name: String, moves: u32 }
    ///
    /// fn count_move(connection: &Connection) -> Result<u32> {
    ///     let Some(mut player) = connection.state::<Player>()? else { return Ok(0) };
    ///     player.moves += 1;
    ///     connection.set_state(&player)?;
    ///     Ok(player.moves)
    /// }
    /// ```
    pub fn state<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        let state = self.0.state.borrow();
        state.as_deref().map(|json| serde_json::from_str(json.get())).transpose().map_err(|error| {
            let text = "the connection's state has another shape than was asked for";
            let error = Error::caused(ErrorKind::Json, text, error);
            match self.0.is_state_old.get() {
                true => error.of_old_state(|json| serde_json::from_str::<T>(json).is_ok()),
                false => error,
            }
        })
    }

    /// Stores the app's state with the connection, in place of the old one. The state of a closed connection can still
    /// be read, in this activation.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] when it does not fit, [`ErrorKind::Json`] when it cannot be written as JSON; the old
    /// state stays then.
    pub fn set_state<T: Serialize + ?Sized>(&self, state: &T) -> Result<()> {
        let state = serde_json::value::to_raw_value(state)
            .map_err(|error| Error::caused(ErrorKind::Json, "the state cannot be written as JSON", error))?;
        // Cloned before: a borrow for an argument lasts until the call returns.
        let parts = self.0.parts.borrow().clone();
        self.keep(Some(state), parts)?;
        self.0.is_state_old.set(false);
        Ok(())
    }

    /// Returns how many bytes the client was sent in this activation of the room, at most: frames to connections with a
    /// tag count for all.
    pub(crate) fn sent_bytes(&self) -> u64 {
        let to_all = self.0.registry.upgrade().map_or(0, |registry| registry.sent_bytes());
        to_all.saturating_sub(self.0.before).saturating_add(self.0.sent.get())
    }

    /// Returns the data that a part keeps with the connection. If another build has kept data of another shape, the
    /// connection is closed, see [`is_unreadable`](Self::is_unreadable).
    pub(crate) fn share<T: DeserializeOwned + 'static>(&self, part: &'static str) -> Result<Option<Rc<T>>> {
        self.cached(part, || {
            let share = self.0.parts.borrow().get(part).map(|json| serde_json::from_str(json.get()));
            share.transpose().or_else(|error| {
                let text = "what a part keeps with the connection has another shape";
                self.is_unreadable(Error::caused(ErrorKind::Json, text, error))
            })
        })
    }

    /// Stores data of a part with the connection, in place of the old data. Equal data costs nothing.
    pub(crate) fn set_share<T: Serialize + 'static>(&self, part: &'static str, share: T) -> Result<()> {
        let json = serde_json::value::to_raw_value(&share).map_err(|error| {
            Error::caused(ErrorKind::Json, "what a part keeps cannot be written as JSON", error)
        })?;
        if self.0.parts.borrow().get(part).is_some_and(|kept| kept.get() == json.get()) {
            return Ok(());
        }
        let (state, mut parts) = (self.0.state.borrow().clone(), self.0.parts.borrow().clone());
        parts.insert(part, json);
        self.keep(state, parts)?;
        self.forget_read(part);
        self.0.read.borrow_mut().push((part, Rc::new(share)));
        Ok(())
    }

    /// Keeps nothing of a part's any more.
    pub(crate) fn remove_share(&self, part: &'static str) -> Result<()> {
        let (state, mut parts) = (self.0.state.borrow().clone(), self.0.parts.borrow().clone());
        if parts.remove(part) {
            self.keep(state, parts)?;
        }
        self.forget_read(part);
        Ok(())
    }

    /// Returns the value that `load` makes of the kept data. It is made once, and again after
    /// [`forget_read`](Self::forget_read).
    pub(crate) fn cached<T: 'static>(
        &self,
        key: &'static str,
        load: impl FnOnce() -> Result<Option<T>>,
    ) -> Result<Option<Rc<T>>> {
        let known =
            self.0.read.borrow().iter().find(|(name, _)| *name == key).map(|(_, value)| Rc::clone(value));
        if let Some(Ok(value)) = known.map(Rc::downcast::<T>) {
            return Ok(Some(value));
        }
        let Some(value) = load()? else { return Ok(None) };
        let value = Rc::new(value);
        self.0.read.borrow_mut().push((key, Rc::clone(&value) as Rc<dyn Any>));
        Ok(Some(value))
    }

    pub(crate) fn forget_read(&self, part: &'static str) {
        self.0.read.borrow_mut().retain(|(name, _)| *name != part);
    }

    /// Keeps state and parts with the socket, and only then here.
    fn keep(&self, state: Option<Box<RawValue>>, parts: Shares) -> Result<()> {
        let attachment = self.attachment(state, parts);
        let bytes = attachment.encode()?;
        if let Some(socket) = self.0.socket.get() {
            match self.0.platform.attach(socket, &bytes) {
                // A hook may go on when its connection is gone, as with sending. Nothing has to outlast what will never
                // wake the room again.
                Err(error) if error.kind() == ErrorKind::Closed => {}
                kept => kept?,
            }
        }
        self.0.state.replace(attachment.state);
        self.0.parts.replace(attachment.parts);
        Ok(())
    }

    /// Replaces the state with `change(old)`.
    ///
    /// # Errors
    ///
    /// As [`state`](Self::state) and [`set_state`](Self::set_state).
    pub fn update_state<T: Serialize + DeserializeOwned>(
        &self,
        change: impl FnOnce(Option<T>) -> T,
    ) -> Result<()> {
        self.set_state(&change(self.state()?))
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
    /// [`ErrorKind::Json`] when the value cannot be written as JSON.
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
    pub fn close(&self, code: CloseCode, reason: &str) {
        if let (Some(socket), Some(registry)) = (self.0.socket.get(), self.0.registry.upgrade()) {
            registry.close(socket, code, reason);
        }
    }

    /// Returns whether the connection is open: accepted, and closed by neither side.
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
