//! Jobs of a room whose starts, or whose runs, fail for a while.

use std::time::Duration;

use super::{ALWAYS, EPOCH, Play, seconds, told};
use crate::support::Door;

/// The longest that a job may be late once the room works again.
const LATE: u64 = 62;

#[test]
fn a_job_that_falls_due_while_starts_fail_runs_within_a_minute_of_their_end() {
    for failing in [140, 200, 300, 3_600, 86_400] {
        let play = Play::new(&["after 10 a"]);
        play.stick(true);
        play.room.evict();
        play.pass(10 + failing);
        play.stick(false);
        let told = play.pass(LATE);
        assert!(told.iter().any(|line| line.starts_with("do a at")), "{failing}: {told:?}");
        assert_eq!((play.alarm(), play.rows()), (None, 0));
    }
}

#[test]
fn every_job_runs_whenever_starts_fail_and_the_room_is_lost() {
    for seed in 0..300 {
        let mut chance = Chance(seed);
        let play = Play::new(&[]);
        for number in 0..8 {
            play.say(&[&format!("after {} n{number}", chance.below(900))]);
        }
        let mut ran = Vec::new();
        for _ in 0..6 {
            play.stick(chance.below(2) == 0);
            match chance.below(4) {
                0 => play.room.crash(),
                1 => drop(play.room.get("")),
                _ => play.room.evict(),
            }
            ran.extend(play.pass(chance.below(300)));
        }
        play.stick(false);
        let due = 900_u64.saturating_sub(seconds(play.room.now()));
        ran.extend(play.pass(due + LATE));
        for number in 0..8 {
            let name = format!("do n{number} at");
            assert!(ran.iter().any(|line| line.starts_with(&name)), "seed {seed}, {name}: {ran:#?}");
        }
        assert_eq!(play.rows(), 0, "seed {seed}");
    }
}

#[test]
fn an_alarm_that_the_platform_has_given_up_is_set_again_when_the_room_starts() {
    for lost_for in [1, 250, 3_600] {
        let play = Play::new(&["after 10 a"]);
        play.room.evict();
        play.room.sql().execute("CREATE TABLE slow (x)", ()).unwrap();
        let shut = Door::shut();
        // Each attempt at the alarm ends with the room's memory, so that nothing can set the alarm again.
        for _ in 0..199 {
            play.pass(1);
            play.room.evict();
        }
        assert_eq!(play.alarm(), None, "the platform has given it up");
        play.pass(lost_for);
        drop(shut);
        play.room.get("");
        assert_eq!(play.pass(0), [format!("do a at {}, attempt 1", 199 + lost_for)]);
    }
}

#[test]
fn a_start_for_the_alarm_does_not_set_it_for_what_it_is_about_to_run() {
    let play = Play::new(&["after 10 waits"]);
    let shut = Door::shut();
    play.room.evict();
    play.pass(10);
    assert_eq!(play.alarm(), None);
    shut.open(&play.room);
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_run_that_the_database_refuses_rings_again_until_it_succeeds() {
    let play = Play::new(&["after 10 a"]);
    play.room.sql().execute("ALTER TABLE party_jobs RENAME TO away", ()).unwrap();
    play.room.advance(Duration::from_secs(3_600));
    assert!(play.room.errors().iter().any(|line| line.contains("no such table: party_jobs")));
    play.room.sql().execute("ALTER TABLE away RENAME TO party_jobs", ()).unwrap();
    let told = play.pass(LATE);
    assert!(told.iter().any(|line| line.starts_with("do a at")), "{told:?}");
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_delay_that_is_set_at_every_start_unless_it_is_there_ends_in_a_room_that_sleeps() {
    let play = Play::new(&["after 1 wake"]);
    play.room.sql().execute("CREATE TABLE tidies (x)", ()).unwrap();
    let mut ran = Vec::new();
    // The room is woken every half a minute and sleeps in between; its delay is a minute.
    for number in 0..10 {
        play.say(&[&format!("after 30 wake{number}")]);
        play.room.evict();
        ran.extend(play.pass(30));
    }
    let tidied: Vec<_> = ran.iter().filter(|line| line.starts_with(&format!("do {ALWAYS}"))).collect();
    assert!(tidied.len() >= 3, "{ran:#?}");
}

#[test]
fn a_job_that_is_there_is_left_as_it_is_by_setting_it_unless_it_is_there() {
    let play =
        Play::new(&["absent 10 says \"first\"", "absent 5 says \"second\"", "absent 5 x 1", "due says"]);
    assert_eq!(play.told(), ["true", "false", "true", "10"]);
    assert_eq!(play.pass(60), ["do x at 5, attempt 1", "do says at 10, attempt 1", r#"payload "\"first\"""#]);
    play.say(&["absent 10 says \"third\""]);
    assert_eq!(play.told(), ["true"]);
}

#[test]
fn an_alarm_known_to_be_lost_is_set_again_for_a_job_of_its_moment() {
    // The room stays in memory while the platform loses its alarm.
    let play = Play::new(&["after 10 a"]);
    let alarm = play.room.alarm();
    play.room.lose_alarm();
    play.pass(400);
    play.say(&["after 1 b"]);
    assert_eq!(alarm, Some(EPOCH + Duration::from_secs(10)));
    assert_eq!(play.pass(1), ["do a at 400, attempt 1", "do b at 401, attempt 1"]);
    let _rest = told(&play.room);
}

#[test]
fn an_alarm_that_is_late_by_five_minutes_is_not_taken_for_lost() {
    let play = Play::new(&["after 10 a"]);
    play.room.lose_alarm();
    play.pass(310);
    play.say(&["after 1 b"]);
    assert_eq!(play.alarm(), None);
    play.room.advance(Duration::from_millis(1));
    play.say(&["after 1 c"]);
    assert!(play.alarm().is_some());
}

/// Numbers that their seed decides.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).checked_rem(end).unwrap_or_default()
    }
}
