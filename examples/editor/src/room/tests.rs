//! Writers and readers of a text, in a native room. What the document itself does is tested in `party`.

use party::Body;
use party::testing::{TestClient, TestRoom};
use serde_json::{Value as Json, json};

use super::*;
use crate::access::{KEY, room_of};

const SECRET: &str = "nobody can guess this";

/// The text as Yjs has it after client 1 has written "hello": an update, and as the message that brings it.
const HELLO: &[u8] = b"\x01\x01\x01\x00\x04\x01\x0acodemirror\x05hello\x00";

fn message(kind: u8, update: &[u8]) -> Vec<u8> {
    [&[0, kind, u8::try_from(update.len()).unwrap()], update].concat()
}

/// Returns the room of the secret.
fn room() -> TestRoom<Editor> {
    TestRoom::new(&room_of(SECRET))
}

/// Opens the page with a key; with none, it is the page of a reader.
fn page(room: &TestRoom<Editor>, id: &str, key: Option<&str>) -> TestClient {
    let page = room.connecting(id).query(NEWS, "");
    key.map_or_else(|| room.connecting(id).query(NEWS, ""), |key| page.query(KEY, key)).connect()
}

fn writer(room: &TestRoom<Editor>, id: &str) -> TestClient {
    page(room, id, Some(SECRET))
}

fn reader(room: &TestRoom<Editor>, id: &str) -> TestClient {
    page(room, id, None)
}

/// Sends a command.
fn command(from: &TestClient, command: &Json) {
    from.send(format!("__YPS:{command}"));
}

