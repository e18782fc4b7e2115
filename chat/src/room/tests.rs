//! Conversations in a native room, with everything that can happen to it in between.
//!
//! - here: what members do in the channel's protocol;
//! - [`original`]: what clients of the original protocol see in the same rooms;
//! - [`about`]: what the room says about itself;
//! - [`invitations`]: rooms that need an invitation;
//! - [`order`]: moderators, limits, and admission;
//! - [`replies`]: replies and reactions;
//! - [`search`]: messages found by their words;
//! - [`upkeep`]: what a room does for itself;
//! - [`schedules`]: random schedules of everything at once;
//! - [`nonsense`]: clients that send what they like;
//! - [`chance`]: what seeds decide;
//! - [`guest`]: a member with a name.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

mod about;
mod chance;
mod files;
mod guest;
mod invitations;
pub(crate) mod nonsense;
mod order;
mod original;
mod replies;
pub(crate) mod schedules;
mod search;
mod upkeep;

use std::time::Duration;

use party::parts::wire::ServerFrame;
use party::testing::TestRoom;
use party::{ErrorCode, Message};

use self::guest::{ClientFrame, Guest};
use super::*;

/// Returns the texts of all messages, after reading what has come.
fn texts(guest: &mut Guest) -> Vec<String> {
    guest.read();
    guest.texts()
}

/// Returns the frame of a member that types, or has ended.
fn typing(end: bool) -> ClientFrame {
    ClientFrame::Ephemeral { id: None, kind: "typing".into(), data: None, end }
}

#[test]
fn a_member_that_joins_after_the_room_has_slept_gets_the_whole_conversation() {
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
fn a_client_that_reconnects_gets_exactly_what_it_missed() {
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
fn a_message_sent_again_is_stored_once_and_acknowledged_with_its_seq() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    let id = ada.say("hello");
    ada.vanish();
    ada.join(&room);
    assert!(ada.outbox.is_empty());
    ada.send(&ClientFrame::Append { id: id.clone(), body: guest::draft("hello") });
    assert!(matches!(ada.next_frame(), Some(ServerFrame::Ack(ack)) if ack.id == id && ack.seq == Some(1)));
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
fn members_cannot_edit_or_delete_messages_of_others() {
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
fn the_room_sets_the_author_and_ignores_the_one_in_a_frame() {
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
    assert_eq!(body.role, Role::User);
}

#[test]
fn a_bad_frame_is_answered_to_its_sender_only() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    let append = |id: &str, content: &str| {
        serde_json::to_string(&ClientFrame::Append { id: id.into(), body: guest::draft(content) }).unwrap()
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
    let expected = ["not_json", "invalid", "empty", "too_large", "invalid", "invalid", "too_long", "binary"];
    assert_eq!(codes.iter().map(ErrorCode::as_str).collect::<Vec<_>>(), expected);
    assert!(ada.socket().is_open());
    assert!(texts(&mut bob).is_empty());
    ada.say("lines\r\nand\ttabs");
    assert_eq!(texts(&mut bob), ["lines\r\nand\ttabs"]);
}

#[test]
fn a_message_that_cannot_be_stored_is_refused_and_not_sent() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.read();
    room.sql().execute("DROP TABLE party_log", ()).unwrap();
    let id = ada.say("hello");
    let error = ada.error();
    assert_eq!((error.code, error.id.as_deref()), (ErrorCode::INTERNAL, Some(id.as_str())));
    assert!(error.retry_after.is_some());
    assert!(!error.message.contains("table"), "{}", error.message);
    assert!(texts(&mut ada).is_empty() && texts(&mut bob).is_empty());
    let logged = room.errors();
    assert_eq!(logged.len(), 1);
    assert!(logged[0].contains(&error.error_id.unwrap()), "{logged:?}");
}

#[test]
fn history_is_paged_in_both_directions() {
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
    assert_eq!(bob.items.keys().copied().next(), Some(151));
    while bob.older {
        bob.load_older();
    }
    assert_eq!(bob.items.len(), 250);
    bob.send(&ClientFrame::History { id: "h".into(), before: None, after: Some(248) });
    let Some(ServerFrame::Page(page)) = bob.next_frame() else { panic!("expected a page") };
    assert_eq!(page.entries.read().unwrap().iter().map(|item| item.seq).collect::<Vec<_>>(), [249, 250]);
    assert_eq!((page.id.as_str(), page.after, page.more), ("h", Some(248), false));
}

#[test]
fn messages_are_batched_under_load_and_sent_at_once_when_idle() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob, mut old) =
        (Guest::new("Ada").batching(), Guest::new("Bob").batching(), Guest::new("Old"));
    [&mut ada, &mut bob, &mut old].into_iter().for_each(|guest| guest.join(&room));
    [&mut ada, &mut bob, &mut old].into_iter().for_each(|guest| guest.read());
    ada.say("one");
    assert_eq!(bob.socket().received().len(), 1);
    ["two", "three", "four"].iter().for_each(|text| drop(ada.say(text)));
    assert!(bob.socket().received().is_empty());
    room.advance(Duration::from_millis(4));
    let frames = bob.socket().received();
    assert_eq!(frames.len(), 1);
    let together: Vec<serde_json::Value> = frames[0].read_json().unwrap();
    assert_eq!(together.iter().map(|entry| entry["seq"].as_u64()).collect::<Vec<_>>(), [2, 3, 4].map(Some));
    assert_eq!(texts(&mut old), ["one", "two", "three", "four"]);
    assert_eq!(texts(&mut ada), ["one", "two", "three", "four"]);
}

