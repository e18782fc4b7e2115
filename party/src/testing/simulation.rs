//! One room of a world: it hands events to the host, and runs what they start.

use std::any::{TypeId, type_name};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use http::Request;

use super::tasks::{Ready, Tasks};
use crate::Body;
use crate::error::{Error, Result};
use crate::host::errand::{Errand, Kind, SUBPROTOCOL_HEADER};
use crate::host::{Answer, Host};
use crate::message::Message;
use crate::message::close::Close;
use crate::platform::memory::{Durable, Memory};
use crate::platform::{LocalFuture, Platform, SocketId};
use crate::room::props::Props;
use crate::server::Server;
use crate::timestamp::Timestamp;

/// How often the platform retries a failed alarm, and how long it waits first.
const ALARM_RETRIES: u32 = 6;
const ALARM_RETRY: Duration = Duration::from_secs(2);

/// One room, and what it is doing.
pub(super) struct Simulation {
    pub(super) durable: Rc<Durable>,
    build: Cell<Build>,
    tasks: Tasks,
    host: RefCell<Option<Rc<dyn Activation>>>,
    props: RefCell<Props>,
    /// The name that a worker would tell an object that has none.
    told_name: RefCell<Option<String>>,
    alarm: Rc<Ringing>,
}

/// The code that a room runs.
#[derive(Clone, Copy)]
pub(super) struct Build {
    pub(super) server: TypeId,
    pub(super) name: &'static str,
    activate: fn(Rc<dyn Platform>) -> Rc<dyn Activation>,
}

/// A room of any party, in memory.
trait Activation {
    fn fetch(self: Rc<Self>, request: Request<Body>, errand: Errand) -> LocalFuture<'static, Answer>;
    fn message(self: Rc<Self>, socket: SocketId, message: Message) -> LocalFuture<'static, ()>;
    fn close(self: Rc<Self>, socket: SocketId, close: Close) -> LocalFuture<'static, ()>;
    fn error(self: Rc<Self>, socket: SocketId, error: Error) -> LocalFuture<'static, ()>;
    fn alarm(self: Rc<Self>, retries: u32) -> LocalFuture<'static, Result<()>>;
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

impl Build {
    /// Returns the build whose rooms are `S`.
    pub(super) fn of<S: Server>() -> Self {
        let activate = |platform| -> Rc<dyn Activation> { Host::<S>::new(platform) };
        Self { server: TypeId::of::<S>(), name: type_name::<S>(), activate }
    }
}

impl Simulation {
    /// Returns a room that has not started. `number` is its own among those of its world.
    pub(super) fn new(durable: Rc<Durable>, build: Build, number: usize, ready: Ready) -> Self {
        Self {
            durable,
            build: Cell::new(build),
            tasks: Tasks::new(number, ready),
            host: RefCell::default(),
            props: RefCell::default(),
            told_name: RefCell::default(),
            alarm: Rc::default(),
        }
    }

    pub(super) fn build(&self) -> Build {
        self.build.get()
    }

    pub(super) fn set_props(&self, props: Props) {
        self.props.replace(props);
    }

    pub(super) fn tell_name(&self, name: &str) {
        self.told_name.replace(Some(name.to_owned()));
    }

    /// Returns the platform of this activation.
    pub(super) fn platform(&self) -> Rc<dyn Platform> {
        Rc::new(Memory::new(Rc::clone(&self.durable), self.tasks.spawner()))
    }

    /// Ends the activation: the memory is lost with the work in progress.
    pub(super) fn evict(&self) {
        self.host.take();
        self.tasks.end();
        self.durable.forget_sleepers();
        // An alarm fires at least once: a hook that was under way has failed.
        if self.alarm.now.get() {
            self.alarm.ended(&self.durable, true);
        }
    }

    /// Ends the activation; the next one runs another build.
    pub(super) fn deploy(&self, next: Build) {
        self.evict();
        self.build.set(next);
    }

    /// Begins to answer a request, as the router hands it over.
    pub(super) fn serve(&self, mut request: Request<Body>, kind: Kind) -> LocalFuture<'static, Answer> {
        let (props, room) = (self.props.borrow().clone(), self.told_name.borrow().clone());
        let subprotocol = request.headers_mut().remove(SUBPROTOCOL_HEADER);
        let subprotocol = subprotocol.and_then(|name| name.to_str().ok().map(str::to_owned));
        self.host().fetch(request, Errand { kind, props, room, subprotocol })
    }

