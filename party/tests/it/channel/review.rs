//! Drafts that are reviewed before they are stored.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::Action;

use super::board::{ClientFrame, Command, Mode, batching, join, room, texts};

#[test]
fn a_reviewed_draft_is_stored_when_it_is_accepted_and_refused_otherwise() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("wait 30 hello".into());
    room.advance(Duration::from_millis(29));
    assert!(texts(&mut bob).is_empty());
    room.advance(Duration::from_millis(1));
    assert_eq!(texts(&mut bob), ["wait 30 hello"]);
    let id = ada.append("wait 30 rude".into());
    room.advance(Duration::from_millis(30));
    let error = ada.error();
    assert_eq!((error.code, error.id, error.retry_after), (ErrorCode::FORBIDDEN, Some(id), None));
    let id = ada.edit(1, "rude".into());
    assert_eq!(ada.error().id, Some(id));
    assert_eq!(texts(&mut bob), ["wait 30 hello"]);
}

#[test]
fn a_review_that_takes_too_long_counts_as_accepted_or_is_refused_as_set() {
    for (mode, accepted) in [(Mode::ReviewOrAccept, true), (Mode::ReviewOrRefuse, false)] {
        let room = room(mode);
        let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
        let id = ada.append("wait 999 rude".into());
        room.advance(Duration::from_millis(99));
        assert!(texts(&mut bob).is_empty());
        ada.read();
        assert!(ada.errors.is_empty());
        room.advance(Duration::from_millis(1));
        if accepted {
            assert_eq!(texts(&mut bob), ["wait 999 rude"]);
        } else {
            let error = ada.error();
            assert_eq!((error.code, error.id), (ErrorCode::UNAVAILABLE, Some(id)));
            assert_eq!(error.retry_after, Some(5_000));
            assert!(texts(&mut bob).is_empty());
        }
        room.advance(Duration::from_secs(1));
        assert_eq!(texts(&mut bob).len(), usize::from(accepted));
        assert_eq!(room.errors(), Vec::<String>::new());
    }
}

#[test]
fn entries_of_one_member_keep_their_order_while_others_pass() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob, mut cy) = (join(&room, "ada"), join(&room, "bob"), batching(&room, "cy"));
    ada.append("wait 50 first".into());
    ada.append("second".into());
    ada.command(Command::Ask("third".into()));
    ada.append("wait 20 fourth".into());
    bob.append("bob".into());
    cy.append("cy".into());
    assert_eq!(texts(&mut bob), ["bob", "cy"]);
    room.advance(Duration::from_millis(49));
    assert_eq!(texts(&mut bob), ["bob", "cy"]);
    room.advance(Duration::from_millis(1));
    assert_eq!(texts(&mut bob), ["bob", "cy", "wait 50 first", "second", "third", "wait 20 fourth"]);
    // An entry that is refused holds up nothing behind it.
    ada.append("wait 10 rude".into());
    ada.append("fifth".into());
    room.advance(Duration::from_millis(10));
    assert_eq!(texts(&mut bob).last().map(String::as_str), Some("fifth"));
}

#[test]
fn a_review_that_ends_does_not_let_other_members_entries_overtake_each_other() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("wait 50 first".into());
    bob.append("wait 10 bob".into());
    room.advance(Duration::from_millis(10));
    ada.append("second".into());
    assert_eq!(texts(&mut bob), ["wait 10 bob"]);
    room.advance(Duration::from_millis(40));
    assert_eq!(texts(&mut bob), ["wait 10 bob", "wait 50 first", "second"]);
}

#[test]
fn nothing_overtakes_a_draft_whose_review_takes_too_long() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("wait 999 first".into());
    ada.append("second".into());
    room.advance(Duration::from_millis(100));
    ada.read();
    let codes: Vec<_> = ada.errors.drain(..).map(|error| error.code).collect();
    assert_eq!(codes, [ErrorCode::UNAVAILABLE, ErrorCode::SLOW_DOWN]);
    assert!(texts(&mut bob).is_empty());
}

#[test]
fn a_draft_that_is_refused_after_a_later_frame_comes_first_again() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    room.advance(Duration::from_secs(1));
    let append = |id: &str, body: &str| format!(r#"{{"type":"append","id":"{id}","body":"{body}"}}"#);
    ada.socket().send(append("first", "wait 999 first"));
    let flood: Vec<String> = (0..29).map(|n| append(&format!("f{n}"), "flood")).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    // Over the rate, while the first one is still under review.
    ada.socket().send(append("last", "last"));
    assert_eq!(ada.error().id.as_deref(), Some("last"));
    room.advance(Duration::from_secs(2));
    ada.read();
    ada.errors.clear();
    ada.socket().send(append("first", "again"));
    ada.read();
    assert!(ada.errors.is_empty(), "{:?}", ada.errors);
    assert_eq!(texts(&mut bob), ["again"]);
}

#[test]
fn an_entry_of_a_member_that_leaves_during_its_review_is_stored_once() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("wait 50 hello".into());
    ada.append("behind".into());
    ada.vanish();
    room.advance(Duration::from_millis(10));
    // It comes back meanwhile, and sends again all that is not acknowledged.
    ada.join(&room);
    room.advance(Duration::from_millis(100));
    assert_eq!(texts(&mut bob), ["wait 50 hello", "behind"]);
    ada.read();
    assert!(ada.outbox.is_empty() && ada.errors.is_empty(), "{:?} {:?}", ada.outbox, ada.errors);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_member_that_is_muted_or_banned_during_a_review_writes_nothing() {
    for action in [Action::Mute, Action::Ban] {
        let room = room(Mode::ReviewOrRefuse);
        let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
        eve.append("wait 50 spam".into());
        eve.command(Command::Ask("spam".into()));
        ada.moderate(action, &eve.member, Some(60));
        room.advance(Duration::from_millis(100));
        assert!(texts(&mut ada).is_empty(), "{action:?}");
    }
}

#[test]
fn an_entry_that_is_stored_is_known_whatever_a_second_review_says() {
    let room = room(Mode::ReviewOrRefuse);
    let mut ada = join(&room, "ada");
    let id = ada.append("hello".into());
    ada.read();
    ada.send(&ClientFrame::Append { id: id.clone(), body: "rude".into() });
    assert!(ada.next_frame().is_some_and(|frame| format!("{frame:?}").starts_with("Ack")));
    assert!(ada.next_frame().is_none());
}

#[test]
fn a_crash_during_a_review_loses_nothing_that_its_author_sends_again() {
    let room = room(Mode::ReviewOrRefuse);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("wait 50 hello".into());
    room.crash();
    room.advance(Duration::from_millis(100));
    bob.join(&room);
    assert!(texts(&mut bob).is_empty());
    ada.join(&room);
    room.advance(Duration::from_millis(50));
    assert_eq!(
        (texts(&mut bob), texts(&mut ada)),
        (vec!["wait 50 hello".to_owned()], vec!["wait 50 hello".to_owned()])
    );
}
