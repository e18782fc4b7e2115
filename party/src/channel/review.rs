//! Reviewing drafts before they are stored, and keeping the order of each member meanwhile.

use std::cell::RefCell;
use std::rc::Rc;

use super::Channel;
use super::operation::Operation;
use super::rules::Rules;
use super::settings::Review;
use crate::error::{Error, ErrorCode, Result};
use crate::gate::Gate;
use crate::{MemberId, Room};

/// The order of texts under review: of each member, the gate of its last one.
#[derive(Default)]
pub(super) struct Turns(RefCell<Vec<(MemberId, Rc<Gate>)>>);

/// A member's turn. The next one begins when it is dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    before: Option<Rc<Gate>>,
    own: Rc<Gate>,
}

impl Turns {
    /// Queues behind what the member has sent before.
    pub(super) fn queue(&self, member: &MemberId) -> Turn<'_> {
        let own = Rc::new(Gate::default());
        let mut turns = self.0.borrow_mut();
        let before = turns.iter_mut().find(|(other, _)| other == member).map(|(_, gate)| gate);
        let before = match before {
            Some(gate) => Some(std::mem::replace(gate, Rc::clone(&own))),
            None => {
                turns.push((member.clone(), Rc::clone(&own)));
                None
            }
        };
        Turn { turns: self, before, own }
    }
}

impl Turn<'_> {
    /// Waits until everything that the member has sent before is committed.
    pub(super) async fn comes(&self) {
        if let Some(before) = &self.before {
            before.passed().await;
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.0.borrow_mut().retain(|(_, gate)| !Rc::ptr_eq(gate, &self.own));
        self.own.open();
    }
}

impl<R: Rules> Channel<R> {
    /// Reviews operations. Returns those that are accepted; the clients of the others have got the error.
    pub(super) async fn reviewed(&self, review: Review, operations: Vec<Operation<R>>) -> Vec<Operation<R>> {
        let mut accepted = Vec::with_capacity(operations.len());
        for operation in operations {
            match self.review(review, &operation).await {
                Ok(()) => accepted.push(operation),
                Err(error) => self.refuse_operation(&operation, error),
            }
        }
        accepted
    }

    async fn review(&self, review: Review, operation: &Operation<R>) -> Result<()> {
        let Some(draft) = operation.draft() else { return Ok(()) };
        if self.log.find(&operation.id, &operation.member)?.is_some() {
            // It was reviewed before it was stored.
            return Ok(());
        }
        let by = operation.context(self)?;
        within(&self.room, review, self.rules.review(&by, draft)).await
    }
}

/// Waits for a review for as long as it may take.
pub(super) async fn within(
    room: &Room,
    review: Review,
    verdict: impl Future<Output = Result<()>>,
) -> Result<()> {
    match room.within(review.limit, verdict).await {
        Some(verdict) => verdict,
        None if review.accept => Ok(()),
        None => {
            let error = Error::client(ErrorCode::UNAVAILABLE, "the review does not answer, try again later");
            Err(error.retry_after(std::time::Duration::from_secs(5)))
        }
    }
}
