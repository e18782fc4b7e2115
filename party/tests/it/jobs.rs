//! Many jobs on the one alarm, on virtual time.

#[cfg(feature = "cron")]
mod cron;
mod starts;

use std::time::Duration;

use party::parts::jobs::{Job, Jobs, When};
use party::testing::{TestClient, TestRoom};
use party::{Connection, Error, ErrorKind, Message, Props, Result, Room, Server, Timestamp};
use serde_json::Value as Json;

use crate::support::{Door, ROOM, door, told};

/// Sets jobs on command, and does what a job's key says.
struct Office {
    jobs: Jobs,
}

impl Server for Office {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let marks: Vec<(String,)> = room.sql().query("SELECT name FROM sqlite_schema", ())?;
        let marked = |name: &str| marks.iter().any(|(mark,)| mark == name);
        if marked("slow") {
            door(room).await;
        }
        if marked("stuck") {
            return Err(Error::other("the room is stuck"));
        }
        let jobs = Jobs::open(room)?;
        if marked("tidies") {
            jobs.set_if_absent("do", ALWAYS, after("60")?, &())?;
        }
        Ok(Self { jobs })
    }

    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        let words: Vec<&str> = message.as_text().unwrap_or_default().split(' ').collect();
        let reply = self.obey(room, &words).await;
        if let Some(told) = reply.unwrap_or_else(|error| Some(format!("{:?}", error.kind()))) {
            room.log(&told);
        }
        Ok(())
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.log("ring");
        let run = async |job: &Job| {
            let (key, attempt) = (job.key().to_owned(), job.attempt());
            room.log(&format!("{} {key} at {}, attempt {attempt}", job.kind(), seconds(room.now())));
            match key.split_once('-').unwrap_or((&key, "")) {
                ("fails", "") => Err(Error::other("db-7 is down")),
                ("fails", times) => match times.parse::<u32>() {
                    Ok(times) if attempt > times => Ok(()),
                    _ => Err(Error::other("db-7 is down")),
                },
                ("waits", _) => {
                    door(room).await;
                    Ok(())
                }
                ("again", seconds) => self.jobs.set("do", &key, after(seconds)?, &()),
                ("cancels", other) => self.jobs.cancel("do", other).map(drop),
                ("cancelsfails", _) => {
                    self.jobs.cancel("do", &key)?;
                    Err(Error::other("db-7 is down"))
                }
                ("sets", other) => self.jobs.set("do", other, after("5")?, &()),
                ("says", _) => {
                    room.log(&format!("payload {}", job.payload::<Json>()?));
                    Ok(())
                }
                ("when", _) => {
                    room.log(&format!("due {} for {}", seconds(job.due()), seconds(job.scheduled())));
                    if attempt < 3 { Err(Error::other("db-7 is down")) } else { Ok(()) }
                }
                _ => Ok(()),
            }
        };
        self.jobs.run(run).await
    }
}

