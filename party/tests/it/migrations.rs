//! Numbered steps that bring a room's tables up to date.

use party::testing::TestRoom;
use party::{ErrorKind, Props, Result, Room, Server, Sql};

use crate::support::{ROOM, told};

/// The steps of the worker that is deployed.
const STEPS: &[&str] = &["CREATE TABLE players (name TEXT)", "INSERT INTO players VALUES ('Ada')"];

/// Migrates whenever it starts, as rooms do.
struct Migrated;

impl Server for Migrated {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(STEPS)?;
        room.log("start");
        Ok(Self)
    }
}

fn sql() -> Sql {
    TestRoom::<Migrated>::new(ROOM).sql()
}

fn names(sql: &Sql) -> Vec<String> {
    sql.query::<(String,)>("SELECT name FROM players", ()).unwrap().into_iter().map(|(name,)| name).collect()
}

#[test]
fn each_step_runs_once_however_often_the_room_starts() {
    let room = TestRoom::<Migrated>::new(ROOM);
    for _ in 0..3 {
        room.get("");
        room.evict();
    }
    room.crash();
    room.get("");
    assert_eq!(names(&room.sql()), ["Ada"]);
    assert_eq!(told(&room), ["start"; 4]);
}

#[test]
fn steps_run_in_order_and_only_those_that_are_new() {
    let sql = sql();
    sql.migrate(STEPS).unwrap();
    sql.execute("UPDATE players SET name = 'Zoë'", ()).unwrap();
    let more =
        [STEPS, &["ALTER TABLE players ADD COLUMN points", "INSERT INTO players VALUES ('Cy', 3)"]].concat();
    sql.migrate(&more).unwrap();
    sql.migrate(&more).unwrap();
    assert_eq!(names(&sql), ["Zoë", "Cy"]);
}

#[test]
fn a_step_may_have_several_statements_of_which_each_needs_the_one_before() {
    let sql = sql();
    sql.migrate(&["CREATE TABLE players (name TEXT); INSERT INTO players VALUES ('Ada')"]).unwrap();
    assert_eq!(names(&sql), ["Ada"]);
}

#[test]
fn a_step_that_fails_is_undone_whole_and_those_before_it_stay() {
    let sql = sql();
    let broken = [STEPS, &["INSERT INTO players VALUES ('Bob'); INSERT INTO nowhere VALUES (1)"]].concat();
    let error = sql.migrate(&broken).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Sql, "migration step 3 failed"));
    assert_eq!(names(&sql), ["Ada"]);
}

#[test]
fn after_a_step_that_failed_the_next_attempt_goes_on_with_it() {
    let sql = sql();
    sql.migrate(&[STEPS, &["INSERT INTO later VALUES ('Bob')"]].concat()).unwrap_err();
    sql.migrate(&[STEPS, &["INSERT INTO players VALUES ('Bob')"]].concat()).unwrap();
    assert_eq!(names(&sql), ["Ada", "Bob"]);
}

#[test]
fn a_room_that_is_newer_than_the_worker_refuses_to_start() {
    let room = TestRoom::<Migrated>::new(ROOM);
    room.sql().migrate(&[STEPS, &["ALTER TABLE players ADD COLUMN points"]].concat()).unwrap();
    assert_eq!(room.get("").status(), 500);
    let errors = room.errors();
    assert!(errors[0].contains("3 migration steps, this worker knows 2"), "{errors:?}");
}

#[test]
fn no_steps_are_none() {
    let sql = sql();
    sql.migrate(&[]).unwrap();
    sql.migrate(&[]).unwrap();
    sql.migrate(STEPS).unwrap();
    assert_eq!(names(&sql), ["Ada"]);
}