    /// Begins to handle a client's message.
    pub(super) fn message(&self, socket: SocketId, message: Message) -> LocalFuture<'static, ()> {
        self.host().message(socket, message)
    }

    /// Begins to handle an error of a client's connection.
    pub(super) fn error(&self, socket: SocketId, error: Error) -> LocalFuture<'static, ()> {
        self.host().error(socket, error)
    }

    /// Begins to handle a client's close. The socket is forgotten at its end.
    pub(super) fn close(&self, socket: SocketId, close: Close) -> LocalFuture<'static, ()> {
        let (closed, durable) = (self.host().close(socket, close), Rc::clone(&self.durable));
        Box::pin(async move {
            closed.await;
            durable.network.borrow_mut().forget(socket);
        })
    }

    /// Returns when the alarm rings or a sleeper wakes, whichever is first.
    pub(super) fn next_moment(&self) -> Option<Timestamp> {
        self.alarm_due().into_iter().chain(self.durable.next_sleeper()).min()
    }

    /// Fires the alarm, if its time has come.
    pub(super) fn ring(&self) {
        let now = self.durable.world.now.get();
        if self.alarm_due().is_none_or(|due| due > now) {
            return;
        }
        self.durable.alarm.set(None);
        let (alarm, durable) = (Rc::clone(&self.alarm), Rc::clone(&self.durable));
        alarm.now.set(true);
        let rung = self.host().alarm(alarm.failures.get());
        self.tasks.spawn(Box::pin(async move { alarm.ended(&durable, rung.await.is_err()) }));
    }

    /// Returns when the alarm rings. While it does, the next waits for its end.
    fn alarm_due(&self) -> Option<Timestamp> {
        self.durable.alarm.get().filter(|_| !self.alarm.now.get())
    }

    fn host(&self) -> Rc<dyn Activation> {
        let mut host = self.host.borrow_mut();
        Rc::clone(host.get_or_insert_with(|| (self.build().activate)(self.platform())))
    }

    /// Adds a task. It runs when the room does.
    pub(super) fn start<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> Promised<T> {
        let outcome = Rc::new(Cell::new(None));
        let slot = Rc::clone(&outcome);
        self.tasks.spawn(Box::pin(async move { slot.set(Some(task.await)) }));
        outcome
    }

    /// Runs until the room has nothing left to do: clients answer the room's closes, as browsers do.
    pub(super) fn run(&self) {
        loop {
            self.tasks.run_until_stalled();
            let closing = self.durable.network.borrow_mut().take_closing();
            if closing.is_empty() {
                return;
            }
            for (socket, close) in closing {
                if self.durable.network.borrow_mut().client_closes(socket) {
                    self.tasks.spawn(self.close(socket, close));
                }
            }
        }
    }
}

impl<S: Server> Activation for Host<S> {
    fn fetch(self: Rc<Self>, request: Request<Body>, errand: Errand) -> LocalFuture<'static, Answer> {
        Box::pin(async move { Self::fetch(&self, request, errand).await })
    }

    fn message(self: Rc<Self>, socket: SocketId, message: Message) -> LocalFuture<'static, ()> {
        Box::pin(async move { Self::message(&self, socket, message).await })
    }

    fn close(self: Rc<Self>, socket: SocketId, close: Close) -> LocalFuture<'static, ()> {
        Box::pin(async move { Self::close(&self, socket, close).await })
    }

    fn error(self: Rc<Self>, socket: SocketId, error: Error) -> LocalFuture<'static, ()> {
        Box::pin(async move { Self::error(&self, socket, error, false).await })
    }

    fn alarm(self: Rc<Self>, retries: u32) -> LocalFuture<'static, Result<()>> {
        Box::pin(async move { Self::alarm(&self, Some(retries)).await })
    }
}

impl Ringing {
    /// Ends the alarm after its hook has returned, or the memory was lost. A failed alarm fires again, if no new one
    /// was set.
    fn ended(&self, room: &Durable, failed: bool) {
        self.now.set(false);
        let failures = if failed { self.failures.get().saturating_add(1) } else { 0 };
        if failures > ALARM_RETRIES {
            self.failures.set(0);
            return;
        }
        self.failures.set(failures);
        if failures > 0 && room.alarm.get().is_none() {
            let pause = ALARM_RETRY.saturating_mul(1 << failures.saturating_sub(1));
            room.alarm.set(Some(room.world.now.get() + pause));
        }
    }
}
