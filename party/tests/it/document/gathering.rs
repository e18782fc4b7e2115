//! Changes under load: stored as one row, sent as one frame.

use std::time::Duration;

use party::testing::TestRoom;

use super::client::Client;
use super::reading::post;
use super::{GATHERING, Notes, settle, text};

const WINDOW: Duration = Duration::from_millis(30);

fn room() -> TestRoom<Notes> {
    TestRoom::new(GATHERING)
}

fn rows(room: &TestRoom<Notes>) -> u64 {
    room.sql().query_one::<(u64,)>("SELECT count(*) FROM party_document_updates", ()).unwrap().0
}

#[test]
fn the_first_change_is_sent_at_once_and_those_that_follow_together() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for _ in 0..10 {
        ada.push("x");
    }
    bob.push("y");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((bob.text().as_str(), bob.updates, rows(&room)), ("xy", 1, 1));
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((bob.updates, ada.updates, rows(&room)), (2, 1, 2));
    assert_eq!((ada.text(), bob.text()), (text(&room), text(&room)));
    assert_eq!(text(&room).len(), 11);
}

#[test]
fn people_who_type_slowly_do_not_wait() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for n in 1..=20 {
        room.advance(WINDOW);
        ada.push("x");
        bob.hear();
        assert_eq!(bob.text().len(), n);
    }
}

#[test]
fn a_newcomer_has_what_was_on_its_way_too() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    for _ in 0..10 {
        ada.push("x");
    }
    let mut bob = Client::joined(&room, 2);
    assert_eq!((bob.text().len(), rows(&room)), (10, 2), "nothing is sent that is not stored");
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((bob.text().len(), rows(&room)), (10, 2), "and nothing is stored twice");
}

#[test]
fn a_reader_of_the_document_reads_all_changes_that_arrived_before() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("one ");
    ada.push("two ");
    assert_eq!(text(&room), "one two ");
    // A message of the client itself is no exception: it comes after what the client has written.
    ada.push("three ");
    ada.socket().send("__YPS:save");
    let version = post(&room, "?restore", "1");
    assert_eq!((version.status().as_u16(), text(&room).as_str()), (200, "one two three "));
    // The app's own changes come after it, too.
    ada.push("four ");
    assert_eq!(post(&room, "?append", "five").status(), 200);
    settle(&mut [&mut ada]);
    assert_eq!(
        (text(&room).as_str(), ada.text().as_str()),
        ("one two three four five", "one two three four five")
    );
    room.advance(WINDOW);
    settle(&mut [&mut ada]);
    assert_eq!((text(&room), room.errors().len()), (ada.text(), 0));
}

#[test]
fn a_room_that_opens_its_document_twice_has_one() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("one ");
    ada.push("two ");
    assert_eq!(post(&room, "?twice", "").text(), "one two ");
    room.advance(WINDOW);
    assert_eq!((text(&room).as_str(), rows(&room)), ("one two ", 2));
}

#[test]
fn a_transaction_of_the_app_that_fails_takes_no_change_of_a_client_along() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("one ");
    ada.push("two ");
    assert_eq!(post(&room, "?fail", "").status(), 500);
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob]);
    room.evict();
    assert_eq!((text(&room).as_str(), bob.text().as_str()), ("one two ", "one two "));
}

#[test]
fn a_database_that_refuses_closes_all_whose_changes_were_gathered_and_nothing_is_lost() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    let mut cleo = Client::joined(&room, 3);
    ada.push("first ");
    settle(&mut [&mut ada, &mut bob, &mut cleo]);
    room.fill_disk(true);
    ada.push("ada ");
    bob.push("bob ");
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob, &mut cleo]);
    assert_eq!((ada.is_connected(), bob.is_connected(), cleo.is_connected()), (false, false, true));
    assert_eq!((cleo.text().as_str(), room.errors().len()), ("first ", 1));
    room.fill_disk(false);
    ada.connect(&room);
    bob.connect(&room);
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob, &mut cleo]);
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob, &mut cleo]);
    assert_eq!((text(&room), bob.text()), (cleo.text(), cleo.text()));
    assert_eq!(cleo.text().len(), "first ada bob ".len());
}

#[test]
fn a_change_that_was_lost_on_its_way_is_asked_for_with_the_next_one() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("one ");
    ada.push("two ");
    // The memory of the room is lost, and what waited in it.
    room.evict();
    ada.push("three");
    settle(&mut [&mut ada, &mut bob]);
    room.advance(WINDOW);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((text(&room).as_str(), bob.text().as_str()), ("one two three", "one two three"));
}

#[test]
fn a_change_on_its_way_counts_toward_the_size_of_the_document() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    for _ in 0..4 {
        ada.push(&"x".repeat(90_000));
    }
    room.advance(WINDOW);
    settle(&mut [&mut ada]);
    assert_eq!((ada.denied.len(), text(&room).len()), (1, 270_000), "{:?}", ada.denied);
}

#[test]
fn a_full_document_becomes_smaller_by_what_is_on_its_way() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("first");
    for _ in 0..3 {
        ada.push(&"x".repeat(90_000));
    }
    ada.remove(0, 200_000);
    ada.push(&"y".repeat(90_000));
    room.advance(WINDOW);
    settle(&mut [&mut ada]);
    assert_eq!((ada.denied.len(), text(&room).len()), (0, 160_005), "{:?}", ada.denied);
}

#[test]
fn a_change_on_its_way_is_stored_and_sent_when_its_author_has_left() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("one ");
    ada.push("two ");
    ada.unplug().vanish();
    room.advance(WINDOW);
    bob.hear();
    assert_eq!((text(&room).as_str(), bob.text().as_str()), ("one two ", "one two "));
}
