//! People who point, in a native room, with everything that can happen to it in between.

use party::CloseCode;
use party::testing::{TestClient, TestRoom};
use serde_json::{Value as Json, json};

use super::*;

/// Returns the text frames of a client that joins: the welcome, the frame of its joining if it is new, and the roster.
fn join(room: &TestRoom<Cursors>, id: &str) -> (TestClient, Number, Json) {
    let client = room.connect(id);
    let welcome: Json = client.receive_json();
    assert_eq!(welcome["type"], "welcome");
    let mut roster: Json = client.receive_json();
    if roster["join"].is_array() {
        roster = client.receive_json();
    }
    (client, serde_json::from_value(welcome["number"].clone()).unwrap(), roster)
}

/// Returns two members that have received all frames of their joining.
fn two(room: &TestRoom<Cursors>) -> (TestClient, TestClient) {
    let ((ada, ..), (bob, ..)) = (join(room, "ada"), join(room, "bob"));
    assert_eq!(ada.receive_json::<Json>(), came(2, 2));
    (ada, bob)
}

/// Returns the presence data of a member.
fn member(number: Number) -> Json {
    json!({ "member": number.to_string(), "data": number })
}

/// Returns the frame by which a member joins as one of `count`.
fn came(number: Number, count: usize) -> Json {
    json!({ "type": "presence", "count": count, "join": [member(number)] })
}

/// Returns the frame by which a member leaves `count` others.
fn gone(number: Number, count: usize) -> Json {
    json!({ "type": "presence", "count": count, "leave": [number.to_string()] })
}

fn point(client: &TestClient, x: u16, y: u16) {
    client.send([x.to_le_bytes(), y.to_le_bytes()].concat());
}

/// Returns the next message, which must be a move: whose, and where to.
fn moved(client: &TestClient) -> (Number, u16, u16) {
    let message = client.receive();
    let &[n0, n1, x0, x1, y0, y1] = message.as_bytes() else { panic!("expected a move, got {message:?}") };
    assert!(message.as_text().is_none(), "expected a move, got {message:?}");
    (u16::from_le_bytes([n0, n1]), u16::from_le_bytes([x0, x1]), u16::from_le_bytes([y0, y1]))
}

#[test]
fn a_client_that_joins_is_sent_who_is_here_and_the_others_are_sent_the_new_member() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, number, roster) = join(&room, "ada");
    assert_eq!((number, roster), (1, json!({ "type": "presence", "count": 1, "members": [member(1)] })));
    let (_bob, number, roster) = join(&room, "bob");
    let both = json!({ "type": "presence", "count": 2, "members": [member(1), member(2)] });
    assert_eq!((number, roster), (2, both));
    assert_eq!(ada.receive_json::<Json>(), came(2, 2));
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
fn a_client_that_joins_is_sent_where_the_others_point() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, _bob) = two(&room);
    point(&ada, 1, 2);
    point(&ada, 3, 4);
    let (cy, ..) = join(&room, "cy");
    assert_eq!(moved(&cy), (1, 3, 4));
    assert!(cy.received().is_empty(), "the place of bob is not known");
    assert_eq!(ada.receive_json::<Json>(), came(3, 3));
    assert!(ada.received().is_empty(), "nobody is asked for a place that is known");
}

#[test]
fn a_member_leaves_after_its_grace_and_the_number_is_free_again() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 1, 2);
    assert_eq!(moved(&bob), (1, 1, 2));
    ada.vanish();
    assert!(bob.received().is_empty());
    room.advance(GRACE);
    assert_eq!(bob.receive_json::<Json>(), gone(1, 1));
    let (cy, number, _) = join(&room, "cy");
    assert_eq!((number, cy.received()), (1, vec![]));
    let (dee, ..) = join(&room, "dee");
    assert!(dee.received().is_empty(), "the place was that of the member who left");
}

