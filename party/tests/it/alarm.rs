//! The one alarm of a room, on virtual time.

use std::time::Duration;

use party::testing::TestRoom;
use party::{Connection, Error, Message, Props, Result, Room, Server, Timestamp};

use crate::support::{Door, ROOM, door, told};

/// Obeys a word about its alarm, and tells when it rings.
struct Clock;

impl Server for Clock {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().execute("CREATE TABLE IF NOT EXISTS faults (left INTEGER)", ())?;
        room.log("start");
        room.sql()
            .query_opt::<(u32,)>("SELECT 1 FROM sqlite_schema WHERE name = 'stuck'", ())?
            .map_or(Ok(Self), |_| Err(Error::other("the room is stuck")))
    }

    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        let text = message.as_text().unwrap_or_default();
        match text.split_once(' ').unwrap_or((text, "")) {
            ("after", seconds) => {
                room.alarm().set_after(Duration::from_secs(seconds.parse().map_err(Error::other)?))?;
            }
            ("past", _) => room.alarm().set_at(Timestamp::UNIX_EPOCH)?,
            ("undone", _) => {
                let undone: Result<()> = room.sql().transaction(|| {
                    room.alarm().set_after(Duration::from_secs(60))?;
                    Err(Error::other("no"))
                });
                assert!(undone.is_err());
            }
            ("clear", _) => room.alarm().clear()?,
            _ => {}
        }
        room.log(&format!("due {}", due(room).await?));
        Ok(())
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.log(&format!("ring at {}, due {}", seconds(room.now()), due(room).await?));
        room.broadcast("ring").send();
        door(room).await;
        let left: Option<(i64,)> =
            room.sql().query_opt("UPDATE faults SET left = left - 1 WHERE left > 0 RETURNING left", ())?;
        match left {
            Some(_) => Err(Error::other("db-7 is down")),
            None => Ok(()),
        }
    }
}

/// Seconds since the virtual clock started, 2026-01-01.
fn seconds(moment: Timestamp) -> u64 {
    moment.since(Timestamp::from_millis(1_767_225_600_000)).as_secs()
}

async fn due(room: &Room) -> Result<String> {
    Ok(room.alarm().due().await?.map_or_else(|| "never".into(), |at| seconds(at).to_string()))
}

/// Returns a room that has received these words and has sent its answers.
fn after(words: &[&str]) -> TestRoom<Clock> {
    let room = TestRoom::new(ROOM);
    let ada = room.connect("ada");
    words.iter().for_each(|word| ada.send(*word));
    told(&room);
    room
}

fn pass(room: &TestRoom<Clock>, seconds: u64) -> Vec<String> {
    room.advance(Duration::from_secs(seconds));
    told(room).into_iter().filter(|line| !line.contains("failed")).collect()
}

fn break_alarm(room: &TestRoom<Clock>, times: i32) {
    room.sql().execute("INSERT INTO faults VALUES (?)", (times,)).unwrap();
}

#[test]
fn an_alarm_rings_at_its_moment_and_once() {
    let room = after(&["after 60"]);
    assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(60)));
    assert!(pass(&room, 59).is_empty());
    assert_eq!(pass(&room, 1), ["ring at 60, due never"]);
    assert!(pass(&room, 3600).is_empty());
    assert_eq!(room.alarm(), None);
}

#[test]
fn the_clock_stands_at_the_alarms_moment_while_it_rings_however_far_time_has_passed() {
    let room = after(&["after 60"]);
    assert_eq!(pass(&room, 3600), ["ring at 60, due never"]);
    assert_eq!(seconds(room.now()), 3600);
}

#[test]
fn an_alarm_that_is_set_again_is_moved() {
    let room = after(&["after 60", "after 120"]);
    assert!(pass(&room, 119).is_empty());
    assert_eq!(pass(&room, 1), ["ring at 120, due never"]);
    let room = after(&["after 60", "after 30"]);
    assert_eq!(pass(&room, 60), ["ring at 30, due never"]);
}

#[test]
fn an_alarm_can_be_asked_for_and_taken_back() {
    let room = TestRoom::<Clock>::new(ROOM);
    let ada = room.connect("ada");
    ["look", "after 60", "clear", "clear"].iter().for_each(|word| ada.send(*word));
    assert_eq!(told(&room), ["start", "due never", "due 60", "due never", "due never"]);
    assert!(pass(&room, 3600).is_empty());
}

#[test]
fn an_alarm_in_the_past_rings_at_once() {
    let room = after(&["past"]);
    room.advance(Duration::ZERO);
    assert_eq!(told(&room), ["ring at 0, due never"]);
}

#[test]
fn an_alarm_wakes_a_room_that_sleeps_or_has_crashed_and_starts_it_first() {
    let room = after(&["after 60"]);
    room.evict();
    assert_eq!(pass(&room, 60), ["start", "ring at 60, due never"]);
    let room = after(&["after 60"]);
    room.crash();
    assert_eq!(pass(&room, 60), ["start", "ring at 60, due never"]);
}

#[test]
fn an_alarm_reaches_those_who_stayed_while_the_room_slept() {
    let room = TestRoom::<Clock>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("after 60");
    room.evict();
    pass(&room, 60);
    assert_eq!(ada.receive_text(), "ring");
}

