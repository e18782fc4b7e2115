//! How a client comes in, and how it is turned away.

use std::collections::BTreeSet;
use std::time::Duration;

use party::http::StatusCode;
use party::testing::{TestClient, TestResponse, TestRoom};
use party::{
    Close, CloseCode, Connection, ConnectionContext, Error, Message, Props, Result, Room, Server, Tag,
};
use serde_json::{Value as Json, json};

use crate::support::{ROOM, assert_logged, told};

/// Does at each step of a connection what the parameter of that name in its address says.
struct Porter;

impl Server for Porter {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn connection_tags(
        &self,
        room: &Room,
        who: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        room.log(&format!("tags {}, open {}", who.id(), who.is_open()));
        obey(context.query("tags").as_deref())?;
        Ok(Vec::new())
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        room.log(&format!("connect {}, open {}", who.id(), who.is_open()));
        who.send_json(&json!({
            "uri": who.uri(),
            "query": who.query("name"),
            "context": context.query("name"),
            "header": context.header("x-team"),
            "host": context.request().uri().host(),
            "subprotocol": context.subprotocol(),
        }))?;
        if context.query("greet").as_deref() == Some("quit") {
            who.close(CloseCode::NORMAL, "");
            return Err(Error::other("db-7 is down"));
        }
        if context.query("greet").as_deref() == Some("slowly") {
            room.sleep(Duration::from_secs(1)).await;
            room.log(&format!("greeted {}", who.id()));
        }
        obey(context.query("greet").as_deref())
    }

    async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
        room.log(&format!("message {}", from.id()));
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, _close: Close) -> Result<()> {
        room.log(&format!("close {}", who.id()));
        Ok(())
    }
}

fn obey(order: Option<&str>) -> Result<()> {
    match order {
        Some("refuse") => Err(Error::refuse(StatusCode::UNAUTHORIZED, "sign in first")),
        Some("fail") => Err(Error::other("db-7 is down")),
        _ => Ok(()),
    }
}

fn refused(room: &TestRoom<Porter>, step: &str, order: &str) -> TestResponse {
    *room.connecting("eve").query(step, order).try_connect().unwrap_err()
}

/// Returns a client without an id of its own, and the id that the room chose.
fn nameless(room: &TestRoom<Porter>) -> (TestClient, String) {
    let client = room.connect("");
    let tags = told(room).into_iter().find_map(|line| Some(line.strip_prefix("connect ")?.to_owned()));
    (client, tags.unwrap().split(',').next().unwrap().to_owned())
}

#[test]
fn a_connection_gets_its_tags_is_accepted_and_then_greeted() {
    let room = TestRoom::<Porter>::new(ROOM);
    let ada = room.connect("ada");
    assert!(ada.is_open());
    assert_eq!(told(&room), ["tags ada, open false", "connect ada, open true"]);
}

#[test]
fn a_message_waits_until_on_connect_has_returned() {
    let room = TestRoom::<Porter>::new(ROOM);
    let pending = room.connecting("ada").query("greet", "slowly").begin();
    assert_eq!(told(&room), ["tags ada, open false", "connect ada, open true"]);
    // Before the upgrade is answered no client can send anything.
    assert!(!pending.is_answered());
    room.advance(Duration::from_secs(1));
    let ada = pending.finish().unwrap();
    ada.send("early");
    assert_eq!(told(&room), ["greeted ada", "message ada"]);
}

#[test]
fn the_client_chooses_its_id_in_the_address() {
    let room = TestRoom::<Porter>::new(ROOM);
    for id in ["ada", "0b5e7b3e-6a5c-4d2e-9d7c-1f8f3f8f0d11", "Zoë K", "%41&=", &"x".repeat(256)] {
        let _client = room.connect(id);
        assert_eq!(told(&room)[1], format!("connect {id}, open true"));
    }
}

#[test]
fn a_client_without_an_id_gets_one_of_21_characters() {
    let room = TestRoom::<Porter>::new(ROOM);
    let made: Vec<_> = (0..50).map(|_| nameless(&room)).collect();
    let ids: BTreeSet<&str> = made.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids.len(), 50);
    for id in ids {
        assert_eq!(id.len(), 21);
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)), "{id}");
    }
}

