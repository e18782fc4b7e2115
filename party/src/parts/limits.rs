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

use std::cell::RefCell;
use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::sorted::Sorted;
use crate::timestamp::{Timestamp, millis};
use crate::{CloseCode, MemberId, Room};

/// The number of buckets that are kept before those that are full again are forgotten.
const KEPT: usize = 2_048;

/// A rate limit: a number at once, and then one more every so often (a token bucket).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    burst: u32,
    every: Duration,
}

impl Rate {
    /// Returns a rate of `burst` at once, and one more every `every`. Both are at least 1 (millisecond).
    pub fn new(burst: u32, every: Duration) -> Self {
        let every = Duration::from_millis(millis(every).max(1));
        Self { burst: burst.max(1), every }
    }
}

/// One rate for many keys: each key, such as a member or an address, has its own bucket.
///
/// Buckets are in memory only. They are lost when the room sleeps. Most of them are full again before that.
#[derive(Debug)]
pub struct Rates {
    rate: Rate,
    buckets: RefCell<Sorted<String, Bucket>>,
}

/// A bucket of tokens, stored as the time at which it is full again. Each token moves it by one interval.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    full_at: Timestamp,
    /// When a token was last taken or refused.
    used_at: Timestamp,
    refused: u32,
}

impl Rates {
    /// Returns buckets that are full at first.
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: RefCell::default() }
    }

    /// Takes a token.
    ///
    /// # Errors
    ///
    /// The time until there is one.
    pub fn take(&self, key: &str, now: Timestamp) -> std::result::Result<(), Duration> {
        self.take_many(key, 1, now)
    }

    /// Takes `count` tokens or none. A count above the burst size is allowed when the bucket is full. The bucket then
    /// takes longer until it has tokens again.
    ///
    /// # Errors
    ///
    /// The time until there are as many.
    pub fn take_many(&self, key: &str, count: u32, now: Timestamp) -> std::result::Result<(), Duration> {
        let wait = self.wait(key, count, now);
        if !wait.is_zero() {
            self.refuse(key, now);
            return Err(wait);
        }
        let taken = self.rate.every.saturating_mul(count);
        let full_at = self.bucket(key, now).full_at.max(now) + taken;
        self.keep(key, Bucket { full_at, used_at: now, refused: self.forgiven(key, now) }, now);
        Ok(())
    }

    /// Returns how many refusals still count once a token is taken: one less, or none after a pause in which the bucket
    /// has become full. So a client that is refused again and again is not forgiven for each token that it gets in
    /// between.
    fn forgiven(&self, key: &str, now: Timestamp) -> u32 {
        let bucket = self.bucket(key, now);
        if bucket.full_at <= now { 0 } else { bucket.refused.saturating_sub(1) }
    }

    /// Counts that something was refused, for a reason of this or another rate.
    fn refuse(&self, key: &str, now: Timestamp) {
        let bucket = self.bucket(key, now);
        self.keep(key, Bucket { refused: bucket.refused.saturating_add(1), ..bucket }, now);
    }

    fn bucket(&self, key: &str, now: Timestamp) -> Bucket {
        let Some(bucket) = self.buckets.borrow().get(key).copied() else {
            return Bucket { full_at: now, used_at: now, refused: 0 };
        };
        // A clock that was set back does not make anyone wait until it is there again.
        let full_at =
            if now < bucket.used_at { now + bucket.full_at.since(bucket.used_at) } else { bucket.full_at };
        Bucket { full_at, used_at: now, ..bucket }
    }

    fn keep(&self, key: &str, bucket: Bucket, now: Timestamp) {
        let mut buckets = self.buckets.borrow_mut();
        if buckets.len() >= KEPT && !buckets.contains_key(key) {
            buckets.retain(|bucket| bucket.full_at > now);
        }
        buckets.insert(key.to_owned(), bucket);
    }

    /// Returns the time until `count` tokens can be taken.
    fn wait(&self, key: &str, count: u32, now: Timestamp) -> Duration {
        let full_at = self.bucket(key, now).full_at.max(now);
        let needed = self.rate.every.saturating_mul(count.min(self.rate.burst));
        let most = self.rate.every.saturating_mul(self.rate.burst);
        full_at.since(now).saturating_add(needed).saturating_sub(most)
    }

    /// Returns how many more refusals than tokens a key has had recently; 0 after its bucket was full again.
    pub fn refused(&self, key: &str) -> u32 {
        self.buckets.borrow().get(key).map_or(0, |bucket| bucket.refused)
    }
}

