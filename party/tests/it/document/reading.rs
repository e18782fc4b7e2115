//! Servers that read and change the document; versions.

use http::{Method, Request, StatusCode};
use party::parts::document::Version;
use party::parts::document::yrs::{Map, MapPrelim, ReadTxn, StateVector, Transact};
use party::testing::{TestResponse, TestRoom};

use super::client::Client;
use super::{Notes, room, settle, text};

const PATH: &str = "https://x/parties/party/notes";

pub(super) fn post(room: &TestRoom<Notes>, query: &str, body: impl Into<party::Body>) -> TestResponse {
    room.request(Request::post(format!("{PATH}{query}")).body(body.into()).unwrap())
}

#[test]
fn a_server_reads_texts_maps_arrays_xml_and_the_whole() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk 🥛");
    let lamp = ada.doc.get_or_insert_map("lamp");
    let mut transaction = ada.doc.transact_mut();
    lamp.insert(&mut transaction, "on", true);
    lamp.insert(&mut transaction, "at", MapPrelim::from([("x", 1.5)]));
    let update = transaction.encode_update_v1();
    drop(transaction);
    ada.send(&[0, 2], &update);
    let get = |query: &str| room.get(&format!("/parties/party/notes?{query}"));
    assert_eq!(get("text=notes").text(), "milk 🥛");
    assert_eq!(get("text=notes").headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(get("map=lamp").text(), r#"{"at":{"x":1.5},"on":true}"#);
    assert_eq!(get("map=lamp").headers()["content-type"], "application/json");
    assert_eq!((get("map=none").text(), get("array=none").text()), ("{}".to_owned(), "[]".to_owned()));
    assert_eq!((get("text=none").text(), get("xml=none").text()), (String::new(), String::new()));
    let all = ada.doc.transact().encode_state_as_update_v1(&StateVector::default());
    assert_eq!(get("").bytes(), all);
    let put = room.request(Request::builder().method(Method::PUT).uri(PATH).body("").unwrap());
    assert_eq!(put.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn a_servers_change_is_stored_and_sent_to_everyone() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    assert_eq!(post(&room, "?append", "milk").status(), 200);
    settle(&mut [&mut ada]);
    assert_eq!(ada.text(), "milk");
    room.evict();
    assert_eq!(post(&room, "?append", ", eggs").status(), 200);
    settle(&mut [&mut ada]);
    assert_eq!((ada.text(), text(&room)), ("milk, eggs".to_owned(), "milk, eggs".to_owned()));
}

#[test]
fn a_servers_change_that_fails_changes_nothing() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    post(&room, "?append", "milk");
    assert_eq!(post(&room, "?append", "fail").status(), 500);
    post(&room, "?append", "!");
    settle(&mut [&mut ada]);
    assert_eq!((ada.text(), text(&room)), ("milk!".to_owned(), "milk!".to_owned()));
}

#[test]
fn a_document_that_was_kept_elsewhere_is_applied() {
    let (old, new) = (room(), room());
    post(&old, "?append", "milk");
    let mut ada = Client::joined(&new, 1);
    let all = old.get("/parties/party/notes").bytes().to_vec();
    assert_eq!(post(&new, "", all).status(), 200);
    assert_eq!(post(&new, "", vec![1, 2, 3]).status(), 400);
    settle(&mut [&mut ada]);
    assert_eq!((ada.text(), text(&new)), ("milk".to_owned(), "milk".to_owned()));
}

#[test]
fn a_version_is_saved_listed_and_restored_while_others_write() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("one two three");
    let saved: Vec<Version> = post(&room, "?save", "first").read_json();
    assert_eq!((saved[0].name.as_str(), saved[0].at), ("first", room.now()));
    settle(&mut [&mut ada, &mut bob]);
    bob.remove(0, 4);
    ada.push(" four");
    settle(&mut [&mut ada, &mut bob]);
    room.evict();
    bob.unplug().vanish();
    bob.push(" offline");
    assert_eq!(post(&room, "?restore", saved[0].id.to_string()).status(), 200);
    settle(&mut [&mut ada]);
    assert_eq!((ada.text(), text(&room)), ("one two three".to_owned(), "one two three".to_owned()));
    bob.connect(&room);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(ada.text(), bob.text());
    assert!(bob.text().starts_with("one two three") && bob.text().ends_with("offline"), "{}", bob.text());

    // And back again, by a version of what was before.
    post(&room, "?save", "second");
    ada.remove(0, 3);
    settle(&mut [&mut ada, &mut bob]);
    post(&room, "?restore", "2");
    settle(&mut [&mut ada, &mut bob]);
    assert!(bob.text().starts_with("one two three"), "{}", bob.text());
    let left: Vec<Version> = post(&room, "?delete", "1").read_json();
    assert_eq!(left.iter().map(|version| version.id).collect::<Vec<_>>(), [2]);
    assert_eq!(post(&room, "?restore", "1").status(), 200, "there is none: nothing happens");
}

#[test]
fn versions_have_names_and_are_bounded() {
    let room = room();
    assert_eq!(post(&room, "?save", " ").status(), 400);
    assert_eq!(post(&room, "?save", "x".repeat(101)).status(), 413);
    for n in 0..100 {
        assert_eq!(post(&room, "?save", format!("v{n}")).status(), 200);
    }
    assert_eq!(post(&room, "?save", "one more").status(), 413);
}
