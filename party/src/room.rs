//! The room, as a hook receives it.

pub(crate) mod alarm;
pub(crate) mod broadcast;
pub(crate) mod learned;
pub(crate) mod props;
pub(crate) mod sql;
pub(crate) mod storage;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;

use crate::connection::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::host::registry::Registry;
use crate::message::Frame;
use crate::message::close::CloseCode;
use crate::name::{PartyName, RoomName};
use crate::observe::{Activity, Inspection, Record, log_error};
use crate::platform::{self, Platform};
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
#[derive(Clone)]
pub struct Room(Rc<Inner>);

struct Inner {
    name: RoomName,
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
    /// The values that parts keep in memory, one of each type.
    shared: RefCell<Vec<Rc<dyn Any>>>,
}

impl Room {
    pub(crate) fn new(
        name: RoomName,
        platform: Rc<dyn Platform>,
        registry: Rc<Registry>,
        activity: Rc<Activity>,
    ) -> Self {
        let sql = Sql::new(Rc::clone(&platform));
        let alarm = Alarm::new(Rc::clone(&platform), sql.clone());
        let storage = Storage::new(Rc::clone(&platform));
        Self(Rc::new(Inner {
            name,
            registry,
            activity,
            awake_since: platform.now(),
            platform,
            alarm,
            sql,
            storage,
            destroyed: Cell::default(),
            shared: RefCell::default(),
        }))
    }

    /// Returns the room's name.
    pub fn name(&self) -> &RoomName {
        &self.0.name
    }

    /// Returns the name of the room's party, as it is in the address: `chat` of `/parties/chat/lobby`.
    ///
    /// It is found by asking each binding of the worker whether the room is one of its objects, in any hook. `None` for
    /// an object that was not addressed by name, or whose class another worker binds. In tests it is `party`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Room;
    /// fn address(room: &Room) -> Option<String> {
    ///     Some(format!("/parties/{}/{}", room.party()?, room.name()))
    /// }
    /// ```
    pub fn party(&self) -> Option<PartyName> {
        platform::party(self.platform())
    }

