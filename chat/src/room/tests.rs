//! Conversations in a native room, with everything that can happen to it in between.
//!
//! - here: what people do on the wire of parts;
//! - [`original`]: what clients of the original wire see in the same rooms;
//! - [`order`]: moderators, limits, and who is let in;
//! - [`upkeep`]: what a room does for itself;
//! - [`schedules`]: random schedules of everything at once;
//! - [`nonsense`]: clients that send what they like;
//! - [`chance`]: what seeds decide;
//! - [`guest`]: a client of the wire of parts, as small as it can be.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

mod chance;
mod guest;
mod nonsense;
mod order;
mod original;
mod schedules;
mod upkeep;

use std::time::Duration;

use party::testing::TestRoom;

use self::guest::Guest;
use super::*;
use party::parts::wire::{ClientFrame, Code, ServerFrame};

/// What is said, as tests read it.
fn texts(guest: &mut Guest) -> Vec<String> {
    guest.read();
    guest.texts()
}

#[test]
fn two_people_talk_and_a_third_who_joins_after_the_room_has_slept_sees_it_all() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.say("hello");
    assert_eq!(texts(&mut bob), ["hello"]);
    assert_eq!(texts(&mut ada), ["hello"]);
    assert!(ada.outbox.is_empty());

    room.evict();
    room.advance(Duration::from_secs(1));
    bob.say("hi Ada");
    ada.read();
    let reply = ada.items.get(&2).unwrap();
    assert_eq!((reply.at, reply.author.as_str()), (room.now(), bob.member.as_str()));
    assert_eq!(reply.body.as_ref().unwrap().user, "Bob");

    let mut cy = Guest::new("Cy");
    cy.join(&room);
    assert_eq!(cy.texts(), ["hello", "hi Ada"]);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn who_comes_back_gets_exactly_what_was_missed() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.say("one");
    bob.read();
    bob.vanish();
    ada.say("two");
    ada.say("three");
    ada.rewrite(1, "one and a half");
    room.crash();
    bob.join(&room);
    assert_eq!((bob.recovered, bob.caught), (true, 3));
    assert_eq!(bob.texts(), ["one and a half", "two", "three"]);
}

#[test]
fn a_message_that_is_sent_again_is_in_the_log_once_and_acknowledged_with_its_place() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    let id = ada.say("hello");
    ada.vanish();
    ada.join(&room);
    assert!(ada.outbox.is_empty());
    ada.send(&ClientFrame::Append { id: id.clone(), body: guest::draft("hello") });
    assert!(matches!(ada.next_frame(), Some(ServerFrame::Ack(ack)) if ack.id == id && ack.seq == 1));
    assert_eq!(texts(&mut bob), ["hello"]);
}

#[test]
fn edits_and_deletions_reach_everyone_and_leave_nothing_behind() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.say("a secret");
    ada.say("hello");
    ada.rewrite(2, "hello all");
    ada.delete(1);
    assert_eq!(texts(&mut bob), ["hello all"]);
    assert_eq!(bob.items.get(&2).unwrap().edited, Some(3));
    let kept: Vec<(Option<String>,)> = room.sql().query("SELECT body FROM party_log", ()).unwrap();
    assert!(kept.iter().flat_map(|(body,)| body).all(|body| !body.contains("secret")), "{kept:?}");
    let mut cy = Guest::new("Cy");
    cy.join(&room);
    assert_eq!(cy.texts(), ["hello all"]);
}

#[test]
fn nobody_changes_or_deletes_what_somebody_else_said() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    ada.join(&room);
    eve.join(&room);
    let id = ada.say("hello");
    eve.rewrite(1, "I am a fool");
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    eve.delete(1);
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    eve.delete(7);
    assert_eq!(eve.error().code, ErrorCode::NOT_FOUND);
    eve.send(&ClientFrame::Append { id, body: guest::draft("me too") });
    assert_eq!(eve.error().code, ErrorCode::CONFLICT);
    assert_eq!(texts(&mut ada), ["hello"]);
}

#[test]
fn the_author_is_who_the_room_knows_and_not_what_a_frame_says() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    ada.join(&room);
    eve.join(&room);
    let forged = format!(
        r#"{{"type":"append","id":"1","author":"{}","at":1,"body":{{"content":"x","user":"Ada","role":"assistant"}}}}"#,
        ada.member
    );
    eve.socket().send(forged);
    ada.read();
    let item = ada.items.get(&1).unwrap();
    let body = item.body.as_ref().unwrap();
    assert_eq!((item.author.as_str(), body.user.as_str()), (eve.member.as_str(), "Eve"));
    assert_eq!(body.role, crate::protocol::Role::User);
}

