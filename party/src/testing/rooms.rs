//! All rooms of a world: made when they are needed, and run until nothing is left to do.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use http::{HeaderValue, Request};

use super::post::{Parcel, Post};
use super::simulation::{Build, Promised, Simulation};
use super::tasks::Ready;
use crate::Body;
use crate::error::{Error, Result};
use crate::host::Answer;
use crate::host::errand::Kind;
use crate::message::Message;
use crate::message::close::Close;
use crate::name::place::{Plans, place_of};
use crate::platform::memory::{Answered, Chance, Durable, Network, Outgoing, World};
use crate::platform::{Address, SocketId, no_party, unreachable};
use crate::timestamp::Timestamp;

/// The number of calls after which rooms that call each other without a pause are thought to do so forever.
const MAX_CALLS_AT_ONCE: u32 = 1_000_000;

/// The rooms of a world.
pub(super) struct Rooms {
    pub(super) world: Rc<World>,
    pub(super) post: Rc<Post>,
    seed: u64,
    /// The build that the rooms of each party begin with. `None`: rooms of this party are not made on demand.
    parties: RefCell<BTreeMap<String, Option<Build>>>,
    rooms: RefCell<Vec<Rc<Simulation>>>,
    /// The number of each room that has a name.
    numbers: RefCell<BTreeMap<Address, usize>>,
    /// What the worker remembers of rooms with relays.
    plans: Plans,
    ready: Ready,
}

/// A room of a world, for its clients and for the test.
#[derive(Clone)]
pub(super) struct Machine {
    pub(super) rooms: Rc<Rooms>,
    pub(super) room: Rc<Simulation>,
}

impl Rooms {
    pub(super) fn new(seed: u64) -> Rc<Self> {
        let world = Rc::new(World::default());
        let post = Rc::new(Post::new(Rc::clone(&world), seed));
        Rc::new(Self {
            world,
            post,
            seed,
            parties: RefCell::default(),
            rooms: RefCell::default(),
            numbers: RefCell::default(),
            plans: Plans::default(),
            ready: Ready::default(),
        })
    }

    /// Has a party's rooms begin with a build, or only be there once the test has made them.
    pub(super) fn set_party(&self, party: &str, build: Option<Build>) {
        self.parties.borrow_mut().insert(party.to_owned(), build);
    }

    /// Returns the names of a party's rooms that were made so far, in their order.
    pub(super) fn names(&self, party: &str) -> Vec<String> {
        let numbers = self.numbers.borrow();
        numbers.keys().filter(|room| room.party == party).map(|room| room.object.clone()).collect()
    }

    /// Returns all rooms that were made so far, in the order in which they were made.
    pub(super) fn all(&self) -> Vec<Rc<Simulation>> {
        self.rooms.borrow().clone()
    }

    /// Makes a room.
    pub(super) fn make(
        &self,
        party: &str,
        name: Option<String>,
        build: Build,
        chance: Chance,
    ) -> Rc<Simulation> {
        let durable = match Durable::new(Rc::clone(&self.world), party, name.clone(), chance) {
            Ok(durable) => durable,
            Err(error) => panic!("the room's database cannot be made: {}", error.chain()),
        };
        let mut rooms = self.rooms.borrow_mut();
        let room = Rc::new(Simulation::new(durable, build, rooms.len(), self.ready.clone()));
        if let Some(object) = name {
            self.numbers.borrow_mut().insert(Address { party: party.to_owned(), object }, rooms.len());
        }
        rooms.push(Rc::clone(&room));
        room
    }

    /// Returns the room of an address, and makes it if it is not there yet.
    ///
    /// # Errors
    ///
    /// Those of a call to it.
    pub(super) fn find(&self, address: &Address) -> Result<Rc<Simulation>> {
        if let Some(room) = self.there(address) {
            return Ok(room);
        }
        let build = self.build_of(address)?;
        let chance = Chance::of_room(self.seed, &address.party, &address.object);
        Ok(self.make(&address.party, Some(address.object.clone()), build, chance))
    }

    /// Returns the build of a room that is not there yet, if it can be made.
    fn build_of(&self, address: &Address) -> Result<Build> {
        let build = self.parties.borrow().get(&address.party).copied();
        let build = build.ok_or_else(|| no_party(&address.party))?;
        // A room that is alone in its test has its relays anyway.
        let alone = || match place_of(&address.object) {
            (room, Some(_)) => self.there(&Address { object: room.to_owned(), ..address.clone() }),
            _ => None,
        };
        let build = build.or_else(|| alone().map(|room| room.build()));
        build.ok_or_else(|| unreachable(&address.object, &"there is only one room in this test"))
    }

    fn there(&self, address: &Address) -> Option<Rc<Simulation>> {
        let number = self.numbers.borrow().get(address).copied()?;
        self.rooms.borrow().get(number).cloned()
    }

    /// Runs every room that has something to do, and carries the calls between them, until nothing is left to do now.
    pub(super) fn settle(&self) {
        let mut calls = 0_u32;
        loop {
            if let Some(number) = self.ready.next() {
                let room = self.rooms.borrow().get(number).cloned();
                room.iter().for_each(|room| room.run());
            } else if let Some(call) = self.world.next_call() {
                calls = calls.saturating_add(1);
                assert!(calls < MAX_CALLS_AT_ONCE, "the rooms call each other without end");
                self.post(call);
            } else {
                return;
            }
        }
    }