#[test]
fn an_id_that_is_too_long_is_a_bad_request() {
    let room = TestRoom::<Porter>::new(ROOM);
    let response = room.connecting(&"x".repeat(257)).try_connect().unwrap_err();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(response.text().contains("256 bytes"), "{}", response.text());
    assert!(told(&room).is_empty(), "no hook is called, and it is not an error of the room");
}

#[test]
fn an_address_that_is_too_long_is_refused_as_such() {
    let room = TestRoom::<Porter>::new(ROOM);
    let response = room.connecting("ada").query("name", &"x".repeat(3_072)).try_connect().unwrap_err();
    assert_eq!(response.status(), StatusCode::URI_TOO_LONG);
    assert!(response.text().contains("3,072 bytes"), "{}", response.text());
    assert!(told(&room).is_empty());
    room.connecting("ada").query("name", &"x".repeat(2_900)).connect();
}

#[test]
fn the_longest_address_is_accepted_and_one_byte_more_is_refused() {
    let room = TestRoom::<Porter>::new(ROOM);
    let with = |length: usize| room.connecting("ada").query("name", &"x".repeat(length)).try_connect();
    let longest = (2_900..3_072).rev().find(|length| with(*length).is_ok()).unwrap();
    let uri = with(longest).unwrap().receive_json::<Json>()["uri"].as_str().map(str::len);
    assert_eq!(uri, Some(3_072));
}

#[test]
fn a_connection_equals_itself_also_before_it_is_accepted() {
    struct Same;
    impl Server for Same {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
        async fn connection_tags(
            &self,
            room: &Room,
            who: &Connection,
            _context: &ConnectionContext,
        ) -> Result<Vec<Tag>> {
            room.log(if *who == who.clone() { "equal" } else { "not equal" });
            Ok(Vec::new())
        }
    }
    let room = TestRoom::<Same>::new(ROOM);
    room.connect("ada");
    assert_eq!(told(&room), ["equal"]);
}

#[test]
fn an_upgrade_is_answered_when_its_hook_has_returned() {
    let room = TestRoom::<Porter>::new(ROOM);
    let pending = room.connecting("ada").query("greet", "slowly").begin();
    assert!(!pending.is_answered());
    room.advance(Duration::from_secs(1));
    assert!(pending.is_answered());
    assert!(pending.finish().unwrap().is_open());
}

#[test]
fn a_connection_that_is_closed_while_its_hook_fails_has_no_close_of_its_own() {
    let room = TestRoom::<Porter>::new(ROOM);
    let _answer = room.connecting("eve").query("greet", "quit").try_connect();
    room.advance(Duration::from_secs(1));
    let told = told(&room);
    assert!(told.iter().any(|line| line.starts_with("connect eve")), "{told:#?}");
    assert!(!told.iter().any(|line| line.starts_with("close eve")), "{told:#?}");
}

#[test]
fn an_empty_id_counts_as_none() {
    let room = TestRoom::<Porter>::new(ROOM);
    assert!(room.connecting("").query("_pk", "").connect().is_open());
}

#[test]
fn a_refusal_before_or_after_the_accept_keeps_its_status_and_nobody_hears_of_a_close() {
    for step in ["tags", "greet"] {
        let room = TestRoom::<Porter>::new(ROOM);
        let response = refused(&room, step, "refuse");
        assert_eq!(
            (response.status(), response.text().as_str()),
            (StatusCode::UNAUTHORIZED, "sign in first")
        );
        let told = told(&room);
        assert!(!told.iter().any(|line| line.contains("close") || line.contains("failed")), "{told:#?}");
        room.evict();
        room.connect("ada");
        assert_eq!(room.errors(), Vec::<String>::new());
    }
}

#[test]
fn a_failure_while_tags_are_chosen_sends_an_error_frame_and_closes_with_1011() {
    let room = TestRoom::<Porter>::new(ROOM);
    let eve = room.connecting("eve").query("tags", "fail").connect();
    let frame: Json = eve.receive_json();
    assert_logged(&room, frame["errorId"].as_str().unwrap(), "db-7 is down");
    assert_eq!(eve.closed().unwrap().code, 1011);
}