#[test]
fn a_bad_frame_is_answered_to_its_sender_and_reaches_nobody_else() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    let append = |id: &str, content: &str| {
        serde_json::to_string(&ClientFrame::<_, ()>::Append { id: id.into(), body: guest::draft(content) })
            .unwrap()
    };
    ada.read();
    for frame in [
        "not json".to_owned(),
        "[1]".to_owned(),
        append("1", "  "),
        append("2", &"x".repeat(8_193)),
        append("", "x"),
        append("3", "a bell: \u{7}"),
        "x".repeat(65_537),
    ] {
        ada.socket().send(frame);
    }
    ada.socket().send(vec![1, 2, 3]);
    let codes: Vec<_> = (0..8).map(|_| ada.error().code).collect();
    use Code::{Binary, Empty, Invalid, NotJson, TooLarge};
    assert_eq!(codes, [NotJson, Invalid, Empty, TooLarge, Invalid, Invalid, TooLarge, Binary]);
    assert!(ada.socket().is_open());
    assert!(texts(&mut bob).is_empty());
    ada.say("lines\r\nand\ttabs");
    assert_eq!(texts(&mut bob), ["lines\r\nand\ttabs"]);
}

#[test]
fn a_message_that_cannot_be_stored_is_refused_to_its_sender_and_sent_to_nobody() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.read();
    room.sql().execute("DROP TABLE party_log", ()).unwrap();
    let id = ada.say("hello");
    let fault = ada.error();
    assert_eq!((fault.code, fault.id.as_deref()), (ErrorCode::INTERNAL, Some(id.as_str())));
    assert!(fault.retry_after.is_some());
    assert!(!fault.message.contains("table"), "{}", fault.message);
    assert!(texts(&mut bob).is_empty());
    assert_eq!(room.errors().len(), 1);
}

#[test]
fn older_messages_come_by_pages_in_both_directions() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    for n in 1..=250 {
        ada.say(&format!("message {n}"));
        room.advance(Duration::from_millis(200));
    }
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    assert_eq!((bob.items.len(), bob.older), (100, true));
    assert_eq!(bob.items.keys().copied().next_frame(), Some(151));
    while bob.older {
        bob.load_older();
    }
    assert_eq!(bob.items.len(), 250);
    bob.send(&ClientFrame::History { before: None, after: Some(248) });
    let Some(ServerFrame::Page(page)) = bob.next_frame() else { panic!("expected a page") };
    assert_eq!(page.entries.read().unwrap().iter().map(|item| item.seq).collect::<Vec<_>>(), [249, 250]);
    assert_eq!((page.after, page.more), (Some(248), false));
}

#[test]
fn under_load_messages_travel_together_and_an_idle_room_waits_for_nothing() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob, mut old) =
        (Guest::new("Ada").batching(), Guest::new("Bob").batching(), Guest::new("Old"));
    [&mut ada, &mut bob, &mut old].into_iter().for_each(|guest| guest.join(&room));
    [&mut ada, &mut bob, &mut old].into_iter().for_each(Guest::read);
    ada.say("one");
    assert_eq!(bob.socket().received().len(), 1);
    ["two", "three", "four"].iter().for_each(|text| drop(ada.say(text)));
    assert!(bob.socket().received().is_empty());
    room.advance(Duration::from_millis(4));
    let frames = bob.socket().received();
    assert_eq!(frames.len(), 1);
    let together: Vec<serde_json::Value> = frames[0].json().unwrap();
    assert_eq!(together.iter().map(|entry| entry["seq"].as_u64()).collect::<Vec<_>>(), [2, 3, 4].map(Some));
    assert_eq!(texts(&mut old), ["one", "two", "three", "four"]);
    assert_eq!(texts(&mut ada), ["one", "two", "three", "four"]);
}