#[test]
fn an_alarm_that_fails_is_logged_and_tried_again_until_it_succeeds() {
    let room = after(&["after 60"]);
    break_alarm(&room, 2);
    room.advance(Duration::from_secs(60));
    let errors = room.errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("on_alarm") && errors[0].contains("db-7 is down"), "{errors:?}");
    told(&room);
    assert_eq!(pass(&room, 3600), ["ring at 62, due never", "ring at 66, due never"]);
    assert!(pass(&room, 3600).is_empty());
}

#[test]
fn an_alarm_that_has_failed_is_due_when_the_platform_tries_it_again() {
    let room = TestRoom::<Clock>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("after 60");
    break_alarm(&room, 1);
    room.advance(Duration::from_secs(60));
    told(&room);
    ada.send("look");
    assert_eq!(told(&room), ["due 62"]);
}

#[test]
fn an_alarm_that_keeps_failing_is_tried_six_times_more_after_growing_pauses() {
    let room = after(&["after 60"]);
    break_alarm(&room, 100);
    let at = [60, 62, 66, 74, 90, 122, 186];
    assert_eq!(pass(&room, 86_400), at.map(|at| format!("ring at {at}, due never")));
    assert_eq!(room.alarm(), None);
}

#[test]
fn an_alarm_that_is_due_while_another_is_under_way_rings_after_it() {
    let room = TestRoom::<Clock>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("after 1");
    let shut = Door::shut();
    room.advance(Duration::from_secs(1));
    ada.send("after 2");
    told(&room);
    room.advance(Duration::from_secs(5));
    assert_eq!(told(&room), Vec::<String>::new());
    shut.open(&room);
    assert_eq!(told(&room), ["ring at 6, due never"]);
}

#[test]
fn an_alarm_during_which_the_room_is_lost_rings_again() {
    let room = after(&["after 60"]);
    let door = Door::shut();
    assert_eq!(pass(&room, 60), ["ring at 60, due never"]);
    room.crash();
    drop(door);
    assert_eq!(pass(&room, 3600), ["start", "ring at 62, due never"]);
}

#[test]
fn a_new_alarm_after_one_that_was_given_up_is_tried_as_often() {
    let room = TestRoom::<Clock>::new(ROOM);
    let ada = room.connect("ada");
    break_alarm(&room, 100);
    for _ in 0..2 {
        ada.send("after 60");
        told(&room);
        assert_eq!(pass(&room, 86_400).len(), 7);
    }
}

#[test]
fn a_room_that_cannot_start_for_its_alarm_tries_again_too() {
    let room = after(&["after 60"]);
    room.sql().execute("CREATE TABLE stuck (x)", ()).unwrap();
    room.evict();
    assert_eq!(pass(&room, 60), ["start"]);
    room.sql().execute("DROP TABLE stuck", ()).unwrap();
    assert_eq!(pass(&room, 60), ["start", "ring at 62, due never"]);
}

/// Rings every minute, three times.
struct Ticker;

impl Server for Ticker {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(&["CREATE TABLE ticks (at INTEGER)"])?;
        if room.alarm().due().await?.is_none() {
            room.alarm().set_after(Duration::from_secs(60))?;
        }
        Ok(Self)
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.sql().execute("INSERT INTO ticks VALUES (?)", (room.now(),))?;
        let ticks: Option<(u32,)> = room.sql().query_opt("SELECT count(*) FROM ticks", ())?;
        if ticks < Some((3,)) {
            room.alarm().set_after(Duration::from_secs(60))?;
        }
        Ok(())
    }
}

#[test]
fn an_alarm_that_sets_itself_again_rings_again() {
    let room = TestRoom::<Ticker>::new(ROOM);
    room.get("");
    let start = room.now();
    room.advance(Duration::from_secs(150));
    assert_eq!(room.sql().rows("SELECT * FROM ticks", ()).unwrap().len(), 2);
    room.advance(Duration::from_secs(3600));
    let ticks: Vec<(Timestamp,)> = room.sql().query("SELECT at FROM ticks", ()).unwrap();
    assert_eq!(ticks, [60, 120, 180].map(|after| (start + Duration::from_secs(after),)));
}

#[test]
fn an_alarm_that_was_set_in_a_transaction_is_undone_with_it() {
    let room = after(&["after 30", "undone"]);
    assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(30)));
    let room = after(&["undone", "after 60"]);
    assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(60)));
}

/// Sets its alarm at each start, and sends its time when it fires.
struct Early;

impl Server for Early {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.alarm().set_after(Duration::from_secs(60))?;
        Ok(Self)
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.log(&format!("due {}", due(room).await?));
        Ok(())
    }
}

#[test]
fn an_alarm_that_wakes_the_room_leaves_the_one_that_the_start_has_set() {
    let room = TestRoom::<Early>::new(ROOM);
    room.get("");
    room.evict();
    room.advance(Duration::from_secs(60));
    assert_eq!(told(&room), ["due 120"]);
    assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(60)));
    room.advance(Duration::from_secs(60));
    assert_eq!(told(&room), ["due never"]);
    assert_eq!(room.alarm(), None);
}

#[test]
fn a_room_that_cannot_start_for_the_last_try_of_its_alarm_tries_again_a_minute_later() {
    let room = after(&["after 60"]);
    room.sql().execute("CREATE TABLE stuck (x)", ()).unwrap();
    room.evict();
    // Its last try but one is the sixth, at 122 seconds.
    room.advance(Duration::from_secs(122));
    assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(60)));
}
