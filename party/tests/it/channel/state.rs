//! The app's own state of a member, and its events.

use party::MemberId;
use party::parts::wire::{Action, Role};

use super::board::{ClientFrame, Command, Mode, Post, events, join, room, rows, texts};

fn own(member: &mut super::board::Member) -> Option<Vec<String>> {
    member.read();
    member.own.as_ref().and_then(|own| own.read().unwrap())
}

#[test]
fn own_state_is_in_the_welcome_and_follows_changes_on_all_devices_of_the_member_only() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let mut phone = ada.on_another_device("phone");
    phone.join(&room);
    assert_eq!((own(&mut ada), own(&mut phone)), (None, None));
    ada.command(Command::Note("milk".into()));
    assert_eq!(own(&mut ada), Some(vec!["milk".to_owned()]));
    phone.command(Command::Note("bread".into()));
    let both = Some(vec!["milk".to_owned(), "bread".to_owned()]);
    assert_eq!((own(&mut ada), own(&mut phone), own(&mut bob)), (both.clone(), both.clone(), None));
    room.crash();
    let mut tablet = ada.on_another_device("tablet");
    tablet.join(&room);
    assert_eq!(own(&mut tablet), both);
    bob.join(&room);
    assert_eq!(own(&mut bob), None);
}

#[test]
fn a_command_that_is_known_sends_no_own_state_and_no_event() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    for data in [Command::Note("milk".into()), Command::Shout("hello".into())] {
        let id = ada.command(data.clone());
        ada.read();
        (ada.own, ada.events) = (None, Vec::new());
        ada.send(&ClientFrame::Command { id, data });
        assert_eq!((own(&mut ada), events(&mut ada)), (None, Vec::new()));
    }
    assert_eq!(rows(&room, "notes"), 1);
}

#[test]
fn an_event_reaches_all_or_one_member_with_all_its_devices() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob, mut cy) = (join(&room, "ada"), join(&room, "bob"), join(&room, "cy"));
    let mut phone = bob.on_another_device("phone");
    phone.join(&room);
    ada.command(Command::Shout("hello".into()));
    for member in [&mut ada, &mut bob, &mut cy, &mut phone] {
        assert_eq!(events(member), ["hello"], "{member:?}");
    }
    ada.command(Command::Whisper(MemberId::new(&bob.member).unwrap(), "psst".into()));
    assert_eq!((events(&mut bob), events(&mut phone)), (vec!["psst".to_owned()], vec!["psst".to_owned()]));
    assert!(events(&mut ada).is_empty() && events(&mut cy).is_empty());
    // It is not stored.
    cy.vanish();
    ada.command(Command::Shout("missed".into()));
    cy.join(&room);
    assert!(events(&mut cy).is_empty());
}

#[test]
fn an_event_of_the_room_itself_reaches_all_or_one_member() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    room.call(&Post::Announce(None, "hello".into())).unwrap();
    assert_eq!((events(&mut ada), events(&mut bob)), (vec!["hello".to_owned()], vec!["hello".to_owned()]));
    let member = MemberId::new(&bob.member).unwrap();
    room.call(&Post::Announce(Some(member), "psst".into())).unwrap();
    assert_eq!((events(&mut ada), events(&mut bob)), (Vec::new(), vec!["psst".to_owned()]));
}

#[test]
fn an_event_of_a_rule_is_sent_with_a_new_entry_and_not_if_the_entry_is_refused_or_known() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let bodies = |member: &mut super::board::Member| {
        member.read();
        let read = |event: &party::parts::wire::Json| event.read::<(String, String)>().unwrap().1;
        member.events.drain(..).map(|event| read(&event)).collect::<Vec<_>>()
    };
    let id = ada.append("why?".into());
    assert_eq!(bodies(&mut ada), ["why?"]);
    ada.send(&ClientFrame::Append { id, body: "why?".into() });
    ada.append(String::new());
    ada.append("fail".into());
    assert_eq!(bodies(&mut ada), Vec::<String>::new());
}

#[test]
fn own_state_that_is_gone_is_sent_as_null() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.command(Command::Note("milk".into()));
    assert!(own(&mut ada).is_some());
    ada.command(Command::Forget);
    assert_eq!(own(&mut ada), None);
    ada.vanish();
    ada.join(&room);
    assert_eq!(own(&mut ada), None);
}

#[test]
fn a_log_that_is_cleared_is_empty_for_clients_that_were_connected_too() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    for text in ["one", "two", "three"] {
        ada.append(text.into());
    }
    assert_eq!(texts(&mut bob), ["one", "two", "three"]);
    room.call(&Post::Clear).unwrap();
    for member in [&mut ada, &mut bob] {
        member.read();
        assert_eq!(member.socket().closed().unwrap().code, 1012);
        member.join(&room);
    }
    ada.append("four".into());
    assert_eq!((texts(&mut ada), texts(&mut bob)), (vec!["four".to_owned()], vec!["four".to_owned()]));
}

#[test]
fn a_member_is_sent_the_role_that_the_app_has_given_it() {
    let room = room(Mode::Plain);
    let _founder = join(&room, "ada");
    let mut bob = join(&room, "bob");
    let member = MemberId::new(&bob.member).unwrap();
    for role in [Role::Moderator, Role::Reader, Role::Member] {
        room.call(&Post::Role(member.clone(), role)).unwrap();
        bob.read();
        assert_eq!(bob.role, role);
    }
    // Also one that is not here.
    room.call(&Post::Role(MemberId::new("cleo").unwrap(), Role::Reader)).unwrap();
}

#[test]
fn a_member_that_the_app_moderates_is_sent_what_follows_also_if_it_is_the_founder() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let member = MemberId::new(&ada.member).unwrap();
    room.call(&Post::Moderate(Action::Mute, member.clone())).unwrap();
    ada.read();
    assert!(ada.muted_for.is_some());
    room.call(&Post::Moderate(Action::Kick, member)).unwrap();
    ada.read();
    bob.read();
    assert_eq!((ada.socket().closed().unwrap().code, bob.roster.len()), (4403, 1));
}
