//! Members with several devices: they show one profile, whichever device has set it last.

use std::time::Duration;

use party::parts::wire::{Action, ServerFrame};

use super::board::{ClientFrame, Mode, join, room, texts};

fn names(member: &mut super::board::Member) -> Vec<String> {
    member.read();
    let mut names: Vec<String> = member.roster.values().cloned().collect();
    names.sort();
    names
}

#[test]
fn a_profile_that_one_device_changes_stays_over_moderation_and_eviction() {
    let room = room(Mode::Plain);
    let (ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let mut laptop = ada.on_another_device("laptop").introduced(&"Ada".into());
    laptop.join(&room);
    assert_eq!(names(&mut bob), ["Ada", "Guest"]);
    // The first device or the last one.
    let mut phone = ada.on_another_device("phone").introduced(&"Ada".into());
    phone.join(&room);
    laptop.introduce("Ada L.".into());
    assert_eq!(names(&mut bob), ["Ada L.", "Guest"]);
    let mut cy = join(&room, "cy");
    ada.socket().send("ping");
    phone.moderate(Action::Appoint, &cy.member, None);
    cy.read();
    phone.moderate(Action::Dismiss, &cy.member, None);
    bob.introduce("Bob".into());
    assert_eq!(names(&mut bob), ["Ada L.", "Bob", "Guest"]);
    room.evict();
    assert_eq!(names(&mut join(&room, "dan")), ["Ada L.", "Bob", "Guest", "Guest"]);
}

#[test]
fn a_profile_that_one_of_two_devices_changes_stays_when_that_device_is_gone() {
    let room = room(Mode::Plain);
    let (ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let mut phone = ada.on_another_device("phone");
    phone.join(&room);
    phone.introduce("Ada".into());
    assert_eq!(names(&mut bob), ["Ada", "Guest"]);
    phone.vanish();
    room.evict();
    assert_eq!(names(&mut join(&room, "cy")), ["Ada", "Guest", "Guest"]);
}

#[test]
fn a_member_stays_present_until_the_last_of_its_devices_is_gone() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let mut devices = ["phone", "laptop"].map(|id| ada.on_another_device(id));
    for device in &mut devices {
        device.join(&room);
    }
    for device in &mut devices {
        device.vanish();
        room.advance(Duration::from_secs(20));
        assert_eq!(names(&mut bob), ["Guest", "Guest"]);
    }
    ada.vanish();
    room.advance(Duration::from_secs(20));
    assert_eq!(names(&mut bob), ["Guest"]);
}

#[test]
fn a_mute_does_not_bring_back_an_earlier_profile_of_another_device() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    let mut phone = eve.on_another_device("phone").introduced(&"Eve on the phone".into());
    phone.join(&room);
    eve.introduce("Eve".into());
    assert_eq!(names(&mut ada), ["Eve", "Guest"]);
    ada.moderate(Action::Mute, &eve.member, Some(60));
    assert_eq!(names(&mut ada), ["Eve", "Guest"]);
    for device in [&mut eve, &mut phone] {
        device.read();
        assert_eq!(device.muted_for, Some(60_000));
    }
}

#[test]
fn a_muted_member_gets_no_other_name_by_connecting_again() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    eve.introduce("Eve".into());
    ada.moderate(Action::Mute, &eve.member, Some(60));
    let mut phone = eve.on_another_device("phone").introduced(&"Mallory".into());
    phone.join(&room);
    assert_eq!(names(&mut ada), ["Eve", "Guest"]);
}

#[test]
fn a_further_device_that_says_nothing_of_its_member_changes_nothing() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.introduce("Ada".into());
    assert_eq!(names(&mut bob), ["Ada", "Guest"]);
    for introduction in [None, Some(String::new())] {
        let mut phone = ada.on_another_device("phone");
        if let Some(introduction) = &introduction {
            phone = phone.introduced(introduction);
        }
        phone.join(&room);
        assert_eq!(names(&mut phone), ["Ada", "Guest"], "{introduction:?}");
        assert_eq!(names(&mut bob), ["Ada", "Guest"], "{introduction:?}");
    }
    // Also after a reload within the grace.
    let mut reloaded = ada.on_another_device("ada");
    ada.vanish();
    room.evict();
    reloaded.join(&room);
    assert_eq!(names(&mut bob), ["Ada", "Guest"]);
}

#[test]
fn an_entry_that_is_sent_over_several_connections_is_stored_once() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let id = ada.append("once".into());
    let mut devices: Vec<_> = (0..3).map(|n| ada.on_another_device(&format!("device {n}"))).collect();
    ada.vanish();
    devices.push(ada);
    for device in &mut devices {
        device.join(&room);
    }
    for device in &mut devices {
        device.send(&ClientFrame::Append { id: id.clone(), body: "once".into() });
        let frames: Vec<_> = std::iter::from_fn(|| device.next_frame()).collect();
        let is_ack = |frame: &_| matches!(frame, ServerFrame::Ack(ack) if ack.id == id && ack.seq == Some(1));
        assert_eq!(frames.iter().filter(|frame| is_ack(frame)).count(), 1, "{frames:?}");
    }
    assert_eq!((texts(&mut bob), bob.head), (vec!["once".to_owned()], 1));
}
