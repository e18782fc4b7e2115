//! What is refused, and that nobody else notices.

use super::client::Client;
use super::{UPDATE_BYTES, room, settle, text};

#[test]
fn a_connection_that_may_only_read_sees_all_and_changes_nothing() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk");
    let mut eve = Client::new(9);
    eve.push("offline ");
    eve.view(&room);
    settle(&mut [&mut ada, &mut eve]);
    eve.push("online ");
    eve.say("{}");
    settle(&mut [&mut ada, &mut eve]);
    assert_eq!((text(&room).as_str(), ada.text().as_str()), ("milk", "milk"));
    assert_eq!(ada.present(), [9], "it may say who it is");
    assert!(eve.text().contains("milk"));
    assert_eq!(eve.denied, ["this connection may only read"]);
    assert!(eve.is_connected());
}

#[test]
fn a_connection_that_may_write_again_is_asked_for_what_it_has_written_meanwhile() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.socket().send("__YPS:all read");
    bob.push("milk");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(text(&room), "");
    room.evict();
    bob.push(", eggs");
    ada.socket().send("__YPS:all write");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((text(&room).as_str(), ada.text().as_str()), ("milk, eggs", "milk, eggs"));
}

#[test]
fn bytes_that_are_no_message_close_the_connection_and_nothing_is_stored_or_sent() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk");
    let wrong: [&[u8]; 8] = [
        &[],
        &[9],
        &[0, 9],
        &[0, 2, 3, 1, 1, 1],
        &[0, 1, 2, 255, 255],
        &[0, 0, 5, 255, 255, 255, 255, 15],
        &[1, 4, 1, 1, 1, 200],
        &[1, 6, 1, 7, 1, 2, b'{', b'x'],
    ];
    for (eve, bytes) in (10..).zip(wrong) {
        let mut eve = Client::joined(&room, eve);
        eve.socket().send(bytes.to_vec());
        eve.hear();
        assert_eq!(eve.denied.len(), 1, "{bytes:?}");
        let close = eve.socket().closed().unwrap();
        assert_eq!((close.code, close.reason), (4400, eve.denied[0].clone()), "{bytes:?}");
    }
    assert!(!ada.hear());
    assert_eq!(text(&room), "milk");
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn an_update_that_is_too_large_is_refused_and_so_is_all_that_builds_on_it() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("milk ");
    settle(&mut [&mut ada, &mut bob]);
    ada.push(&"x".repeat(UPDATE_BYTES));
    ada.push("eggs");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((text(&room).as_str(), bob.text().as_str()), ("milk ", "milk "));
    assert!(ada.denied.iter().all(|reason| reason.contains("more than 100000")), "{:?}", ada.denied);
    assert_eq!(ada.denied.len(), 2, "the change, and the answer with it");
    bob.push("tea");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(text(&room), "milk tea", "the others go on");
}

#[test]
fn a_document_that_is_full_takes_nothing_more_until_something_is_deleted() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for _ in 0..3 {
        ada.push(&"x".repeat(90_000));
    }
    settle(&mut [&mut ada, &mut bob]);
    bob.push(&"y".repeat(50_000));
    settle(&mut [&mut ada, &mut bob]);
    assert!(bob.denied[0].contains("more than 300000"), "{:?}", bob.denied);
    assert_eq!(text(&room).len(), 270_000);
    ada.remove(0, 200_000);
    settle(&mut [&mut ada, &mut bob]);
    bob.push("z");
    settle(&mut [&mut ada, &mut bob]);
    assert!(text(&room).ends_with("yz"), "what is deleted has no bytes");
    assert_eq!(ada.text(), bob.text());
}
