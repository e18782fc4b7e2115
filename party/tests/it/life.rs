//! The state that a room keeps or loses when it sleeps or crashes; tasks that go on, chance, time and the log.

use std::cell::Cell;
use std::time::Duration;

use party::testing::{TestClient, TestRoom};
use party::{
    Body, Close, Connection, ConnectionContext, Message, Props, Request, Response, Result, Room, Server,
};

use crate::support::{Door, ROOM, door, told};

/// Counts in memory, in the database and with each connection.
struct Counter {
    heard: Cell<u32>,
}

impl Server for Counter {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(&["CREATE TABLE heard (n INTEGER)", "INSERT INTO heard VALUES (0)"])?;
        Ok(Self { heard: Cell::new(0) })
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        who.set_state(&0)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match message.as_text() {
            Some("wait") => door(room).await,
            Some("later") => later(room, from),
            _ => {}
        }
        self.heard.set(self.heard.get().saturating_add(1));
        from.update_state(|heard: Option<u32>| heard.unwrap_or_default().saturating_add(1))?;
        let stored: Option<(u32,)> = room.sql().query_opt("UPDATE heard SET n = n + 1 RETURNING n", ())?;
        let stored = stored.map_or(0, |(stored,)| stored);
        from.send_json(&(self.heard.get(), from.state::<u32>()?, stored))
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        room.log(&format!("{} is gone with {}", who.id(), close.code));
        Ok(())
    }

    async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
        let mut random = [0; 32];
        room.random(&mut random);
        Ok(Response::new(Body::json(&random)?))
    }
}

/// Starts a task that outlasts the hook.
fn later(room: &Room, from: &Connection) {
    let (at, from) = (room.clone(), from.clone());
    room.wait_until(async move {
        door(&at).await;
        at.log("the task is done");
        from.send("done");
    });
}

/// Returns the counts after a message: in memory, with the connection, in the database.
fn say(client: &TestClient) -> (u32, u32, u32) {
    client.send("hello");
    client.receive_json()
}

fn join(room: &TestRoom<Counter>) -> (TestClient, TestClient) {
    (room.connect("ada"), room.connect("bob"))
}

#[test]
fn sleep_takes_the_memory_and_leaves_connections_state_and_database() {
    let room = TestRoom::new(ROOM);
    let (ada, bob) = join(&room);
    assert_eq!((say(&ada), say(&ada), say(&bob)), ((1, 1, 1), (2, 2, 2), (3, 1, 3)));
    room.evict();
    assert!(ada.is_open() && bob.is_open());
    assert_eq!((say(&ada), say(&bob)), ((1, 3, 4), (2, 2, 5)));
    assert_eq!(told(&room), Vec::<String>::new());
}

#[test]
fn sleep_before_the_first_event_and_twice_in_a_row_is_nothing_special() {
    let room = TestRoom::new(ROOM);
    room.evict();
    let (ada, _bob) = join(&room);
    room.evict();
    room.evict();
    assert_eq!(say(&ada), (1, 1, 1));
}

#[test]
fn a_crash_takes_the_connections_too_with_1006_and_leaves_the_database() {
    let room = TestRoom::new(ROOM);
    let (ada, bob) = join(&room);
    say(&ada);
    room.crash();
    for client in [&ada, &bob] {
        assert!(!client.is_open());
        let close = client.closed().unwrap();
        assert_eq!((close.code, close.was_clean), (1006, false));
    }
    ada.send("hello?");
    assert_eq!(say(&room.connect("ada")), (1, 1, 2), "the state went with the connection");
    assert_eq!(told(&room), Vec::<String>::new(), "nobody hears of the old connections");
}

#[test]
fn a_frame_sent_before_a_crash_is_received_after_it() {
    let room = TestRoom::new(ROOM);
    let (ada, _bob) = join(&room);
    ada.send("hello");
    room.crash();
    assert_eq!(ada.receive_json::<(u32, u32, u32)>(), (1, 1, 1));
}

