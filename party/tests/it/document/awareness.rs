//! What clients say of themselves.

use std::time::Duration;

use party::testing::TestRoom;

use super::client::Client;
use super::{Notes, room, settle};

fn two(room: &TestRoom<Notes>) -> (Client, Client) {
    let (mut ada, mut bob) = (Client::joined(room, 1), Client::joined(room, 2));
    ada.say(r#"{"name":"Ada"}"#);
    bob.say(r#"{"name":"Bob"}"#);
    settle(&mut [&mut ada, &mut bob]);
    (ada, bob)
}

#[test]
fn a_state_is_sent_to_everyone_and_a_newcomer_is_sent_all_of_them() {
    let room = room();
    let (ada, bob) = two(&room);
    assert_eq!((ada.present(), bob.present()), (vec![2], vec![1]));
    let cleo = Client::joined(&room, 3);
    assert_eq!(cleo.present(), [1, 2]);
    assert_eq!(cleo.others[&1].1.as_deref(), Some(r#"{"name":"Ada"}"#));
}

#[test]
fn a_client_hears_its_own_state_since_that_is_how_it_knows_that_it_is_connected() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.say("{}");
    assert_eq!(ada.socket().received().len(), 1);
}

#[test]
fn the_state_of_a_client_that_has_left_ends_for_everyone() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    bob.unplug().close(1000, "");
    settle(&mut [&mut ada]);
    assert!(ada.present().is_empty());
    assert_eq!(Client::joined(&room, 3).present(), [1]);
}

#[test]
fn states_are_there_after_a_sleep_and_end_after_one() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    room.evict();
    assert_eq!(Client::joined(&room, 3).present(), [1, 2]);
    room.evict();
    bob.unplug().vanish();
    settle(&mut [&mut ada]);
    assert!(ada.present().is_empty());
}

#[test]
fn a_room_that_wakes_for_a_state_reads_nothing_of_the_document() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    ada.push("milk");
    settle(&mut [&mut ada, &mut bob]);
    room.evict();
    room.sql().execute("ALTER TABLE party_document_updates RENAME TO hidden", ()).unwrap();
    ada.say(r#"{"name":"Ada","at":7}"#);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(bob.others[&1].1.as_deref(), Some(r#"{"name":"Ada","at":7}"#));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_state_that_others_say_of_a_client_does_not_count() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    bob.say_of(&[(1, 1, "null"), (1, 1, r#"{"name":"Eve"}"#), (1, 9, "null")]);
    settle(&mut [&mut ada, &mut bob]);
    let cleo = Client::joined(&room, 3);
    assert_eq!(cleo.others[&1].1.as_deref(), Some(r#"{"name":"Ada"}"#));
}

#[test]
fn an_echo_that_is_late_does_not_bring_a_client_back() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    let state = bob.others[&1].clone();
    ada.unplug().vanish();
    bob.say_of(&[(1, state.0, state.1.as_deref().unwrap())]);
    settle(&mut [&mut bob]);
    assert_eq!(Client::joined(&room, 3).present(), [2]);
}

#[test]
fn a_client_that_comes_back_says_its_state_again() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    ada.unplug().vanish();
    settle(&mut [&mut bob]);
    ada.connect(&room);
    ada.hear();
    ada.say_of(&[(1, ada.clock, r#"{"name":"Ada"}"#)]);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(Client::joined(&room, 3).present(), [1, 2]);
}

#[test]
fn a_client_whose_old_connection_ends_late_stays() {
    let room = room();
    let (mut ada, mut bob) = two(&room);
    let old = ada.unplug();
    // By another id, so that the new connection does not take the place of the old one.
    let socket = room.connect("again");
    let mut message = vec![1, 5, 1, 1, 2, 2];
    message.extend(b"{}");
    message[1] = u8::try_from(message.len() - 2).unwrap();
    socket.send(message);
    old.vanish();
    settle(&mut [&mut bob]);
    assert_eq!(bob.present(), [1]);
    room.advance(Duration::from_secs(60));
    socket.vanish();
    settle(&mut [&mut bob]);
    assert!(bob.present().is_empty());
}

#[test]
fn a_client_that_asks_is_told_all_states() {
    let room = room();
    let (mut ada, bob) = two(&room);
    ada.others.clear();
    ada.socket().send(vec![3]);
    ada.hear();
    assert_eq!(ada.present(), [2]);
    drop(bob);
}
