//! Rooms that are destroyed when they were not used for a while.

use std::time::Duration;

use party::testing::TestRoom;

use super::board::{Board, Member, Mode, join, room, rows, texts};

const HOUR: Duration = Duration::from_secs(3_600);
const SWEEP: Duration = Duration::from_secs(300);

fn is_kept(room: &TestRoom<Board>) -> bool {
    room.sql().query_one::<(u64,)>("SELECT count(*) FROM sqlite_schema WHERE name = 'party_log'", ()).unwrap()
        == (1,)
}

fn written(mode: Mode) -> (TestRoom<Board>, Member) {
    let room = room(mode);
    let mut ada = join(&room, "ada");
    ada.append("hello".into());
    ada.read();
    (room, ada)
}

#[test]
fn a_room_is_destroyed_once_its_time_is_over_and_not_before() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(HOUR);
    assert!(is_kept(&room));
    room.advance(SWEEP);
    assert!(!is_kept(&room));
    assert_eq!((room.alarm(), room.errors()), (None, Vec::new()));
    ada.join(&room);
    assert_eq!(texts(&mut ada), Vec::<String>::new());
}

#[test]
fn a_room_without_a_time_to_live_is_kept() {
    let (room, mut ada) = written(Mode::Plain);
    ada.vanish();
    room.advance(HOUR * 24 * 400);
    assert!(is_kept(&room));
    assert_eq!(rows(&room, "party_log"), 1);
}

#[test]
fn a_room_in_which_somebody_is_connected_is_kept() {
    let (room, mut ada) = written(Mode::Mortal);
    let quiet = join(&room, "bob");
    ada.vanish();
    for _ in 0..200 {
        room.advance(Duration::from_secs(100));
        quiet.socket().send("ping");
    }
    assert!(is_kept(&room));
}

#[test]
fn the_time_begins_again_when_the_last_one_leaves() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(HOUR - SWEEP);
    ada.join(&room);
    ada.vanish();
    room.advance(HOUR);
    assert!(is_kept(&room));
    room.advance(SWEEP * 2);
    assert!(!is_kept(&room));
}

#[test]
fn the_time_survives_an_eviction_and_a_crash() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(SWEEP);
    room.crash();
    room.advance(HOUR - SWEEP);
    assert!(is_kept(&room));
    room.advance(SWEEP * 2);
    assert!(!is_kept(&room));
}

#[test]
fn a_clock_that_is_set_back_destroys_nothing_early() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(SWEEP);
    room.set_clock_back(HOUR * 5);
    room.advance(HOUR * 4);
    assert!(is_kept(&room));
    room.advance(HOUR * 3);
    assert!(!is_kept(&room));
}

#[test]
fn a_room_is_kept_when_its_time_is_over_while_somebody_is_connected() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(HOUR - SWEEP);
    let bob = join(&room, "bob");
    for _ in 0..20 {
        room.advance(Duration::from_secs(60));
        bob.socket().send("ping");
    }
    assert!(is_kept(&room) && bob.is_connected());
}

#[test]
fn a_room_is_kept_when_its_time_is_over_just_after_a_client_has_left() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    let almost_over = HOUR + SWEEP - Duration::from_secs(100);
    room.advance(almost_over);
    ada.join(&room);
    ada.vanish();
    room.advance(Duration::from_secs(200));
    assert!(is_kept(&room));
}

#[test]
fn a_build_with_another_time_to_live_destroys_the_room_when_its_own_time_is_over() {
    let (room, mut ada) = written(Mode::Mortal);
    ada.vanish();
    room.advance(SWEEP);
    room.storage().put("mode", &Mode::Lasting).unwrap();
    room.evict();
    room.advance(HOUR + Duration::from_secs(1));
    assert!(is_kept(&room));
    room.advance(HOUR - Duration::from_secs(2));
    assert!(is_kept(&room));
    room.advance(SWEEP);
    assert!(!is_kept(&room));
}
