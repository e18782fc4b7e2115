//! What a log keeps, and what it removes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Ask, append, ask, catch_up, edit, filled, seqs};

#[test]
fn retention_removes_what_is_too_old_and_those_who_missed_it_begin_anew() {
    let room = filled(3);
    let epoch = ask(&room, Ask::Epoch);
    room.advance(Duration::from_secs(3_600));
    append(&room, "4", "ada", "text 4");
    edit(&room, "e", "ada", 1, "text one");
    assert_eq!(ask(&room, Ask::Prune { age: Some(3_600), entries: None }), json!(false));
    assert_eq!(ask(&room, Ask::Head), json!(5));
    room.advance(Duration::from_secs(1));
    ask(&room, Ask::Prune { age: Some(3_600), entries: None });
    assert_eq!(seqs(&ask(&room, Ask::Newest { items: 9, bytes: 9_999 })["entries"]), [4]);
    assert_eq!(catch_up(&room, &epoch, 2)[0], false);
    let missed = catch_up(&room, &epoch, 3);
    assert_eq!((&missed[0], seqs(&missed[1])), (&json!(true), vec![4, 5]));
    assert_eq!(missed[1][1]["body"], Value::Null);
    assert_eq!(append(&room, "6", "ada", "text 6")["seq"], 6);
}

#[test]
fn retention_by_count_goes_on_where_it_stopped_and_the_count_goes_on_too() {
    let room = filled(2_500);
    let prune = || ask(&room, Ask::Prune { age: None, entries: Some(10) });
    assert_eq!((prune(), prune(), prune()), (json!(true), json!(true), json!(false)));
    assert_eq!(seqs(&ask(&room, Ask::After(0))["entries"]), (2_491..=2_500).collect::<Vec<_>>());
    ask(&room, Ask::Prune { age: None, entries: Some(0) });
    assert_eq!(ask(&room, Ask::After(0))["entries"], json!([]));
    assert_eq!(append(&room, "next", "ada", "x")["seq"], 2_501);
    assert_eq!(ask(&room, Ask::Prune { age: None, entries: None }), json!(false));
}

#[test]
fn retention_removes_changes_as_it_does_items_and_no_more_of_them_at_a_time() {
    let room = filled(1);
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2601)
                INSERT INTO party_log_changes (seq, id, author, at, target) SELECT n, 'e' || n, 'ada', 1, 1 FROM numbers";
    room.sql().execute(fill, ()).unwrap();
    room.evict();
    let prune = || {
        let more = ask(&room, Ask::Prune { age: None, entries: Some(601) });
        let query = "SELECT (SELECT count(*) FROM party_log), (SELECT count(*) FROM party_log_changes)";
        let left: (u64, u64) = room.sql().query_one(query, ()).unwrap();
        (more, left)
    };
    assert_eq!(prune(), (json!(true), (0, 1_601)));
    assert_eq!(prune(), (json!(true), (0, 601)));
    assert_eq!(prune(), (json!(false), (0, 601)));
    assert_eq!(ask(&room, Ask::Head), json!(2_601));
}
