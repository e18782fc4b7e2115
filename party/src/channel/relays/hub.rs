//! The hub of a large room: the object that owns the log. It tells its relays what is new.
//!
//! What it knows of a relay is only in memory, except for the last entry that all of them have: from there it tells
//! them again after its memory is lost.

mod members;
mod tell;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use super::Parts;
use super::calls::{Change, ChangeKind, Follow, News, Report};
use super::flight::Slots;
use super::kept::Kept;
use super::options::Relays;
use crate::error::Result;
use crate::name::place::MAX_RELAYED_BYTES;
use crate::parts::jobs::{Jobs, When};
use crate::parts::log::{Log, Position};
use crate::parts::moderation::Moderation;
use crate::parts::presence::Presence;
use crate::parts::wire::Entries;
use crate::room::learned::Learned;
use crate::sorted::Sorted;
use crate::{Room, Timestamp};

/// The job that looks after the relays, and when it runs: soon after an entry, and else from time to time.
pub(in crate::channel) const KEEP: (&str, &str) = ("party.channel.relays", "all");
const KEEP_SOON: Duration = Duration::from_secs(5);
const KEEP_EVERY: Duration = Duration::from_secs(60);

/// How many relays are told something at once. Each waits for its answer.
const MOST_CALLS: usize = 6;

/// After how many failures in a row a relay is told nothing until there is something new, or the job runs.
const MOST_FAILURES: u32 = 8;

/// The most changes that are remembered for relays that have not heard of them.
const MOST_CHANGES: usize = 1_000;

/// For how long a room must be small before it gives up its relays.
const SMALL_FOR: Duration = Duration::from_secs(60);

/// How many entries a relay without connections is given.
const TAILS: [u64; 4] = [500, 100, 20, 4];

pub(in crate::channel) struct Hub {
    room: Room,
    log: Log,
    jobs: Jobs,
    presence: Presence,
    moderation: Moderation,
    options: Relays,
    /// What is kept in the database, once it was read.
    kept: Learned<Kept>,
    /// This activation of the hub, once it has relays.
    activation: Cell<Option<u64>>,
    /// The number of the last news.
    last_news: Cell<u64>,
    /// Whether it has begun with what is kept, until all relays have said how many members they have.
    is_waking: Cell<bool>,
    /// The number of members that relays are told.
    shown: Cell<usize>,
    /// Below which number that does not fall for a while, and since when: while members move, they are not counted
    /// anywhere.
    held: Cell<(usize, Timestamp)>,
    followers: RefCell<Sorted<u32, Follower>>,
    changes: RefCell<VecDeque<Change>>,
    /// The number of the first of `changes`.
    first_change: Cell<u64>,
    calls: Slots,
    /// The last entries that were read for a relay, and after which one.
    read: RefCell<Option<(Position, Position, Entries)>>,
    is_counting: Cell<bool>,
    is_moving: Cell<bool>,
    /// When it was last seen to that the relays are looked after soon.
    kept_at: Cell<Timestamp>,
}

/// What the hub knows of a relay.
#[derive(Clone)]
struct Follower {
    report: Report,
    /// Whether it has ever asked. One that has not is told nothing: its first client makes the object, near itself.
    is_there: bool,
    /// The last entry that it has answered to have.
    acked: Position,
    /// The first change that it has not heard of.
    change: u64,
    /// Whether it is told something even if there is nothing new, to hear of it.
    is_asked: bool,
    is_told: bool,
    failures: u32,
}

impl Hub {
    pub(super) fn new(room: &Room, parts: &Parts<'_>, options: Relays) -> Rc<Self> {
        let hub = Rc::new(Self {
            room: room.clone(),
            log: parts.log.clone(),
            jobs: parts.jobs.clone(),
            presence: parts.presence.clone(),
            moderation: parts.moderation.clone(),
            options,
            kept: Learned::default(),
            activation: Cell::default(),
            last_news: Cell::default(),
            is_waking: Cell::default(),
            shown: Cell::default(),
            held: Cell::default(),
            followers: RefCell::default(),
            changes: RefCell::default(),
            first_change: Cell::default(),
            calls: Slots::default(),
            read: RefCell::default(),
            is_counting: Cell::default(),
            is_moving: Cell::default(),
            kept_at: Cell::default(),
        });
        let weak = Rc::downgrade(&hub);
        room.before_destroy(move |_room| {
            let hub = weak.upgrade();
            Box::pin(async move {
                match hub {
                    Some(hub) => hub.dismiss().await,
                    None => Ok(()),
                }
            })
        });
        hub
    }

    /// Returns the number of relays. What the hub knows of them after a sleep begins with the last entry that all of
    /// them have.
    pub(in crate::channel) fn relays(self: &Rc<Self>) -> Result<u32> {
        let (relays, spread) = self.kept(|kept| (kept.relays, kept.spread))?;
        if spread > 0 && self.activation.get().is_none() {
            self.wake(0);
            self.is_waking.set(true);
            self.shown.set(self.kept(|kept| kept.members)?);
            let floor = match self.kept(|kept| kept.floor.clone())? {
                Some(floor) => floor,
                None => self.log.position()?,
            };
            self.assume(spread, &floor, true);
            self.announce()?;
        }
        Ok(relays)
    }

