//! Replies and reactions, in the channel's protocol and in the original one.

use std::collections::BTreeMap;

use party::parts::reactions::Reaction;
use party::testing::TestClient;

use super::*;
use crate::original;
use crate::protocol::{Command, MessageDraft};

const SECOND: Duration = Duration::from_secs(1);

fn react(guest: &mut Guest, message: u64, emoji: &str, on: bool) -> String {
    guest.command(Command::React { message, emoji: emoji.to_owned(), on })
}

fn reply(guest: &mut Guest, to: u64, content: &str) -> String {
    guest.append(MessageDraft { content: content.to_owned(), reply_to: Some(to), file: None })
}

/// Returns the emoji of a message with their numbers, as a member sees them.
fn reactions(guest: &mut Guest, message: u64) -> Vec<(String, u32)> {
    guest.read();
    let body = guest.items.get(&message).and_then(|item| item.body.as_ref()).unwrap();
    body.reactions.iter().map(|Reaction { emoji, count, .. }| (emoji.clone(), *count)).collect()
}

/// Returns a member's own reactions, as it knows them.
fn own(guest: &mut Guest) -> Vec<(u64, String)> {
    guest.read();
    guest.own.as_ref().and_then(|own| own.read::<Option<_>>().unwrap()).unwrap_or_default()
}

fn together(names: &[&str]) -> (TestRoom<Chat>, Vec<Guest>) {
    let room = TestRoom::<Chat>::new("lobby");
    let mut guests: Vec<Guest> = names.iter().map(|name| Guest::new(name)).collect();
    guests.iter_mut().for_each(|guest| guest.join(&room));
    guests[0].say("hello");
    guests.iter_mut().for_each(|guest| guest.read());
    (room, guests)
}

/// Returns the messages that a client of the original app shows after these frames.
fn conversation(client: &TestClient, mut shown: BTreeMap<String, String>) -> BTreeMap<String, String> {
    for frame in client.received() {
        match frame.read_json().unwrap() {
            original::ServerFrame::All { messages } => {
                shown = messages.into_iter().map(|message| (message.id, message.content)).collect();
            }
            original::ServerFrame::Add(message) | original::ServerFrame::Update(message) => {
                shown.insert(message.id, message.content);
            }
            original::ServerFrame::Error(refusal) => panic!("{refusal:?}"),
        }
    }
    shown
}

#[test]
fn a_reaction_reaches_everyone_with_its_name_and_is_no_edit() {
    let (room, mut guests) = together(&["Ada", "Bob", "Cy"]);
    react(&mut guests[1], 1, "👍", true);
    for guest in &mut guests {
        assert_eq!(reactions(guest, 1), [("👍".to_owned(), 1)]);
        let body = guest.items.get(&1).unwrap().body.as_ref().unwrap();
        assert_eq!((body.reactions[0].names.as_slice(), body.edited), (["Bob".to_owned()].as_slice(), false));
    }
    room.advance(SECOND);
    react(&mut guests[2], 1, "👍", true);
    room.advance(SECOND);
    react(&mut guests[2], 1, "❤️", true);
    assert_eq!(reactions(&mut guests[0], 1), [("👍".to_owned(), 2), ("❤️".to_owned(), 1)]);
    room.advance(SECOND);
    react(&mut guests[1], 1, "👍", false);
    assert_eq!(reactions(&mut guests[0], 1), [("👍".to_owned(), 1), ("❤️".to_owned(), 1)]);
    guests.iter_mut().for_each(|guest| guest.read());
    assert!(guests.iter().all(|guest| guest.outbox.is_empty() && guest.errors.is_empty()));
}

#[test]
fn a_member_knows_its_own_reactions_on_all_its_devices_and_when_it_comes_back() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    guests[1].read();
    let mut tab = guests[1].another_tab();
    tab.join(&room);
    react(&mut guests[1], 1, "🎉", true);
    react(&mut guests[1], 1, "👍", true);
    let expected = [(1, "🎉".to_owned()), (1, "👍".to_owned())];
    for guest in [&mut guests[1], &mut tab] {
        let mut own = own(guest);
        own.sort();
        assert_eq!(own, expected);
    }
    assert_eq!(own(&mut guests[0]), []);
    guests[1].vanish();
    room.crash();
    guests.iter_mut().for_each(|guest| guest.join(&room));
    assert_eq!(own(&mut guests[1]).len(), 2);
    react(&mut guests[1], 1, "🎉", false);
    react(&mut guests[1], 1, "👍", false);
    assert_eq!(own(&mut guests[1]), []);
    room.advance(SECOND);
    assert_eq!(reactions(&mut guests[0], 1), []);
}

