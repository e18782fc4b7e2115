//! The machine under a test room: it delivers events to the host, and runs what they start until nothing is left to do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_executor::LocalPool;
use futures_util::task::LocalSpawnExt;
use http::{HeaderValue, Request};

use crate::Body;
use crate::error::Error;
use crate::host::errand::{Errand, Kind, SUBPROTOCOL_HEADER};
use crate::host::{Answer, Host};
use crate::message::Message;
use crate::message::close::Close;
use crate::platform::memory::{Memory, World};
use crate::platform::{LocalFuture, Platform, SocketId};
use crate::room::props::Props;
use crate::server::Server;
use crate::timestamp::Timestamp;

/// How often the platform retries a failed alarm, and how long it waits first.
const ALARM_RETRIES: u32 = 6;
const ALARM_RETRY: Duration = Duration::from_secs(2);

/// One room, its world, and what it is doing.
pub(super) struct Simulation<S: Server> {
    pub(super) world: Rc<World>,
    pool: RefCell<LocalPool>,
    host: RefCell<Option<Rc<Host<S>>>>,
    props: RefCell<Props>,
    /// The name that a worker would tell an object that has none.
    told_name: RefCell<Option<String>>,
    alarm: Rc<Ringing>,
    /// The machine that has taken over, since another build was deployed.
    successor: RefCell<Option<Rc<dyn Machine>>>,
}

/// The state of an alarm that has fired.
#[derive(Default)]
struct Ringing {
    /// Whether its hook is under way.
    now: Cell<bool>,
    /// How often it has failed in a row.
    failures: Cell<u32>,
}

/// The result of a task of the room, once there is one.
pub(super) type Promised<T> = Rc<Cell<Option<T>>>;

/// The actions of a client on a room of any party.
pub(super) trait Machine {
    fn world(&self) -> &World;
    fn address(&self, path: &str) -> String;
    fn fetch(&self, request: Request<Body>) -> Promised<Answer>;
    fn message(&self, socket: SocketId, message: Message);
    fn close(&self, socket: SocketId, close: Close);
    fn error(&self, socket: SocketId, error: Error);
    /// Runs something of the test's own, such as reading a body.
    fn run_boxed(&self, task: LocalFuture<'static, ()>);
}

impl<S: Server> Simulation<S> {
    pub(super) fn new(name: Option<String>, seed: u64) -> Self {
        let world = match World::new(name, seed) {
            Ok(world) => world,
            Err(error) => panic!("the room's database cannot be made: {}", error.chain()),
        };
        Self {
            world,
            pool: RefCell::default(),
            host: RefCell::default(),
            props: RefCell::default(),
            told_name: RefCell::default(),
            alarm: Rc::default(),
            successor: RefCell::default(),
        }
    }

    /// Returns the same room with another build, to which the clients of this one belong from now on.
    pub(super) fn deploy<Next: Server>(&self) -> Rc<Simulation<Next>> {
        self.evict();
        let next = Rc::new(Simulation {
            world: Rc::clone(&self.world),
            pool: RefCell::default(),
            host: RefCell::default(),
            props: RefCell::new(self.props.borrow().clone()),
            told_name: RefCell::new(self.told_name.borrow().clone()),
            alarm: Rc::clone(&self.alarm),
            successor: RefCell::default(),
        });
        self.successor.replace(Some(Rc::clone(&next) as Rc<_>));
        next
    }

    fn successor(&self) -> Option<Rc<dyn Machine>> {
        self.successor.borrow().clone()
    }

    pub(super) fn set_props(&self, props: Props) {
        self.props.replace(props);
    }

    pub(super) fn tell_name(&self, name: &str) {
        self.told_name.replace(Some(name.to_owned()));
    }

    /// Returns a request as the router hands it over.
    pub(super) fn serve(&self, mut request: Request<Body>, kind: Kind) -> Promised<Answer> {
        let (props, room) = (self.props.borrow().clone(), self.told_name.borrow().clone());
        let subprotocol = request.headers_mut().remove(SUBPROTOCOL_HEADER);
        let subprotocol = subprotocol.and_then(|name| name.to_str().ok().map(str::to_owned));
        let host = self.host();
        self.start(async move { host.fetch(request, Errand { kind, props, room, subprotocol }).await })
    }

    pub(super) fn platform(&self) -> Rc<dyn Platform> {
        let spawner = self.pool.borrow().spawner();
        let spawn = move |task: LocalFuture<'static, ()>| {
            // A pool that is gone is an activation that has ended, with its tasks.
            let _ended = spawner.spawn_local(task);
        };
        Rc::new(Memory::new(Rc::clone(&self.world), Rc::new(spawn)))
    }

    pub(super) fn evict(&self) {
        self.host.take();
        self.pool.take();
        self.world.forget_sleepers();
        // An alarm fires at least once: a hook that was under way has failed.
        if self.alarm.now.get() {
            self.alarm.ended(&self.world, true);
        }
    }

