//! Rooms that are full, and the members that they still admit.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::Action;
use party::testing::TestRoom;

use super::board::{Board, Member, Mode, join, refused, room};

/// A member that connects from an address.
fn join_from(room: &TestRoom<Board>, id: &str, address: &str) -> Member {
    let mut member = Member::new(id);
    member.join_from(room, address);
    member
}

#[test]
fn a_full_room_refuses_a_new_member_and_admits_its_moderator_and_members_that_are_there() {
    let room = room(Mode::Small);
    let mut ada = join(&room, "ada");
    let others = ["b", "c", "d"].map(|id| join(&room, id));
    let (error, code) = refused(&Member::new("e").connecting(&room).connect());
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    // Four members with two connections each.
    let [bob, ..] = &others;
    let mut phone = bob.on_another_device("phone");
    phone.join(&room);
    assert!(phone.is_connected());
    let (error, code) = refused(&bob.on_another_device("tablet").connecting(&room).connect());
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    let mut back = ada.on_another_device("back");
    ada.vanish();
    room.advance(Duration::from_secs(11));
    assert!(join(&room, "e").is_connected());
    back.join(&room);
    assert!(back.is_connected());
}

#[test]
fn a_room_admits_half_of_its_members_from_one_address() {
    let room = room(Mode::Small);
    let [one, two] = ["one", "two"].map(|id| join_from(&room, id, "192.0.2.7"));
    let three = Member::new("three").connecting(&room).header("cf-connecting-ip", "192.0.2.7").connect();
    assert_eq!(refused(&three).0.code, ErrorCode::ROOM_FULL);
    let [four, five] = ["four", "five"].map(|id| join_from(&room, id, "192.0.2.8"));
    assert!([one, two, four, five].iter().all(Member::is_connected));
}

#[test]
fn a_moderator_acts_although_the_rate_of_its_address_is_used_up() {
    let room = room(Mode::Small);
    let [mut ada, mut eve] = ["ada", "eve"].map(|id| join_from(&room, id, "192.0.2.7"));
    for member in [&mut eve, &mut ada] {
        while member.errors.is_empty() {
            member.append("flood".into());
            member.read();
        }
        assert_eq!(member.errors.remove(0).code, ErrorCode::SLOW_DOWN);
    }
    eve.moderate(Action::Kick, &ada.member, None);
    assert_eq!(eve.error().code, ErrorCode::SLOW_DOWN);
    ada.moderate(Action::Kick, &eve.member, None);
    ada.read();
    assert!(ada.errors.is_empty(), "{:?}", ada.errors);
    assert!(!eve.is_connected());
}
