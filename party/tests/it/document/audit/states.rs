//! States of clients that are too many, too large, or at the end of their clock.

use std::time::Duration;

use super::super::client::Client;
use super::super::{room, settle};

#[test]
fn a_message_with_many_states_is_refused_before_much_is_done_for_it() {
    let room = room();
    let (mut ada, mut eve) = (Client::joined(&room, 1), Client::joined(&room, 9));
    let many: Vec<_> = (1..60_000).map(|client| (client << 30, 1 << 40, "1")).collect();
    eve.say_of(&many[..1_000]);
    eve.say_of(&many);
    settle(&mut [&mut ada, &mut eve]);
    assert_eq!(room.errors(), Vec::<String>::new());
    assert!(ada.present().is_empty());
    assert_eq!(eve.denied.len(), 2, "{:?}", eve.denied);
}

#[test]
fn a_message_that_says_the_same_client_again_and_again_is_refused() {
    let room = room();
    let (mut ada, mut eve) = (Client::joined(&room, 1), Client::joined(&room, 9));
    let many: Vec<_> = (1..20_000).map(|clock| (9, clock, "{}")).collect();
    eve.say_of(&many);
    settle(&mut [&mut ada, &mut eve]);
    assert!(ada.present().is_empty());
    assert_eq!(eve.denied, ["a client comes twice"]);
}

#[test]
fn states_that_are_refused_change_nothing_and_those_after_them_are_heard() {
    let room = room();
    let (mut ada, mut eve) = (Client::joined(&room, 1), Client::joined(&room, 9));
    ada.say("{}");
    let large = format!("\"{}\"", "x".repeat(5_000));
    eve.say_of(&[(1, 5, "1"), (9, 1, &large)]);
    eve.say_of(&[(9, 1, "2")]);
    ada.say("3");
    settle(&mut [&mut ada, &mut eve]);
    assert_eq!(eve.denied.len(), 1, "{:?}", eve.denied);
    assert_eq!((ada.present(), eve.others[&1].clone()), (vec![9], (2, Some("3".to_owned()))));
}

#[test]
fn nobody_can_be_put_at_the_end_of_its_clock() {
    let room = room();
    let (mut ada, mut eve) = (Client::joined(&room, 1), Client::joined(&room, 9));
    ada.say("{}");
    settle(&mut [&mut ada, &mut eve]);
    // JavaScript does not count to the clock after it, and a room would close the connection that says it.
    eve.say_of(&[(1, (1 << 53) - 1, "{}")]);
    assert!(ada.socket().received().is_empty());
    ada.say("{}");
    settle(&mut [&mut ada, &mut eve]);
    assert!(ada.is_connected());
    assert_eq!(eve.others[&1].0, 2);
}

#[test]
fn a_client_that_keeps_asking_for_all_states_is_closed() {
    let room = room();
    let (mut ada, eve) = (Client::joined(&room, 1), Client::joined(&room, 9));
    ada.say("{}");
    for _ in 0..20 {
        eve.socket().send(vec![3]);
    }
    assert_eq!(eve.socket().closed().unwrap().code, 1013);
    room.advance(Duration::from_secs(10));
    assert!(ada.is_connected());
}
