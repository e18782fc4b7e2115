//! People who point, in a native room, with everything that can happen to it in between.

use std::time::Duration;

use party::testing::{TestClient, TestRoom};
use serde_json::{Value as Json, json};

use super::*;
use crate::pace::MOVES_A_SECOND;

/// A client that has come, and how it was welcomed.
fn join(room: &TestRoom<Cursors>, id: &str) -> (TestClient, Json) {
    let client = room.connect(id);
    let welcome = client.receive_json();
    (client, welcome)
}

/// Two who have come, and heard of each other.
fn two(room: &TestRoom<Cursors>) -> (TestClient, TestClient) {
    let (ada, _) = join(room, "ada");
    let (bob, _) = join(room, "bob");
    assert_eq!(ada.receive_json::<Json>()["type"], "join");
    (ada, bob)
}

fn point(client: &TestClient, x: u16, y: u16) {
    client.send([x.to_le_bytes(), y.to_le_bytes()].concat());
}

/// The next message, which must be a move: whose, and where to.
fn moved(client: &TestClient) -> (Number, u16, u16) {
    let message = client.receive();
    let &[n0, n1, x0, x1, y0, y1] = message.as_bytes() else { panic!("expected a move, got {message:?}") };
    assert!(message.as_text().is_none(), "expected a move, got {message:?}");
    (u16::from_le_bytes([n0, n1]), u16::from_le_bytes([x0, x1]), u16::from_le_bytes([y0, y1]))
}

#[test]
fn who_comes_hears_who_is_here_and_the_others_hear_who_came() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, welcome) = join(&room, "ada");
    let member = |number: u16, hue: u16| json!({ "number": number, "hue": hue, "at": null });
    assert_eq!(welcome, json!({ "type": "welcome", "you": member(1, 137), "others": [] }));
    let (_bob, welcome) = join(&room, "bob");
    assert_eq!(welcome, json!({ "type": "welcome", "you": member(2, 274), "others": [member(1, 137)] }));
    assert_eq!(ada.receive_json::<Json>(), json!({ "type": "join", "member": member(2, 274) }));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_move_reaches_the_others_and_not_its_sender() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 7, 65_535);
    assert_eq!(moved(&bob), (1, 7, 65_535));
    assert!(ada.received().is_empty());
}

#[test]
fn who_comes_sees_where_the_others_point() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, _bob) = two(&room);
    point(&ada, 1, 2);
    point(&ada, 3, 4);
    let (_cy, welcome) = join(&room, "cy");
    assert_eq!(welcome["others"][0]["at"], json!({ "x": 3, "y": 4 }));
    assert_eq!(welcome["others"][1]["at"], Json::Null);
    assert!(ada.received().iter().all(|told| told.as_text() != Some(r#"{"type":"where"}"#)));
}

#[test]
fn the_others_hear_who_left_and_the_number_is_free_again() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 1, 2);
    assert_eq!(moved(&bob), (1, 1, 2));
    ada.vanish();
    assert_eq!(bob.receive_json::<Json>(), json!({ "type": "leave", "number": 1 }));
    let (_cy, welcome) = join(&room, "cy");
    assert_eq!((&welcome["you"]["number"], &welcome["you"]["at"]), (&json!(1), &Json::Null));
}

#[test]
fn who_comes_back_before_the_room_has_noticed_is_not_told_to_have_left() {
    let room = TestRoom::<Cursors>::new("page");
    let (old, bob) = two(&room);
    let (new, welcome) = join(&room, "ada");
    assert_eq!(welcome["you"]["number"], 1);
    assert_eq!(bob.receive_json::<Json>()["member"]["number"], 1);
    old.close(4000, "");
    point(&new, 5, 6);
    assert_eq!(moved(&bob), (1, 5, 6));
    assert!(bob.received().is_empty());
}

#[test]
fn what_is_no_move_is_answered_to_its_sender_and_reaches_nobody_else() {
    let room = TestRoom::<Cursors>::new("page");
    let (eve, bob) = two(&room);
    for bad in [vec![], vec![1], vec![1, 2, 3], vec![1, 2, 3, 4, 5], vec![0; 1_000_000]] {
        let length = bad.len();
        eve.send(bad);
        let answer: Json = eve.receive_json();
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("bad_message")));
        assert_eq!(answer["message"], format!("a move has 4 bytes, this one {length}"));
    }
    eve.send(r#"{"type":"leave","number":2}"#);
    assert_eq!(eve.receive_json::<Json>()["code"], "bad_message");
    assert!(bob.received().is_empty() && eve.is_open());
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn numbers_survive_a_sleep_and_forgotten_places_are_asked_for_once_somebody_comes() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 1, 2);
    assert_eq!(moved(&bob), (1, 1, 2));

    room.evict();
    point(&bob, 3, 4);
    assert_eq!(moved(&ada), (2, 3, 4));

    let (cy, welcome) = join(&room, "cy");
    assert_eq!(welcome["you"]["number"], 3);
    let known: Vec<_> = welcome["others"].as_array().unwrap().iter().map(|other| &other["at"]).collect();
    assert_eq!(known, [&Json::Null, &json!({ "x": 3, "y": 4 })]);
    for (client, asked) in [(&ada, true), (&bob, false)] {
        assert_eq!(client.receive_json::<Json>()["type"], "join");
        assert_eq!(client.received() == [Message::from(r#"{"type":"where"}"#)], asked);
    }

    point(&ada, 1, 2);
    assert_eq!(moved(&cy), (1, 1, 2));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn of_a_flood_only_so_many_moves_a_second_reach_the_others_and_the_last_is_remembered() {
    let room = TestRoom::<Cursors>::new("page");
    let (eve, bob) = two(&room);
    room.advance(Duration::from_millis(1000 - room.now().as_millis() % 1000));
    for x in 0..1000 {
        point(&eve, x, 0);
    }
    assert_eq!(bob.received().len(), MOVES_A_SECOND as usize);
    let (_cy, welcome) = join(&room, "cy");
    assert_eq!(welcome["others"][0]["at"]["x"], 999);

    point(&bob, 8, 8);
    let heard = eve.received();
    assert_eq!(heard.last(), Some(&Message::from(vec![2, 0, 8, 0, 8, 0])), "others are not slowed down");
    bob.received();
    room.advance(Duration::from_secs(1));
    point(&eve, 9, 9);
    assert_eq!(moved(&bob), (1, 9, 9));
}

#[test]
fn a_full_room_refuses_who_comes_until_somebody_leaves() {
    let room = TestRoom::<Cursors>::new("page");
    let clients: Vec<_> = (0..MOST_MEMBERS).map(|n| room.connect(&n.to_string())).collect();
    let refused = room.connecting("late").try_connect().unwrap_err();
    assert_eq!(
        (refused.status(), refused.text().as_ref()),
        (StatusCode::SERVICE_UNAVAILABLE, "the room is full")
    );
    clients[7].vanish();
    assert_eq!(join(&room, "late").1["you"]["number"], 8);
}