#[test]
fn a_hook_that_waits_is_lost_in_a_crash_or_an_eviction() {
    for lose in [TestRoom::crash, TestRoom::evict] {
        let room = TestRoom::new(ROOM);
        let (ada, _bob) = join(&room);
        let door = Door::shut();
        ada.send("wait");
        lose(&room);
        door.open(&room);
        assert!(ada.received().is_empty());
        assert_eq!(say(&room.connect("cy")), (1, 1, 1), "nothing of it was done");
    }
}

#[test]
fn a_task_goes_on_after_its_hook() {
    let room = TestRoom::new(ROOM);
    let (ada, _bob) = join(&room);
    let door = Door::shut();
    ada.send("later");
    assert_eq!(ada.receive_json::<(u32, u32, u32)>(), (1, 1, 1), "the hook does not wait for its task");
    assert_eq!(say(&ada), (2, 2, 2));
    assert!(told(&room).is_empty());
    door.open(&room);
    assert_eq!(told(&room), ["the task is done"]);
    assert_eq!(ada.receive_text(), "done");
}

#[test]
fn a_task_is_lost_in_a_crash() {
    let room = TestRoom::new(ROOM);
    let (ada, _bob) = join(&room);
    let door = Door::shut();
    ada.send("later");
    room.crash();
    door.open(&room);
    assert_eq!(told(&room), Vec::<String>::new());
}

#[test]
fn a_task_that_outlasts_its_connection_sends_into_nothing() {
    let room = TestRoom::new(ROOM);
    let (ada, _bob) = join(&room);
    let door = Door::shut();
    ada.send("later");
    ada.received();
    ada.close(1000, "");
    door.open(&room);
    assert_eq!(told(&room), ["ada is gone with 1000", "the task is done"]);
    assert!(ada.received().is_empty());
}

#[test]
fn chance_is_the_same_for_the_same_seed_and_another_for_another() {
    let draw = |seed| {
        let room = TestRoom::<Counter>::with_seed(ROOM, seed);
        [room.get("").text(), room.get("").text()]
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    let [first, second] = draw(3);
    assert_ne!(first, second);
    assert_eq!(draw(0)[0], TestRoom::<Counter>::new(ROOM).get("").text(), "the default seed is 0");
}

#[test]
fn time_passes_only_when_the_test_says_so() {
    let room = TestRoom::new(ROOM);
    let start = room.now();
    let (ada, _bob) = join(&room);
    say(&ada);
    assert_eq!(room.now(), start);
    room.evict();
    room.advance(Duration::from_millis(1500));
    assert_eq!(room.now(), start + Duration::from_millis(1500));
}

#[test]
fn the_log_names_the_room_and_is_told_once() {
    let room = TestRoom::new(ROOM);
    let (ada, bob) = join(&room);
    ada.close(4000, "");
    assert_eq!(room.log(), ["[lobby] ada is gone with 4000"]);
    assert!(room.log().is_empty());
    assert!(room.errors().is_empty());
    bob.vanish();
    assert_eq!(room.log(), ["[lobby] bob is gone with 1006"]);
}

#[test]
fn rooms_know_nothing_of_each_other() {
    let (one, two) = (TestRoom::new("one"), TestRoom::new("two"));
    let ((ada, _), (eve, _)) = (join(&one), join(&two));
    say(&ada);
    assert_eq!(say(&eve), (1, 1, 1));
    one.crash();
    assert!(eve.is_open());
}

/// A room that is slow to answer.
struct Slow;

impl Server for Slow {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let seconds: u64 = message.read_json()?;
        room.sleep(Duration::from_secs(seconds)).await;
        from.send_json(&seconds)
    }
}

#[test]
fn a_sleeping_task_wakes_in_time_and_others_run_meanwhile() {
    let room = TestRoom::<Slow>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("3");
    ada.send("1");
    ada.send("0");
    room.advance(Duration::ZERO);
    assert_eq!(ada.receive_text(), "0");
    room.advance(Duration::from_secs(5));
    assert_eq!([ada.receive_text(), ada.receive_text()], ["1", "3"]);
}

#[test]
fn a_sleeping_task_does_not_wake_after_memory_is_lost() {
    let room = TestRoom::<Slow>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("1");
    room.evict();
    room.advance(Duration::from_secs(5));
    assert!(ada.received().is_empty());
}
