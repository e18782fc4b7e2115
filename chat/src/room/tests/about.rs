//! What a room says about itself, and what follows from it.

use party::MemberId;
use party::parts::wire::Action;

use super::*;
use crate::about::MAX_PINS;
use crate::protocol::Command;

/// Returns what a member knows about the room.
fn about(guest: &mut Guest) -> About {
    guest.read();
    guest.shared.as_ref().and_then(|shared| shared.read::<Option<_>>().unwrap()).unwrap_or_default()
}

fn change(guest: &mut Guest, change: Change) -> String {
    guest.command(Command::Room(change))
}

/// Returns a room with a moderator and a member, in which something was said.
fn together() -> (TestRoom<Chat>, Guest, Guest) {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    ada.read();
    bob.join(&room);
    ada.say("hello");
    bob.say("hi");
    ada.read();
    bob.read();
    (room, ada, bob)
}

#[test]
fn a_moderator_names_the_room_and_everyone_sees_it_also_later() {
    let (room, mut ada, mut bob) = together();
    change(&mut ada, Change::Name(" Garden club ".into()));
    change(&mut ada, Change::Topic("tomatoes".into()));
    for guest in [&mut ada, &mut bob] {
        let About { name, topic, .. } = about(guest);
        assert_eq!((name.as_str(), topic.as_str()), ("Garden club", "tomatoes"));
    }
    room.crash();
    let mut cy = Guest::new("Cy");
    cy.join(&room);
    assert_eq!(about(&mut cy).name, "Garden club");
    change(&mut ada, Change::Name(String::new()));
    ada.join(&room);
    change(&mut ada, Change::Name(String::new()));
    assert_eq!(about(&mut cy).name, "");
}

#[test]
fn everyone_knows_the_founder_also_when_there_are_more_moderators() {
    let (room, mut ada, mut bob) = together();
    let founder = MemberId::new(&ada.member).ok();
    assert_eq!((about(&mut ada).founder, about(&mut bob).founder), (founder.clone(), founder.clone()));
    ada.moderate(Action::Appoint, &bob.member.clone(), None);
    ada.read();
    room.crash();
    bob.join(&room);
    assert_eq!(about(&mut bob).founder, founder);
}

#[test]
fn members_cannot_change_the_room() {
    let (_room, mut ada, mut bob) = together();
    let before = about(&mut ada);
    for attempt in [
        Change::Name("Mine".into()),
        Change::Topic("mine".into()),
        Change::Pin(1),
        Change::Unpin(1),
        Change::Lock(true),
        Change::SlowMode(60),
        Change::InvitationOnly(true),
        Change::NewInvitation,
    ] {
        change(&mut bob, attempt);
        assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    }
    assert_eq!((about(&mut ada), about(&mut bob)), (before.clone(), before));
}

#[test]
fn a_name_that_is_too_long_or_cannot_be_seen_is_refused() {
    let (_room, mut ada, _bob) = together();
    for (name, code) in [("x".repeat(61), ErrorCode::TOO_LONG), ("a\u{202e}b".into(), ErrorCode::INVALID)] {
        change(&mut ada, Change::Name(name));
        assert_eq!(ada.error().code, code);
    }
    change(&mut ada, Change::Topic("é".repeat(251)));
    assert_eq!(ada.error().code, ErrorCode::TOO_LONG);
    change(&mut ada, Change::Topic("é".repeat(250)));
    assert_eq!(about(&mut ada).topic.chars().count(), 250);
}

#[test]
fn messages_are_pinned_once_and_unpinned_when_they_are_deleted() {
    let (_room, mut ada, mut bob) = together();
    for pin in [2, 1, 2] {
        change(&mut ada, Change::Pin(pin));
    }
    assert_eq!(about(&mut bob).pins, [2, 1]);
    change(&mut ada, Change::Pin(9));
    assert_eq!(ada.error().code, ErrorCode::NOT_FOUND);
    bob.delete(2);
    assert_eq!((about(&mut ada).pins, about(&mut bob).pins), (vec![1], vec![1]));
    change(&mut ada, Change::Pin(2));
    assert_eq!(ada.error().code, ErrorCode::NOT_FOUND);
    change(&mut ada, Change::Unpin(1));
    assert!(about(&mut bob).pins.is_empty());
}

#[test]
fn a_room_has_at_most_20_pins() {
    let (room, mut ada, _bob) = together();
    for seq in 3..=MAX_PINS as u64 + 2 {
        room.advance(Duration::from_secs(1));
        ada.say("one more");
        change(&mut ada, Change::Pin(seq));
    }
    assert_eq!(about(&mut ada).pins.len(), MAX_PINS);
    change(&mut ada, Change::Pin(1));
    assert_eq!(ada.error().code, ErrorCode::TOO_LARGE);
}

#[test]
fn in_a_locked_room_only_moderators_write() {
    let (room, mut ada, mut bob) = together();
    change(&mut ada, Change::Lock(true));
    assert!(about(&mut bob).locked);
    bob.say("too late");
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    ada.say("order!");
    room.crash();
    bob.join(&room);
    assert!(about(&mut bob).locked);
    bob.say("still?");
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    ada.join(&room);
    change(&mut ada, Change::Lock(false));
    bob.say("at last");
    assert_eq!(texts(&mut ada), ["hello", "hi", "order!", "at last"]);
}

#[test]
fn in_slow_mode_a_member_waits_and_a_moderator_does_not() {
    let (room, mut ada, mut bob) = together();
    change(&mut ada, Change::SlowMode(30));
    assert_eq!(about(&mut bob).slow_mode, 30);
    bob.say("one");
    bob.say("two");
    let error = bob.error();
    assert_eq!((error.code, error.retry_after), (ErrorCode::SLOW_DOWN, Some(30_000)));
    ada.say("a");
    ada.say("b");
    room.advance(Duration::from_secs(29));
    room.crash();
    bob.join(&room);
    bob.read();
    room.advance(Duration::from_secs(1));
    bob.resend();
    ada.join(&room);
    assert_eq!(texts(&mut ada), ["hello", "hi", "one", "a", "b", "two"]);
    change(&mut ada, Change::SlowMode(0));
    bob.say("three");
    bob.say("four");
    assert_eq!(texts(&mut ada).len(), 8);
    change(&mut ada, Change::SlowMode(86_401));
    assert_eq!(ada.error().code, ErrorCode::TOO_LARGE);
}

#[test]
fn two_messages_in_one_text_are_too_many_in_slow_mode() {
    let (_room, mut ada, mut bob) = together();
    change(&mut ada, Change::SlowMode(30));
    bob.read();
    let append = |id: &str| ClientFrame::Append { id: id.into(), body: guest::draft(id) };
    let text = serde_json::to_string(&[append("one"), append("two")]).unwrap();
    bob.socket().send(text);
    assert_eq!(bob.error().id.as_deref(), Some("two"));
    assert_eq!(texts(&mut ada), ["hello", "hi", "one"]);
}
