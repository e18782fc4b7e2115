//! All that the framework asks of the outside, and nothing else.
//!
//! Two platforms answer: [`workers`] is Cloudflare's, [`memory`] is native and serves the tests. Both must behave in
//! the same way; `tests/conformance` runs the same scripts on both. Code above this seam does not know which of the two
//! it uses.

pub(crate) mod workers;

#[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
pub(crate) mod memory;

use std::any::Any;
use std::fmt::Display;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::Kind;
use crate::message::Frame;
use crate::name::{PartyName, Tag};
use crate::observe::Record;
use crate::room::sql::row::Rows;
use crate::room::sql::value::Value;
use crate::timestamp::Timestamp;

/// A future of the platform's, on the room's one thread.
pub(crate) type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A socket of the room, by a number that holds for one activation. Later sockets have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SocketId(pub(crate) u64);

impl SocketId {
    pub(crate) const MIN: Self = Self(0);
    pub(crate) const MAX: Self = Self(u64::MAX);
}

/// The platform of one room.
pub(crate) trait Platform: Sockets + Storage + Surroundings {}

impl<T: Sockets + Storage + Surroundings> Platform for T {}

/// Sockets that outlive the room's memory.
pub(crate) trait Sockets {
    /// Makes a socket pair and accepts its server end. The client end waits for the answer to the upgrade.
    fn accept(&self, tags: &[Tag], attachment: &[u8]) -> Result<SocketId>;

    /// Returns all sockets that were accepted on this object, in the order of their acceptance where it is known.
    fn sockets(&self) -> Result<Vec<SocketId>>;

    /// Returns whether a frame can be sent.
    fn is_open(&self, socket: SocketId) -> bool;

    /// Returns those of the sockets to which a frame can be sent.
    fn open_of(&self, sockets: Vec<SocketId>) -> Vec<SocketId>;

    /// Returns the tags that the socket was accepted with.
    fn tags(&self, socket: SocketId) -> Result<Vec<String>>;

    /// Returns the attachment of the socket, if it was bytes.
    fn attachment(&self, socket: SocketId) -> Option<Vec<u8>>;

    /// Keeps bytes with the socket, in place of what was kept.
    fn attach(&self, socket: SocketId, attachment: &[u8]) -> Result<()>;

    /// Sends one frame to many sockets, converting it once. `failed` is called for each that could not take it.
    fn send(&self, to: &[SocketId], frame: &Frame<'_>, failed: &mut dyn FnMut(SocketId, Error));

    /// Starts or answers a close.
    fn close(&self, socket: SocketId, code: u16, reason: &str) -> Result<()>;

    /// Has every frame that is exactly `request` answered with `response`, by the platform itself: no room wakes for
    /// it.
    fn set_auto_response(&self, request: &str, response: &str) -> Result<()>;

    /// Returns when the platform last answered a frame of this socket's by itself.
    fn last_auto_response(&self, socket: SocketId) -> Option<Timestamp>;

    /// Forgets a socket that is gone: its number is needed no more.
    fn forget(&self, socket: SocketId);
}

/// The room's own SQLite database, its values by key and its alarm.
pub(crate) trait Storage {
    /// Runs one or more statements; the parameters are for the last, whose rows come back.
    fn sql(&self, query: &str, params: &[Value]) -> Result<Rows>;

    /// Runs one or more statements whose rows nobody wants.
    fn execute(&self, query: &str, params: &[Value]) -> Result<()>;

    /// Executes a statement, as `execute` does. Returns how many rows the last statement that inserts, updates or
    /// deletes has changed.
    fn execute_counted(&self, query: &str, params: &[Value]) -> Result<u64>;

    /// Runs `body` in a transaction that is undone when it fails.
    fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()>;

    /// Returns the value of a key, as JSON.
    fn value(&self, key: &str) -> Result<Option<String>>;

    /// Gives a key a value, as JSON.
    fn set_value(&self, key: &str, json: &str) -> Result<()>;

    /// Takes a key's value away. Returns whether it had one.
    fn delete_value(&self, key: &str) -> Result<bool>;

    /// Deletes all that is stored, the alarm included.
    fn delete_all(&self) -> LocalFuture<'_, Result<()>>;

    /// Returns when the alarm is due.
    fn alarm(&self) -> LocalFuture<'_, Result<Option<Timestamp>>>;

    /// Sets the alarm, or takes it back.
    fn set_alarm(&self, at: Option<Timestamp>) -> Result<()>;
}

/// The object's name, the time, chance, and the log.
pub(crate) trait Surroundings {
    /// Returns the platform itself, for low-level access to it.
    fn as_any(&self) -> &dyn Any;

    /// Returns the name by which the object was addressed, or that it was given since it is in memory.
    fn name(&self) -> Option<String>;

