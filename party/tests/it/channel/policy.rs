//! The permissions of members: the default policy, an app's own, and the kinds of ephemeral events.

use party::parts::wire::{Action, Role, ServerFrame};
use party::{ErrorCode, MemberId};

use super::board::{ClientFrame, Command, Member, Mode, Post, join, room, texts};

fn event(kind: &str) -> ClientFrame {
    ClientFrame::Ephemeral { id: Some("e".into()), kind: kind.into(), data: None, end: false }
}

/// Returns the kinds of the events that have come.
fn kinds(member: &mut Member) -> Vec<String> {
    std::iter::from_fn(|| member.next_frame())
        .filter_map(|frame| match frame {
            ServerFrame::Ephemeral(event) => Some(event.kind),
            _ => None,
        })
        .collect()
}

#[test]
fn by_default_members_edit_and_delete_their_own_items_and_moderators_delete_any() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob, mut eve) = (join(&room, "ada"), join(&room, "bob"), join(&room, "eve"));
    bob.append("one".into());
    bob.append("two".into());
    for member in [&mut ada, &mut eve] {
        member.edit(1, "mine".into());
        assert_eq!(member.error().code, ErrorCode::FORBIDDEN);
    }
    eve.delete(1);
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    bob.edit(2, "TWO".into());
    ada.delete(1);
    assert_eq!(texts(&mut eve), ["TWO"]);
    bob.delete(2);
    assert!(texts(&mut eve).is_empty());
    eve.moderate(Action::Mute, &bob.member, None);
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    assert!(bob.errors.is_empty() && ada.errors.is_empty());
}

#[test]
fn by_default_a_muted_member_sends_nothing_that_others_see() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    eve.append("before".into());
    ada.read();
    ada.moderate(Action::Mute, &eve.member, Some(60));
    eve.read();
    assert_eq!(eve.muted_for, Some(60_000));
    ada.read();
    eve.append("x".into());
    eve.edit(1, "x".into());
    eve.delete(1);
    eve.command(Command::Shout("x".into()));
    eve.introduce("x".into());
    eve.send(&event("typing"));
    for _ in 0..6 {
        assert_eq!(eve.error().code, ErrorCode::MUTED);
    }
    assert!(ada.next_frame().is_none());
    eve.load_older();
    assert!(eve.errors.is_empty());
    ada.moderate(Action::Unmute, &eve.member, None);
    eve.read();
    assert_eq!((eve.muted_for, eve.role), (None, Role::Member));
    eve.append("after".into());
    assert_eq!(texts(&mut ada), ["before", "after"]);
}

#[test]
fn by_default_a_muted_moderator_still_moderates() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    room.call(&Post::Moderate(Action::Mute, MemberId::new(&ada.member).unwrap())).unwrap();
    ada.append("hello".into());
    assert_eq!(ada.error().code, ErrorCode::MUTED);
    ada.moderate(Action::Mute, &eve.member, Some(60));
    eve.read();
    assert_eq!(eve.muted_for, Some(60_000));
}

#[test]
fn an_app_decides_by_its_own_rule_who_appends() {
    let room = room(Mode::Strict);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let id = bob.append("hello".into());
    let error = bob.error();
    assert_eq!((error.code, error.id), (ErrorCode::FORBIDDEN, Some(id)));
    bob.command(Command::Ask("why?".into()));
    ada.append("hello".into());
    assert_eq!(texts(&mut bob), ["why?", "hello"]);
    ada.moderate(Action::Appoint, &bob.member, None);
    bob.append("me too".into());
    assert_eq!(texts(&mut ada), ["why?", "hello", "me too"]);
}

#[test]
fn only_the_kinds_of_ephemeral_events_that_an_app_names_are_sent_on() {
    let room = room(Mode::Strict);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    bob.send(&event("typing"));
    bob.send(&event("waving"));
    let error = bob.error();
    assert_eq!((error.code, error.id.as_deref()), (ErrorCode::UNSUPPORTED, Some("e")));
    assert_eq!(kinds(&mut ada), ["typing"]);
    assert!(bob.next_frame().is_none());
}

#[test]
fn any_kind_of_ephemeral_event_is_sent_on_by_default() {
    let room = room(Mode::Plain);
    let (mut ada, bob) = (join(&room, "ada"), join(&room, "bob"));
    let longest = "k".repeat(32);
    [event("typing"), event("waving"), event(&longest)].iter().for_each(|event| bob.send(event));
    assert_eq!(kinds(&mut ada), ["typing", "waving", longest.as_str()]);
}

#[test]
fn a_kicked_member_and_its_frames_that_wait_do_not_affect_the_room() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    ada.moderate(Action::Kick, &eve.member, None);
    eve.socket().defy();
    eve.append("still here".into());
    assert!(texts(&mut ada).is_empty());
    assert_eq!(ada.roster.len(), 1);
    eve.join(&room);
    assert_eq!(texts(&mut ada), ["still here"]);
}

#[test]
fn in_a_locked_room_only_moderators_write_and_everyone_reads() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("before".into());
    bob.append("too".into());
    room.call(&Post::Writers(Role::Moderator)).unwrap();
    bob.append("late".into());
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    for command in [Command::Vote(1), Command::Ask("why".into())] {
        bob.command(command);
        assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    }
    bob.edit(2, "changed".into());
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    room.crash();
    ada.join(&room);
    bob.join(&room);
    ada.append("order".into());
    bob.append("late again".into());
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    assert_eq!(texts(&mut bob), ["before", "too", "order"]);
    room.call(&Post::Writers(Role::Member)).unwrap();
    bob.append("at last".into());
    assert_eq!(texts(&mut ada), ["before", "too", "order", "at last"]);
}

#[test]
fn a_room_can_be_opened_to_readers() {
    let room = room(Mode::Plain);
    let (_ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    room.call(&Post::Role(MemberId::new(&bob.member).unwrap(), Role::Reader)).unwrap();
    bob.append("may I?".into());
    assert_eq!(bob.error().code, ErrorCode::FORBIDDEN);
    room.call(&Post::Writers(Role::Reader)).unwrap();
    bob.append("thank you".into());
    assert_eq!(texts(&mut bob), ["thank you"]);
}
