//! The rows that the statements of the log read.

use super::{Log, page, resume};
use crate::testing::TestRoom;
use crate::{Body, Props, Request, Response, Result, Room, Server};

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

/// A room whose log has one item of as many letters as the path says. It sends whether the item is caught up on, and
/// the length of the entries.
struct Measured;

impl Server for Measured {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        let letters = request.uri().path().rsplit('/').next().and_then(|last| last.parse().ok()).unwrap_or(0);
        let log = Log::open(room)?;
        log.clear()?;
        let _stored =
            log.append(super::Append { id: "1", author: "ada", at: room.now() }, &"x".repeat(letters))?;
        let from = super::Position { epoch: log.epoch()?, seq: 0, at: room.now(), id: String::new() };
        let caught = log.catch_up(Some(from), super::PageSize::default())?;
        Ok(Response::new(Body::json(&(caught.recovered, caught.entries.as_str().len()))?))
    }
}

#[test]
fn as_many_bytes_are_caught_up_on_as_may_be_and_not_one_more() {
    let room = TestRoom::<Measured>::new("lobby");
    let measure = |letters: usize| room.get(&format!("/{letters}")).read_json::<(bool, usize)>();
    // The brackets of the list do not count.
    let most = 256 * 1024 + "[]".len();
    let letters = most - measure(0).1;
    assert_eq!((measure(letters), measure(letters + 1)), ((true, most), (false, most + 1)));
}
