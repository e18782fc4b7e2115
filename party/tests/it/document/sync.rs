//! Clients that write, join, go offline and come back.

use party::parts::document::yrs::updates::encoder::Encode;
use party::parts::document::yrs::{ReadTxn, StateVector, Transact};

use super::client::Client;
use super::{room, settle, text};

#[test]
fn a_change_is_sent_to_the_others_and_not_to_its_author() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("milk");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((bob.text().as_str(), bob.updates, ada.updates), ("milk", 1, 0));
    assert_eq!(text(&room), "milk");
}

#[test]
fn a_client_that_joins_is_sent_the_document_and_is_asked_for_what_the_room_lacks() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk");
    let mut bob = Client::new(2);
    bob.push("eggs");
    bob.connect(&room);
    assert!(!bob.is_synced);
    settle(&mut [&mut ada, &mut bob]);
    assert!(bob.is_synced);
    assert_eq!((ada.text(), bob.text()), (text(&room), text(&room)));
    assert!(ada.text().contains("milk") && ada.text().contains("eggs"), "{}", ada.text());
}

#[test]
fn a_change_that_is_made_offline_is_sent_when_the_client_is_back() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("one ");
    settle(&mut [&mut ada, &mut bob]);
    bob.unplug().vanish();
    bob.push("two ");
    bob.push("three ");
    ada.push("four ");
    bob.connect(&room);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(ada.text(), bob.text());
    assert!(["one", "two", "three", "four"].iter().all(|word| ada.text().contains(word)), "{}", ada.text());
}

#[test]
fn a_client_that_comes_back_before_it_has_answered_is_asked_again() {
    let room = room();
    let mut ada = Client::new(1);
    ada.connect(&room);
    let first = ada.unplug();
    ada.push("offline");
    ada.connect(&room);
    settle(&mut [&mut ada]);
    assert!(!first.is_open(), "the new connection has taken its place");
    assert_eq!(text(&room), "offline");
}

#[test]
fn a_client_is_sent_only_what_it_lacks() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push(&"long ".repeat(1_000));
    settle(&mut [&mut ada, &mut bob]);
    bob.unplug().vanish();
    ada.push("new");
    bob.connect(&room);
    bob.hear();
    assert!(bob.last.len() < 40, "{} bytes", bob.last.len());
    assert_eq!(bob.text(), ada.text());
}

#[test]
fn a_change_that_the_room_has_already_is_neither_stored_nor_sent() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("milk");
    ada.remove(0, 2);
    settle(&mut [&mut ada, &mut bob]);
    let heard = bob.updates;
    let all = ada.doc.transact().encode_state_as_update_v1(&StateVector::default());
    ada.send(&[0, 1], &all);
    ada.send(&[0, 2], &all);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(bob.updates, heard);
    let (rows,): (u64,) = room.sql().query_one("SELECT count(*) FROM party_document_updates", ()).unwrap();
    assert_eq!(rows, 2);
}

#[test]
fn deletes_that_are_known_are_not_sent_again_with_what_is_new() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for _ in 0..150 {
        ada.push("ab");
        ada.remove(0, 1);
    }
    settle(&mut [&mut ada, &mut bob]);
    ada.unplug().vanish();
    ada.push("c");
    ada.connect(&room);
    settle(&mut [&mut ada, &mut bob]);
    assert!(bob.last.len() < 40, "{} bytes", bob.last.len());
    assert_eq!(bob.text(), ada.text());
}

#[test]
fn a_change_after_one_that_the_room_has_not_heard_waits_until_the_client_has_sent_both() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    let socket = ada.unplug();
    ada.push("lost ");
    let has = ada.doc.transact().state_vector();
    ada.push("sent");
    let second = ada.doc.transact().encode_state_as_update_v1(&has);
    let mut message = vec![0, 2, u8::try_from(second.len()).unwrap()];
    message.extend(second);
    socket.send(message);
    assert!(!bob.hear(), "nothing that cannot be shown");
    let question = socket.received().pop().unwrap();
    assert_eq!(question.as_bytes(), [&[0, 0], &[1][..], &[0]].concat(), "the room has nothing");
    let all = ada.doc.transact().encode_state_as_update_v1(&StateVector::default());
    let mut answer = vec![0, 1, u8::try_from(all.len()).unwrap()];
    answer.extend(all);
    socket.send(answer);
    bob.hear();
    assert_eq!(bob.text(), "lost sent");
}

#[test]
fn an_empty_room_has_an_empty_document() {
    let room = room();
    let mut ada = Client::new(1);
    ada.connect(&room);
    let sent = ada.socket().received();
    let sent: Vec<_> = sent.iter().map(|message| message.as_bytes().to_vec()).collect();
    assert_eq!(sent, [vec![0, 0, 1, 0], vec![0, 1, 2, 0, 0]], "its question, and its answer");
    assert_eq!(StateVector::default().encode_v1(), [0]);
}

#[test]
fn texts_beside_the_document_reach_those_they_are_for() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.socket().send("__YPS:the review begins");
    ada.socket().send("not for the document");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(
        (ada.texts, bob.texts),
        (vec!["__YPS:heard".to_owned()], vec!["__YPS:the review begins".to_owned()])
    );
}