#[test]
fn a_reaction_from_two_devices_counts_once_and_again_changes_nothing() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    let mut tab = guests[1].another_tab();
    tab.join(&room);
    react(&mut guests[1], 1, "👍", true);
    react(&mut tab, 1, "👍", true);
    room.advance(SECOND * 2);
    assert_eq!(reactions(&mut guests[0], 1), [("👍".to_owned(), 1)]);
    assert_eq!(guests[0].head, 2);
    tab.read();
    assert!(tab.outbox.is_empty() && tab.errors.is_empty());
}

#[test]
fn a_hundred_reactions_at_once_cause_two_entries() {
    let (room, mut guests) = together(&["Ada"]);
    let mut crowd: Vec<Guest> = (0..100).map(|n| Guest::new(&format!("Guest {n}"))).collect();
    for guest in &mut crowd {
        guest.join(&room);
        react(guest, 1, "👏", true);
    }
    room.advance(SECOND);
    assert_eq!(reactions(&mut guests[0], 1), [("👏".to_owned(), 100)]);
    let body = guests[0].items.get(&1).unwrap().body.as_ref().unwrap();
    assert_eq!((body.reactions[0].names.len(), guests[0].head), (5, 3));
}

#[test]
fn a_reaction_that_is_not_allowed_is_refused_and_leaves_nothing() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    for (message, emoji, code) in
        [(1, "no", ErrorCode::INVALID), (1, "", ErrorCode::INVALID), (7, "👍", ErrorCode::NOT_FOUND)]
    {
        react(&mut guests[1], message, emoji, true);
        assert_eq!(guests[1].error().code, code, "{message} {emoji}");
    }
    for n in 0..17 {
        let emoji = char::from_u32(0x1f600 + n).unwrap().to_string();
        react(&mut guests[1], 1, &emoji, true);
        room.advance(SECOND);
    }
    assert_eq!(guests[1].error().code, ErrorCode::TOO_LARGE);
    assert_eq!(reactions(&mut guests[0], 1).len(), 16);
    let member = guests[1].member.clone();
    guests[0].moderate(party::parts::wire::Action::Mute, &member, None);
    react(&mut guests[1], 1, "👍", true);
    assert_eq!(guests[1].error().code, ErrorCode::MUTED);
}

#[test]
fn reactions_go_with_their_message() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    react(&mut guests[1], 1, "👍", true);
    guests[0].delete(1);
    guests[1].read();
    let rows = room.sql().rows("SELECT * FROM party_reactions", ()).unwrap();
    assert!(rows.is_empty(), "{rows:?}");
    react(&mut guests[1], 1, "👍", true);
    assert_eq!(guests[1].error().code, ErrorCode::NOT_FOUND);
}

#[test]
fn an_edit_keeps_reactions_and_what_a_message_answers() {
    let (_room, mut guests) = together(&["Ada", "Bob"]);
    reply(&mut guests[1], 1, "hi");
    guests[0].read();
    react(&mut guests[0], 2, "👍", true);
    guests[1].read();
    let change = MessageDraft { content: "hi Ada".to_owned(), reply_to: None, file: None };
    guests[1].edit(2, change);
    guests[0].read();
    let body = guests[0].items.get(&2).unwrap().body.clone().unwrap();
    assert_eq!((body.content.as_str(), body.reply_to, body.edited), ("hi Ada", Some(1), true));
    assert_eq!(body.reactions.len(), 1);
}

#[test]
fn a_reply_is_quoted_in_the_original_protocol_and_says_when_its_message_was_deleted() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    let client = room.connect("original");
    let shown = conversation(&client, BTreeMap::new());
    let id = reply(&mut guests[1], 1, "hi");
    let shown = conversation(&client, shown);
    assert_eq!(shown.get(&id).unwrap(), "> Ada: hello\nhi");
    react(&mut guests[0], 2, "👍", true);
    assert_eq!(conversation(&client, shown).get(&id).unwrap(), "> Ada: hello\nhi");
    guests[0].delete(1);
    guests[0].read();
    let late = room.connect("late");
    let shown = conversation(&late, BTreeMap::new());
    assert_eq!(shown.get(&id).unwrap(), &format!("> {}\nhi", original::DELETED));
}

#[test]
fn a_quotation_is_the_beginning_of_the_first_line() {
    let (room, mut guests) = together(&["Ada", "Bob"]);
    let long = "é".repeat(200);
    guests[0].say(&long);
    guests[0].say("\n\n  one\ntwo");
    let ids = [reply(&mut guests[1], 2, "a"), reply(&mut guests[1], 3, "b")];
    let client = room.connect("original");
    let shown = conversation(&client, BTreeMap::new());
    assert_eq!(shown.get(&ids[0]).unwrap(), &format!("> Ada: {}…\na", "é".repeat(80)));
    assert_eq!(shown.get(&ids[1]).unwrap(), "> Ada: one…\nb");
}
