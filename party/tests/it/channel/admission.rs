//! Rooms by invitation: who may join, by each way into a room.

use std::time::Duration;

use party::ErrorCode;
use party::http::header::AUTHORIZATION;
use party::http::{Request, StatusCode};
use party::parts::wire::Action;
use party::testing::{Connecting, TestClient, TestRoom};

use super::board::{Board, Member, Mode, Post, join, refused, room, rows, texts};
use crate::support::ROOM;

const BY_INVITATION: &str = "This room is by invitation only";
const NOT_VALID: &str = "The invitation is not valid any more";

/// Requires invitations. Returns the key.
fn closed(room: &TestRoom<Board>) -> String {
    room.call(&Post::InvitationOnly(true)).unwrap();
    key(room)
}

fn key(room: &TestRoom<Board>) -> String {
    room.storage().get("party.invitations").unwrap().unwrap()
}

/// Returns the text with which a client is refused.
fn reason(client: &TestClient) -> String {
    let (error, code) = refused(client);
    assert_eq!((error.code, code), (ErrorCode::FORBIDDEN, 4403));
    let close = client.closed().unwrap();
    assert_eq!(close.reason, error.message);
    error.message
}

fn stranger(room: &TestRoom<Board>, id: &str) -> Connecting {
    Member::new(id).connecting(room)
}

#[test]
fn a_stranger_is_refused_and_gets_and_leaves_nothing() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append("private".into());
    closed(&room);
    ada.read();
    let tables = |room: &TestRoom<Board>| (rows(room, "party_invited"), rows(room, "party_jobs"));
    let before = tables(&room);
    let eve = stranger(&room, "eve").connect();
    eve.defy();
    assert_eq!(reason(&eve), BY_INVITATION);
    eve.send(r#"{"type":"history","id":"1"}"#);
    eve.send(r#"{"type":"append","id":"2","body":"let me in"}"#);
    ada.append("still private".into());
    assert!(eve.received().is_empty());
    assert_eq!(texts(&mut ada), ["private", "still private"]);
    assert_eq!((ada.roster.len(), tables(&room)), (1, before));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_member_that_brought_the_key_once_comes_back_without_it_on_all_its_devices() {
    let room = room(Mode::Plain);
    let _ada = join(&room, "ada");
    let key = closed(&room);
    let mut bob = Member::new("bob").invited(&key);
    bob.join(&room);
    let mut phone = bob.on_another_device("phone");
    bob.vanish();
    room.call(&Post::NewInvitation).unwrap();
    room.crash();
    phone.join(&room);
    assert_eq!((phone.is_connected(), &phone.member), (true, &bob.member));
    bob.join(&room);
    assert!(bob.is_connected(), "the key that it brings is an old one");
}

#[test]
fn members_that_are_there_when_invitations_are_required_stay_and_come_back() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob, mut cy, mut dan) =
        (join(&room, "ada"), join(&room, "bob"), join(&room, "cy"), join(&room, "dan"));
    dan.vanish();
    room.advance(Duration::from_secs(11));
    cy.vanish();
    closed(&room);
    bob.append("I am still here".into());
    assert_eq!(texts(&mut ada), ["I am still here"]);
    room.evict();
    bob.vanish();
    bob.join(&room);
    cy.join(&room);
    assert!(bob.is_connected() && cy.is_connected(), "cy was in its grace");
    assert_eq!(reason(&dan.connecting(&room).connect()), BY_INVITATION);
    ada.vanish();
    room.advance(Duration::from_secs(3_600));
    ada.join(&room);
    assert!(ada.is_connected(), "the founder is always admitted");
    room.call(&Post::InvitationOnly(false)).unwrap();
    dan.join(&room);
    assert!(dan.is_connected());
}

#[test]
fn an_old_key_and_that_of_another_room_are_not_valid() {
    let room = room(Mode::Plain);
    let _ada = join(&room, "ada");
    let old = closed(&room);
    room.call(&Post::NewInvitation).unwrap();
    let elsewhere = TestRoom::<Board>::with_seed("elsewhere", 7);
    let other = closed(&elsewhere);
    for wrong in [&old, &other, "x"] {
        assert_eq!(reason(&stranger(&room, "eve").invitation(wrong).connect()), NOT_VALID);
    }
    let (new, client) = (key(&room), stranger(&room, "eve"));
    assert!(client.invitation(&new).connect().is_open());
}

