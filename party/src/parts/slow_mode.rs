//! Slow mode: each member writes at most once in an interval, so that a busy room can be read.
//!
//! It is a rule for the whole room that moderators switch on and off. ([Limits](crate::parts::limits) are for every
//! room, and protect it.)
//!
//! # Example
//!
//! In a channel, [`take`](SlowMode::take) belongs in [`Rules::committed`](crate::channel::Rules::committed): an item of
//! a member that has to wait is rolled back, and its client sends it again when the time has come.
//!
//! ```
//! # use party::channel::*;
//! # use party::parts::slow_mode::SlowMode;
//! # use party::parts::wire::Entry;
//! # use party::Result;
//! struct Rulebook {
//!     slow_mode: SlowMode,
//! }
//!
//! # impl Rulebook {
//! fn derives(&self) -> Result<Derives> {
//!     Ok(if self.slow_mode.interval()?.is_zero() { Derives::Nothing } else { Derives::Entries })
//! }
//!
//! fn committed<R: Rules>(&self, by: &Context<'_, R>, entry: &Entry) -> Result<()> {
//!     if entry.target.is_none() && !by.is_moderator() {
//!         self.slow_mode.take(by.member())?;
//!     }
//!     Ok(())
//! }
//! # }
//! ```

use std::rc::Rc;
use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::room::learned::Learned;
use crate::timestamp::millis;
use crate::{MemberId, Room, Sql, Timestamp};

/// When each member wrote last.
const NAME: &str = "party_slow_mode";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_slow_mode (
    member TEXT PRIMARY KEY, at INTEGER NOT NULL
) WITHOUT ROWID";

/// The storage key of the interval, in milliseconds.
const INTERVAL: &str = "party.slow_mode";

/// The longest interval.
const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// The slow mode of a room.
///
/// # Limits
///
/// The interval is at most 24 hours. While slow mode is on, an item writes one row: when its member wrote last. While
/// it is off, nothing is written, and nothing is read from the database but the interval, once in an activation.
#[derive(Clone)]
pub struct SlowMode {
    room: Room,
    sql: Sql,
    interval: Rc<Interval>,
}

/// The interval, in memory.
#[derive(Default)]
struct Interval(Learned<Duration>);

impl SlowMode {
    /// Opens the slow mode of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::slow_mode::SlowMode;
    ///
    /// let slow_mode = SlowMode::open(room)?;
    /// assert!(slow_mode.interval()?.is_zero());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { room: room.clone(), sql: room.sql().clone(), interval: room.shared() })
    }

    /// Returns the interval: zero if slow mode is off.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let slow_mode = party::parts::slow_mode::SlowMode::open(room)?;
    /// let seconds = slow_mode.interval()?.as_secs();
    /// # assert_eq!(seconds, 0);
    /// # Ok(()) });
    /// ```
    pub fn interval(&self) -> Result<Duration> {
        let read = || {
            let stored: Option<u64> = self.room.storage().get(INTERVAL)?;
            Ok(Duration::from_millis(stored.unwrap_or_default()))
        };
        self.interval.0.ask(&self.sql, read, |interval| *interval)
    }

    /// Sets the interval. Zero switches slow mode off.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::TOO_LARGE`] for more than 24 hours, [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database
    /// refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # let slow_mode = party::parts::slow_mode::SlowMode::open(room)?;
    /// slow_mode.set_interval(Duration::from_secs(30))?;
    /// assert_eq!(slow_mode.interval()?.as_secs(), 30);
    /// # Ok(()) });
    /// ```
    pub fn set_interval(&self, interval: Duration) -> Result<()> {
        if interval > MAX_INTERVAL {
            return Err(Error::client(ErrorCode::TOO_LARGE, "slow mode has at most 24 hours"));
        }
        if interval.is_zero() {
            self.room.storage().delete(INTERVAL)?;
            if self.sql.has_table(NAME)? {
                self.sql.execute("DELETE FROM party_slow_mode", ())?;
            }
        } else {
            self.room.storage().put(INTERVAL, &millis(interval))?;
        }
        self.interval.0.set(&self.sql, interval);
        Ok(())
    }

    /// Notes that a member writes now, or refuses it: it has written within the interval. It does nothing while slow
    /// mode is off.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SLOW_DOWN`], with the time after which the member may write: `party-client` sends the item again
    /// then. [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # let (slow_mode, ada) = (party::parts::slow_mode::SlowMode::open(room)?, party::MemberId::new("ada")?);
    /// slow_mode.set_interval(Duration::from_secs(30))?;
    /// slow_mode.take(&ada)?;
    /// assert!(slow_mode.take(&ada).is_err());
    /// # Ok(()) });
    /// ```
    pub fn take(&self, member: &MemberId) -> Result<()> {
        let interval = self.interval()?;
        if interval.is_zero() {
            return Ok(());
        }
        self.sql.ensure_table(NAME, TABLE)?;
        let (query, now) = ("SELECT at FROM party_slow_mode WHERE member = ?", self.room.now());
        if let Some((last,)) = self.sql.query_opt::<(Timestamp,)>(query, (member,))? {
            // After a clock that was set back, nobody waits longer than the interval.
            let left = interval.saturating_sub(now.since(last));
            if !left.is_zero() {
                let text =
                    format!("slow mode: you may write again in {} seconds", left.as_millis().div_ceil(1_000));
                return Err(Error::client(ErrorCode::SLOW_DOWN, text).retry_after(left));
            }
        }
        let statement = "INSERT OR REPLACE INTO party_slow_mode (member, at) VALUES (?, ?)";
        self.sql.execute(statement, (member, now)).map(drop)
    }
}

impl std::fmt::Debug for SlowMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SlowMode")
    }
}
