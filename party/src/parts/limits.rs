//! Limits: how much a member, an address and a room may do, and when they may retry.
//!
//! # Example
//!
//! ```
//! use std::time::Duration;
//! use party::Timestamp;
//! use party::parts::limits::{Rate, Rates};
//!
//! let writing = Rates::new(Rate::new(2, Duration::from_secs(1)));
//! let now = Timestamp::from_millis(1_000);
//! assert!(writing.take("ada", now).is_ok());
//! assert!(writing.take("ada", now).is_ok());
//! let soon = now + Duration::from_millis(400);
//! assert_eq!(writing.take("ada", soon), Err(Duration::from_millis(600)));
//! assert!(writing.take("bob", soon).is_ok());
//! assert!(writing.take("ada", now + Duration::from_secs(1)).is_ok());
//! ```

mod options;
mod rates;

use std::time::Duration;

pub use self::options::LimitsOptions;
pub use self::rates::{Rate, Rates};
use crate::error::{Error, ErrorCode, Result};
use crate::timestamp::Timestamp;
use crate::{CloseCode, MemberId, Room};

/// The limits of a room.
///
/// Over a limit, a client is first refused with an [`Error`] that says when it may try again. A client that continues
/// is closed with [`CloseCode::SLOW_DOWN`].
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// use party::MemberId;
/// use party::parts::limits::{Limits, LimitsOptions};
///
/// let limits = Limits::open(room, LimitsOptions::default())?;
/// let member = MemberId::new("ada")?;
/// assert!((0..30).all(|_| limits.take(&member, None, 1).is_ok()));
/// assert!(limits.take(&member, None, 1).is_err(), "it may send again in 100 milliseconds");
/// # Ok(()) });
/// ```
#[derive(Debug)]
pub struct Limits {
    room: Room,
    options: LimitsOptions,
    frames: Buckets,
    connects: Buckets,
    room_rate: Option<Rates>,
}

/// The buckets of one kind of limit: one for each member, one for each address.
#[derive(Debug)]
struct Buckets {
    per_member: Rates,
    per_address: Rates,
}

impl Buckets {
    fn new(per_member: Rate, per_address: Rate) -> Self {
        Self { per_member: Rates::new(per_member), per_address: Rates::new(per_address) }
    }

    /// Takes tokens of both, or of none.
    fn take(
        &self,
        member: &str,
        address: Option<&str>,
        count: u32,
        now: Timestamp,
    ) -> std::result::Result<(), Duration> {
        // Both are checked before a token is taken: a refusal of one costs no token of the other.
        let crowded = address.map_or(Duration::ZERO, |address| self.per_address.wait(address, count, now));
        if !crowded.is_zero() {
            // Counted for the member: it is refused like any client that sends too much, and closed as well if it
            // continues.
            self.per_member.refuse(member, now);
            if let Some(address) = address {
                self.per_address.refuse(address, now);
            }
            return Err(crowded);
        }
        self.per_member.take_many(member, count, now)?;
        match address {
            Some(address) => self.per_address.take_many(address, count, now),
            None => Ok(()),
        }
    }
}

