//! The members that tests are made with: they keep what a client keeps, and send what it sends.

use std::time::Duration;

use party::parts::wire::{AppData, Json, ServerFrame};

use super::board::{Member, Mode, batching, join, room, texts};

#[test]
fn an_entry_that_is_refused_leaves_the_outbox_and_one_that_may_be_tried_again_stays() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append(String::new());
    ada.read();
    assert_eq!((ada.errors.remove(0).code.as_str(), ada.outbox.len()), ("empty", 0));
    let id = ada.append("busy".into());
    ada.read();
    assert_eq!(ada.errors.remove(0).id.as_ref(), Some(&id));
    assert_eq!(ada.outbox.iter().map(|(id, _)| id).collect::<Vec<_>>(), [&id]);
}

#[test]
fn a_member_counts_only_its_own_entries_as_acknowledged() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let id = ada.append("hello".into());
    ada.read();
    bob.read();
    assert_eq!((ada.acknowledged.get(&id), bob.acknowledged.len()), (Some(&Some(1)), 0));
}

#[test]
fn a_frame_before_the_welcome_does_not_count() {
    let mut ada = Member::new("ada");
    let own = || ServerFrame::Own(AppData { data: Json::of(&7).unwrap() });
    ada.apply(own());
    assert!(ada.own.is_none());
    ada.join(&room(Mode::Plain));
    ada.read();
    ada.apply(own());
    assert!(ada.own.is_some());
}

#[test]
fn another_device_connects_as_the_first_one_does() {
    let room = room(Mode::Plain);
    let mut ada = Member::new("ada").batching().introduced(&"Ada".into());
    ada.join(&room);
    ada.read();
    ada.vanish();
    room.advance(Duration::from_secs(60));
    let mut phone = ada.on_another_device("phone");
    phone.join(&room);
    phone.read();
    assert_eq!(phone.roster.values().collect::<Vec<_>>(), ["Ada"]);
    let mut bob = batching(&room, "bob");
    phone.socket().received();
    ["one", "two", "three"].iter().for_each(|text| drop(bob.append((*text).into())));
    room.advance(Duration::from_millis(4));
    let received = phone.socket().received();
    assert!(
        received.iter().filter_map(party::Message::as_text).any(|text| text.starts_with('[')),
        "{received:?}"
    );
}

#[test]
fn a_member_that_loads_older_items_has_them() {
    let room = room(Mode::Paged);
    let mut ada = join(&room, "ada");
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    let mut bob = join(&room, "bob");
    assert_eq!(texts(&mut bob), ["two", "three"]);
    bob.load_older();
    assert_eq!(texts(&mut bob), ["one", "two", "three"]);
}