impl Office {
    /// Obeys `after 5 key`, `at 5 key`, `cancel key`, `due key`, `list`, `many 1000`.
    async fn obey(&self, room: &Room, words: &[&str]) -> Result<Option<String>> {
        match words {
            ["undone", delay, key] => {
                let undone: Result<()> = room.sql().transaction(|| {
                    self.jobs.set("do", key, after(delay)?, &())?;
                    Err(Error::other("no"))
                });
                assert!(undone.is_err());
            }
            ["after", delay, key] => self.jobs.set("do", key, after(delay)?, &())?,
            ["after", delay, key, payload] => self.jobs.set("do", key, after(delay)?, payload)?,
            ["absent", delay, key, payload] => {
                return Ok(Some(self.jobs.set_if_absent("do", key, after(delay)?, payload)?.to_string()));
            }
            ["at", moment, key] => {
                let moment: i64 = moment.parse().map_err(Error::other)?;
                let millis = EPOCH.as_millis().saturating_add_signed(moment.saturating_mul(1000));
                self.jobs.set("do", key, When::at(Timestamp::from_millis(millis)), &())?;
            }
            ["kind", kind, key] => self.jobs.set(kind, key, after("5")?, &())?,
            ["far", key] => self.jobs.set("do", key, When::after(Duration::MAX), &())?,
            ["fat", bytes] => {
                let bytes: usize = bytes.parse().map_err(Error::other)?;
                self.jobs.set("do", "fat", after("5")?, &"x".repeat(bytes))?;
            }
            ["cron", pattern, key, payload] => {
                set_cron(&self.jobs, &pattern.replace('_', " "), key, payload)?;
            }
            ["many", count] => {
                for number in 0..count.parse::<u32>().map_err(Error::other)? {
                    // The last is due first.
                    let delay = Duration::from_millis(u64::from(10_000_u32.saturating_sub(number)));
                    self.jobs.set("do", &format!("n{number:05}"), When::after(delay), &())?;
                }
            }
            ["twice"] => {
                let other = Jobs::open(room)?;
                self.jobs.set("do", "first", after("20")?, &())?;
                other.set("do", "second", after("10")?, &())?;
                self.jobs.cancel("do", "second")?;
            }
            ["cancel", key] => return Ok(Some(self.jobs.cancel("do", key)?.to_string())),
            ["due", key] => {
                let due = self.jobs.due("do", key)?;
                return Ok(Some(due.map_or_else(|| "never".into(), |due| seconds(due).to_string())));
            }
            ["list"] => {
                let list = self.jobs.list("do")?;
                let shown =
                    list.iter().map(|job| format!("{} {} {}", job.key(), seconds(job.due()), job.attempt()));
                return Ok(Some(shown.collect::<Vec<_>>().join(", ")));
            }
            _ => {}
        }
        Ok(None)
    }
}

#[cfg(feature = "cron")]
fn set_cron(jobs: &Jobs, pattern: &str, key: &str, payload: &str) -> Result<()> {
    jobs.set("do", key, When::cron(pattern)?, payload)
}

#[cfg(not(feature = "cron"))]
fn set_cron(_jobs: &Jobs, _pattern: &str, _key: &str, _payload: &str) -> Result<()> {
    Ok(())
}

/// The key of a job that some rooms set at every start.
const ALWAYS: &str = "always";

/// When the virtual clock starts, 2026-01-01 00:00 UTC.
const EPOCH: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Seconds since the virtual clock started.
fn seconds(moment: Timestamp) -> u64 {
    moment.since(EPOCH).as_secs()
}

fn after(seconds: &str) -> Result<When> {
    Ok(When::after(Duration::from_secs(seconds.parse().map_err(Error::other)?)))
}

/// A room, and a client whose words it obeys.
struct Play {
    room: TestRoom<Office>,
    boss: TestClient,
}

impl Play {
    fn new(words: &[&str]) -> Self {
        let room = TestRoom::new(ROOM);
        let play = Self { boss: room.connect("boss"), room };
        play.say(words);
        play
    }

    fn say(&self, words: &[&str]) {
        words.iter().for_each(|word| self.boss.send(*word));
    }

    /// Returns what the room has logged since, except its errors and alarms.
    fn told(&self) -> Vec<String> {
        let quiet = |line: &String| !["the job", "ring", "on_"].iter().any(|start| line.starts_with(start));
        told(&self.room).into_iter().filter(quiet).collect()
    }

    fn pass(&self, seconds: u64) -> Vec<String> {
        self.room.advance(Duration::from_secs(seconds));
        self.told()
    }

    /// Makes starts fail from now on, or succeed again.
    fn stick(&self, stuck: bool) {
        let statement =
            if stuck { "CREATE TABLE IF NOT EXISTS stuck (x)" } else { "DROP TABLE IF EXISTS stuck" };
        self.room.sql().execute(statement, ()).unwrap();
    }

    fn alarm(&self) -> Option<u64> {
        self.room.alarm().map(seconds)
    }

    fn rows(&self) -> usize {
        self.room.sql().rows("SELECT * FROM party_jobs", ()).unwrap().len()
    }
}

