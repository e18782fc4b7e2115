//! The durable log: order, idempotence, changes, pages, resume. More is in [`retention`] and [`deletions`].

mod deletions;
mod retention;

use std::time::Duration;

use party::parts::log::{Append, Change, Direction, Log, Outcome, PageSize, Position, Retention};
use party::parts::wire::Entry;
use party::testing::TestRoom;
use party::{Call, ErrorCode, Props, RemoteCall, Reply, Result, Room, Server, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::support::ROOM;

/// A room that does with its log what it is asked.
struct Archive {
    log: Log,
}

#[derive(Deserialize, Serialize)]
enum Ask {
    Append {
        id: String,
        author: String,
        body: Value,
    },
    Edit {
        id: String,
        author: String,
        target: u64,
        body: Value,
    },
    Delete {
        id: String,
        author: String,
        target: u64,
    },
    Newest {
        items: u32,
        bytes: usize,
    },
    Before(u64),
    After(u64),
    /// A position, as text.
    CatchUp(String),
    Prune {
        age: Option<u64>,
        items: Option<u64>,
        changes: Option<u64>,
    },
    /// Ids, each with a body.
    AppendAll {
        author: String,
        items: Vec<(String, Value)>,
    },
    /// Appends a body of nested arrays; sends the newest page as it is.
    AppendNested(usize),
    Clear,
    Epoch,
    ById(String),
    Head,
    /// Appends in a transaction that fails.
    Undone,
    /// Appends by the same log, opened once more.
    Elsewhere {
        id: String,
    },
    /// Deletes an item and clears the log by it.
    DeletedElsewhere(u64),
    ClearedElsewhere,
}

impl Call for Ask {
    type Reply = Value;
}

impl Server for Archive {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { log: Log::open(room)? })
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |ask: Ask| self.answer(room, ask)).await
    }
}

impl Archive {
    fn answer(&self, room: &Room, ask: Ask) -> Result<Value> {
        let (log, at) = (&self.log, room.now());
        let own = |author: String| move |item: &Entry| item.author == author;
        Ok(match ask {
            Ask::Append { id, author, body } => {
                told(log.append(Append { id: &id, author: &author, at }, &body))?
            }
            Ask::AppendAll { author, items } => {
                let append = |(id, body)| (Append { id, author: &author, at }, body);
                let items: Vec<_> = items.iter().map(|(id, body)| append((id.as_str(), body))).collect();
                match log.append_all(&items)? {
                    Some(entries) => json!(entries),
                    None => {
                        let appended = items.iter().map(|(append, body)| told(log.append(*append, body)));
                        json!(appended.collect::<Result<Vec<_>>>()?)
                    }
                }
            }
            Ask::AppendNested(depth) => {
                let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
                let nested = RawValue::from_string(nested).map_err(party::Error::other)?;
                let _new = log.append(Append { id: "nested", author: "ada", at }, &nested)?;
                json!(log.page(Direction::Newest, PageSize::default())?.entries.as_str())
            }
            Ask::Edit { id, author, target, body } => {
                let change = Change { id: &id, author: &author, at, target, shown: None };
                told(log.edit(change, &body, own(author.clone())))?
            }
            Ask::Delete { id, author, target } => {
                let change = Change { id: &id, author: &author, at, target, shown: None };
                told(log.delete(change, own(author.clone())))?
            }
            Ask::Newest { items, bytes } => json!(log.page(Direction::Newest, PageSize { items, bytes })?),
            Ask::Before(seq) => json!(log.page(Direction::Before(seq), PageSize::default())?),
            Ask::After(seq) => json!(log.page(Direction::After(seq), PageSize::default())?),
            Ask::CatchUp(position) => {
                let caught = log.catch_up(Some(position.parse()?), PageSize::default())?;
                json!([caught.recovered, caught.entries, caught.older, caught.head])
            }
            Ask::Prune { age, items, changes } => {
                let mut retention = Retention::default();
                if let Some(age) = age {
                    retention = retention.age(Duration::from_secs(age));
                }
                if let Some(items) = items {
                    retention = retention.items(items);
                }
                if let Some(changes) = changes {
                    retention = retention.changes(changes);
                }
                json!(log.prune(retention)?)
            }
            Ask::Clear => json!(log.clear()?),
            Ask::Epoch => json!(log.epoch()?),
            Ask::ById(id) => json!(log.item_by_id(&id)?),
            Ask::Head => json!(log.head()?),
            Ask::Undone => {
                let undone: Result<()> = room.sql().transaction(|| {
                    let _new = log.append(Append { id: "undone", author: "ada", at }, "x")?;
                    Err(party::Error::other("no"))
                });
                json!(undone.is_err())
            }
            Ask::Elsewhere { id } => {
                told(Log::open(room)?.append(Append { id: &id, author: "ada", at }, "elsewhere"))?
            }
            Ask::DeletedElsewhere(target) => {
                let change = Change { id: "deleted", author: "ada", at, target, shown: None };
                told(Log::open(room)?.delete(change, |_| true))?
            }
            Ask::ClearedElsewhere => json!(Log::open(room)?.clear()?),
        })
    }
}

