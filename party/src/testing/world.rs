//! Many rooms in one test, which call each other.

mod faults;

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

pub use self::faults::{CallFault, CallFaults};
use super::TestRoom;
use super::rooms::{Machine, Rooms};
use super::simulation::Build;
use crate::platform::Address;
use crate::timestamp::Timestamp;
use crate::{PartyName, RoomName, Server};

/// Rooms of one or several parties, on one clock. They call each other by [`Room::stub`](crate::Room::stub).
///
/// A room is made when the test names it or another room calls it. All rooms have the same secrets and buckets, which
/// are set on any of them. Time passes for all rooms at once: alarms, sleepers and delayed calls of all rooms happen in
/// the order of their moments.
///
/// # Calls that fail
///
/// As on the platform, a call can be lost on the way, or its answer. Let it happen by chance
/// ([`set_call_faults`](Self::set_call_faults)) or to one call ([`fault_next_call`](Self::fault_next_call)). The same
/// seed has the same outcome.
///
/// A room that is evicted, crashed or replaced by another build while it answers a call has not answered: the caller
/// gets [`ErrorKind::Platform`](crate::ErrorKind::Platform). An answer to a room that was evicted meanwhile is dropped.
///
/// # Example
///
/// ```
/// use party::testing::{CallFault, TestWorld};
/// use party::{Call, Connection, Message, Props, RemoteCall, Reply, Result, Room, Server};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Greet(String);
///
/// impl Call for Greet {
///     type Reply = String;
/// }
///
/// struct Guest;
///
/// impl Server for Guest {
/// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
///     async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
///         let desk = room.stub("desk", "front")?;
///         match desk.call(&Greet(room.name().to_string())).await {
///             Ok(greeting) => from.send(greeting),
///             Err(error) => from.send(format!("{:?}", error.kind())),
///         }
///         Ok(())
///     }
/// }
///
/// struct Desk;
///
/// impl Server for Desk {
/// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
///     async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
///         call.answer(async |Greet(name)| Ok(format!("{}: welcome, {name}", room.name()))).await
///     }
/// }
///
/// let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
/// let ada = world.room::<Guest>("guest", "ada").connect("phone");
/// ada.send("hello");
/// assert_eq!(ada.receive_text(), "front: welcome, ada");
///
/// world.fault_next_call(("desk", "front"), CallFault::Lose);
/// ada.send("hello");
/// assert_eq!(ada.receive_text(), "Platform");
/// ```
pub struct TestWorld {
    rooms: Rc<Rooms>,
}

impl TestWorld {
    /// Returns a world without parties.
    ///
    /// Its clock begins at a fixed time, and its randomness comes from the seed 0.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// let (first, second) = (world.room::<Counter>("counter", "a"), world.room::<Counter>("counter", "b"));
    /// first.connect("ada").send("one more");
    /// assert_eq!((first.get("").text(), second.get("").text()), ("1".to_owned(), "0".to_owned()));
    /// ```
    #[expect(clippy::new_without_default, reason = "as `TestRoom`, it is made by `new` or `with_seed`")]
    pub fn new() -> Self {
        Self::with_seed(0)
    }

    /// Returns a world as [`new`](Self::new) does, with another seed: for the randomness of its rooms, and for what
    /// happens to calls by chance.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// for seed in 0..3 {
    ///     let world = TestWorld::with_seed(seed).party::<Counter>("counter");
    ///     // ...
    /// # let _ = world;
    /// }
    /// ```
    pub fn with_seed(seed: u64) -> Self {
        Self { rooms: Rooms::new(seed) }
    }

    /// Adds a party: from now on, a room of this party that is made runs `S`.
    ///
    /// For a party that is there already, it changes the build of the rooms that are made later.
    ///
    /// # Panics
    ///
    /// When no party can have the name.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::{Counter, Pad}};
    /// let world = TestWorld::new().party::<Counter>("counter").party::<Pad>("pad");
    /// # let _ = world;
    /// ```
    #[must_use]
    pub fn party<S: Server>(self, name: &str) -> Self {
        if let Err(error) = PartyName::new(name) {
            panic!("{error}");
        }
        self.rooms.set_party(name, Some(Build::of::<S>()));
        self
    }

    /// Returns a room. It has not started if nothing has called it.
    ///
    /// # Panics
    ///
    /// When the world has no such party, when the room runs another server than `S`, and for a name that no room can
    /// have.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// let ada = world.room::<Counter>("counter", "lobby").connect("ada");
    /// ada.send("one more");
    /// world.room::<Counter>("counter", "lobby").evict();
    /// assert_eq!(world.room::<Counter>("counter", "lobby").get("").text(), "1");
    /// ```
    pub fn room<S: Server>(&self, party: &str, name: &str) -> TestRoom<S> {
        if let Err(error) = RoomName::new(name) {
            panic!("{error}");
        }
        let room = match self.rooms.find(&address((party, name))) {
            Ok(room) => room,
            Err(error) => panic!("{error}: add it by `TestWorld::party`"),
        };
        let build = room.build();
        assert!(build.server == TypeId::of::<S>(), "the room {party}/{name} runs {}", build.name);
        TestRoom { machine: Machine { rooms: Rc::clone(&self.rooms), room }, server: PhantomData }
    }