/// Returns the messages for the page that have arrived; those of the document are left out.
fn news(page: &TestClient) -> Vec<Json> {
    let received = page.received();
    let texts = received.iter().filter_map(custom_message);
    texts.map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Returns the names of the versions in the last message about them.
fn names(page: &TestClient) -> Vec<String> {
    let last = news(page).pop().unwrap();
    assert_eq!(last["type"], "versions", "{last}");
    last["versions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn text(room: &TestRoom<Editor>) -> String {
    room.get("/document?text=codemirror").text()
}

#[test]
fn a_client_with_the_key_writes_and_everyone_is_sent_the_change() {
    let room = room();
    let (ada, eve) = (writer(&room, "ada"), reader(&room, "eve"));
    ada.send(message(2, HELLO));
    assert_eq!(text(&room), "hello");
    assert_eq!(eve.received().pop().unwrap().as_bytes(), message(2, HELLO));
}

#[test]
fn a_client_without_the_key_changes_nothing_with_any_message() {
    let room = room();
    let ada = writer(&room, "ada");
    command(&ada, &json!({ "type": "save", "name": "empty" }));
    ada.received();
    let name = room_of(SECRET);
    for (id, key) in [("1", None), ("2", Some("")), ("3", Some("another")), ("4", Some(name.as_str()))] {
        let eve = page(&room, id, key);
        for kind in [1, 2] {
            eve.send(message(kind, HELLO));
        }
        news(&eve);
        for wanted in [
            json!({ "type": "save", "name": "mine" }),
            json!({ "type": "restore", "version": 1 }),
            json!({ "type": "delete", "version": 1 }),
        ] {
            command(&eve, &wanted);
            let refused = json!({ "type": "refused", "reason": "this link is for readers" });
            assert_eq!(news(&eve), [refused], "{key:?}: {wanted}");
        }
    }
    assert_eq!(text(&room), "");
    assert!(ada.received().is_empty());
    assert_eq!(names(&reader(&room, "last")), ["empty"]);
}

#[test]
fn a_writer_may_still_write_and_a_reader_may_not_after_the_room_has_slept() {
    let room = room();
    let (ada, eve) = (writer(&room, "ada"), reader(&room, "eve"));
    room.evict();
    eve.send(message(2, HELLO));
    assert_eq!(text(&room), "");
    room.evict();
    ada.send(message(2, HELLO));
    assert_eq!(text(&room), "hello");
}

#[test]
fn every_page_is_sent_the_versions_when_they_change() {
    let room = room();
    let (ada, eve) = (writer(&room, "ada"), reader(&room, "eve"));
    assert!(names(&ada).is_empty() && names(&eve).is_empty());
    command(&ada, &json!({ "type": "save", "name": "one" }));
    command(&ada, &json!({ "type": "save", "name": "two" }));
    assert_eq!([names(&ada), names(&eve)], [["one", "two"], ["one", "two"]]);
    command(&ada, &json!({ "type": "delete", "version": 1 }));
    assert_eq!([names(&ada), names(&eve)], [["two"], ["two"]]);
}

#[test]
fn a_version_is_restored_and_the_text_before_is_kept_as_one() {
    let room = room();
    let ada = writer(&room, "ada");
    command(&ada, &json!({ "type": "save", "name": "empty" }));
    ada.send(message(2, HELLO));
    command(&ada, &json!({ "type": "restore", "version": 1 }));
    assert_eq!(text(&room), "");
    assert_eq!(names(&ada), ["empty", BEFORE_RESTORE]);
    command(&ada, &json!({ "type": "restore", "version": 2 }));
    assert_eq!(text(&room), "hello");
}

#[test]
fn a_version_that_is_gone_is_not_restored_and_nothing_is_kept_for_it() {
    let room = room();
    let ada = writer(&room, "ada");
    news(&ada);
    command(&ada, &json!({ "type": "restore", "version": 7 }));
    assert_eq!(news(&ada), [json!({ "type": "refused", "reason": "this version was deleted" })]);
    assert!(names(&reader(&room, "eve")).is_empty());
}

#[test]
fn a_command_that_cannot_be_read_or_done_is_refused_with_the_reason() {
    let room = room();
    let ada = writer(&room, "ada");
    news(&ada);
    for wrong in [json!("save"), json!({ "type": "burn" }), json!({ "type": "save", "name": " " })] {
        command(&ada, &wrong);
        let refused = news(&ada);
        assert_eq!(refused.len(), 1, "{wrong}");
        assert_eq!(refused[0]["type"], "refused", "{wrong}");
    }
    assert!(room.errors().is_empty());
}

#[test]
fn a_client_that_has_not_asked_for_them_gets_no_messages_beside_the_document() {
    let room = room();
    let plain = room.connecting("plain").query(KEY, SECRET).connect();
    let ada = writer(&room, "ada");
    command(&ada, &json!({ "type": "save", "name": "one" }));
    plain.send(message(2, HELLO));
    assert_eq!(text(&room), "hello");
    assert!(news(&plain).is_empty());
}

#[test]
fn a_server_reads_the_text_and_its_versions_and_finds_nothing_else() {
    let room = room();
    let ada = writer(&room, "ada");
    ada.send(message(2, HELLO));
    command(&ada, &json!({ "type": "save", "name": "one" }));
    assert_eq!(room.get("/document?text=codemirror").text(), "hello");
    assert_eq!(room.get("/document").bytes(), HELLO);
    assert_eq!(room.get("/versions/1").bytes(), HELLO);
    for nowhere in ["", "/versions", "/versions/2", "/versions/x", "/versions/1/2", "/else"] {
        assert_eq!(room.get(nowhere).status(), StatusCode::NOT_FOUND, "{nowhere}");
    }
    let posted =
        party::http::Request::post("https://x/parties/editor/x/document").body(Body::empty()).unwrap();
    assert_eq!(room.request(posted).status(), StatusCode::METHOD_NOT_ALLOWED);
}

/// Returns whether the room has asked a client for what it lacks.
fn is_asked(page: &TestClient) -> bool {
    page.received().iter().any(|message| message.as_bytes().starts_with(&[0, 0]))
}

#[test]
fn a_client_that_comes_back_before_it_has_answered_is_asked_again() {
    let room = room();
    let first = writer(&room, "ada");
    assert!(is_asked(&first));
    // Its connection is lost, and the room has not noticed: the provider of `y-partyserver` keeps its id.
    let second = writer(&room, "ada");
    assert!(is_asked(&second));
}

#[test]
fn a_page_that_sends_many_commands_is_told_to_wait_and_another_page_is_not() {
    let room = room();
    let (ada, bob) = (writer(&room, "ada"), writer(&room, "bob"));
    for n in 1..=11 {
        command(&ada, &json!({ "type": "save", "name": format!("version {n}") }));
    }
    let refused = json!({ "type": "refused", "reason": "too many commands: wait some seconds" });
    assert_eq!(news(&ada).pop(), Some(refused));
    command(&bob, &json!({ "type": "save", "name": "of Bob" }));
    room.advance(COMMANDS.1);
    command(&ada, &json!({ "type": "save", "name": "later" }));
    assert_eq!(names(&ada).split_off(10), ["of Bob", "later"]);
}

#[test]
fn a_version_that_cannot_be_restored_leaves_no_other_one() {
    let room = room();
    let ada = writer(&room, "ada");
    command(&ada, &json!({ "type": "save", "name": "empty" }));
    let broken = "UPDATE party_document_version_parts SET data = x'ff'";
    room.sql().execute(broken, ()).unwrap();
    command(&ada, &json!({ "type": "restore", "version": 1 }));
    assert_eq!(names(&reader(&room, "eve")), ["empty"]);
}
