//! The native platform: rooms in plain `cargo test`, on embedded SQLite, a virtual clock and seeded chance.
//!
//! A [`World`] is what rooms share: the clock, the worker's secrets and buckets, the calls between rooms. A [`Durable`]
//! is what outlives the memory of one room: its sockets, its database, its alarm. [`Memory`] is the platform that one
//! activation of the room sees of both.

mod authorizer;
mod bucket;
mod call;
mod chance;
mod database;
mod dump;
mod durable;
mod mathematics;
mod network;
mod text;
mod values;
mod world;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

pub(crate) use self::bucket::MemoryBucket;
pub(crate) use self::call::{Answered, Mailbox, Outgoing};
pub(crate) use self::chance::Chance;
pub(crate) use self::database::Database;
pub(crate) use self::durable::Durable;
pub(crate) use self::network::Network;
pub(crate) use self::world::World;
use super::{Address, Bucket, LocalFuture, SocketId, Sockets, Storage, Surroundings};
use crate::error::{Error, Result};
use crate::host::errand::Kind;
use crate::message::{Frame, Message};
use crate::name::{PartyName, Tag};
use crate::observe::Record;
use crate::room::sql::{Rows, Value};
use crate::timestamp::Timestamp;

/// The queue of tasks that a room passes to `wait_until`.
pub(crate) type Spawn = Rc<dyn Fn(LocalFuture<'static, ()>)>;

/// The platform of one activation of the room.
pub(crate) struct Memory {
    durable: Rc<Durable>,
    spawn: Spawn,
    /// The name of an object that was not addressed by one, once it is known.
    told_name: RefCell<Option<String>>,
}

impl Memory {
    pub(crate) fn new(durable: Rc<Durable>, spawn: Spawn) -> Self {
        Self { durable, spawn, told_name: RefCell::default() }
    }

    /// Returns the party that the room belongs to.
    pub(crate) fn party(&self) -> Option<PartyName> {
        PartyName::new(&self.durable.party).ok()
    }

    /// Sends another object a request of the framework.
    pub(crate) fn call(&self, to: Address, kind: Kind, body: String) -> LocalFuture<'static, Answered> {
        let from = Address { party: self.durable.party.clone(), object: self.name().unwrap_or_default() };
        let (world, mailbox) = (Rc::clone(&self.durable.world), Rc::default());
        Box::pin(async move {
            world.call(Outgoing { from, to, kind, body, mailbox: Rc::clone(&mailbox) });
            mailbox.answer().await
        })
    }

    /// Returns the stored values whose keys begin with `prefix`.
    pub(crate) fn values(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        self.durable.database.values(prefix)
    }

    /// Returns how large the database is, in bytes.
    pub(crate) fn stored_bytes(&self) -> Result<u64> {
        self.durable.database.bytes()
    }

    /// Returns a secret or a variable of the worker.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        self.durable.world.secrets.borrow().get(name).cloned()
    }

    /// Returns a bucket of the worker.
    pub(crate) fn bucket(&self, name: &str) -> Option<Rc<dyn Bucket>> {
        let bucket = self.durable.world.buckets.borrow().get(name).cloned();
        bucket.map(|bucket| Rc::new(bucket) as Rc<dyn Bucket>)
    }
}

impl Sockets for Memory {
    fn accept(&self, tags: &[Tag], attachment: &[u8]) -> Result<SocketId> {
        Ok(self.durable.network.borrow_mut().accept(tags, attachment))
    }

    fn sockets(&self) -> Result<Vec<SocketId>> {
        Ok(self.durable.network.borrow().sockets())
    }

    fn is_open(&self, socket: SocketId) -> bool {
        self.durable.network.borrow().is_open(socket)
    }

    fn open_of(&self, mut sockets: Vec<SocketId>) -> Vec<SocketId> {
        sockets.retain(|socket| self.is_open(*socket));
        sockets
    }

