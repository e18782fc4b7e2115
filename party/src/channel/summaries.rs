//! Summaries: what many small commands have in common, such as the reactions to an item or the votes for it. An item's
//! body gets a new summary at most once a second, however many commands ask for it.

use std::cell::RefCell;
use std::time::Duration;

use super::Channel;
use super::commit::Done;
use super::context::Context;
use super::rules::Rules;
use crate::MemberId;
use crate::error::{Error, ErrorCode, Result};
use crate::parts::jobs::{Job, When};
use crate::parts::log::Revision;
use crate::sorted::Sorted;
use crate::timestamp::Timestamp;

/// The job that makes the summary of an item. Its key is the `seq` of the item.
pub(super) const SUMMARY: &str = "party.channel.summary";

/// The shortest time between two summaries of an item.
const INTERVAL: Duration = Duration::from_secs(1);

/// The number of items whose last summaries are remembered before old ones are forgotten.
const REMEMBERED: usize = 256;

/// When each item's last summary was made. It is only a cache: an item that is not in it gets its summary at once.
#[derive(Default)]
pub(super) struct Summaries(RefCell<Sorted<u64, Timestamp>>);

impl Summaries {
    /// Returns when the next summary of an item is due, if not now; otherwise notes that it is made now.
    fn next(&self, target: u64, now: Timestamp) -> Option<Timestamp> {
        let mut made = self.0.borrow_mut();
        if let Some(last) = made.get(&target)
            && !now.has_passed(*last, INTERVAL)
        {
            return Some(*last + INTERVAL);
        }
        if made.len() >= REMEMBERED {
            made.retain(|last| !now.has_passed(*last, INTERVAL));
        }
        made.insert(target, now);
        None
    }
}

impl<R: Rules> Channel<R> {
    /// Gives an item its new summary under the id of the command that asks for it, or sets the job that does it soon.
    pub(super) fn summarize(&self, by: &Context<'_, R>, id: &str, target: u64) -> Result<Done> {
        if let Some(due) = self.summaries.next(target, self.room.now()) {
            // The item must be there, now as well as then.
            by.item(target)?;
            let command = (id, by.member());
            self.jobs.set_if_absent(SUMMARY, &target.to_string(), When::at(due), &command)?;
            return self.commands.remember(id, by.member()).map(|()| Done::Nothing);
        }
        match self.new_summary(target)? {
            Some(revision) => self.change_item(by, id, target, Some(""), |_| Ok(revision)),
            None => self.commands.remember(id, by.member()).map(|()| Done::Nothing),
        }
    }

    /// Runs the job that `summarize` has set.
    pub(super) fn summarize_late(&self, job: &Job) -> Result<()> {
        let (id, member): (String, MemberId) = job.payload()?;
        let target = job.key().parse().map_err(Error::other)?;
        let by = Context::new(self, &member, None, false)?;
        let written = self.write_as(&by, |by| match self.new_summary(target)? {
            Some(revision) => self.change_item(by, &id, target, Some(""), |_| Ok(revision)),
            None => Ok(Done::Nothing),
        });
        match written {
            // It was deleted meanwhile.
            Err(error) if error.code() == ErrorCode::NOT_FOUND => Ok(()),
            written => {
                self.summaries.next(target, self.room.now());
                written.map(drop)
            }
        }
    }

    /// Returns the body of an item with its new summary; `None` if that is the body that it has.
    fn new_summary(&self, target: u64) -> Result<Option<Revision>> {
        let missing = || Error::client(ErrorCode::NOT_FOUND, "there is no such item any more");
        let item = self.log.item(target)?.ok_or_else(missing)?;
        let body = Revision::body(&self.rules.summary(&self.room, target, item.read_body()?)?)?;
        let same =
            matches!((&body, &item.body), (Revision::Body(new), Some(old)) if new.as_str() == old.as_str());
        Ok(if same { None } else { Some(body) })
    }
}