#[test]
fn a_failure_in_on_connect_sends_an_error_frame_and_closes_with_1011() {
    let room = TestRoom::<Porter>::new(ROOM);
    let eve = room.connecting("eve").query("greet", "fail").connect();
    let _greeting = eve.receive();
    let frame: Json = eve.receive_json();
    let id = frame["errorId"].as_str().unwrap();
    let expected = json!({"type": "error", "code": "internal", "message": "Internal error", "errorId": id});
    assert_eq!(frame, expected);
    assert_logged(&room, id, "db-7 is down");
    let close = eve.closed().unwrap();
    assert_eq!((close.code, close.reason.as_str()), (1011, "Uncaught exception during session setup"));
}

#[test]
fn a_connection_that_failed_to_be_greeted_is_nobodys() {
    let room = TestRoom::<Porter>::new(ROOM);
    let eve = room.connecting("eve").query("greet", "fail").connect();
    assert!(!eve.is_open());
    eve.send("hello?");
    eve.close(1000, "");
    room.evict();
    eve.vanish();
    let told = told(&room);
    assert!(!told.iter().any(|line| line.starts_with("close") || line.starts_with("message")), "{told:#?}");
    assert!(room.connect("eve").is_open(), "its id is free again");
}

#[test]
fn a_refused_newcomer_does_not_push_out_who_has_its_id() {
    let room = TestRoom::<Porter>::new(ROOM);
    let eve = room.connect("eve");
    refused(&room, "tags", "refuse");
    assert!(eve.is_open());
}

#[test]
fn the_address_the_query_and_the_headers_are_there() {
    let room = TestRoom::<Porter>::new(ROOM);
    let ada = room.connecting("ada").query("name", "Zoë & K+").header("X-Team", "red").connect();
    let seen: Json = ada.receive_json();
    let uri = "https://party.test/parties/party/lobby?_pk=ada&name=Zo%C3%AB%20%26%20K%2B";
    let name = "Zoë & K+";
    let expected = json!({"uri": uri, "query": name, "context": name, "header": "red", "host": "party.test",
        "subprotocol": null});
    assert_eq!(seen, expected);
}

#[test]
fn a_room_that_wakes_neither_tags_nor_greets_again() {
    let room = TestRoom::<Porter>::new(ROOM);
    let ada = room.connect("ada");
    told(&room);
    room.evict();
    ada.send("hello");
    assert_eq!(told(&room), ["message ada"]);
}

#[test]
fn the_room_has_the_name_that_stands_in_the_address() {
    let room = TestRoom::<Porter>::new("caf%C3%A9");
    let ada = room.connect("ada");
    let seen: Json = ada.receive_json();
    assert_eq!(seen["uri"], "https://party.test/parties/party/caf%C3%A9?_pk=ada");
    assert!(room.log()[0].starts_with("[caf%C3%A9] tags"));
}

#[test]
fn a_refused_connection_does_not_replace_the_one_with_its_id() {
    let room = TestRoom::<Porter>::new(ROOM);
    let ada = room.connect("ada");
    assert!(room.connecting("ada").query("greet", "refuse").try_connect().is_err());
    assert!(ada.is_open());
    let newer = room.connect("ada");
    assert_eq!(ada.closed().unwrap().code, 4409);
    assert!(newer.is_open());
}

#[test]
fn a_connection_knows_the_subprotocol_that_is_selected_for_it() {
    let room = TestRoom::<Porter>::new(ROOM);
    let cases = [
        (room.connecting("ada"), None),
        (room.connecting("bob").bearer("secret"), Some("party")),
        (room.connecting("eve").subprotocol("chat.v2"), Some("chat.v2")),
        (room.connecting("kim").header("sec-websocket-protocol", "chat.v2"), None),
    ];
    for (connecting, selected) in cases {
        let client = connecting.connect();
        assert_eq!(client.subprotocol(), selected);
        assert_eq!(client.receive_json::<Json>()["subprotocol"].as_str(), selected);
    }
}
