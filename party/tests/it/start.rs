//! A room is made once in a life in memory, before anything else happens in it.

use party::http::StatusCode;
use party::testing::TestRoom;
use party::{
    Body, Close, Connection, ConnectionContext, Error, Message, Props, Request, Response, Result, Room,
    Server,
};
use serde_json::Value as Json;

use crate::support::{Door, ROOM, assert_logged, door, told};

/// Tells of every event; its start waits at the door, and fails while a table says so.
struct Starts;

impl Server for Starts {
    async fn on_start(room: &Room, props: Props) -> Result<Self> {
        let props = props.get::<Json>()?.map_or_else(String::new, |props| format!(" with {props}"));
        room.log(&format!("start {}{props}", room.name()));
        door(room).await;
        match fault(room)?.as_deref() {
            None => Ok(Self),
            Some("refuse") => Err(Error::refuse(StatusCode::SERVICE_UNAVAILABLE, "come back later")),
            Some(fault) => Err(Error::other(fault)),
        }
    }

    async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        room.log(&format!("connect {}", who.id()));
        Ok(())
    }

    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        room.log(message.as_text().unwrap_or_default());
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, _close: Close) -> Result<()> {
        room.log(&format!("close {}", who.id()));
        Ok(())
    }

    async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
        room.log("request");
        Ok(Response::new(Body::from("hello")))
    }
}

fn fault(room: &Room) -> Result<Option<String>> {
    room.sql().execute("CREATE TABLE IF NOT EXISTS faults (fault TEXT)", ())?;
    Ok(room.sql().query_opt::<(String,)>("SELECT fault FROM faults", ())?.map(|(fault,)| fault))
}

fn break_start(room: &TestRoom<Starts>, fault: &str) {
    room.sql().execute("CREATE TABLE IF NOT EXISTS faults (fault TEXT)", ()).unwrap();
    room.sql().execute("INSERT INTO faults VALUES (?)", (fault,)).unwrap();
}

fn mend(room: &TestRoom<Starts>) {
    room.sql().execute("DELETE FROM faults", ()).unwrap();
}

#[test]
fn a_room_starts_at_its_first_event_and_not_again() {
    let room = TestRoom::<Starts>::new(ROOM);
    assert!(told(&room).is_empty());
    let ada = room.connect("ada");
    ada.send("hello");
    room.get("");
    assert_eq!(told(&room), ["start lobby", "connect ada", "hello", "request"]);
}

#[test]
fn a_sleeping_room_starts_before_the_event_that_wakes_it_is_handled() {
    let room = TestRoom::<Starts>::new(ROOM);
    let ada = room.connect("ada");
    told(&room);
    room.evict();
    ada.send("hello");
    ada.send("again");
    assert_eq!(told(&room), ["start lobby", "hello", "again"]);
    room.evict();
    room.get("");
    assert_eq!(told(&room), ["start lobby", "request"]);
    room.evict();
    ada.close(1000, "");
    assert_eq!(told(&room), ["start lobby", "close ada"]);
}

#[test]
fn events_that_come_while_a_room_starts_wait_and_keep_their_order() {
    let room = TestRoom::<Starts>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&room);
    room.evict();
    let door = Door::shut();
    ada.send("one");
    bob.send("two");
    ada.send("three");
    bob.close(1000, "");
    assert_eq!(told(&room), ["start lobby"]);
    door.open(&room);
    assert_eq!(told(&room), ["one", "two", "three", "close bob"]);
}

#[test]
fn a_start_that_fails_answers_500_with_an_id_and_the_cause_stays_in_the_log() {
    let room = TestRoom::<Starts>::new(ROOM);
    break_start(&room, "db-7 is down");
    let response = room.get("");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = response.text();
    let id = text.strip_prefix("Internal error ").unwrap();
    assert_eq!(id.len(), 8, "{text}");
    assert_logged(&room, id, "db-7 is down");
}

#[test]
fn after_a_start_that_failed_the_next_event_tries_again() {
    let room = TestRoom::<Starts>::new(ROOM);
    break_start(&room, "db-7 is down");
    assert_eq!(room.get("").status(), 500);
    assert_eq!(room.get("").status(), 500);
    mend(&room);
    told(&room);
    assert_eq!(room.get("").text(), "hello");
    room.connect("ada");
    assert_eq!(told(&room), ["start lobby", "request", "connect ada"]);
}

