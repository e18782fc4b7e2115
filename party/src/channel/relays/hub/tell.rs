//! How the hub tells its relays what is new: each from the last entry that it has answered to have, and again until it
//! answers.

use std::rc::Rc;

use super::{Follower, Hub, MOST_CALLS, MOST_FAILURES};
use crate::channel::relays::calls::{ChangeKind, News, ToRelay, Told};
use crate::channel::relays::line::{ask, pause};
use crate::error::{Error, ErrorKind, Result};
use crate::name::place::relay_object;
use crate::parts::log::{PageSize, Position};
use crate::parts::wire::Entries;

impl Hub {
    /// Begins to tell each relay what it has not heard of, unless that is under way.
    pub(super) fn announce(self: &Rc<Self>) -> Result<()> {
        let relays: Vec<u32> = self.followers.borrow().keys().copied().collect();
        for relay in relays {
            if self.lacks(relay)? && !self.set_told(relay, true) {
                let hub = Rc::clone(self);
                self.room.wait_until(async move { hub.tell(relay).await });
            }
        }
        Ok(())
    }

    /// Notes whether a relay is told something now. Returns whether it was before.
    fn set_told(&self, relay: u32, told: bool) -> bool {
        let mut followers = self.followers.borrow_mut();
        followers.get_mut(&relay).is_some_and(|follower| std::mem::replace(&mut follower.is_told, told))
    }

    pub(super) fn follower(&self, relay: u32) -> Option<Follower> {
        self.followers.borrow().get(&relay).cloned()
    }

    /// Returns whether there is something that a relay has not heard of.
    fn lacks(&self, relay: u32) -> Result<bool> {
        let Some(follower) = self.follower(relay) else { return Ok(false) };
        let numbers = Some((self.shown.get(), self.kept(|kept| kept.relays)?));
        let is_behind = follower.acked.seq < self.log.head()? || follower.change < self.next_change();
        Ok(follower.is_there && (is_behind || follower.is_asked || follower.report.heard != numbers))
    }

    async fn tell(self: Rc<Self>, relay: u32) {
        while let Ok(true) = self.lacks(relay) {
            let slot = self.calls.take(MOST_CALLS).await;
            let Some(follower) = self.follower(relay) else { return };
            let object = relay_object(self.room.name().as_str(), relay);
            let told = match self.news(relay, &follower.acked, follower.change) {
                Ok(news) => {
                    let next = self.next_change();
                    let answer = ask(&self.room, &object, &ToRelay::News(Box::new(news))).await;
                    answer
                        .and_then(|answer| self.heard(relay, answer, next))
                        .and_then(|()| self.check_that_it_learns(relay, &follower))
                }
                Err(error) => Err(error),
            };
            drop(slot);
            let Err(error) = told else { continue };
            let failures = self.failed(relay);
            if failures >= MOST_FAILURES {
                self.room.log(&format!("the relay {object} cannot be told what is new: {}", error.chain()));
                break;
            }
            self.room.sleep(pause(failures)).await;
        }
        self.set_told(relay, false);
    }

    /// Fails when a relay has not learned anything from what it was told, so that it is not told the same again at
    /// once.
    fn check_that_it_learns(&self, relay: u32, before: &Follower) -> Result<()> {
        let knows = |of: &Follower| (of.acked.seq, of.change, of.is_asked, of.report.heard);
        match self.follower(relay) {
            Some(now) if knows(&now) == knows(before) && self.lacks(relay)? => {
                Err(Error::new(ErrorKind::Other, "it does not learn what is new"))
            }
            _ => Ok(()),
        }
    }

    fn failed(&self, relay: u32) -> u32 {
        let mut followers = self.followers.borrow_mut();
        let Some(follower) = followers.get_mut(&relay) else { return MOST_FAILURES };
        follower.failures = follower.failures.saturating_add(1);
        follower.failures
    }

    /// Notes a relay's answer.
    ///
    /// # Errors
    ///
    /// When the relay has not heard it, so that it is not told the same again at once.
    fn heard(self: &Rc<Self>, relay: u32, told: Told, next: u64) -> Result<()> {
        let relays = self.kept(|kept| kept.relays)?;
        self.outrank(told.report.hub);
        let has_heard;
        {
            let mut followers = self.followers.borrow_mut();
            let Some(follower) = followers.get_mut(&relay) else { return Ok(()) };
            match told.have {
                Some(have) => {
                    has_heard = have.seq >= follower.acked.seq && told.report.hub == self.activation.get();
                    (follower.acked, follower.change) = (have, next);
                }
                None => has_heard = false,
            }
            follower.is_asked = false;
            if has_heard {
                follower.failures = 0;
            }
            follower.hear(told.report);
            if relay >= relays && follower.report.connections == 0 {
                followers.remove(&relay);
            }
        }
        for (member, address) in told.addresses {
            if self.moderation.found(&member, &address)? {
                self.change(ChangeKind::Standing(member.clone(), self.moderation.standing(&member)?))?;
            }
        }
        self.counted();
        match has_heard {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Other, "it has fewer entries than before")),
        }
    }

    /// Has all relays close their connections, because the room is destroyed. One that cannot be reached hears of it
    /// when it asks.
    pub(super) async fn dismiss(self: &Rc<Self>) -> Result<()> {
        if !self.is_followed()? {
            return Ok(());
        }
        self.set_relays(0)?;
        let relays: Vec<u32> = self.followers.borrow().keys().copied().collect();
        for relay in relays {
            let news = self.news(relay, &self.log.position()?, self.next_change())?;
            let news = ToRelay::News(Box::new(News { broken: true, ..news }));
            if let Err(error) = ask(&self.room, &relay_object(self.room.name().as_str(), relay), &news).await
            {
                self.room.logged("relays", None, error);
            }
        }
        Ok(())
    }

    /// Returns what a relay has not heard of that has all up to a position.
    pub(super) fn news(&self, relay: u32, after: &Position, change: u64) -> Result<News> {
        let first = self.first_change.get();
        let skipped = usize::try_from(change.saturating_sub(first)).unwrap_or(usize::MAX);
        self.last_news.set(self.last_news.get().saturating_add(1));
        let head = self.log.position()?;
        let (after, entries, broken) = match self.entries_after(after, &head)? {
            Some(entries) => (after.clone(), entries, false),
            None => (head, Entries::of(&[])?, true),
        };
        Ok(News {
            hub: self.activation.get().unwrap_or(0),
            number: self.last_news.get(),
            heard: self.follower(relay).map_or(0, |follower| follower.report.number),
            after,
            entries,
            broken,
            first_change: change.max(first),
            changes: self.changes.borrow().iter().skip(skipped).cloned().collect(),
            version: self.kept(|kept| kept.version)?,
            state: None,
            members: self.shown.get(),
            relays: self.kept(|kept| kept.relays)?,
        })
    }

    /// Returns the entries after a position; `None` if the log does not have it any more, or they are too many.
    pub(super) fn entries_after(&self, after: &Position, head: &Position) -> Result<Option<Entries>> {
        if after == head {
            return Entries::of(&[]).map(Some);
        }
        if let Some((from, to, entries)) = &*self.read.borrow()
            && (from, to) == (after, head)
        {
            return Ok(Some(entries.clone()));
        }
        let caught = self.log.catch_up(Some(after.clone()), PageSize { items: 1, bytes: 1 })?;
        if !caught.recovered {
            return Ok(None);
        }
        self.read.replace(Some((after.clone(), head.clone(), caught.entries.clone())));
        Ok(Some(caught.entries))
    }
}