    /// Takes a call that a room has made.
    fn post(&self, call: Outgoing) {
        match self.there(&call.to).map_or_else(|| self.build_of(&call.to).map(drop), |_| Ok(())) {
            Ok(()) => self.post.send(call).into_iter().for_each(|parcel| self.deliver(parcel)),
            Err(error) => call.mailbox.put(Err(error)),
        }
    }

    /// Hands over what has arrived.
    fn deliver(&self, parcel: Parcel) {
        let (call, way_back) = match parcel {
            Parcel::Call(call, way_back) => (call, way_back),
            Parcel::Answer(mailbox, answer) => return mailbox.put(answer),
        };
        match self.find(&call.to) {
            Ok(room) => {
                let request = Request::post("https://party.internal/").body(Body::from(call.body));
                let Ok(request) = request else { return };
                let (answer, back) =
                    (room.serve(request, call.kind), self.post.answer(call.to, call.mailbox, way_back));
                drop(room.start(async move { back.send(read(answer.await).await) }));
            }
            Err(error) => call.mailbox.put(Err(error)),
        }
    }

    /// Sends the calls that were held back between two rooms.
    pub(super) fn release(&self, from: &Address, to: &Address) {
        for call in self.post.release(from, to) {
            self.post(call);
        }
        self.settle();
    }

    /// Lets time pass for all rooms: what is due happens in the order of its moment.
    pub(super) fn advance(&self, time: Duration) {
        // A hook may have waited for something that the test has done since.
        self.settle();
        let end = self.world.now.get() + time;
        while let Some(due) = self.next_moment().filter(|due| *due <= end) {
            self.world.now.set(due.max(self.world.now.get()));
            self.happens();
        }
        self.world.now.set(end);
    }

    /// Has everything happen that is due now: calls arrive, sleepers wake, alarms ring.
    fn happens(&self) {
        while let Some(parcel) = self.post.next_arrived() {
            self.deliver(parcel);
        }
        self.settle();
        let rooms = self.all();
        rooms.iter().for_each(|room| room.durable.wake_sleepers());
        self.settle();
        for room in rooms {
            room.ring();
            self.settle();
        }
    }

    fn next_moment(&self) -> Option<Timestamp> {
        let rooms = self.rooms.borrow();
        rooms.iter().filter_map(|room| room.next_moment()).chain(self.post.next_moment()).min()
    }
}

/// Reads the response to a call.
async fn read(answer: Answer) -> Answered {
    match answer {
        Answer::Response(response) => {
            let (parts, body) = response.into_parts();
            Ok((parts.status.as_u16(), body.text().await?))
        }
        Answer::Upgrade(_) => Err(Error::other("a call is no upgrade")),
    }
}

impl Machine {
    pub(super) fn network(&self) -> &RefCell<Network> {
        &self.room.durable.network
    }

    pub(super) fn now(&self) -> Timestamp {
        self.rooms.world.now.get()
    }

    /// Returns an address of the room.
    pub(super) fn address(&self, path: &str) -> String {
        let Durable { party, name, .. } = &*self.room.durable;
        format!("https://party.test/parties/{party}/{}{path}", name.as_deref().unwrap_or_default())
    }

    /// Sends the room a client's request.
    pub(super) fn fetch(&self, mut request: Request<Body>) -> Promised<Answer> {
        request.headers_mut().entry("host").or_insert(HeaderValue::from_static("party.test"));
        self.serve(request, Kind::Visit)
    }

    /// Sends the room a request.
    pub(super) fn serve(&self, request: Request<Body>, kind: Kind) -> Promised<Answer> {
        self.run(self.room.serve(request, kind))
    }

    /// Returns the object of the room to which a client with this key belongs, as far as is known.
    pub(super) fn toward(&self, key: &str) -> Self {
        let Durable { party, name, .. } = &*self.room.durable;
        let Some(room) = name.as_deref() else { return self.clone() };
        let object = self.rooms.plans.object(&format!("{party}/{room}"), room, key, self.now());
        match self.rooms.find(&Address { party: party.clone(), object }) {
            Ok(room) => Self { rooms: Rc::clone(&self.rooms), room },
            Err(error) => panic!("{}", error.chain()),
        }
    }

    /// Remembers how many relays the room has.
    pub(super) fn learn(&self, relays: u32) {
        let Durable { party, name, .. } = &*self.room.durable;
        let known = format!("{party}/{}", name.as_deref().unwrap_or_default());
        self.rooms.plans.learn(&known, relays, self.now());
    }

    pub(super) fn message(&self, socket: SocketId, message: Message) {
        drop(self.run(self.room.message(socket, message)));
    }

    pub(super) fn close(&self, socket: SocketId, close: Close) {
        drop(self.run(self.room.close(socket, close)));
    }

    pub(super) fn error(&self, socket: SocketId, error: Error) {
        drop(self.run(self.room.error(socket, error)));
    }

    /// Ends the room's activation. Callers whose calls it has not answered go on.
    pub(super) fn evict(&self) {
        self.room.evict();
        self.rooms.settle();
    }

    /// Ends the room's activation; the next one runs another build.
    pub(super) fn deploy(&self, next: Build) {
        self.room.deploy(next);
        self.rooms.settle();
    }

    /// Runs a task in the room, and all that follows from it, as far as it goes now.
    pub(super) fn run<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> Promised<T> {
        let promised = self.room.start(task);
        self.rooms.settle();
        promised
    }
}