/// Returns the outcome as JSON, or the code with which the log refuses.
fn told(outcome: Result<Outcome>) -> Result<Value> {
    const REFUSED: [ErrorCode; 3] = [ErrorCode::CONFLICT, ErrorCode::NOT_FOUND, ErrorCode::FORBIDDEN];
    match outcome {
        Ok(Outcome::New(entry)) => Ok(json!(entry)),
        Ok(Outcome::Known(seq)) => Ok(json!({ "known": seq })),
        Err(error) if REFUSED.contains(&error.code()) => Ok(json!(error.code())),
        Err(error) => Err(error),
    }
}

fn room() -> TestRoom<Archive> {
    TestRoom::new(ROOM)
}

fn ask(room: &TestRoom<Archive>, ask: Ask) -> Value {
    room.call(&ask).unwrap()
}

fn append(room: &TestRoom<Archive>, id: &str, author: &str, body: &str) -> Value {
    ask(room, Ask::Append { id: id.into(), author: author.into(), body: json!(body) })
}

fn append_all(room: &TestRoom<Archive>, author: &str, items: &[(&str, &str)]) -> Value {
    let items = items.iter().map(|(id, body)| ((*id).to_owned(), json!(body))).collect();
    ask(room, Ask::AppendAll { author: author.into(), items })
}

fn edit(room: &TestRoom<Archive>, id: &str, author: &str, target: u64, body: &str) -> Value {
    ask(room, Ask::Edit { id: id.into(), author: author.into(), target, body: json!(body) })
}

fn delete(room: &TestRoom<Archive>, id: &str, author: &str, target: u64) -> Value {
    ask(room, Ask::Delete { id: id.into(), author: author.into(), target })
}

/// Returns the position of a client that knows this log up to `seq`.
fn position(room: &TestRoom<Archive>, epoch: &Value, seq: u64) -> Position {
    let query = "SELECT id, at FROM party_log WHERE seq = ?1
         UNION ALL SELECT id, at FROM party_log_changes WHERE seq = ?1";
    let found: Option<(String, Timestamp)> = room.sql().query_opt(query, (seq,)).unwrap();
    let (id, at) = found.unwrap_or_default();
    Position { epoch: epoch.as_str().unwrap().into(), seq, at, id }
}

fn resume(room: &TestRoom<Archive>, position: &Position) -> Value {
    ask(room, Ask::CatchUp(position.to_string()))
}

fn catch_up(room: &TestRoom<Archive>, epoch: &Value, seq: u64) -> Value {
    resume(room, &position(room, epoch, seq))
}

/// Returns a log with items 1 to `count` of Ada's.
fn filled(count: u64) -> TestRoom<Archive> {
    let room = room();
    (1..=count).for_each(|n| drop(append(&room, &n.to_string(), "ada", &format!("text {n}"))));
    room
}

