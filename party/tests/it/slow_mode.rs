//! Slow mode: each member writes at most once in an interval.

use std::time::Duration;

use party::parts::slow_mode::SlowMode;
use party::testing::example::hook;
use party::{Error, ErrorCode, MemberId, Result, Room};

fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// Returns how long the member has to wait, in seconds.
fn waits(slow_mode: &SlowMode, name: &str) -> Option<u64> {
    let error = slow_mode.take(&member(name)).err()?;
    assert_eq!(error.code(), ErrorCode::SLOW_DOWN);
    party::ErrorFrame::from(&error).retry_after.map(|millis| millis / 1_000)
}

fn rows(room: &Room) -> Result<usize> {
    Ok(room.sql().rows("SELECT 1 FROM party_slow_mode", ())?.len())
}

#[test]
fn a_member_writes_once_in_the_interval_and_others_do_not_wait_for_it() {
    hook(async |room, _ada| {
        let slow_mode = SlowMode::open(room)?;
        slow_mode.set_interval(Duration::from_secs(30))?;
        assert_eq!((waits(&slow_mode, "ada"), waits(&slow_mode, "bob")), (None, None));
        assert_eq!((waits(&slow_mode, "ada"), waits(&slow_mode, "bob")), (Some(30), Some(30)));
        slow_mode.set_interval(Duration::from_secs(10))?;
        assert_eq!(waits(&slow_mode, "ada"), Some(10));
        Ok(())
    });
}

#[test]
fn slow_mode_that_is_off_writes_nothing_and_switching_it_off_forgets_everything() {
    hook(async |room, _ada| {
        let slow_mode = SlowMode::open(room)?;
        assert_eq!((waits(&slow_mode, "ada"), waits(&slow_mode, "ada")), (None, None));
        let tables = "SELECT 1 FROM sqlite_schema WHERE name = 'party_slow_mode'";
        assert!(room.sql().rows(tables, ())?.is_empty());
        slow_mode.set_interval(Duration::from_secs(30))?;
        slow_mode.take(&member("ada"))?;
        assert_eq!(rows(room)?, 1);
        slow_mode.set_interval(Duration::ZERO)?;
        assert_eq!((rows(room)?, waits(&slow_mode, "ada"), slow_mode.interval()?), (0, None, Duration::ZERO));
        Ok(())
    });
}

#[test]
fn an_interval_has_at_most_a_day() {
    hook(async |room, _ada| {
        let slow_mode = SlowMode::open(room)?;
        let day = Duration::from_secs(24 * 3_600);
        slow_mode.set_interval(day)?;
        let longer = slow_mode.set_interval(day + Duration::from_millis(1));
        assert_eq!(longer.unwrap_err().code(), ErrorCode::TOO_LARGE);
        assert_eq!(slow_mode.interval()?, day);
        Ok(())
    });
}

#[test]
fn a_clock_that_was_set_back_lets_nobody_wait_longer_than_the_interval() {
    hook(async |room, _ada| {
        let slow_mode = SlowMode::open(room)?;
        slow_mode.set_interval(Duration::from_secs(30))?;
        slow_mode.take(&member("ada"))?;
        room.sql().execute("UPDATE party_slow_mode SET at = at + 3600000", ())?;
        assert_eq!(waits(&slow_mode, "ada"), Some(30));
        Ok(())
    });
}

#[test]
fn an_interval_of_a_transaction_that_is_rolled_back_does_not_count() {
    hook(async |room, _ada| {
        let slow_mode = SlowMode::open(room)?;
        let undone: Result<()> = room.sql().transaction(|| {
            slow_mode.set_interval(Duration::from_secs(30))?;
            slow_mode.take(&member("ada"))?;
            Err(Error::other("no"))
        });
        assert!(undone.is_err());
        assert_eq!(
            (slow_mode.interval()?, waits(&slow_mode, "ada"), waits(&slow_mode, "ada")),
            (Duration::ZERO, None, None)
        );
        Ok(())
    });
}