    /// Returns a secret or a variable of the worker, as set by `wrangler secret put` or in `wrangler.toml`. In tests,
    /// [`TestRoom::set_secret`](crate::testing::TestRoom::set_secret) sets it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the worker has no text under this name, or an
    /// empty one: a key that is empty would let in everybody who sends nothing. The error names it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// fn token_key(room: &Room) -> Result<Vec<u8>> {
    ///     Ok(room.secret("TOKEN_KEY")?.into_bytes())
    /// }
    /// ```
    pub fn secret(&self, name: &str) -> Result<String> {
        let missing = || {
            format!("the worker has no secret or variable `{name}`: set it by `wrangler secret put {name}`")
        };
        platform::secret(self.platform(), name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Platform, missing()))
    }

    /// Returns all open connections. A connection counts from before its `on_connect` until either side closes it.
    ///
    /// Connections made in this activation of the room are in the order in which they were made. Those from before it
    /// slept come first, in no reliable order.
    pub fn connections(&self) -> Vec<Connection> {
        self.0.registry.open(None)
    }

    /// Returns all open connections with this tag.
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
    pub fn connection(&self, id: &str) -> Option<Connection> {
        self.0.registry.of_id(id)
    }

    /// Makes a broadcast of text or bytes to all connections. [`Broadcast`] has methods to choose fewer. Nothing is
    /// sent before `.send()` is called.
    pub fn broadcast<'a>(&'a self, frame: impl Into<Frame<'a>>) -> Broadcast<'a> {
        Broadcast::new(&self.0.registry, frame.into())
    }

    /// Makes a broadcast of a value as JSON text, see [`broadcast`](Self::broadcast).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    pub fn broadcast_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<Broadcast<'_>> {
        Ok(self.broadcast(Frame::json(value)?))
    }

    /// Returns the room's own database.
    pub fn sql(&self) -> &Sql {
        &self.0.sql
    }

    /// Returns the store of values by key, for data that needs no table.
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
        self.0.registry.close_all(CloseCode::GONE, "The room was deleted");
        self.0.platform.delete_all().await?;
        self.0.destroyed.set(true);
        Ok(())
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
    pub(crate) fn logged(&self, event: &'static str, connection: &Connection, error: Error) -> Error {
        match error.is_public() {
            true => error,
            false => log_error(self.platform(), event, Some(connection), error),
        }
    }

    pub(crate) fn platform(&self) -> &dyn Platform {
        &*self.0.platform
    }

    /// Returns the room's one alarm.
    pub fn alarm(&self) -> &Alarm {
        &self.0.alarm
    }

    /// Returns the time. On Workers it does not move while a hook computes and goes on at an await
    /// ([time](https://developers.cloudflare.com/workers/reference/security-model/)); in tests it is virtual.
    pub fn now(&self) -> Timestamp {
        self.0.platform.now()
    }

    /// Fills `bytes` with random bytes, fit for secrets. In tests they come from a seed.
    ///
    /// # Example
    ///
    /// ```
    /// # fn token(room: &party::Room) -> [u8; 16] {
    /// let mut token = [0; 16];
    /// room.random(&mut token);
    /// token
    /// # }
    /// ```
    pub fn random(&self, bytes: &mut [u8]) {
        self.0.platform.random(bytes);
    }

    /// Returns a random text that nobody can guess: 22 characters of `A-Za-z0-9_-`, 128 bits. In tests it comes from a
    /// seed.
    pub fn random_id(&self) -> String {
        let mut bytes = [0; 16];
        self.random(&mut bytes);
        Base64UrlUnpadded::encode_string(&bytes)
    }

    /// Waits for a time. Other events run meanwhile, and the room does not sleep. If the memory of the room is lost,
    /// the wait never ends: use the [alarm](Self::alarm) for work that must happen. In tests, it waits until [that much
    /// time](crate::testing::TestRoom::advance) has passed.
    pub async fn sleep(&self, time: Duration) {
        self.0.platform.sleep(time).await;
    }

    /// Runs a task that goes on after the hook has returned. The room does not sleep before the task ends, and it does
    /// not wait for the task: its work is lost in a crash.
    pub fn wait_until(&self, task: impl Future<Output = ()> + 'static) {
        self.0.platform.wait_until(Box::pin(task));
    }

    /// Returns the state of the room, for operators: connections, stored bytes, the alarm, and counts of its hooks.
    ///
    /// It reads no row. It contains data about the room's members, so guard the request: a [channel](crate::channel)
    /// does, see [`Settings::operator_key`](crate::channel::Settings::operator_key).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform does not know the size of the database or
    /// the alarm.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Board;
    /// # impl Server for Board {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
    ///     let key = room.secret("INSPECTION_KEY")?;
    ///     match request.headers().get("x-key").is_some_and(|given| given.as_bytes() == key.as_bytes()) {
    ///         true => Ok(Response::new(Body::json(&room.inspect().await?)?)),
    ///         false => Err(Error::refuse(http::StatusCode::UNAUTHORIZED, "the key is wrong")),
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn inspect(&self) -> Result<Inspection> {
        Ok(Inspection {
            room: self.name().to_string(),
            party: self.party().map(|party| party.to_string()),
            now: self.now(),
            awake_since: self.0.awake_since,
            connections: self.connections().len(),
            running_hooks: self.0.activity.running(),
            stored_bytes: platform::stored_bytes(self.platform())?,
            sent_bytes: self.sent_bytes(),
            alarm: self.alarm().due().await?,
            hooks: self.0.activity.counts(),
        })
    }

    /// Writes a line to the room's log, with the room's name in its own field.
    pub fn log(&self, line: &str) {
        self.0.platform.log(Record::info(self.platform(), line));
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("name", &self.0.name).finish_non_exhaustive()
    }
}
