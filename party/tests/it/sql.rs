//! The room's own database: rows, parameters, transactions, and statements that the platform forbids.

use std::time::Duration;

use party::testing::TestRoom;
use party::{ConnectionId, Error, ErrorKind, Props, Result, Room, Rows, Server, Sql, Tag, Value};
use serde::{Deserialize, Serialize};

use crate::support::ROOM;

/// A room that is nothing but its database.
struct Bare;

impl Server for Bare {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn bare() -> Sql {
    TestRoom::<Bare>::new(ROOM).sql()
}

/// Returns a database with one table of one column without a type.
fn table() -> Sql {
    let sql = bare();
    sql.execute("CREATE TABLE kept (value)", ()).unwrap();
    sql
}

fn count(sql: &Sql) -> u32 {
    sql.query_one::<(u32,)>("SELECT count(*) FROM kept", ()).unwrap().0
}

/// Returns the error of a query.
fn fault(result: Result<impl Sized>) -> String {
    let error = result.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sql, "{error}");
    error.to_string()
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Player {
    name: String,
    points: u32,
    alive: bool,
    team: Option<String>,
    avatar: Vec<u8>,
    ratio: f64,
}

#[test]
fn rows_are_read_as_structs_and_what_was_written_comes_back() {
    let sql = bare();
    let columns = "name TEXT, points INTEGER, alive INTEGER, team TEXT, avatar BLOB, ratio REAL";
    sql.execute(&format!("CREATE TABLE players ({columns})"), ()).unwrap();
    let insert = "INSERT INTO players VALUES (?, ?, ?, ?, ?, ?)";
    sql.execute(insert, ("Zoë", 7, true, None::<&str>, vec![0, 255], 0.5)).unwrap();
    sql.execute(insert, ("Ada", u32::MAX, false, Some("red"), Vec::new(), 2.0)).unwrap();
    let players: Vec<Player> = sql.query("SELECT * FROM players ORDER BY points", ()).unwrap();
    let zoe =
        Player { name: "Zoë".into(), points: 7, alive: true, team: None, avatar: vec![0, 255], ratio: 0.5 };
    let ada = Player {
        name: "Ada".into(),
        points: u32::MAX,
        alive: false,
        team: Some("red".into()),
        avatar: vec![],
        ratio: 2.0,
    };
    assert_eq!(players, [zoe, ada]);
}

#[test]
fn rows_are_read_as_tuples_in_the_order_of_the_columns() {
    let rows: Vec<(i64, String)> = bare().query("VALUES (1, 'one'), (2, 'two')", ()).unwrap();
    assert_eq!(rows, [(1, "one".into()), (2, "two".into())]);
}

#[test]
fn every_kind_of_value_survives_a_column_without_a_type() {
    let values = [
        Value::Null,
        Value::Integer(-1),
        Value::Integer(i64::from(u32::MAX)),
        Value::Real(0.1),
        Value::Text("Zoë 🎉\0end".into()),
        Value::Text(String::new()),
        Value::Blob(vec![0, 1, 255]),
        Value::Blob(vec![]),
    ];
    for value in values {
        let sql = table();
        sql.execute("INSERT INTO kept VALUES (?)", (value.clone(),)).unwrap();
        let rows = sql.rows("SELECT value FROM kept", ()).unwrap();
        assert_eq!(rows.iter().next().unwrap().values(), [value]);
    }
}

#[test]
fn rows_tell_their_columns_and_can_be_read_one_by_one() {
    let rows: Rows = bare().rows("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'", ()).unwrap();
    assert_eq!(
        (rows.columns(), rows.len(), rows.is_empty()),
        (&["a".to_owned(), "b".to_owned()][..], 2, false)
    );
    let second: (u8, char) = rows.iter().nth(1).unwrap().read().unwrap();
    assert_eq!(second, (2, 'y'));
}

#[test]
fn query_opt_returns_none_or_one_and_refuses_two() {
    let sql = table();
    let one = |query: &str| sql.query_opt::<(u8,)>(query, ());
    assert_eq!(one("SELECT value FROM kept").unwrap(), None);
    assert_eq!(one("SELECT 1").unwrap(), Some((1,)));
    assert!(fault(one("VALUES (1), (2)")).contains("at most one row, got 2"));
}

#[test]
fn query_one_requires_exactly_one_row() {
    let sql = table();
    let one = |query: &str| sql.query_one::<(u8,)>(query, ());
    assert!(fault(one("SELECT value FROM kept")).contains("expected one row, got none"));
    assert_eq!(one("SELECT 1").unwrap(), (1,));
    assert!(fault(one("VALUES (1), (2)")).contains("at most one row, got 2"));
}

#[test]
fn execute_counted_returns_how_many_rows_were_changed() {
    let sql = bare();
    sql.execute("CREATE TABLE kept (value UNIQUE, other); CREATE INDEX others ON kept (other)", ()).unwrap();
    let counted = |query: &str| sql.execute_counted(query, ()).unwrap();
    assert_eq!(counted("INSERT INTO kept VALUES (1, 1), (2, 1), (3, 2)"), 3);
    assert_eq!(counted("INSERT OR IGNORE INTO kept VALUES (1, 5)"), 0);
    assert_eq!(counted("UPDATE kept SET other = 7 WHERE other = 1"), 2);
    assert_eq!(counted("SELECT * FROM kept"), 0);
    assert_eq!(counted("CREATE TABLE more (x)"), 0);
    assert_eq!(sql.execute_counted("DELETE FROM kept WHERE value > ?", (1,)).unwrap(), 2);
}

#[test]
fn a_parameter_is_stored_exactly_or_refused() {
    let sql = bare();
    let stored = |params: (u64, usize, Duration, Option<u64>, Option<&str>)| {
        sql.query_one::<(u64, u64, u64, Option<u64>, Option<String>)>(
            "SELECT CAST(?1 AS INTEGER), CAST(?2 AS INTEGER), CAST(?3 AS INTEGER), CAST(?4 AS INTEGER), ?5",
            params,
        )
    };
    let last = 9_007_199_254_740_991;
    let read = stored((last, 7, Duration::from_millis(1_500), None, Some("x"))).unwrap();
    assert_eq!(read, (last, 7, 1_500, None, Some("x".to_owned())));
    assert!(fault(stored((last + 1, 0, Duration::ZERO, None, None))).contains("2^53 or beyond"));
    assert!(fault(stored((u64::MAX, 0, Duration::ZERO, None, None))).contains("2^53 or beyond"));
    assert!(fault(stored((0, usize::MAX, Duration::ZERO, None, None))).contains("2^53 or beyond"));
    assert!(fault(stored((0, 0, Duration::MAX, None, None))).contains("2^53 or beyond"));
    assert!(fault(stored((0, 0, Duration::ZERO, Some(u64::MAX), None))).contains("2^53 or beyond"));
}

#[test]
fn names_can_be_parameters() {
    let (tag, id) = (Tag::new("red").unwrap(), ConnectionId::new("ada").unwrap());
    let read: (String, String) = bare().query_one("SELECT ?, ?", (&tag, &id)).unwrap();
    assert_eq!(read, ("red".to_owned(), "ada".to_owned()));
}

#[test]
fn values_can_be_parameters_however_many_there_are() {
    let values = vec![Value::Integer(7), Value::Text("x".into())];
    assert_eq!(bare().query_one::<(i64, String)>("SELECT ?, ?", values).unwrap(), (7, "x".to_owned()));
    let inexact = vec![Value::Integer(i64::MAX)];
    assert!(fault(bare().query_one::<(i64,)>("SELECT ?", inexact)).contains("2^53 or beyond"));
}

#[test]
fn as_many_parameters_as_question_marks_or_an_error() {
    let sql = table();
    assert!(fault(sql.execute("INSERT INTO kept VALUES (?)", ())).contains("1 parameters, 0 were given"));
    let two = sql.execute("INSERT INTO kept VALUES (?)", (1, 2));
    assert!(fault(two).contains("1 parameters, 2 were given"));
    let none = sql.execute("INSERT INTO kept VALUES (1)", (1,));
    assert!(fault(none).contains("0 parameters, 1 were given"));
    assert_eq!(count(&sql), 0);
}

#[test]
fn a_parameter_is_never_read_as_sql() {
    let sql = table();
    let nasty = "'); DROP TABLE kept; --";
    sql.execute("INSERT INTO kept VALUES (?)", (nasty,)).unwrap();
    assert_eq!(sql.query::<(String,)>("SELECT value FROM kept", ()).unwrap(), [(nasty.to_owned(),)]);
}

#[test]
fn an_integer_that_would_be_rounded_is_refused_on_its_way_in() {
    let sql = table();
    for number in [9_007_199_254_740_993, -9_007_199_254_740_993, i64::MAX, i64::MIN] {
        let text = fault(sql.execute("INSERT INTO kept VALUES (?)", (number,)));
        assert!(text.contains("2^53 or beyond"), "{text}");
    }
    // It could be stored, and never be read again.
    for number in [9_007_199_254_740_992.0, -1e16, 9e18] {
        let text = fault(sql.execute("INSERT INTO kept VALUES (?)", (number,)));
        assert!(text.contains("2^53 or beyond"), "{text}");
    }
    assert!(fault(sql.execute("INSERT INTO kept VALUES (?)", (f64::NAN,))).contains("NaN"));
    assert!(fault(sql.execute("INSERT INTO kept VALUES (?)", (f64::INFINITY,))).contains("inf"));
    assert_eq!(count(&sql), 0);
}

#[test]
fn an_integer_that_was_rounded_is_refused_on_its_way_out() {
    for number in ["9007199254740993", "-9007199254740993", "9007199254740995", "9223372036854775000"] {
        let text = fault(bare().rows(&format!("SELECT {number}"), ()));
        assert!(text.contains("2^53 or beyond"), "{text}");
        let text: Option<(String,)> =
            bare().query_opt(&format!("SELECT CAST({number} AS TEXT)"), ()).unwrap();
        assert_eq!(text.unwrap().0, number);
    }
}

#[test]
fn the_largest_integers_that_are_exact_go_both_ways() {
    let sql = table();
    for number in [9_007_199_254_740_991_i64, -9_007_199_254_740_991] {
        let row: Option<(i64,)> =
            sql.query_opt("INSERT INTO kept VALUES (?) RETURNING value", (number,)).unwrap();
        assert_eq!(row, Some((number,)));
    }
}

#[test]
fn several_statements_run_in_order_and_may_need_each_other() {
    let sql = bare();
    let query = "CREATE TABLE a (x); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN y; -- and then
        INSERT INTO a VALUES (2, ?);";
    sql.execute(query, ("two",)).unwrap();
    let rows: Vec<(u8, Option<String>)> = sql.query("SELECT * FROM a", ()).unwrap();
    assert_eq!(rows, [(1, None), (2, Some("two".into()))]);
}

#[test]
fn of_several_statements_the_last_one_gives_the_rows() {
    let sql = table();
    let rows: Vec<(u8,)> = sql.query("INSERT INTO kept VALUES (7); SELECT value FROM kept", ()).unwrap();
    assert_eq!(rows, [(7,)]);
}

#[test]
fn of_several_statements_only_the_last_one_can_have_parameters() {
    let sql = table();
    fault(sql.execute("INSERT INTO kept VALUES (?); SELECT 1", (1,)));
    fault(sql.execute("INSERT INTO kept VALUES (?); SELECT ?", (1,)));
    assert_eq!(count(&sql), 0);
}

#[test]
fn a_statement_sees_the_columns_that_the_one_before_it_has_added() {
    let rows =
        table().rows("INSERT INTO kept VALUES (1); ALTER TABLE kept ADD COLUMN more; SELECT * FROM kept", ());
    assert_eq!(rows.unwrap().columns(), ["value", "more"]);
}

#[test]
fn a_query_without_a_statement_and_one_that_is_no_sql_are_errors() {
    for query in ["", "  ", "-- nothing", "SELEKT 1", "SELECT * FROM nowhere"] {
        fault(bare().execute(query, ()));
    }
}

#[test]
fn statements_that_the_platform_forbids_are_refused() {
    let forbidden = [
        "BEGIN",
        "BEGIN IMMEDIATE TRANSACTION",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT mine",
        "RELEASE party_0",
        "ATTACH DATABASE ':memory:' AS other",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 1",
    ];
    for statement in forbidden {
        let sql = table();
        let text = fault(sql.execute(statement, ()));
        assert!(!text.is_empty(), "{statement}");
        let inside = sql.transaction(|| {
            sql.execute("INSERT INTO kept VALUES (1)", ())?;
            sql.execute(statement, ())
        });
        fault(inside);
        assert_eq!(count(&sql), 0, "{statement}");
    }
}

#[test]
fn the_schema_can_be_asked_for() {
    let columns: Vec<(String,)> = table().query("SELECT name FROM pragma_table_info('kept')", ()).unwrap();
    assert_eq!(columns, [("value".to_owned(),)]);
    assert_eq!(table().rows("PRAGMA table_info(kept)", ()).unwrap().len(), 1);
}

#[test]
fn foreign_keys_hold() {
    let sql = bare();
    sql.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)", ()).unwrap();
    sql.execute("CREATE TABLE b (a INTEGER REFERENCES a (id))", ()).unwrap();
    fault(sql.execute("INSERT INTO b VALUES (1)", ()));
}

