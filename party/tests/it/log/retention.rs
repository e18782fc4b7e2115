//! The entries that a log keeps, and those that it removes.

use std::time::Duration;

use party::testing::TestRoom;
use serde_json::{Value, json};

use super::{Archive, Ask, append, ask, catch_up, delete, edit, filled, position, resume, seqs};

#[test]
fn retention_by_age_resets_clients_that_missed_what_was_removed() {
    let room = filled(3);
    let epoch = ask(&room, Ask::Epoch);
    room.advance(Duration::from_secs(3_600));
    append(&room, "4", "ada", "text 4");
    edit(&room, "e", "ada", 1, "text one");
    assert_eq!(ask(&room, Ask::Prune { age: Some(3_600), items: None, changes: None }), json!(false));
    assert_eq!(ask(&room, Ask::Head), json!(5));
    room.advance(Duration::from_secs(1));
    let before = [2, 3].map(|seq| position(&room, &epoch, seq));
    ask(&room, Ask::Prune { age: Some(3_600), items: None, changes: None });
    assert_eq!(seqs(&ask(&room, Ask::Newest { items: 9, bytes: 9_999 })["entries"]), [4]);
    // Also a client at the last entry that was removed cannot prove any more which log it knows.
    assert!(before.iter().all(|position| resume(&room, position)[0] == false));
    let missed = catch_up(&room, &epoch, 4);
    assert_eq!((&missed[0], seqs(&missed[1])), (&json!(true), vec![5]));
    assert_eq!(missed[1][0]["body"], Value::Null);
    assert_eq!(append(&room, "6", "ada", "text 6")["seq"], 6);
}

#[test]
fn retention_by_items_goes_on_in_steps_and_seq_goes_on() {
    let room = filled(2_500);
    let prune = || ask(&room, Ask::Prune { age: None, items: Some(10), changes: None });
    assert_eq!((prune(), prune(), prune()), (json!(true), json!(true), json!(false)));
    assert_eq!(seqs(&ask(&room, Ask::After(0))["entries"]), (2_491..=2_500).collect::<Vec<_>>());
    ask(&room, Ask::Prune { age: None, items: Some(0), changes: None });
    assert_eq!(ask(&room, Ask::After(0))["entries"], json!([]));
    assert_eq!(append(&room, "next", "ada", "x")["seq"], 2_501);
    assert_eq!(ask(&room, Ask::Prune { age: None, items: None, changes: None }), json!(false));
}

#[test]
fn retention_by_changes_removes_at_most_1000_at_a_time_and_keeps_the_items() {
    let room = filled(1);
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2601)
                INSERT INTO party_log_changes (seq, id, author, at, target, nth)
                SELECT n, 'e' || n, 'ada', 1, 1, n - 1 FROM numbers";
    room.sql().execute(fill, ()).unwrap();
    room.evict();
    let prune = || {
        let more = ask(&room, Ask::Prune { age: None, items: None, changes: Some(600) });
        let query = "SELECT (SELECT count(*) FROM party_log), (SELECT count(*) FROM party_log_changes)";
        let left: (u64, u64) = room.sql().query_one(query, ()).unwrap();
        (more, left)
    };
    assert_eq!(prune(), (json!(true), (1, 1_600)));
    assert_eq!(prune(), (json!(true), (1, 600)));
    assert_eq!(prune(), (json!(false), (1, 600)));
    assert_eq!(ask(&room, Ask::Head), json!(2_601));
}

/// Returns how many items and how many changes are stored.
fn stored(room: &TestRoom<Archive>) -> (u64, u64) {
    let query = "SELECT (SELECT count(*) FROM party_log), (SELECT count(*) FROM party_log_changes)";
    room.sql().query_one(query, ()).unwrap()
}

#[test]
fn many_changes_do_not_remove_items_and_many_items_do_not_remove_changes() {
    let room = filled(5);
    (0..20).for_each(|n| drop(edit(&room, &format!("e{n}"), "ada", 1 + n % 5, "edited")));
    let prune = |items, changes| ask(&room, Ask::Prune { age: None, items, changes });
    prune(Some(5), None);
    assert_eq!(stored(&room), (5, 20));
    prune(Some(5), Some(3));
    assert_eq!(stored(&room), (5, 3));
    assert_eq!(seqs(&ask(&room, Ask::After(0))["entries"]), [1, 2, 3, 4, 5]);
    prune(Some(4), None);
    assert_eq!(stored(&room), (4, 3));
}

#[test]
fn items_and_changes_are_counted_right_over_pruning_clearing_and_crashes() {
    let room = filled(4);
    let fill = |round: &str| {
        let next = ask(&room, Ask::Head).as_u64().unwrap() + 1;
        for n in 0..6 {
            append(&room, &format!("{round} item {n}"), "ada", "x");
            edit(&room, &format!("{round} edit {n}"), "ada", next, "y");
            edit(&room, &format!("{round} again {n}"), "ada", next, "z");
        }
    };
    // One less than there is: a count that is wrong removes none, or two.
    let prune_one = || {
        let (items, changes) = stored(&room);
        ask(&room, Ask::Prune { age: None, items: Some(items - 1), changes: Some(changes - 1) });
        assert_eq!(stored(&room), (items - 1, changes - 1));
    };
    fill("first");
    prune_one();
    room.evict();
    prune_one();
    fill("second");
    room.crash();
    prune_one();
    assert_eq!(ask(&room, Ask::Prune { age: None, items: None, changes: Some(0) }), json!(false));
    assert_eq!(stored(&room).1, 0);
    fill("third");
    prune_one();
    ask(&room, Ask::Clear);
    assert_eq!(stored(&room), (0, 0));
    fill("fourth");
    prune_one();
    room.crash();
    assert_eq!(ask(&room, Ask::Undone), json!(true));
    prune_one();
    delete(&room, "deleted", "ada", ask(&room, Ask::Before(u64::MAX))["entries"][0]["seq"].as_u64().unwrap());
    prune_one();
}
