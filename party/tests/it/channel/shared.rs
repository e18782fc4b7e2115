//! The app's own state of the room.

use party::ErrorCode;

use super::board::{Command, Member, Mode, Post, join, room};

fn shared(member: &mut Member) -> Option<String> {
    member.read();
    member.shared.as_ref().and_then(|shared| shared.read().unwrap())
}

#[test]
fn the_state_of_the_room_is_in_the_welcome_and_follows_changes_for_everyone() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let mut phone = ada.on_another_device("phone");
    phone.join(&room);
    assert_eq!((shared(&mut ada), shared(&mut bob)), (None, None));
    bob.command(Command::Pin("milk".into()));
    for member in [&mut ada, &mut bob, &mut phone] {
        assert_eq!(shared(member).as_deref(), Some("milk"), "{member:?}");
    }
    room.crash();
    let mut cy = join(&room, "cy");
    assert_eq!(shared(&mut cy).as_deref(), Some("milk"));
}

#[test]
fn a_state_of_the_room_that_is_gone_is_sent_as_null() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.command(Command::Pin("milk".into()));
    ada.command(Command::Pin(String::new()));
    bob.read();
    assert_eq!(bob.shared.as_ref().map(|shared| shared.as_str()), Some("null"));
    let mut cy = join(&room, "cy");
    cy.read();
    assert!(cy.shared.is_none());
}

#[test]
fn a_command_that_fails_changes_and_sends_no_state_of_the_room() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("milk?".into());
    for command in [Command::Refuse(1), Command::Fail(1)] {
        ada.command(command);
        assert_ne!(ada.error().code, ErrorCode::UNSUPPORTED);
        assert_eq!((shared(&mut ada), shared(&mut bob)), (None, None));
    }
    assert_eq!(shared(&mut join(&room, "cy")), None);
}

#[test]
fn the_app_sends_the_state_of_the_room_when_it_has_changed_it_itself() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    room.storage().put("pinned", "bread").unwrap();
    assert_eq!(shared(&mut ada), None);
    room.call(&Post::Show).unwrap();
    assert_eq!(shared(&mut ada).as_deref(), Some("bread"));
}

#[test]
fn a_client_of_another_protocol_is_sent_no_state_of_the_room() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let old = room.connecting("old").query("wire", "lines").connect();
    assert_eq!(old.received().len(), 1);
    ada.command(Command::Pin("milk".into()));
    assert_eq!(shared(&mut ada).as_deref(), Some("milk"));
    assert!(old.received().is_empty());
}
