//! Rooms that call each other, on one clock, and calls that go wrong.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that overflows, or finds nothing, has failed"
)]

mod bank;
mod faults;
mod resets;

use std::panic::catch_unwind;
use std::time::Duration;

use http::StatusCode;
use party::testing::{TestClient, TestRoom, TestWorld};
use party::{
    Call, Connection, Error, Message, Props, RemoteCall, Reply, Result, Room, Server, Timestamp, http,
};
use serde::{Deserialize, Serialize};

/// A room that does what it is asked, and asks others.
struct Node;

/// What is asked of a room.
#[derive(Clone, Serialize, Deserialize)]
enum Ask {
    /// To count, and to return the count.
    Count,
    /// To count after some seconds.
    CountAfter(u64),
    /// To write a line down, and to return all that were written.
    Note(String),
    /// To ask another room, of a party and with a name.
    Other(String, String, Box<Ask>),
    /// To note something in the room `journal`, after some seconds: by its alarm, or by a sleeping task.
    NoteByAlarm(u64),
    NoteAwake(u64),
    /// To return a secret of the worker.
    Secret,
    /// To store a file in the bucket of the worker.
    Store,
    /// To return the names of its party and of itself.
    Address,
    Refuse,
    Fail,
}

impl Call for Ask {
    type Reply = String;
}

/// Returns a question to another room, to be asked by a room.
fn ask((party, name): (&str, &str), question: Ask) -> Ask {
    Ask::Other(party.to_owned(), name.to_owned(), Box::new(question))
}

impl Server for Node {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    /// The client gets the answer, or the kind of the error and its text.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match answer(room, message.read_json()?).await {
            Ok(text) => from.send(text),
            Err(error) => from.send(format!("{:?}: {error}", error.kind())),
        }
        Ok(())
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |question| answer(room, question).await).await
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        note(room).await
    }
}

async fn answer(room: &Room, question: Ask) -> Result<String> {
    match question {
        Ask::Count => count(room),
        Ask::CountAfter(seconds) => {
            room.sleep(Duration::from_secs(seconds)).await;
            count(room)
        }
        Ask::Note(line) => {
            let lines = [room.storage().get::<String>("lines")?.unwrap_or_default(), line].join(" ");
            room.storage().put("lines", &lines)?;
            Ok(lines)
        }
        Ask::Other(party, name, question) => Box::pin(room.stub(&party, &name)?.call(&*question)).await,
        Ask::NoteByAlarm(seconds) => {
            room.alarm().set_after(Duration::from_secs(seconds))?;
            Ok(String::new())
        }
        Ask::NoteAwake(seconds) => {
            let task = room.clone();
            room.wait_until(async move {
                task.sleep(Duration::from_secs(seconds)).await;
                let _noted = note(&task).await;
            });
            Ok(String::new())
        }
        Ask::Secret => room.secret("KEY"),
        Ask::Store => {
            let bucket = room.bucket("FILES").ok_or_else(|| Error::other("no bucket"))?;
            bucket.put(room.name().as_str(), "content", 7, "text/plain").await?;
            Ok(String::new())
        }
        Ask::Address => Ok(format!("{}/{}", room.party().unwrap(), room.name())),
        Ask::Refuse => Err(Error::refuse(StatusCode::CONFLICT, "the seat is taken")),
        Ask::Fail => Err(Error::other("db-7 is down")),
    }
}

fn count(room: &Room) -> Result<String> {
    let count = room.storage().get::<u32>("count")?.unwrap_or(0).saturating_add(1);
    room.storage().put("count", &count)?;
    Ok(count.to_string())
}

async fn note(room: &Room) -> Result<()> {
    room.stub("node", "journal")?.call(&Ask::Note(room.name().to_string())).await.map(drop)
}

/// Returns a world of nodes, of two parties.
fn world() -> TestWorld {
    TestWorld::new().party::<Node>("node").party::<Node>("other")
}

fn node(world: &TestWorld, name: &str) -> TestRoom<Node> {
    world.room("node", name)
}