#[test]
fn a_transaction_that_succeeds_stays_and_gives_its_value() {
    let sql = table();
    let value = sql.transaction(|| {
        sql.execute("INSERT INTO kept VALUES (1)", ())?;
        Ok("done")
    });
    assert_eq!((value.unwrap(), count(&sql)), ("done", 1));
}

#[test]
fn a_transaction_that_fails_is_undone_and_gives_its_error() {
    let sql = table();
    let failed: Result<()> = sql.transaction(|| {
        sql.execute("INSERT INTO kept VALUES (1)", ())?;
        sql.execute("CREATE TABLE other (x)", ())?;
        Err(Error::other("no"))
    });
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Other, "no"));
    assert_eq!(count(&sql), 0);
    fault(sql.execute("SELECT * FROM other", ()));
}

#[test]
fn a_statement_that_fails_undoes_its_transaction() {
    let sql = bare();
    sql.execute("CREATE TABLE kept (value UNIQUE)", ()).unwrap();
    let failed = sql.transaction(|| {
        sql.execute("INSERT INTO kept VALUES (1)", ())?;
        sql.execute("INSERT INTO kept VALUES (1)", ())
    });
    fault(failed);
    assert_eq!(count(&sql), 0);
}

#[test]
fn a_transaction_inside_another_is_undone_on_its_own() {
    let sql = table();
    let insert = |value: u32| sql.execute("INSERT INTO kept VALUES (?)", (value,));
    let outer = sql.transaction(|| {
        insert(1)?;
        let inner: Result<()> = sql.transaction(|| {
            insert(2)?;
            sql.transaction(|| insert(3))?;
            Err(Error::other("no"))
        });
        assert!(inner.is_err());
        sql.transaction(|| insert(4))
    });
    outer.unwrap();
    assert_eq!(sql.query::<(u32,)>("SELECT value FROM kept", ()).unwrap(), [(1,), (4,)]);
    let outer: Result<()> = sql.transaction(|| {
        sql.transaction(|| insert(5))?;
        Err(Error::other("no"))
    });
    assert!(outer.is_err());
    assert_eq!(count(&sql), 2);
}

#[test]
fn each_room_has_a_database_of_its_own() {
    let sql = table();
    fault(bare().execute("SELECT * FROM kept", ()));
    assert_eq!(count(&sql), 0);
}

#[test]
fn a_statement_that_returns_rows_and_writes_must_be_the_last_of_its_query() {
    // The platform would leave it open, and could commit nothing that the room has written.
    let sql = table();
    let query = "INSERT INTO kept VALUES (1) RETURNING value; SELECT 1";
    assert!(fault(sql.execute(query, ())).contains("must be the last"));
    assert_eq!(count(&sql), 0);
    sql.execute("SELECT 1; INSERT INTO kept VALUES (1) RETURNING value", ()).unwrap();
    assert_eq!(count(&sql), 1);
}

#[test]
fn a_text_has_at_most_2_mb() {
    // That is promised; a local workerd lets through more, and so it cannot be a script.
    let sql = bare();
    assert!(sql.rows("SELECT zeroblob(2000000)", ()).is_ok());
    fault(sql.rows("SELECT zeroblob(2000001)", ()));
    fault(sql.rows("SELECT ?", ("x".repeat(2_000_001),)));
}
