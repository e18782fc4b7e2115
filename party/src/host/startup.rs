//! Start once: the first event of an activation starts the room, the others wait, and a failure lets the next try.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use crate::error::Result;
use crate::gate::Waiting;

/// The start of a room.
///
/// While one event starts the room, all others wait. When the start succeeds they go on in the order of arrival; when
/// it fails they fail with the same error, and the next event after them tries again. When the event that starts the
/// room is dropped half-way, the first that waits takes its place.
pub(crate) struct Startup<T> {
    phase: RefCell<Phase<T>>,
    waiting: Waiting,
}

enum Phase<T> {
    /// Nobody starts the room. The number says how many starts have failed, the error is the last one's.
    Idle { failed: u64, error: Option<crate::Error> },
    /// One event starts the room.
    Starting { failed: u64 },
    /// The room has started.
    Started(Rc<T>),
}

/// The next step of an event.
enum Turn<T> {
    Start,
    Done(Result<Rc<T>>),
    Wait,
}

impl<T> Startup<T> {
    pub(crate) fn new() -> Self {
        Self { phase: RefCell::new(Phase::Idle { failed: 0, error: None }), waiting: Waiting::default() }
    }

    /// Returns the started room; `start` runs only if it is this event's turn to start it.
    pub(crate) async fn started<F>(&self, start: impl FnOnce() -> F) -> Result<Rc<T>>
    where
        F: Future<Output = Result<T>>,
    {
        let arrived = self.failures();
        let turn = poll_fn(|context| match self.turn(arrived) {
            Turn::Wait => {
                self.waiting.add(context.waker());
                Poll::Pending
            }
            turn => Poll::Ready(turn),
        });
        match turn.await {
            Turn::Done(result) => result,
            Turn::Start | Turn::Wait => self.run(start()).await,
        }
    }

    /// Lets the next event start the room again, if this holds of the started one.
    pub(crate) fn forget_if(&self, is_over: impl FnOnce(&T) -> bool) {
        let mut phase = self.phase.borrow_mut();
        if let Phase::Started(started) = &*phase
            && is_over(started)
        {
            *phase = Phase::Idle { failed: 0, error: None };
        }
    }

    /// Returns whether the start has succeeded.
    pub(crate) fn is_started(&self) -> bool {
        matches!(&*self.phase.borrow(), Phase::Started(_))
    }

    /// Starts the room. The phase is `Starting` already.
    async fn run(&self, start: impl Future<Output = Result<T>>) -> Result<Rc<T>> {
        let abandoned = Abandoned(self);
        let result = start.await.map(Rc::new);
        std::mem::forget(abandoned);
        let failed = self.failures();
        self.settle(match &result {
            Ok(started) => Phase::Started(Rc::clone(started)),
            Err(error) => Phase::Idle { failed: failed.wrapping_add(1), error: Some(error.clone()) },
        });
        result
    }

    fn turn(&self, arrived: u64) -> Turn<T> {
        let mut phase = self.phase.borrow_mut();
        match &*phase {
            Phase::Started(started) => Turn::Done(Ok(Rc::clone(started))),
            Phase::Starting { .. } => Turn::Wait,
            Phase::Idle { failed, error: Some(error) } if *failed != arrived => {
                Turn::Done(Err(error.clone()))
            }
            Phase::Idle { failed, .. } => {
                let failed = *failed;
                *phase = Phase::Starting { failed };
                Turn::Start
            }
        }
    }

    fn failures(&self) -> u64 {
        match &*self.phase.borrow() {
            Phase::Idle { failed, .. } | Phase::Starting { failed } => *failed,
            Phase::Started(_) => 0,
        }
    }

    fn settle(&self, phase: Phase<T>) {
        *self.phase.borrow_mut() = phase;
        self.waiting.wake();
    }
}

/// Hands the start on when the event that runs it is dropped.
struct Abandoned<'a, T>(&'a Startup<T>);

impl<T> Drop for Abandoned<'_, T> {
    fn drop(&mut self) {
        let failed = self.0.failures();
        self.0.settle(Phase::Idle { failed, error: None });
    }
}

#[cfg(test)]
mod tests;
