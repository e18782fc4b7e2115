//! Rates and sizes of one connection.

use std::time::Duration;

use super::client::Client;
use super::{room, settle, text};

#[test]
fn a_client_that_sends_too_much_is_closed_and_comes_back_with_all_that_it_has_written() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for _ in 0..500 {
        ada.push("x");
    }
    settle(&mut [&mut ada, &mut bob]);
    let close = ada.socket().closed().unwrap();
    assert_eq!((close.code, close.reason.as_str()), (1013, "too many messages"));
    assert!(text(&room).len() < 500);
    room.advance(Duration::from_secs(5));
    ada.connect(&room);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((text(&room).len(), bob.text().len()), (500, 500));
}

#[test]
fn a_client_that_keeps_asking_for_the_document_is_closed() {
    let room = room();
    let ada = Client::joined(&room, 1);
    for _ in 0..4 {
        ada.send(&[0, 0], &[0]);
    }
    assert!(ada.is_connected(), "five times are fine");
    ada.send(&[0, 0], &[0]);
    assert_eq!(ada.socket().closed().unwrap().code, 1013);
    room.advance(Duration::from_secs(2));
    assert!(Client::joined(&room, 1).is_synced);
}

#[test]
fn a_large_message_counts_as_many() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    let mut sent = 0;
    while ada.is_connected() {
        ada.push(&"x".repeat(50_000));
        ada.remove(0, 50_000);
        sent += 1;
        assert!(sent < 100);
    }
    assert!(sent > 50, "{sent}");
    assert_eq!(ada.socket().closed().unwrap().code, 1013);
}

#[test]
fn a_state_is_nested_as_deep_as_its_size_allows_since_the_room_does_not_take_it_apart() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    ada.say(&nested(2_000));
    ada.say(&nested(100_000));
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(bob.others[&1].1, Some(nested(2_000)));
    assert!(ada.denied[0].contains("more than 4096"), "{:?}", ada.denied);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn the_states_of_a_connection_have_a_size() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.say("{}");
    let large = format!("\"{}\"", "x".repeat(5_000));
    ada.say(&large);
    settle(&mut [&mut ada, &mut bob]);
    assert!(ada.denied[0].contains("5002 bytes, more than 4096"), "{:?}", ada.denied);
    assert_eq!(bob.others[&1].1.as_deref(), Some("{}"));
    assert!(ada.is_connected());
    let many: Vec<_> = (100..1_100).map(|client| (client, 1, r#"{"n":1}"#)).collect();
    ada.say_of(&many);
    settle(&mut [&mut ada, &mut bob]);
    assert!(ada.denied[1].contains("101 states, more than 100"), "{:?}", ada.denied);
    assert_eq!(bob.present(), [1]);
}