#[test]
fn an_entry_sent_twice_in_one_array_arrives_before_its_acknowledgement() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada").batching();
    ada.join(&room);
    ada.read();
    let append = |id: &str| ClientFrame::Append { id: id.to_owned(), body: guest::draft("hello") };
    ada.socket().send_json(&[append("1"), append("1"), append("2")]);
    let mut frames = std::iter::from_fn(|| ada.next_frame());
    assert!(
        matches!(frames.next(), Some(ServerFrame::Entry(entry)) if (entry.id.as_str(), entry.seq) == ("1", 1))
    );
    assert!(
        matches!(frames.next(), Some(ServerFrame::Entry(entry)) if (entry.id.as_str(), entry.seq) == ("2", 2))
    );
    assert!(
        matches!(frames.next(), Some(ServerFrame::Ack(ack)) if (ack.id.as_str(), ack.seq) == ("1", Some(1)))
    );
    assert!(frames.next().is_none());
}

#[test]
fn one_failing_operation_does_not_affect_others_in_the_batch() {
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
    eve.send(&delete((1 << 53) - 1));
    eve.send(&delete(1 << 53));
    eve.send(&delete(u64::MAX));
    eve.send(&ClientFrame::Append { id: "bad".into(), body: guest::draft("x") });
    ada.say("three");
    room.advance(Duration::from_millis(4));
    assert_eq!(texts(&mut ada), ["one", "two", "three"]);
    assert!(ada.errors.is_empty() && ada.outbox.is_empty());
    let errors = [(); 4].map(|()| eve.error()).map(|error| (error.id.unwrap(), error.code));
    let expected = [
        ((1_u64 << 53).to_string(), ErrorCode::INVALID),
        (u64::MAX.to_string(), ErrorCode::INVALID),
        (((1_u64 << 53) - 1).to_string(), ErrorCode::NOT_FOUND),
        ("bad".to_owned(), ErrorCode::INTERNAL),
    ];
    assert_eq!(errors, expected);
    assert_eq!(room.errors().len(), 1);
}

#[test]
fn a_reconnect_within_the_grace_does_not_change_the_roster() {
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
fn two_tabs_are_one_member_and_a_name_can_be_changed() {
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
    ada.introduce(ProfileUpdate { name: "Ada Lovelace".into() });
    bob.read();
    assert_eq!(bob.names(), ["Ada Lovelace", "Bob"]);
    ada.say("hello");
    bob.read();
    assert_eq!(bob.items.get(&1).unwrap().body.as_ref().unwrap().user, "Ada Lovelace");
}

#[test]
fn typing_is_rate_limited_and_its_end_is_sent() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    bob.read();
    for _ in 0..5 {
        ada.send(&typing(false));
    }
    let events: Vec<_> = std::iter::from_fn(|| bob.next_frame()).collect();
    assert!(
        matches!(events.as_slice(), [ServerFrame::Ephemeral(event)] if event.ttl == 6_000 && event.from == ada.member)
    );
    ada.send(&typing(true));
    assert!(matches!(bob.next_frame(), Some(ServerFrame::Ephemeral(event)) if event.ttl == 0));
    assert!(room.sql().rows("SELECT 1 FROM party_log", ()).unwrap().is_empty());
}