#[test]
fn a_client_that_reconnects_in_its_grace_keeps_its_number_and_its_place() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 1, 2);
    assert_eq!(moved(&bob), (1, 1, 2));
    ada.vanish();
    let (_eve, number, _) = join(&room, "eve");
    assert_eq!((number, bob.receive_json::<Json>()), (3, came(3, 3)));
    room.advance(GRACE / 2);
    let (ada, number, _) = join(&room, "ada");
    assert_eq!((number, bob.received()), (1, vec![]));
    room.advance(GRACE * 2);
    assert!(bob.received().is_empty(), "it has not left");
    let (cy, ..) = join(&room, "cy");
    assert_eq!(moved(&cy), (1, 1, 2));
    point(&ada, 5, 6);
    assert_eq!(moved(&cy), (1, 5, 6));
}

#[test]
fn a_client_that_reconnects_before_the_room_has_noticed_keeps_its_number() {
    let room = TestRoom::<Cursors>::new("page");
    let (old, bob) = two(&room);
    let (new, number, _) = join(&room, "ada");
    assert_eq!(number, 1);
    old.close(4000, "");
    room.advance(GRACE * 2);
    point(&new, 5, 6);
    assert_eq!(moved(&bob), (1, 5, 6));
    assert!(bob.received().is_empty());
}

#[test]
fn a_message_that_is_not_a_move_is_answered_to_its_sender_and_reaches_nobody_else() {
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
fn numbers_survive_a_sleep_and_lost_places_are_asked_for_once_a_member_joins() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    point(&ada, 1, 2);
    assert_eq!(moved(&bob), (1, 1, 2));

    room.evict();
    point(&bob, 3, 4);
    assert_eq!(moved(&ada), (2, 3, 4));

    let (cy, number, roster) = join(&room, "cy");
    assert_eq!((number, &roster["members"]), (3, &json!([member(1), member(2), member(3)])));
    assert_eq!(moved(&cy), (2, 3, 4));
    for (client, asked) in [(&ada, true), (&bob, false)] {
        assert_eq!(client.receive_json::<Json>(), came(3, 3));
        assert_eq!(client.received() == [Message::from(r#"{"type":"where"}"#)], asked);
    }

    point(&ada, 1, 2);
    assert_eq!(moved(&cy), (1, 1, 2));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_member_whose_grace_ends_while_the_room_sleeps_leaves() {
    let room = TestRoom::<Cursors>::new("page");
    let (ada, bob) = two(&room);
    ada.vanish();
    room.evict();
    room.advance(GRACE);
    assert_eq!(bob.receive_json::<Json>(), gone(1, 1));
}

#[test]
fn a_flood_is_cut_to_the_rate_of_one_member_and_its_last_move_is_remembered() {
    let room = TestRoom::<Cursors>::new("page");
    let (eve, bob) = two(&room);
    for x in 0..1000 {
        point(&eve, x, 0);
    }
    assert_eq!(bob.received().len(), MOVES as usize);
    let (cy, ..) = join(&room, "cy");
    assert_eq!(moved(&cy), (1, 999, 0));

    point(&bob, 8, 8);
    let received = eve.received();
    assert_eq!(received.last(), Some(&Message::from(vec![2, 0, 8, 0, 8, 0])), "others are not slowed down");
    bob.received();
    room.advance(MOVE_EVERY);
    point(&eve, 9, 9);
    point(&eve, 10, 10);
    assert_eq!(moved(&bob), (1, 9, 9));
    assert!(bob.received().is_empty(), "one interval allows one move");
    room.advance(Duration::from_secs(1));
    for x in 0..1000 {
        point(&eve, x, 0);
    }
    assert_eq!(bob.received().len(), MOVES as usize);
}

#[test]
fn a_full_room_refuses_new_members_until_one_has_left() {
    let room = TestRoom::<Cursors>::new("page");
    let clients: Vec<_> = (0..MAX_MEMBERS).map(|n| room.connect(&n.to_string())).collect();
    let late = room.connect("late");
    assert_eq!(late.receive_json::<Json>()["code"], "room_full");
    assert_eq!(late.closed().map(|close| close.code), Some(CloseCode::ROOM_FULL.as_u16()));
    clients[7].vanish();
    let (back, number, _) = join(&room, "7");
    assert_eq!(number, 8, "a member in its grace has its place");
    back.vanish();
    room.advance(GRACE);
    assert_eq!(join(&room, "late").1, 8);
}