    /// Returns the names of a party's rooms that were made so far, in the order of their names.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// world.room::<Counter>("counter", "lobby");
    /// world.room::<Counter>("counter", "bar");
    /// assert_eq!(world.names("counter"), ["bar", "lobby"]);
    /// ```
    pub fn names(&self, party: &str) -> Vec<String> {
        self.rooms.names(party)
    }

    /// Returns the time on the clock of all rooms.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// assert_eq!(world.now(), world.room::<Counter>("counter", "lobby").now());
    /// ```
    pub fn now(&self) -> Timestamp {
        self.rooms.world.now.get()
    }

    /// Lets time pass for all rooms, as [`TestRoom::advance`] of any of them does.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// let clients = ["a", "b"].map(|name| world.room::<Counter>("counter", name).connect("ada"));
    /// clients.iter().for_each(|client| client.send("one more"));
    ///
    /// // The alarm of each room rings after a minute without messages.
    /// world.advance(Duration::from_secs(60));
    /// assert!(clients.iter().all(|client| client.received().last().unwrap().as_text() == Some("0")));
    /// ```
    pub fn advance(&self, time: Duration) {
        self.rooms.advance(time);
    }

    /// Returns the errors among what the rooms have logged, those of a room that was made earlier first.
    ///
    /// They stay in the logs. Check at the end of a test that there are none.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::Counter};
    /// let world = TestWorld::new().party::<Counter>("counter");
    /// let room = world.room::<Counter>("counter", "lobby");
    /// room.fill_disk(true);
    /// room.connect("ada").send("one more");
    /// assert_eq!(world.errors().len(), 1);
    /// ```
    pub fn errors(&self) -> Vec<String> {
        self.rooms.all().iter().flat_map(|room| room.durable.errors()).collect()
    }

    /// Has calls between rooms go wrong by chance from now on.
    ///
    /// Calls of the test itself ([`TestRoom::call`]) do not.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{CallFaults, TestWorld};
    /// let world = TestWorld::with_seed(7);
    /// world.set_call_faults(CallFaults::default().lose(0.1).double(0.1).delay(0.2, Duration::from_secs(2)));
    /// // ... clients come and act
    /// world.set_call_faults(CallFaults::default());
    /// // ... now every call arrives: what was tried again must be done
    /// ```
    pub fn set_call_faults(&self, faults: CallFaults) {
        self.rooms.post.faults.set(faults);
    }

    /// Has something go wrong with the next call to a room, given by its party and its name, instead of what goes wrong
    /// by chance. Further faults of the same room are for the calls after it.
    ///
    /// # Example
    ///
    /// A room `Guest` rings at the desk for each message of its client. It answers how often the desk was rung by then,
    /// or how the call failed:
    ///
    /// ```
    /// # use party::testing::{CallFault, TestWorld, example::{Desk, Guest}};
    /// let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.fault_next_call(("desk", "front"), CallFault::Lose);
    /// world.fault_next_call(("desk", "front"), CallFault::LoseAnswer);
    /// world.fault_next_call(("desk", "front"), CallFault::Double);
    /// for answer in ["Platform", "Platform", "2", "4"] {
    ///     ada.send("ring");
    ///     assert_eq!(ada.receive_text(), answer);
    /// }
    /// ```
    pub fn fault_next_call(&self, to: (&str, &str), fault: CallFault) {
        self.rooms.post.set_next(address(to), fault);
    }

    /// Holds back the calls of one room to another until they are [released](Self::release_calls). Each room is given
    /// by its party and its name. Their answers, and calls in the other direction, are not held.
    ///
    /// Use it to let something happen between a call and its arrival: another call, an eviction, a deploy.
    ///
    /// # Example
    ///
    /// Bob rings after Ada, and is first at the desk:
    ///
    /// ```
    /// # use party::testing::{TestWorld, example::{Desk, Guest}};
    /// let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let [ada, bob] = ["ada", "bob"].map(|name| world.room::<Guest>("guest", name).connect("phone"));
    /// world.hold_calls(("guest", "ada"), ("desk", "front"));
    /// ada.send("ring");
    /// bob.send("ring");
    /// assert_eq!((ada.try_receive(), bob.receive_text()), (None, "1".to_owned()));
    ///
    /// world.release_calls(("guest", "ada"), ("desk", "front"));
    /// assert_eq!(ada.receive_text(), "2");
    /// ```
    pub fn hold_calls(&self, from: (&str, &str), to: (&str, &str)) {
        self.rooms.post.hold(address(from), address(to));
    }

    /// Sends the calls that were [held back](Self::hold_calls), in their order, and holds none any more.
    ///
    /// # Example
    ///
    /// See [`hold_calls`](Self::hold_calls).
    pub fn release_calls(&self, from: (&str, &str), to: (&str, &str)) {
        self.rooms.release(&address(from), &address(to));
    }
}

fn address((party, name): (&str, &str)) -> Address {
    Address { party: party.to_owned(), object: name.to_owned() }
}

impl fmt::Debug for TestWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestWorld").finish_non_exhaustive()
    }
}