/// The limits of a member, an address and a room, with defaults that no person notices.
///
/// By default: frames of 64 KiB; 1,000 members, 500 of them from one address, each with 128 connections; from a member
/// 30 frames at once and then 10 a second, from an address 120 and 40; after 50 more refusals than accepted frames the
/// connection is closed. A member may connect 150 times at once and then twice a second, an address 600 times and then
/// 20 a second.
#[derive(Clone, Debug)]
pub struct LimitsOptions {
    frame_bytes: usize,
    members: usize,
    connections: usize,
    per_member: Rate,
    per_address: Rate,
    connects_per_member: Rate,
    connects_per_address: Rate,
    patience: u32,
}

impl Default for LimitsOptions {
    fn default() -> Self {
        Self {
            frame_bytes: 64 * 1024,
            members: 1_000,
            connections: 128,
            per_member: Rate::new(30, Duration::from_millis(100)),
            per_address: Rate::new(120, Duration::from_millis(25)),
            // Enough for all tabs of a browser that was started again, and for a school behind one address.
            connects_per_member: Rate::new(150, Duration::from_millis(500)),
            connects_per_address: Rate::new(600, Duration::from_millis(50)),
            patience: 50,
        }
    }
}

impl LimitsOptions {
    /// Sets how many bytes a frame may have.
    #[must_use]
    pub fn frame_bytes(self, bytes: usize) -> Self {
        Self { frame_bytes: bytes, ..self }
    }

    /// Sets the largest number of members in the room. Half of them may come from one
    /// [address](super::identity::Identity::address), so that one machine cannot fill the room.
    #[must_use]
    pub fn members(self, members: usize) -> Self {
        Self { members, ..self }
    }

    /// Sets how many connections a member may have at once.
    #[must_use]
    pub fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// Sets how often a member may send.
    #[must_use]
    pub fn per_member(self, rate: Rate) -> Self {
        Self { per_member: rate, ..self }
    }

    /// Sets how often all members of one [address](super::identity::Identity::address) together may send.
    #[must_use]
    pub fn per_address(self, rate: Rate) -> Self {
        Self { per_address: rate, ..self }
    }

    /// Sets how often a member may connect.
    #[must_use]
    pub fn connects_per_member(self, rate: Rate) -> Self {
        Self { connects_per_member: rate, ..self }
    }

    /// Sets how often all members of one [address](super::identity::Identity::address) together may connect.
    #[must_use]
    pub fn connects_per_address(self, rate: Rate) -> Self {
        Self { connects_per_address: rate, ..self }
    }

    /// Sets the number of refusals after which a connection is closed. Each accepted frame takes one off, a pause takes
    /// all off.
    #[must_use]
    pub fn patience(self, refusals: u32) -> Self {
        Self { patience: refusals, ..self }
    }
}

/// The limits of a room.
///
/// Over a limit, a client is first refused with an [`Error`] that says when it may try again. A client that continues
/// is closed with [`CloseCode::SLOW_DOWN`].
#[derive(Debug)]
pub struct Limits {
    room: Room,
    options: LimitsOptions,
    frames: Buckets,
    connects: Buckets,
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
    pub fn open(room: &Room, options: LimitsOptions) -> Result<Self> {
        let frames = Buckets::new(options.per_member, options.per_address);
        let connects = Buckets::new(options.connects_per_member, options.connects_per_address);
        Ok(Self { room: room.clone(), options, frames, connects })
    }

    /// Returns how many bytes a frame may have.
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
    pub fn take(&self, member: &MemberId, address: Option<&str>, cost: usize) -> Result<()> {
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        self.frames.take(member, address, cost, self.room.now()).map_err(|wait| {
            let error = Error::client(ErrorCode::SLOW_DOWN, "too many frames at once, slow down");
            self.patient(member, error.retry_after(wait))
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
    pub fn admit(&self, members: usize) -> Result<()> {
        place(members, self.options.members, "the room is full, it takes no more members than")
    }

    /// Checks that one more member may join from an [address](super::identity::Identity::address), when there are
    /// `members` already [from there](super::identity::Identity::members_from).
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
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
