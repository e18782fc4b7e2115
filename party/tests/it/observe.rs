//! The view of operators: observations of hooks, and the inspection of a room.

use std::cell::RefCell;
use std::time::Duration;

use party::observe::{Observation, ServerHook};
use party::testing::TestRoom;
use party::{
    Body, CloseCode, Connection, Error, ErrorCode, Message, Props, Request, Response, Result, Room, Server,
};
use serde_json::{Value as Json, json};

/// A room that keeps what it observes.
#[derive(Default)]
struct Watched {
    seen: RefCell<Vec<Json>>,
    /// The rows that each hook has read and written.
    rows: RefCell<Vec<(u64, u64)>>,
}

impl Server for Watched {
    const OBSERVES: bool = true;

    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self::default())
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match message.as_text() {
            Some("refuse") => Err(Error::client(ErrorCode::FORBIDDEN, "no")),
            Some("fail") => Err(Error::other("db-7 is down")),
            Some("leave") => {
                from.close(CloseCode::NORMAL, "");
                room.broadcast("12345").send();
                Ok(())
            }
            Some("wait") => {
                room.sleep(Duration::from_millis(250)).await;
                Ok(())
            }
            _ => {
                room.broadcast("12345").send();
                from.send("678");
                Ok(())
            }
        }
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        match request.uri().path() {
            path if path.ends_with("/seen") => Ok(Response::new(Body::json(&self.seen.take())?)),
            path if path.ends_with("/rows") => Ok(Response::new(Body::json(&self.rows.take())?)),
            _ => Ok(Response::new(Body::json(&room.inspect().await?)?)),
        }
    }

    async fn on_alarm(&self, _room: &Room) -> Result<()> {
        Ok(())
    }

    fn observe(&self, _room: &Room, done: &Observation<'_>) {
        self.rows.borrow_mut().push((done.rows_read, done.rows_written));
        self.seen.borrow_mut().push(json!([
            done.hook,
            done.connection.map(|connection| connection.id().as_str()),
            done.error.map(|error| error.code()),
            done.duration.as_millis(),
            done.queue,
            done.sent_bytes,
        ]));
    }
}

fn seen(room: &TestRoom<Watched>) -> Json {
    serde_json::from_str(&room.get("/seen").text()).unwrap()
}

#[test]
fn every_hook_that_returns_is_observed_once() {
    let room = TestRoom::<Watched>::new("lobby");
    let ada = room.connect("ada");
    let bob = room.connect("bob");
    ada.send("hello");
    ada.close(1000, "");
    room.advance(Duration::ZERO);
    assert_eq!(
        seen(&room),
        json!([
            ["on_start", null, null, 0, 0, 0],
            ["on_connect", "ada", null, 0, 0, 0],
            ["on_connect", "bob", null, 0, 0, 0],
            ["on_message", "ada", null, 0, 0, 8],
            ["on_close", "ada", null, 0, 0, 0],
        ])
    );
    drop(bob);
}

#[test]
fn an_observation_has_the_error_of_its_hook() {
    let room = TestRoom::<Watched>::new("lobby");
    let ada = room.connect("ada");
    seen(&room);
    ada.send("refuse");
    ada.send("fail");
    let observed = seen(&room);
    assert_eq!((&observed[1][2], &observed[2][2]), (&json!("forbidden"), &json!("internal")));
}

#[test]
fn an_observation_has_how_long_its_hook_waited_and_what_ran_beside_it() {
    let room = TestRoom::<Watched>::new("lobby");
    let ada = room.connect("ada");
    seen(&room);
    ada.send("wait");
    ada.send("hello");
    room.advance(Duration::from_millis(250));
    let observed = seen(&room);
    assert_eq!(observed[1], json!(["on_message", "ada", null, 0, 1, 8]));
    assert_eq!(observed[2], json!(["on_message", "ada", null, 250, 0, 8]));
}

#[test]
fn an_inspection_tells_what_the_room_holds_and_did() {
    let room = TestRoom::<Watched>::new("lobby");
    let (ada, _bob) = (room.connect("ada"), room.connect("bob"));
    room.sql().execute("CREATE TABLE notes (text TEXT)", ()).unwrap();
    ada.send("hello");
    ada.send("fail");
    ada.send("wait");

    let seen: Json = serde_json::from_str(&room.get("/inspection").text()).unwrap();
    assert_eq!((&seen["room"], &seen["connections"]), (&json!("lobby"), &json!(2)));
    assert_eq!(seen["running_hooks"], 2, "the message that waits, and this request: {seen}");
    assert!(seen["sent_bytes"].as_u64().unwrap() > 8, "{seen}");
    assert!(seen["stored_bytes"].as_u64().unwrap() >= 4_096, "{seen}");
    let message = seen["hooks"].as_array().unwrap().iter().find(|hook| hook["hook"] == "on_message").unwrap();
    assert_eq!(
        (&message["calls"], &message["failed"], &message["refused"]),
        (&json!(2), &json!(1), &json!(0))
    );
}

#[test]
fn counts_begin_again_when_the_room_wakes() {
    let room = TestRoom::<Watched>::new("lobby");
    room.connect("ada").send("hello");
    room.advance(Duration::from_secs(20));
    room.evict();
    let seen: Json = serde_json::from_str(&room.get("/inspection").text()).unwrap();
    let hooks: Vec<_> = seen["hooks"].as_array().unwrap().iter().map(|hook| hook["hook"].clone()).collect();
    assert_eq!(hooks, [json!("on_start")]);
    assert_eq!(seen["awake_since"], seen["now"]);
}

#[test]
fn each_hook_has_the_name_of_its_method() {
    use ServerHook as H;
    let hooks = [H::OnStart, H::OnConnect, H::OnMessage, H::OnClose, H::OnError, H::OnRequest, H::OnCall];
    let names = ["on_start", "on_connect", "on_message", "on_close", "on_error", "on_request", "on_call"];
    assert_eq!(hooks.map(H::as_str), names);
    assert_eq!(H::OnAlarm.as_str(), "on_alarm");
}

#[test]
fn in_a_test_no_rows_are_counted() {
    let room = TestRoom::<Watched>::new("lobby");
    room.connect("ada").send("hello");
    let rows: Json = serde_json::from_str(&room.get("/rows").text()).unwrap();
    assert_eq!(rows, json!([[0, 0], [0, 0], [0, 0]]));
}

#[test]
fn a_frame_to_a_connection_that_the_room_has_closed_sends_nothing() {
    let room = TestRoom::<Watched>::new("lobby");
    let ada = room.connect("ada");
    seen(&room);
    ada.send("leave");
    assert_eq!(seen(&room)[1], json!(["on_message", "ada", null, 0, 0, 0]));
}
