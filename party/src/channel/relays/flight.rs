//! One flight for all: while a question is on its way, whoever has the same question waits for its answer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::Result;
use crate::gate::Gate;

/// The questions that are on their way.
pub(super) struct Flights<K, T>(RefCell<Vec<(K, Rc<Flight<T>>)>>);

struct Flight<T> {
    landed: Gate,
    answer: RefCell<Option<Result<T>>>,
}

/// Ends a flight, also if nobody waits for it any more.
struct Landing<'a, K, T>(&'a Flights<K, T>, Rc<Flight<T>>);

impl<K: PartialEq, T: Clone> Flights<K, T> {
    /// Returns the answer to a question, which is asked unless it is on its way.
    pub(super) async fn share(&self, key: K, ask: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        loop {
            let other =
                self.0.borrow().iter().find(|(other, _)| *other == key).map(|(_, flight)| Rc::clone(flight));
            let Some(other) = other else { break };
            other.landed.passed().await;
            let answer = other.answer.borrow().clone();
            if let Some(answer) = answer {
                return answer;
            }
        }
        let flight = Rc::new(Flight { landed: Gate::default(), answer: RefCell::default() });
        self.0.borrow_mut().push((key, Rc::clone(&flight)));
        let landing = Landing(self, flight);
        let answer = ask().await;
        landing.1.answer.replace(Some(answer.clone()));
        answer
    }
}

impl<K, T> Drop for Landing<'_, K, T> {
    fn drop(&mut self) {
        self.0.0.borrow_mut().retain(|(_, flight)| !Rc::ptr_eq(flight, &self.1));
        self.1.landed.open();
    }
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

/// How many calls may be on their way at once.
#[derive(Default)]
pub(super) struct Slots {
    taken: Cell<usize>,
    waiting: crate::gate::Waiting,
}

/// A slot, which is free again when it is dropped.
pub(super) struct Slot<'a>(&'a Slots);

impl Slots {
    /// Waits until one of `most` slots is free.
    pub(super) async fn take(&self, most: usize) -> Slot<'_> {
        std::future::poll_fn(|context| {
            if self.taken.get() < most {
                self.taken.set(self.taken.get().saturating_add(1));
                return std::task::Poll::Ready(());
            }
            self.waiting.add(context.waker());
            std::task::Poll::Pending
        })
        .await;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.taken.set(self.0.taken.get().saturating_sub(1));
        self.0.waiting.wake();
    }
}
