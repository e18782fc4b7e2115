//! Jobs by cron, in UTC.

use super::*;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

fn runs(key: &str, at: &[u64]) -> Vec<String> {
    at.iter().map(|at| format!("do {key} at {at}, attempt 1")).collect()
}

#[test]
fn a_job_by_cron_runs_at_each_of_its_moments() {
    let play = Play::new(&["cron */5_*_*_*_* x -"]);
    assert_eq!(play.alarm(), Some(300));
    assert_eq!(play.pass(1000), runs("x", &[300, 600, 900]));
    assert_eq!((play.alarm(), play.rows()), (Some(1200), 1));
}

#[test]
fn patterns_are_read_in_utc_whatever_the_season() {
    // 2026-01-01 is a Thursday; clocks in Europe go forward on 2026-03-29.
    let play =
        Play::new(&["cron 30_2_29_MAR_* spring -", "cron 0_9_*_*_MON monday -", "cron @daily daily -"]);
    play.say(&["due spring", "due monday", "due daily"]);
    let spring = 87 * DAY + 2 * HOUR + 1800;
    assert_eq!(play.told(), [spring, 4 * DAY + 9 * HOUR, DAY].map(|at| at.to_string()));
    play.say(&["cron 0_0_29_2_* leap -", "due leap"]);
    assert_eq!(play.told(), [(365 + 365 + 31 + 28) * DAY].map(|at| at.to_string()));
    play.say(&["cron 0_0_L_*_* last -", "due last"]);
    assert_eq!(play.told(), [(30 * DAY).to_string()]);
}

#[test]
fn moments_that_were_missed_are_made_up_for_once() {
    let play = Play::new(&["cron 0_*_*_*_* x -"]);
    // The room cannot start for a day.
    play.room.sql().execute("CREATE TABLE stuck (x)", ()).unwrap();
    play.room.evict();
    play.pass(DAY + 60);
    play.room.sql().execute("DROP TABLE stuck", ()).unwrap();
    play.room.get("");
    assert_eq!(play.pass(HOUR), runs("x", &[DAY + 60, DAY + HOUR]));
}

#[test]
fn a_job_by_cron_that_is_set_again_at_every_start_keeps_its_moment() {
    let play = Play::new(&["cron 0_*_*_*_* x -"]);
    play.pass(HOUR - 60);
    play.room.evict();
    play.say(&["cron 0_*_*_*_* x -"]);
    assert_eq!(play.pass(60), runs("x", &[HOUR]));
}

#[test]
fn a_job_by_cron_that_is_overdue_is_not_put_off_by_being_set_again() {
    let play = Play::new(&["cron 0_*_*_*_* x -"]);
    let ahead = play.room.now() - Duration::from_millis(1);
    play.room.sql().execute("UPDATE party_jobs SET due = ?", (ahead,)).unwrap();
    play.say(&["cron 0_*_*_*_* x -", "after 0 y"]);
    assert_eq!(play.pass(0), ["do x at 0, attempt 1", "do y at 0, attempt 1"]);
}

#[test]
fn another_pattern_has_its_own_moment_and_another_payload_the_old_one() {
    let play = Play::new(&["cron 0_*_*_*_* says one"]);
    play.pass(60);
    play.say(&["cron 0_*_*_*_* says two", "due says"]);
    assert_eq!(play.told(), ["3600"]);
    play.say(&["cron 30_*_*_*_* says two", "due says"]);
    assert_eq!(play.told(), ["1800"]);
    assert_eq!(play.pass(1800), ["do says at 1800, attempt 1", "payload \"two\""]);
}

#[test]
fn a_job_by_cron_that_fails_is_tried_again_and_then_goes_on_with_its_next_moment() {
    let play = Play::new(&["cron 0_*_*_*_* fails-2 -"]);
    let told = play.pass(2 * HOUR + 60);
    let at = [(HOUR, 1), (HOUR + 2, 2), (HOUR + 6, 3), (2 * HOUR, 1), (2 * HOUR + 2, 2), (2 * HOUR + 6, 3)];
    assert_eq!(told, at.map(|(at, attempt)| format!("do fails-2 at {at}, attempt {attempt}")));
}

#[test]
fn a_job_by_cron_that_is_given_up_goes_on_with_its_next_moment() {
    let play = Play::new(&["cron 0_*_*_*_* fails -"]);
    assert_eq!(play.pass(2 * HOUR - 1).len(), 10);
    assert_eq!(play.alarm(), Some(2 * HOUR));
    assert_eq!(play.pass(1), runs("fails", &[2 * HOUR]));
}

#[test]
fn a_job_by_cron_that_is_cancelled_or_set_for_once_while_it_runs_goes_on_no_more() {
    let play = Play::new(&["cron 0_*_*_*_* cancelsfails -", "cron 0_*_*_*_* again-30 -"]);
    let told = play.pass(HOUR + 10);
    assert_eq!(told.len(), 2);
    play.say(&["list"]);
    assert_eq!(play.told(), [format!("again-30 {} 0", HOUR + 30)]);
}

#[test]
fn an_invalid_pattern_or_one_that_never_fires_is_refused() {
    let play = Play::new(&[
        "cron whenever x -",
        "cron *_*_*_* x -",
        "cron 0_*_*_*_*_* x -",
        "cron 60_*_*_*_* x -",
        "cron 0_0_30_2_* x -",
    ]);
    assert_eq!(play.told(), ["Invalid"; 5]);
    assert!(When::cron(&"1,".repeat(200)).is_err());
    assert_eq!(play.alarm(), None);
}

#[test]
fn a_job_by_cron_knows_each_of_its_moments() {
    let play = Play::new(&["cron 0_*_*_*_* x -"]);
    play.pass(3_600);
    let times: (u64, u64) = play.room.sql().query_one("SELECT due, scheduled FROM party_jobs", ()).unwrap();
    assert_eq!(times.0, times.1);
}

#[test]
fn a_job_by_cron_that_is_set_again_with_another_payload_runs_with_that() {
    let play = Play::new(&["cron 30_*_*_*_* says one", "cron 30_*_*_*_* says two"]);
    assert_eq!(play.pass(1800), ["do says at 1800, attempt 1", "payload \"two\""]);
}
