//! Who has deleted an item.

use party::testing::TestRoom;
use serde_json::{Value, json};

use super::{Archive, Ask, append, ask, catch_up, delete, edit, filled};

/// Returns who has deleted each item, as a page says it.
fn deleted_by(room: &TestRoom<Archive>) -> Vec<Value> {
    let page = ask(room, Ask::After(0));
    let entries = page.get("entries").and_then(Value::as_array).unwrap();
    entries.iter().map(|item| item.get("deletedBy").cloned().unwrap_or_default()).collect()
}

fn prune(room: &TestRoom<Archive>, items: u64, changes: u64) {
    ask(room, Ask::Prune { age: None, items: Some(items), changes: Some(changes) });
}

#[test]
fn a_page_and_an_item_say_who_has_deleted_it() {
    let room = filled(3);
    delete(&room, "d1", "ada", 1);
    edit(&room, "e2", "ada", 2, "edited");
    ask(&room, Ask::DeletedElsewhere(3));
    assert_eq!(deleted_by(&room), [json!("ada"), Value::Null, json!("ada")]);
    assert_eq!(ask(&room, Ask::ById("1".into()))["deletedBy"], "ada");
    assert_eq!(ask(&room, Ask::ById("2".into()))["deletedBy"], Value::Null);
}

#[test]
fn the_member_that_deleted_an_item_stays_known_when_the_deletion_is_removed() {
    let room = filled(2);
    let quoted = "the \"moderator\" \\ of the day";
    append(&room, "3", quoted, "text 3");
    delete(&room, "d1", "ada", 1);
    delete(&room, "d3", quoted, 3);
    (0..5).for_each(|n| drop(edit(&room, &format!("e{n}"), "ada", 2, "edited")));
    prune(&room, 100, 2);
    room.crash();
    assert_eq!(deleted_by(&room), [json!("ada"), Value::Null, json!(quoted)]);
    prune(&room, 2, 2);
    assert_eq!(deleted_by(&room), [Value::Null, json!(quoted)]);
    let kept: Vec<(u64,)> = room.sql().query("SELECT item FROM party_log_deletions", ()).unwrap();
    assert_eq!(kept, [(3,)], "of a removed item nothing stays");
    ask(&room, Ask::Clear);
    let (kept,): (u64,) = room.sql().query_one("SELECT count(*) FROM party_log_deletions", ()).unwrap();
    assert_eq!(kept, 0);
}

#[test]
fn a_deleted_item_that_is_caught_up_on_says_who_has_deleted_it() {
    let room = filled(1);
    let epoch = ask(&room, Ask::Epoch);
    append(&room, "2", "bob", "text 2");
    delete(&room, "d", "bob", 2);
    let missed = catch_up(&room, &epoch, 1)[1].clone();
    assert_eq!((&missed[0]["deletedBy"], &missed[0]["body"]), (&json!("bob"), &Value::Null));
    assert_eq!((&missed[1]["author"], &missed[1]["deletedBy"]), (&json!("bob"), &Value::Null));
}

#[test]
fn a_log_of_an_earlier_build_says_who_has_deleted_an_item() {
    let room = filled(2);
    delete(&room, "d", "ada", 1);
    room.sql().execute("DROP TABLE party_log_deletions", ()).unwrap();
    room.crash();
    let epoch = ask(&room, Ask::Epoch);
    assert_eq!(deleted_by(&room), [json!("ada"), Value::Null]);
    // An earlier build has removed the deletion.
    room.sql().execute("DELETE FROM party_log_changes", ()).unwrap();
    assert_eq!(deleted_by(&room), [Value::Null, Value::Null]);
    assert_eq!(ask(&room, Ask::Epoch), epoch);
}