    pub(super) fn advance(&self, time: Duration) {
        // A hook may have waited for something that the test has done since.
        self.settle();
        let end = self.world.now.get() + time;
        while let Some(due) = self.next_moment().filter(|due| *due <= end) {
            self.world.now.set(due.max(self.world.now.get()));
            self.world.wake_sleepers();
            self.settle();
            if self.alarm_due().is_some_and(|alarm| alarm <= self.world.now.get()) {
                self.world.alarm.set(None);
                self.ring();
            }
        }
        self.world.now.set(end);
    }

    /// Returns when the alarm rings or a sleeper wakes, whichever is first.
    fn next_moment(&self) -> Option<Timestamp> {
        self.alarm_due().into_iter().chain(self.world.next_timer()).min()
    }

    /// Returns when the alarm rings. While it does, the next waits for its end.
    fn alarm_due(&self) -> Option<Timestamp> {
        self.world.alarm.get().filter(|_| !self.alarm.now.get())
    }

    /// Fires the alarm.
    fn ring(&self) {
        let (host, alarm, world) = (self.host(), Rc::clone(&self.alarm), Rc::clone(&self.world));
        alarm.now.set(true);
        let retries = Some(alarm.failures.get());
        let _waits = self.run(async move { alarm.ended(&world, host.alarm(retries).await.is_err()) });
    }

    fn host(&self) -> Rc<Host<S>> {
        let platform = self.platform();
        Rc::clone(self.host.borrow_mut().get_or_insert_with(|| Host::new(platform)))
    }

    /// Runs a task and all that follows from it. `None` if it waits for what does not come.
    fn run<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> Option<T> {
        self.start(task).take()
    }

    /// Runs a task and all that follows from it, as far as it goes now.
    fn start<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> Promised<T> {
        let outcome = Rc::new(Cell::new(None));
        let slot = Rc::clone(&outcome);
        let task = async move { slot.set(Some(task.await)) };
        if self.pool.borrow().spawner().spawn_local(task).is_err() {
            panic!("the room's tasks cannot be run");
        }
        self.settle();
        outcome
    }

    /// Runs until nothing is left to do: clients answer the room's closes, as browsers do.
    fn settle(&self) {
        loop {
            self.pool.borrow_mut().run_until_stalled();
            let unanswered = self.world.network.borrow().unanswered();
            if unanswered.is_empty() {
                return;
            }
            for (socket, close) in unanswered {
                if self.world.network.borrow_mut().client_closes(socket) {
                    let host = self.host();
                    let closed = ended(host, Rc::clone(&self.world), socket, close);
                    let _ended = self.pool.borrow().spawner().spawn_local(closed);
                }
            }
        }
    }
}

/// Gives the room the close of a client, and then forgets the socket.
async fn ended<S: Server>(host: Rc<Host<S>>, world: Rc<World>, socket: SocketId, close: Close) {
    host.close(socket, close).await;
    world.network.borrow_mut().forget(socket);
}

impl Ringing {
    /// Ends the alarm after its hook has returned, or the memory was lost. A failed alarm fires again, if no new one
    /// was set.
    fn ended(&self, world: &World, failed: bool) {
        self.now.set(false);
        let failures = if failed { self.failures.get().saturating_add(1) } else { 0 };
        if failures > ALARM_RETRIES {
            self.failures.set(0);
            return;
        }
        self.failures.set(failures);
        if failures > 0 && world.alarm.get().is_none() {
            let pause = ALARM_RETRY.saturating_mul(1 << failures.saturating_sub(1));
            world.alarm.set(Some(world.now.get() + pause));
        }
    }
}

impl<S: Server> Machine for Simulation<S> {
    fn world(&self) -> &World {
        &self.world
    }

    fn address(&self, path: &str) -> String {
        let room = self.world.name.as_deref().unwrap_or_default();
        format!("https://party.test/parties/party/{room}{path}")
    }

    fn fetch(&self, mut request: Request<Body>) -> Promised<Answer> {
        if let Some(next) = self.successor() {
            return next.fetch(request);
        }
        request.headers_mut().entry("host").or_insert(HeaderValue::from_static("party.test"));
        self.serve(request, Kind::Visit)
    }

    fn message(&self, socket: SocketId, message: Message) {
        if let Some(next) = self.successor() {
            return next.message(socket, message);
        }
        let host = self.host();
        let _waits = self.run(async move { host.message(socket, message).await });
    }

    fn close(&self, socket: SocketId, close: Close) {
        if let Some(next) = self.successor() {
            return next.close(socket, close);
        }
        let _waits = self.run(ended(self.host(), Rc::clone(&self.world), socket, close));
    }

    fn error(&self, socket: SocketId, error: Error) {
        if let Some(next) = self.successor() {
            return next.error(socket, error);
        }
        let host = self.host();
        let _waits = self.run(async move { host.error(socket, error, false).await });
    }

    fn run_boxed(&self, task: LocalFuture<'static, ()>) {
        if let Some(next) = self.successor() {
            return next.run_boxed(task);
        }
        let _waits = self.run(task);
    }
}