    /// Returns whether there are relays to tell something, also such that were given up and have clients yet.
    pub(in crate::channel) fn is_followed(self: &Rc<Self>) -> Result<bool> {
        self.relays()?;
        Ok(!self.followers.borrow().is_empty())
    }

    /// Begins an activation that is later than all before, and than one that a relay has heard of.
    fn wake(&self, heard: u64) {
        let least = self.room.now().as_millis().max(heard.saturating_add(1));
        let activation = self.kept(|kept| kept.activation.saturating_add(1).max(least)).unwrap_or(least);
        self.activation.set(Some(activation));
        // If it cannot be kept, the clock makes the next one later.
        if let Err(error) = self.keep(|kept| kept.activation = activation) {
            self.room.logged("relays", None, error);
        }
    }

    /// Makes this activation later than one that a relay has heard of: the clock and the database may both have been
    /// put back, also to when there were no relays.
    fn outrank(&self, heard: Option<u64>) {
        if self.activation.get().is_none_or(|own| heard.is_some_and(|heard| heard > own)) {
            self.wake(heard.unwrap_or_default());
        }
    }

    fn kept<T>(&self, ask: impl FnOnce(&Kept) -> T) -> Result<T> {
        self.kept.ask(self.room.sql(), || Kept::read(self.room.sql()), ask)
    }

    /// Changes what is kept.
    fn keep(&self, change: impl FnOnce(&mut Kept)) -> Result<()> {
        if self.room.is_destroyed() {
            return Ok(());
        }
        let before = self.kept(Kept::clone)?;
        let mut kept = before.clone();
        change(&mut kept);
        if kept != before {
            kept.write(self.room.sql())?;
            self.kept.set(self.room.sql(), kept);
        }
        Ok(())
    }

    /// Assumes that relays have all up to a position.
    fn assume(&self, relays: u32, acked: &Position, are_there: bool) {
        let mut followers = self.followers.borrow_mut();
        let change = self.next_change();
        for relay in 0..relays {
            if !followers.contains_key(&relay) {
                followers.insert(relay, Follower::new(acked.clone(), change, are_there));
            }
        }
    }

    /// Returns where a client that arrives belongs: the number of relays, if it is one of theirs. A room that has
    /// become too large for its object gets relays.
    pub(in crate::channel) fn moved(self: &Rc<Self>) -> Result<Option<u32>> {
        let relays = self.relays()?;
        if relays == 0
            && (self.room.connections_count() < self.options.above
                || self.room.name().as_str().len() > MAX_RELAYED_BYTES)
        {
            return Ok(None);
        }
        if relays == 0 {
            self.set_relays(self.options.needed(self.room.connections_count(), 0))?;
            self.move_away()?;
        }
        Ok(Some(self.relays()?).filter(|relays| *relays > 0))
    }

    fn set_relays(self: &Rc<Self>, relays: u32) -> Result<()> {
        let (head, now) = (self.log.position()?, self.room.now());
        let is_first = self.kept(|kept| kept.relays == 0)?;
        self.keep(|kept| {
            if kept.spread == 0 {
                kept.floor = Some(head.clone());
            }
            if is_first {
                kept.renew(now);
            }
            (kept.relays, kept.spread) = (relays, kept.spread.max(relays));
            kept.small_since = None;
        })?;
        if is_first {
            // A relay that was there before does not know what has changed since.
            self.wake(0);
        }
        self.assume(relays, &head, false);
        self.hold()?;
        self.look_after_in(KEEP_EVERY)?;
        self.announce()
    }

    fn next_change(&self) -> u64 {
        self.first_change.get().saturating_add(u64::try_from(self.changes.borrow().len()).unwrap_or(u64::MAX))
    }

    /// Tells the relays of something that is not in the log.
    pub(in crate::channel) fn change(self: &Rc<Self>, kind: ChangeKind) -> Result<()> {
        if !self.is_followed()? {
            return Ok(());
        }
        if matches!(kind, ChangeKind::Standing(..) | ChangeKind::Shared(_)) {
            self.keep(|kept| kept.renew(self.room.now()))?;
            self.look_after_soon()?;
        }
        let at = self.log.head()?;
        let mut changes = self.changes.borrow_mut();
        changes.push_back(Change { at, kind });
        if changes.len() > MOST_CHANGES {
            changes.pop_front();
            self.first_change.set(self.first_change.get().saturating_add(1));
        }
        drop(changes);
        self.announce()
    }

    /// Tells the relays of new entries.
    pub(in crate::channel) fn entries(self: &Rc<Self>) -> Result<()> {
        if !self.is_followed()? {
            return Ok(());
        }
        self.look_after_soon()?;
        self.announce()
    }