fn seqs(entries: &Value) -> Vec<u64> {
    entries.as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

#[test]
fn entries_are_counted_1_2_3_whatever_happens_to_the_room_in_between() {
    let room = room();
    assert_eq!(ask(&room, Ask::Head), json!(0));
    assert_eq!(append(&room, "a", "ada", "one")["seq"], 1);
    room.evict();
    assert_eq!(append(&room, "b", "bob", "two")["seq"], 2);
    room.crash();
    assert_eq!(edit(&room, "c", "ada", 1, "one!")["seq"], 3);
    assert_eq!(append(&room, "d", "ada", "four")["seq"], 4);
    assert_eq!(ask(&room, Ask::Head), json!(4));
}

#[test]
fn a_new_entry_says_who_and_when_and_what() {
    let room = room();
    let entry = append(&room, "a", "ada", "hello");
    assert_eq!(entry, json!({ "seq": 1, "id": "a", "author": "ada", "at": room.now(), "body": "hello" }));
}

#[test]
fn an_entry_appended_again_is_recognised_and_not_stored_twice_also_after_a_crash() {
    let room = filled(3);
    room.crash();
    assert_eq!(append(&room, "2", "ada", "text 2"), json!({ "known": 2 }));
    assert_eq!(append(&room, "2", "ada", "another text"), json!({ "known": 2 }));
    assert_eq!(append(&room, "2", "eve", "text 2"), json!("conflict"));
    assert_eq!(ask(&room, Ask::Head), json!(3));
}

#[test]
fn several_that_are_appended_together_are_what_they_are_one_after_the_other() {
    let texts = [("a", "\"quoted\" \\ and \u{0}"), ("b\"", "Zoë"), ("c", "")];
    let (one_by_one, together) = (filled(2), filled(2));
    let each: Vec<Value> = texts.iter().map(|(id, body)| append(&one_by_one, id, "ada", body)).collect();
    assert_eq!(append_all(&together, "ada", &texts), json!(each));
    let page = |room| ask(room, Ask::Newest { items: 10, bytes: 9_999 });
    assert_eq!(page(&together), page(&one_by_one));
    assert_eq!(seqs(&page(&together)["entries"]), [1, 2, 3, 4, 5]);
    assert_eq!(append_all(&together, "ada", &[]), json!([]));
}

#[test]
fn known_and_conflicting_entries_among_several_leave_no_gap() {
    let room = filled(2);
    let outcomes = append_all(&room, "eve", &[("x", "new"), ("1", "taken"), ("x", "again"), ("y", "last")]);
    assert_eq!((&outcomes[0]["seq"], &outcomes[1]), (&json!(3), &json!("conflict")));
    assert_eq!((&outcomes[2], &outcomes[3]["seq"]), (&json!({ "known": 3 }), &json!(4)));
    assert_eq!(
        append_all(&room, "eve", &[("x", "new"), ("y", "last")]),
        json!([{ "known": 3 }, { "known": 4 }])
    );
    assert_eq!(ask(&room, Ask::Head), json!(4));
}

#[test]
fn several_items_larger_than_one_text_are_appended_one_by_one() {
    let room = room();
    let large = "x".repeat(500 * 1024);
    let items: Vec<_> = ["a", "b", "c", "d", "e"].map(|id| (id, large.as_str())).into();
    assert_eq!(append_all(&room, "ada", &items)[4]["seq"], 5);
    let page = ask(&room, Ask::Newest { items: 100, bytes: 64 * 1024 });
    assert_eq!((seqs(&page["entries"]), &page["more"]), (vec![5], &json!(true)));
    let epoch = ask(&room, Ask::Epoch);
    assert_eq!(catch_up(&room, &epoch, 0)[0], false);
}

#[test]
fn a_body_that_is_too_large_is_refused_and_not_stored() {
    let room = filled(1);
    let large = json!("x".repeat(512 * 1024 - 1));
    let append = room.call(&Ask::Append { id: "2".into(), author: "ada".into(), body: large.clone() });
    let edit = room.call(&Ask::Edit { id: "3".into(), author: "ada".into(), target: 1, body: large.clone() });
    let all = room.call(&Ask::AppendAll {
        author: "ada".into(),
        items: vec![("4".into(), json!("small")), ("5".into(), large)],
    });
    assert!(append.is_err() && edit.is_err() && all.is_err());
    assert_eq!(ask(&room, Ask::Head), json!(1));
}

#[test]
fn a_body_may_be_nested_as_deep_as_its_length_allows_and_its_neighbours_are_read_all_the_same() {
    let room = filled(1);
    let page = ask(&room, Ask::AppendNested(30_000));
    assert!(page.as_str().unwrap().contains(r#""body":"text 1""#));
    assert!(page.as_str().unwrap().ends_with(r#"]]]}]"#));
}

#[test]
fn a_change_sent_again_is_known_also_if_the_item_is_deleted() {
    let room = filled(1);
    assert_eq!(delete(&room, "x", "ada", 1)["seq"], 2);
    assert_eq!(delete(&room, "x", "ada", 1), json!({ "known": 2 }));
    assert_eq!(delete(&room, "x", "eve", 1), json!("conflict"));
    assert_eq!(delete(&room, "y", "ada", 1), json!("not_found"));
    assert_eq!(edit(&room, "z", "ada", 1, "back"), json!("not_found"));
    assert_eq!(edit(&room, "z", "ada", 9, "back"), json!("not_found"));
    assert_eq!(ask(&room, Ask::Head), json!(2));
}

#[test]
fn only_who_may_changes_an_item() {
    let room = filled(1);
    assert_eq!(edit(&room, "x", "eve", 1, "mine"), json!("forbidden"));
    assert_eq!(delete(&room, "x", "eve", 1), json!("forbidden"));
    assert_eq!(ask(&room, Ask::Before(9))["entries"][0]["body"], "text 1");
}

#[test]
fn an_item_beyond_the_exact_integers_is_not_found() {
    let room = filled(1);
    for target in [1 << 53, u64::MAX] {
        assert_eq!(edit(&room, "e", "ada", target, "x"), json!("not_found"));
        assert_eq!(delete(&room, "d", "ada", target), json!("not_found"));
    }
}

#[test]
fn a_transaction_that_is_undone_leaves_no_gap() {
    let room = filled(1);
    assert_eq!(ask(&room, Ask::Undone), json!(true));
    assert_eq!(append(&room, "b", "ada", "two")["seq"], 2);
}

#[test]
fn a_log_that_is_opened_twice_counts_on_from_either() {
    let room = filled(1);
    let elsewhere = |id: &str| ask(&room, Ask::Elsewhere { id: id.into() });
    assert_eq!(elsewhere("b")["seq"], 2);
    assert_eq!(append(&room, "c", "ada", "three")["seq"], 3);
    assert_eq!(elsewhere("d")["seq"], 4);
    let items = [("e", "five"), ("f", "six")];
    let seqs: Vec<_> =
        append_all(&room, "ada", &items).as_array().unwrap().iter().map(|new| new["seq"].clone()).collect();
    assert_eq!(seqs, [5, 6]);
    assert_eq!(elsewhere("b")["known"], 2);
    assert_eq!(ask(&room, Ask::DeletedElsewhere(3))["seq"], 7);
    assert_eq!(append(&room, "g", "ada", "eight")["seq"], 8);
    ask(&room, Ask::ClearedElsewhere);
    assert_eq!(append(&room, "h", "ada", "one")["seq"], 1);
}

#[test]
fn a_page_shows_items_as_they_are_now_and_no_changes() {
    let room = filled(3);
    edit(&room, "e1", "ada", 1, "text one");
    edit(&room, "e2", "ada", 1, "text uno");
    delete(&room, "d", "ada", 2);
    let page = ask(&room, Ask::Newest { items: 10, bytes: 9_999 });
    let (one, two) = (&page["entries"][0], &page["entries"][1]);
    assert_eq!(seqs(&page["entries"]), [1, 2, 3]);
    assert_eq!((&one["body"], &one["edited"]), (&json!("text uno"), &json!(5)));
    assert_eq!((&two["body"], &two["edited"]), (&Value::Null, &json!(6)));
    assert_eq!(page["more"], false);
}

#[test]
fn pages_go_by_cursor_in_both_directions_and_say_whether_there_are_more() {
    let room = filled(250);
    let newest = ask(&room, Ask::Newest { items: 100, bytes: 65_536 });
    assert_eq!(seqs(&newest["entries"]), (151..=250).collect::<Vec<_>>());
    assert_eq!((&newest["more"], &newest["before"]), (&json!(true), &Value::Null));
    let older = ask(&room, Ask::Before(51));
    assert_eq!(seqs(&older["entries"]), (1..=50).collect::<Vec<_>>());
    assert_eq!((&older["more"], &older["before"]), (&json!(false), &json!(51)));
    let newer = ask(&room, Ask::After(100));
    assert_eq!(seqs(&newer["entries"]), (101..=200).collect::<Vec<_>>());
    assert_eq!(newer["more"], true);
    assert_eq!(ask(&room, Ask::After(150))["more"], false);
    assert_eq!(ask(&room, Ask::Before(1))["entries"], json!([]));
    assert_eq!(ask(&room, Ask::Before(u64::MAX))["entries"].as_array().unwrap().len(), 100);
}

#[test]
fn a_page_is_bounded_in_bytes_but_has_always_one_item() {
    let room = room();
    for n in 0..5 {
        append(&room, &n.to_string(), "ada", &"x".repeat(1_000));
    }
    let page = |bytes| ask(&room, Ask::Newest { items: 10, bytes });
    assert_eq!(seqs(&page(2_500)["entries"]), [4, 5]);
    assert_eq!(page(2_500)["more"], true);
    assert_eq!(seqs(&page(1)["entries"]), [5]);
    assert_eq!(page(9_999)["more"], false);
}

#[test]
fn a_client_that_reconnects_gets_exactly_what_it_missed() {
    let room = filled(3);
    let epoch = ask(&room, Ask::Epoch);
    edit(&room, "e", "ada", 2, "text two");
    append(&room, "4", "ada", "text 4");
    delete(&room, "d", "ada", 1);
    room.crash();
    let missed = catch_up(&room, &epoch, 3);
    assert_eq!((&missed[0], seqs(&missed[1]), &missed[3]), (&json!(true), vec![4, 5, 6], &json!(6)));
    assert_eq!((&missed[1][0]["target"], &missed[1][0]["body"]), (&json!(2), &json!("text two")));
    assert_eq!((&missed[1][2]["target"], &missed[1][2]["body"]), (&json!(1), &Value::Null));
    assert_eq!(catch_up(&room, &epoch, 6)[1], json!([]));
    assert_eq!(seqs(&catch_up(&room, &epoch, 0)[1]), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_change_that_is_caught_up_on_carries_what_the_item_has_by_now() {
    let room = filled(1);
    let epoch = ask(&room, Ask::Epoch);
    edit(&room, "e1", "ada", 1, "first");
    edit(&room, "e2", "ada", 1, "second");
    let missed = catch_up(&room, &epoch, 1);
    assert_eq!((&missed[1][0]["body"], &missed[1][1]["body"]), (&json!("second"), &json!("second")));
}

#[test]
fn a_position_that_cannot_be_verified_gets_the_newest_page() {
    let room = filled(3);
    let epoch = ask(&room, Ask::Epoch);
    let reset = |caught: Value| (caught[0].clone(), seqs(&caught[1]));
    assert_eq!(reset(catch_up(&room, &json!("another"), 3)), (json!(false), vec![1, 2, 3]));
    // It knows more than there is: it is of another log, whatever it says.
    assert_eq!(reset(catch_up(&room, &epoch, 4)), (json!(false), vec![1, 2, 3]));
    // It names another entry than the log has there: the database was put back in between.
    for seq in [2, 3] {
        let known = position(&room, &epoch, seq);
        assert_eq!(resume(&room, &known)[0], true);
        for other in [
            Position { id: "x".into(), ..known.clone() },
            Position { at: known.at + Duration::from_millis(1), ..known },
        ] {
            assert_eq!(reset(resume(&room, &other)), (json!(false), vec![1, 2, 3]), "{other}");
        }
    }
}

#[test]
fn up_to_500_entries_are_caught_up_on_and_no_more() {
    let room = filled(501);
    let epoch = ask(&room, Ask::Epoch);
    let all = catch_up(&room, &epoch, 1);
    assert_eq!((&all[0], all[1].as_array().unwrap().len()), (&json!(true), 500));
    let reset = catch_up(&room, &epoch, 0);
    assert_eq!((&reset[0], seqs(&reset[1]).len(), &reset[2]), (&json!(false), 100, &json!(true)));
}

#[test]
fn more_than_256_kib_are_not_caught_up_on() {
    let room = filled(1);
    let epoch = ask(&room, Ask::Epoch);
    (0..9).for_each(|n| drop(append(&room, &format!("large {n}"), "ada", &"x".repeat(32 * 1024))));
    assert_eq!(catch_up(&room, &epoch, 1)[0], false);
    assert_eq!(catch_up(&room, &epoch, 3)[0], true);
}

#[test]
fn a_log_that_is_cleared_is_another_log() {
    let room = filled(3);
    let epoch = ask(&room, Ask::Epoch);
    ask(&room, Ask::Clear);
    assert_ne!(ask(&room, Ask::Epoch), epoch);
    assert_eq!(catch_up(&room, &epoch, 3), json!([false, [], false, 0]));
    assert_eq!(append(&room, "1", "eve", "new")["seq"], 1);
}

#[test]
fn an_item_is_found_by_its_id_and_a_change_is_not() {
    let room = filled(2);
    edit(&room, "e", "ada", 1, "changed");
    let found = |id: &str| ask(&room, Ask::ById(id.into()));
    assert_eq!(found("2")["seq"], 2);
    assert_eq!((found("e"), found("x")), (Value::Null, Value::Null));
}