#[test]
fn a_room_that_never_sets_a_job_writes_nothing_and_leaves_its_alarm_alone() {
    let play = Play::new(&["cancel nothing", "due nothing", "list"]);
    assert_eq!(play.told(), ["false", "never", ""]);
    assert!(play.room.sql().rows("SELECT * FROM sqlite_schema", ()).unwrap().is_empty());
    assert_eq!(play.alarm(), None);
}

#[test]
fn jobs_run_once_each_at_their_moments_in_the_order_of_these() {
    let play = Play::new(&["after 30 c", "at 10 a", "after 20 b"]);
    assert_eq!(play.alarm(), Some(10));
    assert!(play.pass(9).is_empty());
    assert_eq!(play.pass(1), ["do a at 10, attempt 1"]);
    assert_eq!(play.alarm(), Some(20));
    assert_eq!(play.pass(3600), ["do b at 20, attempt 1", "do c at 30, attempt 1"]);
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn jobs_of_one_moment_run_in_one_alarm_in_the_order_of_kind_and_key() {
    let play = Play::new(&["after 5 b", "after 5 a", "kind a z"]);
    assert_eq!(play.pass(5), ["a z at 5, attempt 1", "do a at 5, attempt 1", "do b at 5, attempt 1"]);
}

#[test]
fn a_job_whose_moment_is_past_runs_at_once() {
    let play = Play::new(&["at -60 late"]);
    assert_eq!(play.pass(0), ["do late at 0, attempt 1"]);
}

#[test]
fn a_job_that_is_set_again_is_replaced_and_the_alarm_never_rings_later_than_it_is_due() {
    let play = Play::new(&["after 10 says \"first\"", "after 5 says third"]);
    assert_eq!((play.alarm(), play.rows()), (Some(5), 1));
    assert_eq!(play.pass(60), ["do says at 5, attempt 1", "payload \"third\""]);
}

#[test]
fn a_job_that_is_put_off_leaves_the_alarm_which_rings_for_nothing_once_and_then_for_the_job() {
    let play = Play::new(&["after 10 says \"first\"", "after 20 says \"second\"", "after 30 says \"third\""]);
    assert_eq!((play.alarm(), play.rows()), (Some(10), 1));
    assert!(play.pass(10).is_empty());
    assert_eq!(play.alarm(), Some(30));
    assert_eq!(play.pass(60), ["do says at 30, attempt 1", "payload \"\\\"third\\\"\""]);
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_job_that_is_cancelled_does_not_run_and_the_alarm_goes_to_the_next() {
    let play = Play::new(&["after 10 a", "after 20 b", "cancel a", "cancel a"]);
    assert_eq!(play.told(), ["true", "false"]);
    assert_eq!(play.alarm(), Some(20));
    play.say(&["cancel b"]);
    assert_eq!(play.alarm(), None);
    assert_eq!(play.pass(60), ["true"]);
}

#[test]
fn a_job_can_be_asked_for_and_those_of_a_kind_listed() {
    let play = Play::new(&["after 20 b", "after 10 fails", "kind other x", "due b", "due x", "list"]);
    assert_eq!(play.told(), ["20", "never", "fails 10 0, b 20 0"]);
    play.pass(10);
    play.say(&["list"]);
    assert_eq!(play.told(), ["fails 12 1, b 20 0"]);
}

#[test]
fn a_job_that_fails_is_logged_and_tried_again_after_growing_pauses_until_it_succeeds() {
    let play = Play::new(&["after 10 fails-3"]);
    play.room.advance(Duration::from_secs(10));
    let errors = play.room.errors();
    assert_eq!(errors, [r#"[lobby] the job "do" "fails-3" failed at attempt 1 of 10: db-7 is down"#]);
    assert_eq!(play.alarm(), Some(12));
    assert_eq!(
        play.pass(3600),
        [(10, 1), (12, 2), (16, 3), (24, 4)]
            .map(|(at, attempt)| format!("do fails-3 at {at}, attempt {attempt}"))
    );
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_job_that_keeps_failing_is_given_up_after_ten_attempts() {
    let play = Play::new(&["after 0 fails"]);
    play.room.advance(Duration::from_secs(86_400));
    assert!(
        play.room.errors().pop().unwrap().contains(r#""do" "fails" is given up after 10 attempts: db-7"#)
    );
    let at = [0, 2, 6, 14, 30, 62, 126, 254, 510, 1022];
    let expected = at.iter().zip(1..).map(|(at, attempt)| format!("do fails at {at}, attempt {attempt}"));
    assert_eq!(play.told(), expected.collect::<Vec<_>>());
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_job_knows_when_it_was_to_run_first_at_every_attempt() {
    let play = Play::new(&["after 10 when"]);
    let told = play.pass(60);
    let told: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("due ")).collect();
    assert_eq!(told, ["10 for 10", "12 for 10", "16 for 10"]);
}

#[test]
fn a_job_that_fails_holds_up_no_other() {
    let play = Play::new(&["after 10 fails", "after 10 good", "after 11 later"]);
    assert_eq!(
        play.pass(11),
        ["do fails at 10, attempt 1", "do good at 10, attempt 1", "do later at 11, attempt 1"]
    );
}

#[test]
fn a_job_whose_payload_has_another_shape_has_failed() {
    let play = Play::new(&["after 10 says"]);
    play.room.sql().execute("UPDATE party_jobs SET payload = 'rubbish'", ()).unwrap();
    play.room.advance(Duration::from_secs(10));
    assert!(play.room.errors()[0].contains("the job's payload has another shape"));
}

#[test]
fn a_job_that_sets_itself_again_while_it_runs_runs_again() {
    let play = Play::new(&["after 5 again-7"]);
    assert_eq!(play.pass(20), [5, 12, 19].map(|at| format!("do again-7 at {at}, attempt 1")));
    assert_eq!(play.alarm(), Some(26));
}

#[test]
fn a_job_that_cancels_itself_while_it_runs_is_not_tried_again() {
    let play = Play::new(&["after 5 cancelsfails"]);
    assert_eq!(play.pass(3600), ["do cancelsfails at 5, attempt 1"]);
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn a_job_can_set_and_cancel_others() {
    let play = Play::new(&["after 5 sets-x", "after 6 cancels-y", "after 7 y"]);
    assert_eq!(
        play.pass(60),
        ["do sets-x at 5, attempt 1", "do cancels-y at 6, attempt 1", "do x at 10, attempt 1"]
    );
}

#[test]
fn a_job_that_is_set_anew_by_somebody_else_while_it_runs_is_left_as_it_was_set() {
    let play = Play::new(&["after 5 waits"]);
    let shut = Door::shut();
    assert_eq!(play.pass(5), ["do waits at 5, attempt 1"]);
    play.say(&["after 30 waits", "after 1 soon"]);
    shut.open(&play.room);
    assert_eq!(play.alarm(), Some(6));
    assert_eq!(play.pass(60), ["do soon at 6, attempt 1", "do waits at 35, attempt 1"]);
}

#[test]
fn jobs_that_are_set_while_one_runs_have_their_alarm() {
    let play = Play::new(&["after 5 waits", "after 5 x"]);
    let shut = Door::shut();
    play.pass(5);
    play.say(&["after 3 y"]);
    shut.open(&play.room);
    assert_eq!(play.told(), ["do x at 5, attempt 1"]);
    assert_eq!(play.alarm(), Some(8));
}

#[test]
fn jobs_survive_sleep_and_crash() {
    let play = Play::new(&["after 10 a", "after 20 b"]);
    play.room.evict();
    assert_eq!(play.pass(10), ["do a at 10, attempt 1"]);
    play.room.crash();
    assert_eq!(play.pass(10), ["do b at 20, attempt 1"]);
}

#[test]
fn a_job_under_which_the_room_is_lost_is_tried_again_and_those_behind_it_run() {
    let play = Play::new(&["after 10 waits", "after 11 x"]);
    let shut = Door::shut();
    assert_eq!(play.pass(10), ["do waits at 10, attempt 1"]);
    play.room.crash();
    assert_eq!(play.pass(2), ["do x at 12, attempt 1", "do waits at 12, attempt 2"]);
    drop(shut);
}

#[test]
fn a_job_that_takes_the_room_down_again_and_again_is_given_up_and_the_others_go_on() {
    let play = Play::new(&["after 0 waits", "after 1000 x", "after 2000 y"]);
    let _shut = Door::shut();
    let mut attempts = Vec::new();
    for _ in 0..3_000 {
        let told = play.pass(1);
        if told.iter().any(|line| line.contains("waits")) {
            play.room.crash();
        }
        attempts.extend(told);
    }
    let waits = attempts.iter().filter(|line| line.contains("waits")).count();
    assert_eq!(waits, 10);
    assert!(attempts.contains(&"do x at 1000, attempt 1".to_owned()));
    assert!(attempts.contains(&"do y at 2000, attempt 1".to_owned()));
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn one_alarm_runs_a_hundred_jobs_and_the_next_the_rest_at_once() {
    let play = Play::new(&["many 250"]);
    // All are due by then, but the room could not run.
    play.room.sql().execute("UPDATE party_jobs SET due = ?", (EPOCH,)).unwrap();
    play.room.advance(Duration::from_secs(10));
    let told = told(&play.room);
    let rings: Vec<usize> = told.split(|line| line == "ring").skip(1).map(<[String]>::len).collect();
    assert_eq!(rings, [100, 100, 50]);
    assert_eq!((play.alarm(), play.rows()), (None, 0));
}

#[test]
fn thousands_of_jobs_run_each_once_in_order() {
    let play = Play::new(&["many 5000"]);
    assert_eq!(play.rows(), 5000);
    play.room.evict();
    let told = play.pass(10);
    let expected = (0..5000).rev().map(|number| format!("do n{number:05}"));
    let told: Vec<_> = told.iter().map(|line| line.split(" at ").next().unwrap().to_owned()).collect();
    assert_eq!(told, expected.collect::<Vec<_>>());
}

#[test]
fn jobs_that_are_opened_twice_are_the_same() {
    let play = Play::new(&["twice", "list"]);
    assert_eq!(play.told(), ["first 20 0"]);
    assert_eq!(play.alarm(), Some(20));
}

#[test]
fn kinds_keys_payloads_and_moments_beyond_their_limits_are_refused() {
    let long = |word: &str, chars: usize| format!("kind {} {word}", "é".repeat(chars));
    let key = |chars: usize| format!("after 5 {}", "é".repeat(chars));
    let words = [long("x", 64), long("x", 65), key(256), key(257), "after 5 ".into(), "fat 65534".into()];
    let play = Play::new(&words.each_ref().map(String::as_str));
    assert_eq!(play.told(), ["Invalid"; 3]);
    play.say(&["fat 65535", "far x"]);
    assert_eq!(play.told(), [format!("{:?}", ErrorKind::TooLarge), "Invalid".to_owned()]);
    assert_eq!(play.rows(), 3);
}

#[test]
fn a_job_that_was_set_in_a_transaction_is_undone_with_it_and_can_be_set_again() {
    let play = Play::new(&["undone 5 a", "due a"]);
    assert_eq!((play.told(), play.alarm()), (vec!["never".to_owned()], None));
    play.say(&["after 5 a", "undone 3 b"]);
    assert_eq!((play.alarm(), play.rows()), (Some(5), 1));
    assert_eq!(play.pass(60), ["do a at 5, attempt 1"]);
}

#[test]
fn a_job_may_be_set_for_the_last_second_that_a_date_has_and_for_none_after_it() {
    let play = Play::new(&["at 8638232774400 last", "at 8638232774401 later"]);
    assert_eq!((play.told(), play.rows()), (vec!["Invalid".to_owned()], 1));
}