#[test]
fn events_that_waited_for_a_start_fail_with_it_and_none_is_handled() {
    let room = TestRoom::<Starts>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    room.evict();
    break_start(&room, "db-7 is down");
    told(&room);
    let door = Door::shut();
    ada.send("one");
    bob.send("two");
    door.open(&room);
    let told = told(&room);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert_eq!(told[0], "start lobby");
    assert!(told[1..].iter().all(|line| line.contains("db-7 is down")), "{told:#?}");
    for client in [&ada, &bob] {
        assert_eq!(client.receive_json::<Json>()["code"], "internal");
    }
}

#[test]
fn a_message_to_a_room_that_cannot_start_is_answered_to_its_sender_who_stays() {
    let room = TestRoom::<Starts>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    room.evict();
    break_start(&room, "db-7 is down");
    ada.send("lost");
    let frame: Json = ada.receive_json();
    assert_eq!((&frame["type"], &frame["code"]), (&"error".into(), &"internal".into()));
    assert!(!frame.to_string().contains("db-7"), "{frame}");
    assert_logged(&room, frame["errorId"].as_str().unwrap(), "db-7 is down");
    assert!(bob.received().is_empty());
    mend(&room);
    told(&room);
    ada.send("hello");
    assert_eq!(told(&room), ["start lobby", "hello"]);
}

#[test]
fn a_client_that_comes_to_a_room_that_cannot_start_is_told_and_closed() {
    let room = TestRoom::<Starts>::new(ROOM);
    break_start(&room, "db-7 is down");
    let ada = room.connect("ada");
    let frame: Json = ada.receive_json();
    assert_eq!(frame["type"], "error");
    assert_logged(&room, frame["errorId"].as_str().unwrap(), "db-7 is down");
    let close = ada.closed().unwrap();
    assert_eq!((close.code, close.reason.as_str()), (1011, "Uncaught exception during session setup"));
    mend(&room);
    told(&room);
    room.get("");
    assert_eq!(told(&room), ["start lobby", "request"]);
}

#[test]
fn a_close_is_answered_though_the_room_cannot_start() {
    let room = TestRoom::<Starts>::new(ROOM);
    let ada = room.connect("ada");
    room.evict();
    break_start(&room, "db-7 is down");
    told(&room);
    ada.close(4000, "bye");
    assert_eq!(ada.closed().unwrap().code, 4000);
    assert_eq!(room.errors().len(), 1);
}

#[test]
fn a_start_can_refuse_and_its_status_and_text_reach_the_client() {
    let room = TestRoom::<Starts>::new(ROOM);
    break_start(&room, "refuse");
    let response = room.get("");
    assert_eq!(
        (response.status(), response.text().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "come back later")
    );
    let response = room.connecting("ada").try_connect().unwrap_err();
    assert_eq!(
        (response.status(), response.text().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "come back later")
    );
}

#[test]
fn props_come_with_the_event_that_starts_the_room() {
    let room = TestRoom::<Starts>::new(ROOM);
    room.set_props(&serde_json::json!({"plan": "gratuit, déjà"})).unwrap();
    let ada = room.connect("ada");
    assert_eq!(told(&room), [r#"start lobby with {"plan":"gratuit, déjà"}"#, "connect ada"]);
    room.evict();
    ada.send("hello");
    assert_eq!(told(&room), ["start lobby", "hello"], "a message carries no props");
    room.evict();
    room.get("");
    assert_eq!(told(&room), [r#"start lobby with {"plan":"gratuit, déjà"}"#, "request"]);
}

/// Wants props of one shape.
struct Seats(u32);

impl Server for Seats {
    async fn on_start(_room: &Room, props: Props) -> Result<Self> {
        Ok(Self(props.get()?.unwrap_or(10)))
    }

    async fn on_request(&self, _room: &Room, _request: Request) -> Result<Response> {
        Ok(Response::new(Body::json(&self.0)?))
    }
}

#[test]
fn props_of_another_shape_fail_the_start_and_no_props_are_none() {
    let room = TestRoom::<Seats>::new(ROOM);
    assert_eq!(room.get("").text(), "10");
    let room = TestRoom::<Seats>::new(ROOM);
    room.set_props("many").unwrap();
    assert_eq!(room.get("").status(), 500);
    assert!(room.errors()[0].contains("props have another shape"), "{:?}", room.errors());
    room.set_props(&4).unwrap();
    assert_eq!(room.get("").text(), "4");
}