    /// Returns whether the object was addressed by a name.
    fn is_addressed(&self) -> bool;

    /// Tells an object its name that was not addressed by one.
    fn tell_name(&self, name: &str);

    /// Returns the time.
    fn now(&self) -> Timestamp;

    /// Waits. Natively, it waits until the test has let that much time pass.
    fn sleep(&self, time: Duration) -> LocalFuture<'static, ()>;

    /// Fills with random bytes, fit for secrets on Workers and seeded in tests.
    fn random(&self, bytes: &mut [u8]);

    /// Keeps the room alive until the future ends.
    fn wait_until(&self, task: LocalFuture<'static, ()>);

    /// Logs a line for the operator.
    fn log(&self, record: Record);
}

/// A bucket of objects, outside of the room. A key is a path of at most 1,024 bytes.
pub(crate) trait Bucket {
    /// Stores an object in place of the one that has its key. It fails, and stores nothing, if the body does not have
    /// exactly `size` bytes.
    fn put(&self, key: &str, body: Body, size: u64, labels: &Labels) -> LocalFuture<'static, Result<()>>;

    /// Returns an object, its size in bytes, and its labels.
    fn get(&self, key: &str) -> LocalFuture<'static, Result<Option<(Body, u64, Labels)>>>;

    /// Deletes at most 1,000 objects, those of them that are there.
    fn delete(&self, keys: &[String]) -> LocalFuture<'static, Result<()>>;

    /// Returns the first 1,000 keys that begin with `prefix`, or fewer, in their order. None: there are none.
    fn list(&self, prefix: &str) -> LocalFuture<'static, Result<Vec<String>>>;
}

/// What an object is, for those who read it: two headers of HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    /// Its `Content-Type`.
    pub(crate) media_type: String,
    /// Its `Content-Disposition`.
    pub(crate) disposition: String,
}

/// An object of the worker, as other objects address it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) party: String,
    /// The object's name: that of a room, or one of the framework's own.
    pub(crate) object: String,
}

/// Sends another object a request of the framework, once. Returns the status and the text of its response. (Not in the
/// trait: a worker that calls no room has no code for it.)
pub(crate) fn call(
    platform: &dyn Platform,
    to: Address,
    kind: Kind,
    body: String,
) -> LocalFuture<'static, Result<(u16, String)>> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.call(to, kind, body);
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.call(to, kind, body);
    }
    Box::pin(async move { Err(no_party(&to.party)) })
}

/// Returns the error of an address whose party the worker does not have.
pub(crate) fn no_party(party: &str) -> Error {
    Error::new(ErrorKind::Invalid, format!("the worker has no party {party:?}"))
}

/// Returns the error of a request that has not reached an object, or whose answer has not come back.
pub(crate) fn unreachable(object: &str, why: &dyn Display) -> Error {
    Error::new(ErrorKind::Platform, format!("the room {object} cannot be reached: {why}"))
}

/// Returns a bucket of the worker. (Not in the trait: a worker that asks for none has no code for it.)
pub(crate) fn bucket(platform: &dyn Platform, name: &str) -> Option<Rc<dyn Bucket>> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.bucket(name);
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.bucket(name);
    }
    None
}

/// Returns the keys of stored values that begin with `prefix` and their values as JSON, in the order of the keys. (Not
/// in the trait: a worker that does not list them has no code for it.)
pub(crate) fn values(platform: &dyn Platform, prefix: &str) -> Result<Vec<(String, String)>> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.values(prefix);
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.values(prefix);
    }
    Ok(Vec::new())
}

/// Returns a secret or a variable of the worker. (Not in the trait: a worker that asks for none has no code for it.)
pub(crate) fn secret(platform: &dyn Platform, name: &str) -> Option<String> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.secret(name);
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.secret(name);
    }
    None
}

/// Returns the party that the room belongs to.
pub(crate) fn party(platform: &dyn Platform) -> Option<PartyName> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.party();
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.party();
    }
    None
}

/// Returns how large the database is, in bytes. (Not in the trait: a worker that does not inspect its rooms has no code
/// for it.)
pub(crate) fn stored_bytes(platform: &dyn Platform) -> Result<u64> {
    if let Some(workers) = platform.as_any().downcast_ref::<workers::Workers>() {
        return workers.stored_bytes();
    }
    #[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
    if let Some(memory) = platform.as_any().downcast_ref::<memory::Memory>() {
        return memory.stored_bytes();
    }
    Ok(0)
}

/// Counts from now on the rows that statements read and write. Returns how many there were. (Not in the trait, for the
/// same reason.)
pub(crate) fn counted_rows(platform: &dyn Platform) -> (u64, u64) {
    let workers = platform.as_any().downcast_ref::<workers::Workers>();
    workers.map(workers::Workers::counted_rows).unwrap_or_default()
}
