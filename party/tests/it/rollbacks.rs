//! Open rooms through migrations that fail, rollbacks of the worker, and restores of the database.

use std::time::Duration;

use party::parts::jobs::{Job, Jobs, When};
use party::testing::TestRoom;
use party::{Connection, Message, Props, Result, Room, Server};

use crate::channel::board::{Mode, join, room, texts};
use crate::support::ROOM;

/// A build of an app that notes what it is sent; `BUILD` says which steps it knows.
struct Notes<const BUILD: usize>(Jobs);

const STEPS: &[&[&str]] = &[
    &["CREATE TABLE notes (text TEXT)"],
    // This one fails half-way.
    &[
        "CREATE TABLE notes (text TEXT)",
        "ALTER TABLE notes ADD COLUMN by TEXT; INSERT INTO nowhere VALUES (1)",
    ],
    &["CREATE TABLE notes (text TEXT)", "ALTER TABLE notes ADD COLUMN by TEXT"],
];

impl<const BUILD: usize> Server for Notes<BUILD> {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(STEPS.get(BUILD).unwrap())?;
        Ok(Self(Jobs::open(room)?))
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let text = message.as_text().unwrap_or_default();
        room.sql().execute("INSERT INTO notes (text) VALUES (?)", (text,))?;
        self.0.set("remind", text, When::after(Duration::from_secs(60)), &())?;
        let (count,): (u32,) = room.sql().query_one("SELECT count(*) FROM notes", ())?;
        from.send(count.to_string());
        Ok(())
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        self.0
            .run(async |job: &Job| {
                room.broadcast(job.key()).send();
                Ok(())
            })
            .await
    }
}

#[test]
fn a_migration_that_fails_half_way_changes_nothing_and_the_next_build_goes_on_with_the_same_connections() {
    let room = TestRoom::<Notes<0>>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("one");
    assert_eq!(ada.receive_text(), "1");
    let room = room.deploy::<Notes<1>>();
    ada.send("two");
    assert!(ada.is_open() && ada.receive_text().contains(r#""code":"internal""#));
    let columns = room.sql().rows("SELECT * FROM pragma_table_info('notes')", ()).unwrap().len();
    assert_eq!(columns, 1, "the step is undone as a whole");
    // Longer than the platform tries an alarm again.
    room.advance(Duration::from_secs(600));
    let room = room.deploy::<Notes<2>>();
    room.advance(Duration::from_secs(60));
    assert_eq!(ada.receive_text(), "one", "the job that fell due meanwhile");
    ada.send("three");
    assert_eq!(ada.receive_text(), "2");
}

#[test]
fn a_worker_that_is_older_than_the_database_writes_nothing_until_the_newer_one_is_back() {
    let room = TestRoom::<Notes<2>>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("one");
    assert_eq!(ada.receive_text(), "1");
    let stored = |room: &TestRoom<Notes<0>>| {
        serde_json::to_value(room.snapshot().unwrap()).unwrap()["database"].clone()
    };
    let room = room.deploy::<Notes<0>>();
    let before = stored(&room);
    ada.send("two");
    assert!(ada.is_open() && ada.receive_text().contains(r#""code":"internal""#));
    assert!(room.errors().iter().any(|line| line.contains("it is older")));
    // The job falls due, and waits.
    room.advance(Duration::from_secs(90));
    assert!(ada.is_open() && ada.received().is_empty());
    assert_eq!(stored(&room), before);
    let room = room.deploy::<Notes<2>>();
    ada.send("three");
    assert_eq!(ada.receive_text(), "2");
    room.advance(Duration::from_secs(60));
    assert_eq!(ada.receive_text(), "one");
}

#[test]
fn clients_of_a_database_that_is_set_back_start_again_and_end_with_the_same_log() {
    for (before, after) in [(0, 1), (1, 3), (5, 2), (40, 12)] {
        let room = room(Mode::Plain);
        let (mut ada, mut bob, mut cy) = (join(&room, "ada"), join(&room, "bob"), join(&room, "cy"));
        (0..before).for_each(|number| drop(ada.append(format!("kept {number}"))));
        cy.vanish();
        let snapshot = room.snapshot().unwrap();
        (0..after).for_each(|number| drop(bob.append(format!("lost {number}"))));
        [&mut ada, &mut bob].into_iter().for_each(|member| member.read());
        room.restore(&snapshot).unwrap();
        assert!(
            !ada.is_connected() && !bob.is_connected(),
            "as the platform, which restores by ending the object"
        );
        room.advance(Duration::from_secs(5));
        ada.join(&room);
        // New entries have the numbers of the lost ones.
        (0..after).for_each(|number| drop(ada.append(format!("new {number}"))));
        bob.join(&room);
        cy.join(&room);
        ada.append("last".into());
        let all = texts(&mut ada);
        assert!(!all.iter().any(|text| text.starts_with("lost")), "{before} {after}");
        for member in [&mut bob, &mut cy] {
            let seen = texts(member);
            assert!(
                all.ends_with(&seen) && seen.last().is_some_and(|text| text == "last"),
                "{before} {after}"
            );
        }
        assert!(room.errors().is_empty(), "{:?}", room.errors());
    }
}