#[test]
fn a_banned_member_stays_banned_whatever_it_brings() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), Member::new("bob"));
    bob.join_from(&room, "192.0.2.7");
    let key = closed(&room);
    ada.moderate(Action::Ban, &bob.member, None);
    let banned = bob.connecting(&room).invitation(&key).connect();
    assert_eq!(reason(&banned), "A moderator banned you");
    let from_there = stranger(&room, "new").invitation(&key).header("cf-connecting-ip", "192.0.2.7");
    assert_eq!(reason(&from_there.connect()), "A moderator banned somebody who came from your address");
    ada.moderate(Action::Unban, &bob.member, None);
    bob.join(&room);
    assert!(bob.is_connected(), "it was let in before");
}

#[test]
fn a_kicked_member_needs_an_invitation_again() {
    let room = room(Mode::Plain);
    let (mut ada, bob) = (join(&room, "ada"), join(&room, "bob"));
    let old = closed(&room);
    ada.moderate(Action::Kick, &bob.member, None);
    assert_eq!(reason(&bob.connecting(&room).connect()), BY_INVITATION);
    room.call(&Post::NewInvitation).unwrap();
    assert_eq!(reason(&bob.connecting(&room).invitation(&old).connect()), NOT_VALID);
    let key = key(&room);
    assert!(bob.connecting(&room).invitation(&key).connect().is_open());
    assert!(bob.connecting(&room).connect().is_open(), "it is let in again");
}

#[test]
fn a_guest_that_was_there_comes_back_and_another_one_is_refused() {
    let room = room(Mode::Plain);
    let _ada = join(&room, "ada");
    let guest = |id: &str| room.connecting(id).query("wire", "lines").connect();
    let old = guest("old");
    closed(&room);
    old.vanish();
    let new = guest("new");
    assert_eq!(new.closed().map(|close| (close.code, close.reason)), Some((4403, BY_INVITATION.to_owned())));
    let texts: Vec<_> = new.received().iter().map(|text| text.as_text().unwrap().to_owned()).collect();
    assert_eq!(texts, ["error forbidden -"]);
    assert_eq!(guest("old").receive_text(), "welcome 0");
}

#[test]
fn requests_of_members_are_admitted_as_their_clients_are() {
    let room = room(Mode::Plain);
    let (mut ada, bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("private".into());
    closed(&room);
    let read = |secret: &str| {
        let request = Request::get(format!("https://x/parties/party/{ROOM}/entries"));
        room.request(request.header(AUTHORIZATION, format!("Bearer {secret}")).body("").unwrap())
    };
    let secret = bob.secret.clone().unwrap();
    assert_eq!(read(&secret).status(), StatusCode::OK);
    ada.moderate(Action::Kick, &bob.member, None);
    let refused = read(&secret);
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(refused.text().contains(BY_INVITATION) && !refused.text().contains("private"));
    assert_eq!(read(ada.secret.as_ref().unwrap()).status(), StatusCode::OK);
}

#[test]
fn guessing_keys_is_slowed_down() {
    let room = room(Mode::Plain);
    let _ada = join(&room, "ada");
    let key = closed(&room);
    let guess = |number: u32, key: &str| {
        let client = stranger(&room, &format!("eve {number}")).header("cf-connecting-ip", "192.0.2.7");
        client.invitation(key).try_connect()
    };
    let slow = (0..2_000).find(|number| {
        let guessed = guess(*number, &format!("guess-{number}"));
        let too_fast = |client: &TestClient| client.closed().is_some_and(|close| close.code == 4429);
        guessed.as_ref().is_ok_and(too_fast)
    });
    assert_eq!(slow, Some(600));
    let right = guess(2_001, &key);
    assert!(right.map_or(true, |client| !client.is_open()), "the right key does not help meanwhile");
}

#[test]
fn a_key_that_is_brought_to_a_full_room_lets_nobody_in() {
    let room = room(Mode::Small);
    let _members = ["ada", "b", "c", "d"].map(|id| join(&room, id));
    let key = closed(&room);
    let (error, code) = refused(&stranger(&room, "e").invitation(&key).connect());
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    assert_eq!(rows(&room, "party_invited"), 4);
}
