//! The upkeep of a room: it removes surplus entries, and goes on until all are removed.

use super::*;

/// How often the room removes what is too much, and how soon it goes on if there is more.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
const SWEEP_ON: Duration = Duration::from_secs(1);

/// Fills the log as if many entries had come before the last: the room keeps as many as it may, and `extra` more.
fn fill(room: &TestRoom<Chat>, extra: u64) {
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
                INSERT INTO party_log (seq, id, author, at, body) SELECT n, 'filled-' || n, 'm', 1, NULL FROM numbers";
    let (filled, head) = (extra + 10, KEPT_MESSAGES + extra);
    room.sql().execute(fill, (filled,)).unwrap();
    let last = "INSERT INTO party_log (seq, id, author, at, body) VALUES (?, 'last', 'm', 1, NULL)";
    room.sql().execute(last, (head,)).unwrap();
    // After a write to a table of a part, the room must load it again.
    room.evict();
}

/// Returns the first entry that is left.
fn first(room: &TestRoom<Chat>) -> Option<u64> {
    room.sql().query_one::<(Option<u64>,)>("SELECT min(seq) FROM party_log", ()).unwrap().0
}

#[test]
fn entries_over_the_limit_are_removed_in_steps() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    ada.say("hello");
    fill(&room, 2_500);
    // It is closed as dead if it does not ping.
    room.advance(SWEEP_EVERY - SWEEP_ON);
    ada.socket().send("ping");
    room.advance(SWEEP_ON);
    assert_eq!(first(&room), Some(1_001));
    room.advance(SWEEP_ON);
    assert_eq!(first(&room), Some(2_001));
    room.advance(SWEEP_ON);
    assert_eq!(first(&room), Some(2_501));
    assert_eq!(room.alarm().map(|at| at.since(room.now())), Some(Duration::from_secs(300)));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn entries_over_the_limit_are_removed_with_only_an_original_client() {
    let room = TestRoom::<Chat>::new("lobby");
    let (original, _) = original::join(&room, "old");
    original::say(&original, "1", "hello");
    fill(&room, 10);
    room.advance(SWEEP_EVERY);
    assert_eq!(first(&room), Some(11));
}

#[test]
fn an_empty_room_removes_all_entries_over_the_limit_and_then_sleeps() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    ada.say("hello");
    fill(&room, 1_500);
    ada.vanish();
    room.advance(SWEEP_EVERY);
    room.advance(SWEEP_ON);
    assert_eq!((first(&room), room.alarm()), (Some(1_501), None));
}

#[test]
fn the_kept_messages_fit_into_the_database_at_their_longest() {
    use crate::protocol::MAX_USER_CHARS;
    use crate::protocol::{MAX_CONTENT_BYTES, MAX_ID_CHARS};
    let room = TestRoom::<Chat>::new("lobby");
    let widest = |chars| "\u{1f600}".repeat(chars);
    let mut ada = Guest::new(&widest(MAX_USER_CHARS));
    ada.id = "ada".into();
    ada.join(&room);
    let body = guest::draft(&"\"".repeat(MAX_CONTENT_BYTES));
    ada.send(&ClientFrame::Append { id: widest(MAX_ID_CHARS), body });
    // Of a row, SQLite's own part is some tens of bytes, and of its last page up to a whole one is empty.
    let query =
        "SELECT octet_length(body) + octet_length(author) + 2 * octet_length(id) + 512 FROM party_log";
    let (bytes,): (u64,) = room.sql().query_one(query, ()).unwrap();
    assert!(bytes * KEPT_MESSAGES < 9_000_000_000, "{bytes} bytes each");
}

#[test]
fn a_room_that_is_only_asked_by_http_stores_nothing() {
    let room = TestRoom::<Chat>::new("lobby");
    for path in ["/", "/messages?x=1"] {
        assert_eq!(room.get(path).status().as_u16(), 404);
    }
    let tables = room.sql().rows("SELECT name FROM sqlite_schema", ()).unwrap();
    assert_eq!((tables.len(), room.alarm()), (0, None));
}

#[test]
fn a_room_in_which_nobody_wrote_is_gone_after_a_day_and_one_that_was_used_is_not() {
    let (unused, used) = (TestRoom::<Chat>::new("unused"), TestRoom::<Chat>::new("used"));
    let (mut visitor, mut writer) = (Guest::new("Ada"), Guest::new("Bob"));
    visitor.join(&unused);
    writer.join(&used);
    writer.say("hello");
    visitor.vanish();
    writer.vanish();
    let tables = |room: &TestRoom<Chat>| room.sql().rows("SELECT name FROM sqlite_schema", ()).unwrap().len();
    for room in [&unused, &used] {
        room.advance(Duration::from_secs(12 * 3_600));
        assert!(tables(room) > 0);
        room.advance(Duration::from_secs(13 * 3_600));
        assert_eq!(room.errors(), Vec::<String>::new());
        assert_eq!(room.alarm(), None);
    }
    assert_eq!(tables(&unused), 0);
    assert!(tables(&used) > 0);
    // Its name is free for a room as new as any.
    let mut eve = Guest::new("Eve");
    eve.join(&unused);
    eve.say("first");
    assert_eq!(texts(&mut eve), ["first"]);
}

#[test]
fn a_room_whose_visitor_comes_back_within_a_day_is_kept() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    let member = ada.member.clone();
    ada.vanish();
    room.advance(Duration::from_secs(23 * 3_600));
    ada.join(&room);
    for _ in 0..100 {
        room.advance(Duration::from_secs(60));
        ada.socket().send("ping");
    }
    ada.read();
    assert_eq!(
        (ada.member.clone(), ada.role, ada.is_connected()),
        (member, moderation::Role::Moderator, true)
    );
}

#[test]
fn an_unused_room_with_a_table_a_value_a_job_or_a_standing_is_kept() {
    let job = "INSERT INTO party_jobs (kind, key, due, scheduled, attempt, payload)
               VALUES ('remind', 'ada', 9007199254740991, 9007199254740991, 0, 'null')";
    let standing = "INSERT INTO party_standings (member, role) VALUES ('eve', 'moderator')";
    for (name, statement) in [
        ("nothing", "SELECT 1"),
        ("table", "CREATE TABLE orders (id TEXT)"),
        ("value", "SELECT 1"),
        ("job", job),
        ("standing", standing),
    ] {
        let room = TestRoom::<Chat>::new(name);
        let mut ada = Guest::new("Ada");
        ada.join(&room);
        room.sql().rows(statement, ()).unwrap();
        if name == "value" {
            room.storage().put("theme", "dark").unwrap();
        }
        ada.vanish();
        room.evict();
        room.advance(Duration::from_secs(3 * 24 * 3_600));
        let tables = room.sql().rows("SELECT name FROM sqlite_schema", ()).unwrap().len();
        assert_eq!(tables > 0, name != "nothing", "{name}");
    }
}
