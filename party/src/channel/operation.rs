//! An operation on the log, before it is committed.

use std::fmt;
use std::rc::Rc;

use super::Channel;
use super::asker::Asker;
use super::context::Context;
use super::members::Session;
use super::rules::Rules;
use crate::MemberId;
use crate::error::Result;

/// An operation of a member, before it is committed.
pub(super) struct Operation<R: Rules> {
    /// The client that gets the answer.
    pub(super) from: Asker<R>,
    pub(super) member: MemberId,
    /// The profile of the member when it asked for this.
    pub(super) profile: Option<Rc<R::Profile>>,
    pub(super) session: Session,
    /// As which of its client's operations it came.
    pub(super) arrival: u64,
    /// The id of the frame, and of the entry that it becomes.
    pub(super) id: String,
    pub(super) kind: Kind<R>,
}

/// The operation that is asked for.
pub(super) enum Kind<R: Rules> {
    Append(R::Draft),
    Edit(u64, R::Draft),
    Delete(u64),
    Command(R::Command),
}

impl<R: Rules> Operation<R> {
    pub(super) fn is_append(&self) -> bool {
        matches!(self.kind, Kind::Append(_))
    }

    /// Returns the context of the member that acts.
    pub(super) fn context<'a>(&'a self, channel: &'a Channel<R>) -> Result<Context<'a, R>> {
        Context::new(channel, &self.member, self.profile.clone(), self.session.protocol > 0)
    }

    /// Returns the draft, if there is one to review.
    pub(super) fn draft(&self) -> Option<&R::Draft> {
        match &self.kind {
            Kind::Append(draft) | Kind::Edit(_, draft) => Some(draft),
            Kind::Delete(_) | Kind::Command(_) => None,
        }
    }
}

impl<R: Rules> fmt::Debug for Operation<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").field("id", &self.id).finish_non_exhaustive()
    }
}