    fn tags(&self, socket: SocketId) -> Result<Vec<String>> {
        self.durable.network.borrow().tags(socket)
    }

    fn attachment(&self, socket: SocketId) -> Option<Vec<u8>> {
        self.durable.network.borrow().attachment(socket)
    }

    fn attach(&self, socket: SocketId, attachment: &[u8]) -> Result<()> {
        self.durable.network.borrow_mut().attach(socket, attachment)
    }

    fn send(&self, to: &[SocketId], frame: &Frame<'_>, failed: &mut dyn FnMut(SocketId, Error)) {
        // All clients share it: a test may have thousands.
        let message = Rc::new(Message::from(frame.clone()));
        for socket in to {
            let sent = self.durable.network.borrow_mut().send(*socket, &message);
            if let Err(error) = sent {
                failed(*socket, error);
            }
        }
    }

    fn close(&self, socket: SocketId, code: u16, reason: &str) -> Result<()> {
        self.durable.network.borrow_mut().close(socket, code, reason)
    }

    fn set_auto_response(&self, request: &str, response: &str) -> Result<()> {
        self.durable.network.borrow_mut().set_auto_response(request, response);
        Ok(())
    }

    fn last_auto_response(&self, socket: SocketId) -> Option<Timestamp> {
        self.durable.network.borrow().last_auto_response(socket)
    }

    fn forget(&self, socket: SocketId) {
        self.durable.network.borrow_mut().forget(socket);
    }
}

impl Storage for Memory {
    fn sql(&self, query: &str, params: &[Value]) -> Result<Rows> {
        self.durable.database.run(query, params)
    }

    fn execute(&self, query: &str, params: &[Value]) -> Result<()> {
        self.sql(query, params).map(drop)
    }

    fn execute_counted(&self, query: &str, params: &[Value]) -> Result<u64> {
        self.durable.database.run_counted(query, params)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        // The alarm is a row of the database: what undoes a transaction undoes it, too.
        let alarm = self.durable.alarm.get();
        self.durable.database.transaction(body).inspect_err(|_| self.durable.alarm.set(alarm))
    }

    fn value(&self, key: &str) -> Result<Option<String>> {
        self.durable.database.value(key)
    }

    fn set_value(&self, key: &str, json: &str) -> Result<()> {
        self.durable.database.set_value(key, json)
    }

    fn delete_value(&self, key: &str) -> Result<bool> {
        self.durable.database.delete_value(key)
    }

    fn delete_all(&self) -> LocalFuture<'_, Result<()>> {
        Box::pin(async {
            self.durable.alarm.set(None);
            self.durable.database.reset()
        })
    }

    fn alarm(&self) -> LocalFuture<'_, Result<Option<Timestamp>>> {
        Box::pin(async { Ok(self.durable.alarm.get()) })
    }

    fn set_alarm(&self, at: Option<Timestamp>) -> Result<()> {
        self.durable.alarm.set(at);
        Ok(())
    }
}

impl Surroundings for Memory {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn name(&self) -> Option<String> {
        self.durable.name.clone().or_else(|| self.told_name.borrow().clone())
    }

    fn is_addressed(&self) -> bool {
        self.durable.name.is_some()
    }

    fn tell_name(&self, name: &str) {
        self.told_name.replace(Some(name.to_owned()));
    }

    fn now(&self) -> Timestamp {
        self.durable.world.now.get()
    }

    fn sleep(&self, time: Duration) -> LocalFuture<'static, ()> {
        let gate = self.durable.wakes_at(self.now() + time);
        Box::pin(async move { gate.passed().await })
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.durable.chance.number().to_le_bytes();
            chunk.iter_mut().zip(random).for_each(|(byte, random)| *byte = random);
        }
    }

    fn wait_until(&self, task: LocalFuture<'static, ()>) {
        (self.spawn)(task);
    }

    fn log(&self, record: Record) {
        self.durable.log.borrow_mut().push(record);
    }
}
