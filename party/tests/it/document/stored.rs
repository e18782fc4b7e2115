//! What is stored, and what becomes of it.

use std::time::Duration;

use party::testing::TestRoom;

use super::client::Client;
use super::{Notes, room, settle, text};

/// Returns the number of rows: those of the base, and those of the updates.
fn rows(room: &TestRoom<Notes>) -> (u64, u64) {
    let count = |table: &str| {
        room.sql()
            .query_one::<(u64,)>(&format!("SELECT count(*) FROM {table}"), ())
            .map_or(0, |(count,)| count)
    };
    (count("party_document_base"), count("party_document_updates"))
}

#[test]
fn a_room_without_changes_has_no_tables() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.say("{}");
    assert_eq!(text(&room), "");
    let tables =
        room.sql().rows("SELECT 1 FROM sqlite_schema WHERE name LIKE 'party_document%'", ()).unwrap();
    assert_eq!(tables.len(), 0);
}

#[test]
fn a_change_that_others_have_seen_is_there_after_a_crash() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for n in 0..50 {
        ada.push(&format!("{n} "));
        bob.hear();
    }
    let seen = bob.text();
    room.crash();
    let cleo = Client::joined(&room, 3);
    assert_eq!((text(&room), cleo.text()), (seen.clone(), seen));
}

#[test]
fn many_updates_become_one_and_a_wake_reads_few_rows() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    let mut most = 0;
    for n in 0..2_000 {
        if n % 300 == 0 {
            room.advance(Duration::from_secs(10));
        }
        ada.insert(0, "x");
        most = most.max(rows(&room).1);
    }
    settle(&mut [&mut ada, &mut bob]);
    assert!(most <= 256, "{most} rows");
    assert_eq!((text(&room).len(), bob.text().len()), (2_000, 2_000));
    room.evict();
    assert_eq!(Client::joined(&room, 3).text().len(), 2_000);
    // Each change is a row, and its end another one.
    assert!(rows(&room).0 == 1, "{:?}", rows(&room));
}

#[test]
fn a_large_document_is_not_written_again_for_a_few_changes() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    for _ in 0..2 {
        ada.push(&"x".repeat(90_000));
        for n in 0..300 {
            if n % 100 == 0 {
                room.advance(Duration::from_secs(10));
            }
            ada.push("y");
        }
    }
    let base = || -> Vec<u8> {
        let rows = room.sql().rows("SELECT hex(data) AS data FROM party_document_base", ()).unwrap();
        rows.iter().flat_map(|row| format!("{:?}", row.values()).into_bytes()).collect()
    };
    let before = base();
    for n in 0..1_000 {
        if n % 100 == 0 {
            room.advance(Duration::from_secs(10));
        }
        ada.push("z");
    }
    assert!(base() == before, "the base was written again");
    assert!(rows(&room).1 <= 256, "{:?}", rows(&room));
    room.evict();
    assert_eq!(text(&room), ada.text());
}

#[test]
fn a_text_that_is_deleted_takes_no_place_in_the_end() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    for _ in 0..10 {
        room.advance(Duration::from_secs(10));
        ada.push(&"x".repeat(90_000));
        ada.remove(0, 90_000);
    }
    assert_eq!(text(&room), "");
    let (bytes,): (u64,) = room
        .sql()
        .query_one(
            "SELECT (SELECT coalesce(sum(length(data)), 0) FROM party_document_base)
                + (SELECT coalesce(sum(length(data)), 0) FROM party_document_updates)",
            (),
        )
        .unwrap();
    assert!(bytes <= 300_000, "{bytes} bytes");
}

#[test]
fn a_database_that_refuses_a_change_closes_its_author_and_nobody_sees_it() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    ada.push("milk ");
    settle(&mut [&mut ada, &mut bob]);
    room.fill_disk(true);
    ada.push("eggs ");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(ada.socket().closed().unwrap().code, 1011);
    assert_eq!((bob.text(), bob.is_connected()), ("milk ".to_owned(), true));
    assert_eq!(room.errors().len(), 1, "{:?}", room.errors());
    room.fill_disk(false);
    ada.connect(&room);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((text(&room), bob.text()), ("milk eggs ".to_owned(), "milk eggs ".to_owned()));
}

#[test]
fn a_database_that_refuses_to_make_one_of_many_updates_loses_nothing() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for n in 0..255 {
        if n % 100 == 0 {
            room.advance(Duration::from_secs(10));
        }
        ada.push("x");
    }
    room.sql()
        .execute(
            "CREATE TRIGGER no BEFORE DELETE ON party_document_updates BEGIN SELECT raise(ABORT, 'no'); END",
            (),
        )
        .unwrap();
    ada.push("y");
    settle(&mut [&mut ada, &mut bob]);
    assert!(bob.text().ends_with('y'), "it was stored and sent");
    assert!(ada.is_connected(), "{:?}", ada.denied);
    assert!(!room.errors().is_empty());
    room.sql().execute("DROP TRIGGER no", ()).unwrap();
    room.evict();
    ada.push("z");
    assert_eq!(text(&room), ada.text());
    assert_eq!(rows(&room), (1, 0));
}

#[test]
fn rows_of_bytes_that_nobody_can_read_leave_the_rest() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk");
    room.sql()
        .execute("INSERT INTO party_document_updates (id, goes_on, data) VALUES (77, 0, x'ffffff')", ())
        .unwrap();
    room.evict();
    assert_eq!(text(&room), "milk");
    ada.push(" tea");
    assert_eq!(text(&room), "milk tea");
    assert!(!room.errors().is_empty());
}