    /// Has an alarm wake this object, should it be reset before it has told everyone.
    fn look_after_soon(&self) -> Result<()> {
        if self.room.now().has_passed(self.kept_at.get(), KEEP_SOON) {
            self.look_after_in(KEEP_SOON)?;
            self.kept_at.set(self.room.now());
        }
        Ok(())
    }

    fn look_after_in(&self, after: Duration) -> Result<()> {
        self.jobs.set(KEEP.0, KEEP.1, When::after(after), &())
    }

    /// Answers a relay that asks what is new.
    pub(super) fn follow(self: &Rc<Self>, follow: &Follow) -> Result<News> {
        self.relays()?;
        self.outrank(follow.report.hub);
        let head = self.log.position()?;
        let after = match (&follow.have, self.follower(follow.relay)) {
            (Some(have), _) => have.clone(),
            // Its connections were sent all that it has ever answered to have.
            (None, Some(follower)) if follow.report.connections > 0 => follower.acked,
            (None, _) => self.tail(&head)?,
        };
        {
            let mut followers = self.followers.borrow_mut();
            if !followers.contains_key(&follow.relay) {
                let follower = Follower::new(head, self.next_change(), true);
                followers.insert(follow.relay, follower);
            }
            if let Some(follower) = followers.get_mut(&follow.relay) {
                follower.hear(follow.report);
                follower.is_there = true;
            }
        }
        self.counted();
        let is_known = follow.report.hub.is_some() && follow.report.hub == self.activation.get();
        let change = if is_known { follow.change } else { self.next_change() };
        let news = self.news(follow.relay, &after, change)?;
        if follow.report.heard != Some((news.members, news.relays))
            && let Some(follower) = self.followers.borrow_mut().get_mut(&follow.relay)
        {
            // It will say which numbers it has heard last: these may get lost, or arrive after others.
            follower.report.heard = None;
        }
        Ok(news)
    }

    /// Returns the position after which a relay without connections is given entries.
    fn tail(&self, head: &Position) -> Result<Position> {
        for entries in TAILS {
            if let Some(from) = self.log.position_at(head.seq.saturating_sub(entries))?
                && self.entries_after(&from, head)?.is_some()
            {
                return Ok(from);
            }
        }
        Ok(head.clone())
    }

    /// Gives the room as many relays as it needs.
    fn fit(self: &Rc<Self>) -> Result<()> {
        let (relays, connections) = (self.kept(|kept| kept.relays)?, self.connections());
        if relays == 0 {
            return Ok(());
        }
        if !self.options.can_do_without(connections) {
            self.keep(|kept| kept.small_since = None)?;
            let needed = self.options.needed(connections, relays);
            return if needed == relays { Ok(()) } else { self.set_relays(needed) };
        }
        if self.followers.borrow().values().any(Follower::is_unheard) {
            return Ok(());
        }
        let now = self.room.now();
        match self.kept(|kept| kept.small_since)? {
            Some(since) if now.has_passed(since, SMALL_FOR) => self.set_relays(0),
            Some(_) => Ok(()),
            None => self.keep(|kept| kept.small_since = Some(now)),
        }
    }

    /// Looks after the relays: those that have not answered are told again, and the last entry that all of them have is
    /// kept.
    pub(in crate::channel) fn look_after(self: &Rc<Self>) -> Result<()> {
        self.is_waking.set(false);
        if !self.is_followed()? {
            return self.keep(|kept| (kept.spread, kept.floor) = (0, None));
        }
        self.fit()?;
        let floor = self.acked().min_by_key(|acked| acked.seq);
        self.count()?;
        let members = self.shown.get();
        self.keep(|kept| (kept.floor, kept.members) = (floor.or(kept.floor.take()), members))?;
        for follower in self.followers.borrow_mut().values_mut() {
            // To hear how many members it has: a relay that has died says nothing by itself.
            (follower.is_asked, follower.failures) = (true, 0);
            // The clock of its machine may have been put back.
            follower.report.number = 0;
        }
        let head = self.log.head()?;
        let is_behind = self.acked().any(|acked| acked.seq < head);
        self.look_after_in(if is_behind { KEEP_SOON } else { KEEP_EVERY })?;
        self.announce()
    }

    /// Returns the last entry of each relay that has ever asked. The others have no clients.
    fn acked(&self) -> impl Iterator<Item = Position> {
        let followers = self.followers.borrow();
        let there = followers.values().filter(|follower| follower.is_there);
        there.map(|follower| follower.acked.clone()).collect::<Vec<_>>().into_iter()
    }
}

impl Follower {
    fn new(acked: Position, change: u64, is_there: bool) -> Self {
        Self {
            report: Report::default(),
            is_there,
            acked,
            change,
            is_asked: true,
            is_told: false,
            failures: 0,
        }
    }

    /// Returns whether it has not yet answered how many are connected to it.
    fn is_unheard(&self) -> bool {
        self.is_there && self.is_asked
    }

    /// Notes how many are connected to it, unless it has said something else since.
    fn hear(&mut self, report: Report) {
        if report.number > self.report.number {
            self.report = report;
        }
    }
}
