//! The room, as a hook receives it.

pub(crate) mod alarm;
pub(crate) mod broadcast;
pub(crate) mod bucket;
mod environment;
pub(crate) mod learned;
pub(crate) mod props;
pub(crate) mod sql;
pub(crate) mod storage;
pub(crate) mod stub;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::host::registry::Registry;
use crate::message::Frame;
use crate::message::close::CloseCode;
use crate::name::RoomName;
use crate::observe::{Activity, log_error};
use crate::platform::{LocalFuture, Platform};
use crate::room::alarm::Alarm;
use crate::room::broadcast::Broadcast;
use crate::room::sql::Sql;
use crate::room::storage::Storage;
use crate::timestamp::Timestamp;

/// The room that a hook runs in: its connections, database, alarm and clock.
///
/// # Identity
///
/// A room is one Durable Object, identified by its party and its [name](Self::name). There is only one such object in
/// the world.
///
/// # Lifetime
///
/// Cloning is cheap, and a clone may be moved into [`wait_until`](Self::wait_until). It is valid for one activation.
///
/// # Limits
///
/// About 1,000 events a second, 32,768 connections, 10 GB of storage
/// ([limits](https://developers.cloudflare.com/durable-objects/platform/limits/)).
///
/// # Example
///
/// ```
/// # let (ada, bob) = party::testing::example::hook(async |room, from| {
/// room.storage().put("topic", "tea")?;
/// room.alarm().set_after(std::time::Duration::from_secs(60))?;
/// room.broadcast_json(&("topic", "tea"))?.except(from).send();
/// # Ok(()) });
/// assert_eq!(bob.receive_text(), r#"["topic","tea"]"#);
/// ```
#[derive(Clone)]
pub struct Room(Rc<Inner>);

/// What is to be done before everything is deleted.
type Farewell = dyn Fn(&Room) -> LocalFuture<'static, Result<()>>;

struct Inner {
    name: RoomName,
    /// Which of the room's relays this object is, if it is one.
    relay: Option<u32>,
    platform: Rc<dyn Platform>,
    registry: Rc<Registry>,
    activity: Rc<Activity>,
    /// When this activation of the room began.
    awake_since: Timestamp,
    alarm: Alarm,
    sql: Sql,
    storage: Storage,
    /// Whether everything was deleted, so that nothing in memory is valid any more.
    destroyed: Cell<bool>,
    /// What is to be done before everything is deleted.
    farewells: RefCell<Vec<Rc<Farewell>>>,
    /// The values that parts keep in memory, one of each type.
    shared: RefCell<Vec<Rc<dyn Any>>>,
}

impl Room {
    pub(crate) fn new(
        name: RoomName,
        relay: Option<u32>,
        platform: Rc<dyn Platform>,
        registry: Rc<Registry>,
        activity: Rc<Activity>,
    ) -> Self {
        let sql = Sql::new(Rc::clone(&platform));
        let alarm = Alarm::new(Rc::clone(&platform), sql.clone());
        let storage = Storage::new(Rc::clone(&platform));
        Self(Rc::new(Inner {
            name,
            relay,
            registry,
            activity,
            awake_since: platform.now(),
            platform,
            alarm,
            sql,
            storage,
            destroyed: Cell::default(),
            farewells: RefCell::default(),
            shared: RefCell::default(),
        }))
    }

    /// Returns the room's name.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// assert_eq!(room.name().as_str(), "lobby");
    /// # Ok(()) });
    /// ```
    pub fn name(&self) -> &RoomName {
        &self.0.name
    }

    /// Returns whether this object is a relay of the room: it has connections of a
    /// [large room](crate::channel::Settings::relays), and a database of its own, which is empty.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// assert!(!room.is_relay());
    /// # Ok(()) });
    /// ```
    pub fn is_relay(&self) -> bool {
        self.0.relay.is_some()
    }

    /// Returns which of the room's relays this object is, if it is one.
    pub(crate) fn relay(&self) -> Option<u32> {
        self.0.relay
    }

    /// Returns the number of connections that are open, or close now.
    pub(crate) fn connections_count(&self) -> usize {
        self.0.registry.count()
    }

    /// Returns all open connections. A connection counts from before its `on_connect` until either side closes it.
    ///
    /// Connections made in this activation of the room are in the order in which they were made. Those from before it
    /// slept come first, in no reliable order.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # let from = ada;
    /// let others = room.connections().iter().filter(|other| *other != from).count();
    /// assert_eq!(others, 1);
    /// # Ok(()) });
    /// ```
    pub fn connections(&self) -> Vec<Connection> {
        self.0.registry.open(None)
    }

    /// Returns all open connections with this tag.
    ///
    /// Their order is that of [`connections`](Self::connections). An id is a tag, too: see [`Tag`](crate::Tag) for what
    /// a tag does not prove.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// let spectators = room.connections_tagged("spectator").len();
    /// assert_eq!(spectators, 0);
    /// assert_eq!(room.connections_tagged("bob").len(), 1);
    /// # Ok(()) });
    /// ```
    pub fn connections_tagged(&self, tag: impl AsRef<str>) -> Vec<Connection> {
        self.0.registry.open(Some(tag.as_ref()))
    }

    /// Returns whether any connection has this tag. Check it before you build an expensive frame. A connection that is
    /// closing may still count.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room, Tag};
    /// fn tell_spectators(room: &Room, tag: &Tag, summary: impl FnOnce() -> String) {
    ///     if room.has_tagged(tag) {
    ///         room.broadcast(summary()).to_tag(tag).send();
    ///     }
    /// }
    /// ```
    pub fn has_tagged(&self, tag: impl AsRef<str>) -> bool {
        self.0.registry.has_tagged(tag.as_ref())
    }