/// Returns a client of a room, by which the test has the room ask something.
fn client(world: &TestWorld, name: &str) -> TestClient {
    node(world, name).connect("client")
}

/// Has a room ask something; its answer, if there is one at once.
fn asks(client: &TestClient, question: Ask) -> Option<String> {
    client.send_json(&question);
    client.try_receive().map(|message| message.as_text().unwrap().to_owned())
}

/// Returns how often a room was counted up.
fn counted(world: &TestWorld, name: &str) -> u32 {
    node(world, name).storage().get("count").unwrap().unwrap_or(0)
}

#[test]
fn a_room_calls_a_room_that_starts_for_it_and_gets_its_answer() {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(world.names("other"), Vec::<String>::new());
    assert_eq!(asks(&ada, ask(("other", "b"), Ask::Count)).unwrap(), "1");
    assert_eq!(asks(&ada, ask(("other", "b"), Ask::Count)).unwrap(), "2");
    assert_eq!(asks(&ada, ask(("node", "b"), Ask::Count)).unwrap(), "1", "it is another room");
    assert_eq!((world.names("node"), world.names("other")), (vec!["a".into(), "b".into()], vec!["b".into()]));
}

#[test]
fn a_refusal_keeps_its_text_and_a_failure_tells_nothing() {
    let world = world();
    let ada = client(&world, "a");
    let refused = asks(&ada, ask(("node", "b"), Ask::Refuse)).unwrap();
    assert_eq!(refused, "Refused: the seat is taken");
    let failed = asks(&ada, ask(("node", "b"), Ask::Fail)).unwrap();
    assert!(failed.starts_with("Other: the room failed") && !failed.contains("db-7"), "{failed}");
    assert!(world.errors().iter().any(|line| line.contains("db-7 is down")));
    let error = node(&world, "a").call(&ask(("node", "b"), Ask::Refuse)).unwrap_err();
    assert_eq!(error.status(), StatusCode::CONFLICT, "it passes through every caller");
}

#[test]
fn a_call_to_a_party_that_is_not_there_is_invalid_and_names_it() {
    let world = world();
    let ada = client(&world, "a");
    let error = asks(&ada, ask(("nobody", "b"), Ask::Count)).unwrap();
    assert_eq!(error, "Invalid: the worker has no party \"nobody\"");
    assert!(asks(&ada, ask(("node", ".."), Ask::Count)).unwrap().starts_with("Invalid: "));
}

#[test]
fn a_room_that_is_alone_reaches_itself_and_no_other() {
    let room = TestRoom::<Node>::new("lobby");
    let ada = room.connect("ada");
    assert_eq!(asks(&ada, Ask::Address).unwrap(), "party/lobby");
    assert_eq!(asks(&ada, ask(("party", "lobby"), Ask::Count)).unwrap(), "1");
    let error = asks(&ada, ask(("party", "bar"), Ask::Count)).unwrap();
    assert!(error.starts_with("Platform: the room bar cannot be reached"), "{error}");
    assert!(asks(&ada, ask(("node", "bar"), Ask::Count)).unwrap().starts_with("Invalid: "));
}

#[test]
fn a_room_calls_itself_and_is_called_back_by_the_room_that_it_calls() {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(asks(&ada, ask(("node", "a"), Ask::Count)).unwrap(), "1");
    let there_and_back = ask(("other", "b"), ask(("node", "a"), Ask::Count));
    assert_eq!(asks(&ada, there_and_back.clone()).unwrap(), "2");
    assert_eq!(asks(&ada, ask(("node", "c"), there_and_back)).unwrap(), "3");
}

#[test]
fn rooms_of_a_world_have_the_names_of_their_parties() {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(asks(&ada, Ask::Address).unwrap(), "node/a");
    assert_eq!(asks(&ada, ask(("other", "b"), Ask::Address)).unwrap(), "other/b");
}

