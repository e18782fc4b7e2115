//! The native platform: rooms in plain `cargo test`, on embedded SQLite, a virtual clock and seeded chance.
//!
//! A [`World`] is what outlives a room's memory: its sockets, its database, its alarm. [`Memory`] is the platform that
//! one activation of the room sees of it.

mod authorizer;
mod bucket;
mod database;
mod dump;
mod mathematics;
mod network;
mod text;
mod values;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

pub(crate) use self::bucket::MemoryBucket;
pub(crate) use self::database::Database;
pub(crate) use self::network::Network;
use super::{Bucket, LocalFuture, SocketId, Sockets, Storage, Surroundings};
use crate::error::{Error, Result};
use crate::gate::Gate;
use crate::message::{Frame, Message};
use crate::name::Tag;
use crate::observe::Record;
use crate::room::sql::{Rows, Value};
use crate::timestamp::Timestamp;

/// When the virtual clock starts: 2026-01-01 00:00 UTC.
const EPOCH: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// The queue of tasks that a room passes to `wait_until`.
pub(crate) type Spawn = Rc<dyn Fn(LocalFuture<'static, ()>)>;

/// All of a room that is not in its memory.
pub(crate) struct World {
    pub(crate) name: Option<String>,
    pub(crate) now: Cell<Timestamp>,
    pub(crate) alarm: Cell<Option<Timestamp>>,
    /// The sleeping tasks, and their times.
    timers: RefCell<Vec<(Timestamp, Rc<Gate>)>>,
    pub(crate) network: RefCell<Network>,
    pub(crate) database: Database,
    pub(crate) log: RefCell<Vec<Record>>,
    /// The secrets and variables of the worker, by name.
    pub(crate) secrets: RefCell<BTreeMap<String, String>>,
    /// The buckets of the worker, by name.
    pub(crate) buckets: RefCell<BTreeMap<String, MemoryBucket>>,
    chance: Cell<u64>,
}

impl World {
    pub(crate) fn new(name: Option<String>, seed: u64) -> Result<Rc<Self>> {
        Ok(Rc::new(Self {
            name,
            now: Cell::new(EPOCH),
            alarm: Cell::new(None),
            timers: RefCell::default(),
            network: RefCell::default(),
            database: Database::new()?,
            log: RefCell::default(),
            secrets: RefCell::default(),
            buckets: RefCell::default(),
            chance: Cell::new(seed),
        }))
    }

    /// Returns when the next sleeper wakes.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.timers.borrow().iter().map(|(due, _)| *due).min()
    }

    /// Wakes those whose moment has come, in the order of their moments.
    pub(crate) fn wake_sleepers(&self) {
        let now = self.now.get();
        let mut due: Vec<_> = self.timers.borrow_mut().extract_if(.., |(due, _)| *due <= now).collect();
        due.sort_by_key(|(due, _)| *due);
        due.iter().for_each(|(_, gate)| gate.open());
    }

    /// Forgets the sleeping tasks: their activation is over.
    pub(crate) fn forget_sleepers(&self) {
        self.timers.take();
    }

    /// Returns the next number of a sequence that its seed decides (SplitMix64).
    fn chance(&self) -> u64 {
        let state = self.chance.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.chance.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// The platform of one activation of the room.
pub(crate) struct Memory {
    world: Rc<World>,
    spawn: Spawn,
    /// The name of an object that was not addressed by one, once it is known.
    told_name: RefCell<Option<String>>,
}

impl Memory {
    pub(crate) fn new(world: Rc<World>, spawn: Spawn) -> Self {
        Self { world, spawn, told_name: RefCell::default() }
    }

    /// Returns the stored values whose keys begin with `prefix`.
    pub(crate) fn values(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        self.world.database.values(prefix)
    }

    /// Returns how large the database is, in bytes.
    pub(crate) fn stored_bytes(&self) -> Result<u64> {
        self.world.database.bytes()
    }

    /// Returns a secret or a variable of the worker.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        self.world.secrets.borrow().get(name).cloned()
    }

    /// Returns a bucket of the worker.
    pub(crate) fn bucket(&self, name: &str) -> Option<Rc<dyn Bucket>> {
        let bucket = self.world.buckets.borrow().get(name).cloned();
        bucket.map(|bucket| Rc::new(bucket) as Rc<dyn Bucket>)
    }
}

impl Sockets for Memory {
    fn accept(&self, tags: &[Tag], attachment: &[u8]) -> Result<SocketId> {
        Ok(self.world.network.borrow_mut().accept(tags, attachment))
    }

    fn sockets(&self) -> Result<Vec<SocketId>> {
        Ok(self.world.network.borrow().sockets())
    }

    fn is_open(&self, socket: SocketId) -> bool {
        self.world.network.borrow().is_open(socket)
    }

    fn open_of(&self, mut sockets: Vec<SocketId>) -> Vec<SocketId> {
        sockets.retain(|socket| self.is_open(*socket));
        sockets
    }

    fn tags(&self, socket: SocketId) -> Result<Vec<String>> {
        self.world.network.borrow().tags(socket)
    }

    fn attachment(&self, socket: SocketId) -> Option<Vec<u8>> {
        self.world.network.borrow().attachment(socket)
    }

    fn attach(&self, socket: SocketId, attachment: &[u8]) -> Result<()> {
        self.world.network.borrow_mut().attach(socket, attachment)
    }

    fn send(&self, to: &[SocketId], frame: &Frame<'_>, failed: &mut dyn FnMut(SocketId, Error)) {
        let message = Message::from(frame.clone());
        for socket in to {
            let sent = self.world.network.borrow_mut().send(*socket, &message);
            if let Err(error) = sent {
                failed(*socket, error);
            }
        }
    }

    fn close(&self, socket: SocketId, code: u16, reason: &str) -> Result<()> {
        self.world.network.borrow_mut().close(socket, code, reason)
    }

    fn set_auto_response(&self, request: &str, response: &str) -> Result<()> {
        self.world.network.borrow_mut().set_auto_response(request, response);
        Ok(())
    }

    fn last_auto_response(&self, socket: SocketId) -> Option<Timestamp> {
        self.world.network.borrow().last_auto_response(socket)
    }

    fn forget(&self, socket: SocketId) {
        self.world.network.borrow_mut().forget(socket);
    }
}

impl Storage for Memory {
    fn sql(&self, query: &str, params: &[Value]) -> Result<Rows> {
        self.world.database.run(query, params)
    }

    fn execute(&self, query: &str, params: &[Value]) -> Result<()> {
        self.sql(query, params).map(drop)
    }

    fn execute_counted(&self, query: &str, params: &[Value]) -> Result<u64> {
        self.world.database.run_counted(query, params)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        // The alarm is a row of the database: what undoes a transaction undoes it, too.
        let alarm = self.world.alarm.get();
        self.world.database.transaction(body).inspect_err(|_| self.world.alarm.set(alarm))
    }

    fn value(&self, key: &str) -> Result<Option<String>> {
        self.world.database.value(key)
    }

    fn set_value(&self, key: &str, json: &str) -> Result<()> {
        self.world.database.set_value(key, json)
    }

    fn delete_value(&self, key: &str) -> Result<bool> {
        self.world.database.delete_value(key)
    }

    fn delete_all(&self) -> LocalFuture<'_, Result<()>> {
        Box::pin(async {
            self.world.alarm.set(None);
            self.world.database.reset()
        })
    }

    fn alarm(&self) -> LocalFuture<'_, Result<Option<Timestamp>>> {
        Box::pin(async { Ok(self.world.alarm.get()) })
    }

    fn set_alarm(&self, at: Option<Timestamp>) -> Result<()> {
        self.world.alarm.set(at);
        Ok(())
    }
}

impl Surroundings for Memory {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn name(&self) -> Option<String> {
        self.world.name.clone().or_else(|| self.told_name.borrow().clone())
    }

    fn is_addressed(&self) -> bool {
        self.world.name.is_some()
    }

    fn tell_name(&self, name: &str) {
        self.told_name.replace(Some(name.to_owned()));
    }

    fn now(&self) -> Timestamp {
        self.world.now.get()
    }

    fn sleep(&self, time: Duration) -> LocalFuture<'static, ()> {
        let gate = Rc::new(Gate::default());
        self.world.timers.borrow_mut().push((self.now() + time, Rc::clone(&gate)));
        Box::pin(async move { gate.passed().await })
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.world.chance().to_le_bytes();
            chunk.iter_mut().zip(random).for_each(|(byte, random)| *byte = random);
        }
    }

    fn wait_until(&self, task: LocalFuture<'static, ()>) {
        (self.spawn)(task);
    }

    fn log(&self, record: Record) {
        self.world.log.borrow_mut().push(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_reference_implementation_of_splitmix64() {
        let world = World::new(None, 0).unwrap();
        let numbers = [world.chance(), world.chance(), world.chance()];
        assert_eq!(numbers, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }
}