    /// Returns the open connection with this id.
    ///
    /// There is at most one. A text that is not a valid id has none.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, _ada| {
    /// if let Some(bob) = room.connection("bob") {
    ///     bob.send("it is your turn");
    /// }
    /// # Ok(()) });
    /// assert_eq!(bob.receive_text(), "it is your turn");
    /// ```
    pub fn connection(&self, id: &str) -> Option<Connection> {
        self.0.registry.of_id(id)
    }

    /// Makes a broadcast of text or bytes to all connections. [`Broadcast`] has methods to choose fewer. Nothing is
    /// sent before `.send()` is called.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// room.broadcast("hello").except(ada).send();
    /// room.broadcast(vec![0xca, 0xfe]).send();
    /// # Ok(()) });
    /// assert_eq!(ada.received().len(), 1);
    /// assert_eq!(bob.received().len(), 2);
    /// ```
    pub fn broadcast<'a>(&'a self, frame: impl Into<Frame<'a>>) -> Broadcast<'a> {
        Broadcast::new(&self.0.registry, frame.into())
    }

    /// Makes a broadcast of a value as JSON text, see [`broadcast`](Self::broadcast).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, _ada| {
    /// room.broadcast_json(&("moved", 3, 4))?.send();
    /// # Ok(()) });
    /// assert_eq!(bob.receive_text(), r#"["moved",3,4]"#);
    /// ```
    pub fn broadcast_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<Broadcast<'_>> {
        Ok(self.broadcast(Frame::json(value)?))
    }

    /// Returns the room's own database.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// room.sql().execute("CREATE TABLE moves (x INTEGER, y INTEGER)", ())?;
    /// room.sql().execute("INSERT INTO moves VALUES (?, ?)", (3, 4))?;
    /// let moves: Vec<(i32, i32)> = room.sql().query("SELECT x, y FROM moves", ())?;
    /// assert_eq!(moves, [(3, 4)]);
    /// # Ok(()) });
    /// ```
    pub fn sql(&self) -> &Sql {
        &self.0.sql
    }

    /// Returns the store of values by key, for data that needs no table.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// room.storage().put("topic", "tea")?;
    /// assert_eq!(room.storage().get::<String>("topic")?.as_deref(), Some("tea"));
    /// # Ok(()) });
    /// ```
    pub fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// Returns the value of this type that a part keeps in memory, one for each room, however often the part is opened.
    pub(crate) fn shared<T: Default + 'static>(&self) -> Rc<T> {
        let mut shared = self.0.shared.borrow_mut();
        let known = shared.iter().find_map(|value| Rc::clone(value).downcast().ok());
        known.unwrap_or_else(|| {
            let fresh: Rc<T> = Rc::default();
            shared.push(Rc::clone(&fresh) as Rc<dyn Any>);
            fresh
        })
    }

    /// Deletes everything that the room has stored, its alarm included, and closes all connections with
    /// [`CloseCode::GONE`](crate::CloseCode::GONE).
    ///
    /// The name remains usable: the next event makes a new, empty room, with a new
    /// [`on_start`](crate::Server::on_start). `on_close` is not called for the connections. Return from the hook soon
    /// after: the memory of this activation is not valid any more, and its statements find no tables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Meeting;
    /// # impl Server for Meeting {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_alarm(&self, room: &Room) -> Result<()> {
    ///     match room.connections().is_empty() {
    ///         true => room.destroy().await,
    ///         false => room.alarm().set_after(std::time::Duration::from_secs(86_400)),
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn destroy(&self) -> Result<()> {
        let farewells = self.0.farewells.borrow().clone();
        for farewell in farewells {
            farewell(self).await?;
        }
        self.0.registry.close_all(CloseCode::GONE, "The room was deleted");
        self.0.platform.delete_all().await?;
        self.0.destroyed.set(true);
        Ok(())
    }

    /// Has this done before everything is deleted, for what is outside of the room's database. If it fails, nothing is
    /// deleted.
    pub(crate) fn before_destroy(
        &self,
        farewell: impl Fn(&Room) -> LocalFuture<'static, Result<()>> + 'static,
    ) {
        self.0.farewells.borrow_mut().push(Rc::new(farewell));
    }

    /// Returns whether everything was deleted.
    pub(crate) fn is_destroyed(&self) -> bool {
        self.0.destroyed.get()
    }

    /// Returns how many bytes were sent in this activation of the room, a frame to several clients counted once.
    pub(crate) fn sent_bytes(&self) -> u64 {
        self.0.registry.all_sent_bytes()
    }

    /// Returns the error, which the log has if it was not made for clients. Then it knows the id of its line there.
    pub(crate) fn logged(&self, event: &'static str, connection: Option<&Connection>, error: Error) -> Error {
        match error.is_public() {
            true => error,
            false => log_error(self.platform(), event, connection, error),
        }
    }

    pub(crate) fn platform(&self) -> &dyn Platform {
        &*self.0.platform
    }

    /// Returns the room's one alarm.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// room.alarm().set_after(std::time::Duration::from_secs(60))?;
    /// assert_eq!(room.alarm().due().await?, Some(room.now() + std::time::Duration::from_secs(60)));
    /// # Ok(()) });
    /// ```
    pub fn alarm(&self) -> &Alarm {
        &self.0.alarm
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("name", &self.0.name).finish_non_exhaustive()
    }
}