#[test]
fn rooms_of_a_world_share_secrets_and_buckets_and_not_their_storage() {
    let world = world();
    node(&world, "a").set_secret("KEY", "0123");
    let bucket = node(&world, "a").bucket("FILES");
    for name in ["a", "b"] {
        assert_eq!(asks(&client(&world, name), Ask::Secret).unwrap(), "0123");
        asks(&client(&world, name), Ask::Store);
    }
    assert_eq!(bucket.keys(), ["a", "b"]);
    asks(&client(&world, "a"), Ask::Count);
    assert_eq!((counted(&world, "a"), counted(&world, "b")), (1, 0));
}

#[test]
fn a_bucket_that_answers_lets_all_rooms_go_on() {
    let world = world();
    let bucket = node(&world, "a").bucket("FILES");
    bucket.hold(true);
    let [ada, bob] = ["a", "b"].map(|name| client(&world, name));
    assert_eq!((asks(&ada, Ask::Store), asks(&bob, ask(("other", "c"), Ask::Store))), (None, None));
    bucket.hold(false);
    assert!(ada.try_receive().is_some() && bob.try_receive().is_some());
}

#[test]
fn alarms_and_sleepers_of_all_rooms_go_off_in_the_order_of_their_moments() {
    let world = world();
    let start = world.now();
    asks(&client(&world, "d"), Ask::NoteAwake(4));
    asks(&client(&world, "c"), Ask::NoteByAlarm(3));
    asks(&client(&world, "a"), Ask::NoteByAlarm(1));
    asks(&client(&world, "b"), Ask::NoteAwake(2));
    node(&world, "a").advance(Duration::from_secs(3));
    assert_eq!(lines(&world), "a b c");
    world.advance(Duration::from_secs(1));
    assert_eq!(lines(&world), "a b c d");
    let clocks: Vec<Timestamp> = ["a", "b"].map(|name| node(&world, name).now()).into();
    assert_eq!(clocks, [start + Duration::from_secs(4); 2]);
}

/// Returns what was written down in the journal.
fn lines(world: &TestWorld) -> String {
    node(world, "journal").storage().get::<String>("lines").unwrap().unwrap_or_default().trim().to_owned()
}

#[test]
fn a_room_of_a_world_has_the_same_chance_whatever_other_rooms_there_are() {
    let draw = |seed, first: &[&str]| {
        let world = TestWorld::with_seed(seed).party::<Node>("node");
        first.iter().for_each(|name| drop(node(&world, name)));
        let connection = node(&world, "a").connecting("").connect();
        drop(connection);
        serde_json::to_string(&node(&world, "a").snapshot().unwrap()).unwrap()
    };
    assert_eq!(draw(1, &[]), draw(1, &["b", "c"]));
    assert_ne!(draw(1, &[]), draw(2, &[]));
}

#[test]
fn fifty_rooms_of_hundred_clients_answer_one_after_the_other() {
    let world = world();
    let names: Vec<String> = (0..50).map(|number| format!("room-{number}")).collect();
    let clients: Vec<Vec<TestClient>> = names
        .iter()
        .map(|name| (0..100).map(|id| node(&world, name).connect(&id.to_string())).collect())
        .collect();
    for clients in &clients {
        assert!(asks(&clients[0], ask(("node", "hub"), Ask::Count)).is_some());
    }
    assert_eq!(counted(&world, "hub"), 50);
    assert!(clients.iter().flatten().all(TestClient::is_open));
}

#[test]
fn a_room_of_an_unknown_party_or_with_another_server_is_not_returned() {
    struct Other;
    impl Server for Other {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
    }
    let text = |run: fn()| *catch_unwind(run).unwrap_err().downcast::<String>().unwrap();
    let unknown = text(|| drop(world().room::<Node>("nobody", "a")));
    assert_eq!(unknown, "the worker has no party \"nobody\": add it by `TestWorld::party`");
    let other = text(|| drop(world().room::<Other>("node", "a")));
    assert_eq!(other, "the room node/a runs it::world::Node");
}
