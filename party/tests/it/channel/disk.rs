//! A channel whose database refuses to write.

use std::time::Duration;

use party::testing::TestRoom;

use super::board::{Board, Command, Member, Mode, join, room, texts};

/// Returns a room, and two members of it.
fn members() -> (TestRoom<Board>, Member, Member) {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("one".into());
    ada.read();
    bob.read();
    assert!(room.errors().is_empty(), "{:?}", room.errors());
    (room, ada, bob)
}

#[test]
fn while_the_disk_is_full_senders_get_errors_the_log_has_lines_and_nobody_else_gets_anything() {
    let (room, mut ada, bob) = members();
    room.fill_disk(true);
    let ids = [
        ada.append("two".into()),
        ada.edit(1, "changed".into()),
        ada.delete(1),
        ada.command(Command::Vote(1)),
        ada.command(Command::Note("a note".into())),
    ];
    for id in &ids {
        let error = ada.error();
        assert_eq!((error.code.as_str(), error.id.as_ref()), ("internal", Some(id)));
        let error_id = error.error_id.unwrap();
        let line = |line: &String| line.contains(&error_id) && line.contains("SQLITE_FULL");
        assert!(room.errors().iter().any(line), "{:?}", room.errors());
    }
    assert!(bob.socket().received().is_empty());
}

#[test]
fn a_room_goes_on_when_there_is_space_again_and_takes_what_is_sent_again() {
    for slept in [false, true] {
        let (room, mut ada, mut bob) = members();
        room.fill_disk(true);
        let id = ada.append("two".into());
        assert_eq!(ada.error().id.as_ref(), Some(&id));
        if slept {
            room.evict();
            room.advance(Duration::from_secs(60));
        }
        room.fill_disk(false);
        ada.resend();
        bob.append("three".into());
        assert_eq!(
            (texts(&mut ada), texts(&mut bob)),
            (texts_of(["one", "two", "three"]), texts_of(["one", "two", "three"]))
        );
    }
}

#[test]
fn operations_that_were_gathered_are_refused_one_by_one_and_stored_when_there_is_space() {
    let room = room(Mode::Plain);
    let mut members: Vec<_> = ["ada", "bob"].map(|id| super::board::batching(&room, id)).into();
    room.fill_disk(true);
    for member in &mut members {
        member.append("one".into());
        member.append("two".into());
    }
    room.advance(Duration::from_millis(10));
    for member in &mut members {
        assert_eq!([member.error().code, member.error().code].map(|code| code.to_string()), ["internal"; 2]);
    }
    room.fill_disk(false);
    for member in &members {
        member.resend();
    }
    room.advance(Duration::from_millis(10));
    for member in &mut members {
        assert_eq!(texts(member).len(), 4);
    }
}

#[test]
fn members_come_and_go_while_the_disk_is_full_as_far_as_nothing_must_be_stored() {
    let (room, mut ada, mut bob) = members();
    room.fill_disk(true);
    bob.vanish();
    bob.join(&room);
    bob.vanish();
    room.advance(Duration::from_secs(600));
    room.fill_disk(false);
    bob.join(&room);
    ada.append("two".into());
    assert_eq!((texts(&mut ada), texts(&mut bob)), (texts_of(["one", "two"]), texts_of(["one", "two"])));
    bob.vanish();
    room.advance(Duration::from_secs(120));
    ada.read();
    assert_eq!(ada.roster.len(), 1, "who leaves is seen to leave again");
}

#[test]
fn a_member_that_leaves_while_the_disk_is_full_is_gone_soon_after_there_is_space() {
    let (room, mut ada, mut bob) = members();
    assert_eq!(ada.roster.len(), 2);
    room.fill_disk(true);
    bob.vanish();
    room.advance(Duration::from_secs(30));
    room.fill_disk(false);
    for _ in 0..12 {
        ada.socket().send("ping");
        room.advance(Duration::from_secs(60));
    }
    ada.read();
    assert!(ada.is_connected());
    assert_eq!(ada.roster.len(), 1);
}

fn texts_of<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}