impl Limits {
    /// Opens the limits of a room.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// assert_eq!(limits.frame_bytes(), 65_536);
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: LimitsOptions) -> Result<Self> {
        let frames = Buckets::new(options.per_member, options.per_address);
        let connects = Buckets::new(options.connects_per_member, options.connects_per_address);
        let room_rate = options.per_room.map(Rates::new);
        Ok(Self { room: room.clone(), options, frames, connects, room_rate })
    }

    /// Returns how many bytes a frame may have.
    ///
    /// # Example
    ///
    /// Check the length before the message is read:
    ///
    /// ```
    /// use party::parts::limits::Limits;
    /// use party::{Error, ErrorCode, Message, Result};
    ///
    /// fn check(limits: &Limits, message: &Message) -> Result<()> {
    ///     match message.len() <= limits.frame_bytes() {
    ///         true => Ok(()),
    ///         false => Err(Error::client(ErrorCode::TOO_LONG, "the message is too long")),
    ///     }
    /// }
    /// ```
    pub fn frame_bytes(&self) -> usize {
        self.options.frame_bytes
    }

    /// Takes one frame of a member from its quota. `cost` is the number of operations in it; all of them are taken or
    /// none.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SLOW_DOWN`], with the time to retry. After too many refusals it also [ends the
    /// connection](Error::closing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::MemberId;
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// let member = MemberId::new("ada")?;
    /// assert!(limits.take(&member, None, 30).is_ok());
    /// let error = limits.take(&member, None, 1).unwrap_err();
    /// assert_eq!(error.retry_time(), Some(std::time::Duration::from_millis(100)));
    /// # Ok(()) });
    /// ```
    pub fn take(&self, member: &MemberId, address: Option<&str>, cost: usize) -> Result<()> {
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        self.frames.take(member, address, cost, self.room.now()).map_err(|wait| {
            let error = Error::client(ErrorCode::SLOW_DOWN, "too many frames at once, slow down");
            self.patient(member, error.retry_after(wait))
        })
    }

    /// Counts what is written against the [rate of the room](LimitsOptions::per_room).
    pub(crate) fn take_room(&self) -> Result<()> {
        let Some(rate) = &self.room_rate else { return Ok(()) };
        rate.take("room", self.room.now()).map_err(|wait| {
            let error =
                Error::client(ErrorCode::SLOW_DOWN, "everyone together writes too much at once, slow down");
            error.retry_after(wait)
        })
    }

    /// Counts what was sent from an address to the relays of a large room, each of which knows only its own part.
    pub(crate) fn take_address(&self, address: Option<&str>, cost: usize) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        self.frames.per_address.take_many(address, cost, self.room.now()).map_err(|wait| {
            Error::client(ErrorCode::SLOW_DOWN, "too many frames at once, slow down").retry_after(wait)
        })
    }

    /// Counts that a member's frame is refused for a while by another rule, so that a client that goes on is closed as
    /// if it were over its rate. Returns the error that its client gets.
    pub(crate) fn refuse(&self, member: &MemberId, error: Error) -> Error {
        self.frames.per_member.refuse(member, self.room.now());
        self.patient(member, error)
    }

    /// Returns how many refusals of a member count.
    pub(crate) fn refusals(&self, member: &MemberId) -> u32 {
        self.frames.per_member.refused(member)
    }

    /// Returns the error, or one that ends the connection if there were too many.
    fn patient(&self, member: &MemberId, error: Error) -> Error {
        if self.refusals(member) <= self.options.patience {
            return error;
        }
        let wait = error.retry_time().unwrap_or_default();
        let closing = Error::client(ErrorCode::SLOW_DOWN, "Rate limit exceeded repeatedly");
        closing.retry_after(wait).closing(CloseCode::SLOW_DOWN)
    }

    /// Runs a proof of identity, for example by a token. A client that fails counts for its address as a connect. After
    /// too many of them no proof is checked for a while, because a check costs the room.
    ///
    /// # Errors
    ///
    /// The errors of `prove`, or [`ErrorCode::SLOW_DOWN`] as [`take_connect`](Self::take_connect).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    /// use party::{Error, ErrorCode, Result};
    ///
    /// fn check(token: &str) -> Result<String> {
    ///     token.strip_prefix("user:").map(str::to_owned).ok_or_else(|| Error::client(ErrorCode::UNAUTHORIZED, "who?"))
    /// }
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// assert_eq!(limits.take_proof(Some("address"), || check("user:ada"))?, "ada");
    /// assert!(limits.take_proof(Some("address"), || check("guess")).is_err());
    /// # Ok(()) });
    /// ```
    pub fn take_proof<T>(&self, address: Option<&str>, prove: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(address) = address else { return prove() };
        let (rates, now) = (&self.connects.per_address, self.room.now());
        let wait = rates.wait(address, 1, now);
        if !wait.is_zero() {
            rates.refuse(address, now);
            return Err(self.too_many_connects(rates.refused(address), wait));
        }
        prove().inspect_err(|_| {
            // There is a token: it was looked for before.
            let _taken = rates.take(address, now);
        })
    }

    fn too_many_connects(&self, refused: u32, wait: Duration) -> Error {
        let error = Error::client(ErrorCode::SLOW_DOWN, "too many connections at once, slow down");
        let error = error.retry_after(wait);
        if refused > self.options.patience { error } else { error.closing(CloseCode::SLOW_DOWN) }
    }

    /// Counts that a member connects. Call it before anything else is done for its client, also for one that is not
    /// admitted: each attempt costs the room.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SLOW_DOWN`], which has the time to retry and [ends the connection](Error::closing). After too many
    /// refusals it is answered as an HTTP response with status 429, which costs the room no socket.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    /// use party::{CloseCode, MemberId};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// let member = MemberId::new("ada")?;
    /// let refusal = (0..200).find_map(|_| limits.take_connect(&member, None).err()).unwrap();
    /// assert_eq!(refusal.close_code(), Some(CloseCode::SLOW_DOWN));
    /// # Ok(()) });
    /// ```
    pub fn take_connect(&self, member: &MemberId, address: Option<&str>) -> Result<()> {
        self.connects.take(member, address, 1, self.room.now()).map_err(|wait| {
            // A client without a member is a new member at each attempt: then its address shows that it continues.
            let from_there = address.map_or(0, |address| self.connects.per_address.refused(address));
            self.too_many_connects(self.connects.per_member.refused(member).max(from_there), wait)
        })
    }

    /// Checks that one more member may join, when there are `members` already.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ROOM_FULL`], which [ends the connection](Error::closing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    /// use party::CloseCode;
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// assert!(limits.admit(999).is_ok());
    /// assert_eq!(limits.admit(1_000).unwrap_err().close_code(), Some(CloseCode::ROOM_FULL));
    /// # Ok(()) });
    /// ```
    pub fn admit(&self, members: usize) -> Result<()> {
        place(members, self.options.members, "the room is full, it takes no more members than")
    }

    /// Checks that one more member may join from an [address](super::identity::Identity::address), when there are
    /// `members` already [from there](super::identity::Identity::members_from).
    ///
    /// At most half of the room's [members](LimitsOptions::members) may come from one address: 500 by default.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// assert!(limits.admit_from_address(499).is_ok());
    /// assert!(limits.admit_from_address(500).is_err());
    /// # Ok(()) });
    /// ```
    pub fn admit_from_address(&self, members: usize) -> Result<()> {
        let most = (self.options.members / 2).max(1);
        place(members, most, "the room is full, it takes no more members from one address than")
    }

    /// Checks that a member may have one more connection, when it has `connections` already
    /// ([`Presence::connections`](super::presence::Presence::connections)).
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::limits::{Limits, LimitsOptions};
    ///
    /// let limits = Limits::open(room, LimitsOptions::default())?;
    /// assert!(limits.admit_connection(127).is_ok());
    /// assert!(limits.admit_connection(128).is_err());
    /// # Ok(()) });
    /// ```
    pub fn admit_connection(&self, connections: usize) -> Result<()> {
        place(connections, self.options.connections, "the room takes no more connections of one member than")
    }
}

/// Checks that there is one more place.
fn place(taken: usize, most: usize, why: &str) -> Result<()> {
    if taken < most {
        return Ok(());
    }
    let message = format!("{why} {most}");
    let error = Error::client(ErrorCode::ROOM_FULL, message).retry_after(Duration::from_secs(30));
    Err(error.closing(CloseCode::ROOM_FULL))
}

#[cfg(test)]
mod tests;
