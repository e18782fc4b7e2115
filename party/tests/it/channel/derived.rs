//! Tables that are derived from entries, in the transaction of the entry.

use std::time::Duration;

use party::ErrorCode;
use party::testing::TestRoom;

use super::board::{ClientFrame, Command, Indexed, Post, VOTED, batching, join, texts};
use crate::support::ROOM;

/// Returns the derived texts, which have to be those of the items.
fn derived(room: &TestRoom<Indexed>) -> Vec<Option<String>> {
    let rows: Vec<(Option<String>,)> = room.sql().query("SELECT text FROM derived ORDER BY seq", ()).unwrap();
    let items = "SELECT body ->> 'text' FROM party_log ORDER BY seq";
    let items: Vec<(Option<String>,)> = room.sql().query(items, ()).unwrap();
    assert_eq!(rows, items);
    rows.into_iter().map(|(text,)| text).collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[test]
fn a_derived_table_follows_appends_edits_commands_and_deletions() {
    let room = TestRoom::<Indexed>::new(ROOM);
    let mut ada = join(&room, "ada");
    ada.append("one".into());
    ada.command(Command::Ask("two".into()));
    ada.edit(1, "uno".into());
    ada.command(Command::Vote(2));
    assert_eq!(derived(&room), some(&["uno", "two"]));
    ada.delete(2);
    assert_eq!(derived(&room), [Some("uno".to_owned()), None]);
    assert!(ada.errors.is_empty());
}

#[test]
fn an_entry_whose_derivation_fails_is_undone_and_refused() {
    let room = TestRoom::<Indexed>::new(ROOM);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("one".into());
    let id = ada.append("refused".into());
    let error = ada.error();
    assert_eq!((error.code, error.id, error.retry_after), (VOTED, Some(id), None));
    let id = ada.edit(1, "broken".into());
    let error = ada.error();
    assert_eq!((error.code, error.id), (ErrorCode::INTERNAL, Some(id)));
    assert!(error.retry_after.is_some() && room.errors()[0].contains(&error.error_id.unwrap()));
    ada.command(Command::Ask("refused".into()));
    assert_eq!(ada.error().code, VOTED);
    assert_eq!(derived(&room), some(&["one"]));
    assert_eq!((texts(&mut bob), bob.head), (vec!["one".to_owned()], 1));
    // The next entry takes the `seq`.
    ada.append("two".into());
    assert_eq!((texts(&mut bob), bob.head), (vec!["one".to_owned(), "two".to_owned()], 2));
}

#[test]
fn an_entry_whose_derivation_fails_does_not_affect_others_in_the_batch() {
    for bad in ["refused", "broken"] {
        let room = TestRoom::<Indexed>::new(ROOM);
        let (mut ada, mut bob, mut eve) =
            (batching(&room, "ada"), join(&room, "bob"), batching(&room, "eve"));
        ada.append("one".into());
        ada.append("two".into());
        let id = eve.append(bad.into());
        ada.append("three".into());
        room.advance(Duration::from_millis(4));
        assert_eq!(texts(&mut bob), ["one", "two", "three"], "{bad}");
        assert_eq!(derived(&room), some(&["one", "two", "three"]));
        assert_eq!(eve.error().id, Some(id));
        let array =
            ["four", bad, "five"].map(|text| ClientFrame::Append { id: text.into(), body: text.into() });
        eve.socket().send_json(&array);
        room.advance(Duration::from_millis(4));
        assert_eq!(texts(&mut bob), ["one", "two", "three", "four", "five"], "{bad}");
        assert_eq!(derived(&room), some(&["one", "two", "three", "four", "five"]));
        assert_eq!(eve.error().id.as_deref(), Some(bad));
        assert!(eve.errors.is_empty() && ada.errors.is_empty());
    }
}

#[test]
fn an_entry_that_the_room_itself_writes_is_derived_and_sent_once() {
    let room = TestRoom::<Indexed>::new(ROOM);
    let mut ada = join(&room, "ada");
    let post = |id: &str, target: Option<u64>, text: &str| {
        let (id, text) = (id.into(), text.into());
        let post = match target {
            None => Post::New { id, text },
            Some(target) => Post::Change { id, target, text },
        };
        room.call(&post).map_err(|error| error.status())
    };
    assert_eq!((post("a", None, "one"), post("a", None, "one")), (Ok(1), Ok(1)));
    assert_eq!((post("b", Some(1), "uno"), post("b", Some(1), "again")), (Ok(2), Ok(2)));
    assert!(post("c", Some(1), "").is_err() && post("d", Some(9), "x").is_err());
    assert!(post("e", None, "refused").is_err() && post("f", Some(1), "broken").is_err());
    assert_eq!((texts(&mut ada), ada.head), (vec!["uno".to_owned()], 2));
    assert_eq!(ada.items.get(&1).unwrap().author, "app");
    assert_eq!(derived(&room), some(&["uno"]));
    room.crash();
    assert_eq!((post("a", None, "one"), post("g", None, "two")), (Ok(1), Ok(3)));
}
