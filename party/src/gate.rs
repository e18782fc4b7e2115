//! A gate that opens once. Tasks that wait for it go on in the order of arrival.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// A door that is shut at first and, once open, stays so.
#[derive(Default)]
pub(crate) struct Gate {
    open: Cell<bool>,
    waiting: Waiting,
}

impl Gate {
    /// Returns a door that is open already.
    pub(crate) fn opened() -> Self {
        let gate = Self::default();
        gate.open();
        gate
    }

    /// Opens the gate and wakes the waiting tasks.
    pub(crate) fn open(&self) {
        self.open.set(true);
        self.waiting.wake();
    }

    /// Waits until the door is open.
    pub(crate) async fn passed(&self) {
        poll_fn(|context| {
            if self.open.get() {
                return Poll::Ready(());
            }
            self.waiting.add(context.waker());
            Poll::Pending
        })
        .await;
    }
}

/// Tasks that wait for the same thing, in the order of arrival.
#[derive(Default)]
pub(crate) struct Waiting(RefCell<Vec<Waker>>);

impl Waiting {
    /// Remembers a task, once.
    pub(crate) fn add(&self, waker: &Waker) {
        let mut wakers = self.0.borrow_mut();
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    /// Wakes all, first come first.
    pub(crate) fn wake(&self) {
        // Taken out first: a waker may run its task at once, and that may wait here again.
        let wakers = self.0.take();
        wakers.into_iter().for_each(Waker::wake);
    }
}
