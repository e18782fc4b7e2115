//! The rows that the statements of the log read.

use super::{Log, page, resume};
use crate::testing::TestRoom;
use crate::{Props, Result, Room, Server};

/// A room with a log.
struct Notes;

impl Server for Notes {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let first = super::Append { id: "1", author: "ada", at: room.now() };
        Log::open(room)?.append(first, &"one").map(|_| Self)
    }
}

/// Returns each step of a statement's plan, by SQLite's own words.
fn plan(room: &TestRoom<Notes>, statement: &str) -> Vec<String> {
    let rows: Vec<(i64, i64, i64, String)> =
        room.sql().query(&format!("EXPLAIN QUERY PLAN {statement}"), ()).unwrap();
    rows.into_iter().map(|(_, _, _, step)| step).collect()
}

#[test]
fn a_page_and_what_is_caught_up_on_are_read_by_their_keys_however_long_the_log_is() {
    let room = TestRoom::<Notes>::new("lobby");
    room.get("/");
    for statement in [page::BACKWARDS, page::FORWARDS, resume::MISSED] {
        let statement = statement.replace("?1", "7").replace('?', "7");
        let steps = plan(&room, &statement);
        let reads: Vec<_> =
            steps.iter().filter(|step| step.contains("party_log") || step.contains("change")).collect();
        assert!(!reads.is_empty(), "{steps:?}");
        assert!(
            reads.iter().all(|step| step.starts_with("SEARCH") && step.contains("PRIMARY KEY")),
            "{steps:#?}"
        );
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:#?}");
    }
}