#[test]
fn who_sends_the_same_twice_in_one_array_hears_of_it_before_it_is_acknowledged() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada").batching();
    ada.join(&room);
    ada.read();
    let append = |id: &str| ClientFrame::<_, ()>::Append { id: id.to_owned(), body: guest::draft("hello") };
    ada.socket().send_json(&[append("1"), append("1"), append("2")]);
    let mut frames = std::iter::from_fn(|| ada.next_frame());
    assert!(
        matches!(frames.next_frame(), Some(ServerFrame::Entry(entry)) if (entry.id.as_str(), entry.seq) == ("1", 1))
    );
    assert!(
        matches!(frames.next_frame(), Some(ServerFrame::Entry(entry)) if (entry.id.as_str(), entry.seq) == ("2", 2))
    );
    assert!(
        matches!(frames.next_frame(), Some(ServerFrame::Ack(ack)) if (ack.id.as_str(), ack.seq) == ("1", 1))
    );
    assert!(frames.next_frame().is_none());
}

#[test]
fn a_deed_that_cannot_be_done_is_its_senders_own_and_keeps_nobody_elses_from_being_done() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada").batching(), Guest::new("Eve").batching());
    ada.join(&room);
    eve.join(&room);
    eve.read();
    let trigger = "CREATE TRIGGER refuse BEFORE INSERT ON party_log WHEN NEW.id = 'bad'
                   BEGIN SELECT RAISE(ABORT, 'no'); END";
    room.sql().execute(trigger, ()).unwrap();
    let delete = |target: u64| ClientFrame::Delete { id: target.to_string(), target };
    ada.say("one");
    ada.say("two");
    eve.send(&delete(1 << 53));
    eve.send(&delete(u64::MAX));
    eve.send(&ClientFrame::Append { id: "bad".into(), body: guest::draft("x") });
    ada.say("three");
    room.advance(Duration::from_millis(4));
    assert_eq!(texts(&mut ada), ["one", "two", "three"]);
    assert!(ada.errors.is_empty() && ada.outbox.is_empty());
    let faults = [eve.error(), eve.error(), eve.error()].map(|fault| (fault.code, fault.id.unwrap()));
    let expected = [(1 << 53, ErrorCode::NOT_FOUND), (u64::MAX, ErrorCode::NOT_FOUND)];
    assert_eq!(faults[0], (ErrorCode::INTERNAL, "bad".to_owned()));
    assert_eq!(faults[1..], expected.map(|(target, code)| (code, target.to_string())));
    assert_eq!(room.errors().len(), 1);
}

#[test]
fn everyone_sees_who_is_here_and_a_reconnect_is_no_leaving() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    assert_eq!(bob.names(), ["Ada", "Bob"]);
    bob.read();
    ada.vanish();
    room.evict();
    room.advance(Duration::from_secs(5));
    ada.join(&room);
    room.advance(Duration::from_secs(60));
    assert!(bob.socket().received().is_empty());
    ada.vanish();
    room.evict();
    room.advance(Duration::from_secs(11));
    bob.read();
    assert_eq!(bob.names(), ["Bob"]);
}

#[test]
fn two_tabs_of_one_person_are_one_member_and_a_name_can_be_changed() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    let mut tab = ada.another_tab();
    tab.join(&room);
    assert_eq!(tab.member, ada.member);
    bob.read();
    assert_eq!(bob.names(), ["Ada", "Bob"]);
    tab.vanish();
    room.advance(Duration::from_secs(60));
    ada.send(&ClientFrame::Presence { data: crate::protocol::Name { name: "Ada Lovelace".into() } });
    bob.read();
    assert_eq!(bob.names(), ["Ada Lovelace", "Bob"]);
    ada.say("hello");
    bob.read();
    assert_eq!(bob.items.get(&1).unwrap().body.as_ref().unwrap().user, "Ada Lovelace");
}

#[test]
fn that_somebody_types_reaches_the_others_not_too_often_and_ends() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    bob.read();
    for _ in 0..5 {
        ada.send(&ClientFrame::Ephemeral { kind: "typing".into(), data: None, end: false });
    }
    let moments: Vec<_> = std::iter::from_fn(|| bob.next_frame()).collect();
    assert!(
        matches!(moments.as_slice(), [ServerFrame::Ephemeral(moment)] if moment.ttl == 6_000 && moment.from == ada.member)
    );
    ada.send(&ClientFrame::Ephemeral { kind: "typing".into(), data: None, end: true });
    assert!(matches!(bob.next_frame(), Some(ServerFrame::Ephemeral(moment)) if moment.ttl == 0));
    assert!(room.sql().rows("SELECT 1 FROM party_log", ()).unwrap().is_empty());
}
