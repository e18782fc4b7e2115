//! The tasks of a room, and the queue of the rooms that have something to do.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::platform::LocalFuture;
use crate::platform::memory::Spawn;

/// The rooms that have something to do, by their numbers.
#[derive(Clone, Default)]
pub(super) struct Ready(Arc<Mutex<VecDeque<usize>>>);

/// The tasks of one activation of a room.
pub(super) struct Tasks {
    running: RefCell<FuturesUnordered<LocalFuture<'static, ()>>>,
    new: RefCell<Rc<New>>,
    bell: Arc<Bell>,
}

/// The tasks that were not begun yet.
type New = RefCell<Vec<LocalFuture<'static, ()>>>;

/// Rings when a task of a room can go on.
struct Bell {
    room: usize,
    has_rung: AtomicBool,
    ready: Ready,
}

impl Ready {
    /// Returns the next room that has something to do.
    pub(super) fn next(&self) -> Option<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Tasks {
    /// Returns the tasks of the room of this number: none yet.
    pub(super) fn new(room: usize, ready: Ready) -> Self {
        let bell = Arc::new(Bell { room, has_rung: AtomicBool::new(false), ready });
        Self { running: RefCell::default(), new: RefCell::default(), bell }
    }

    /// Adds a task.
    pub(super) fn spawn(&self, task: LocalFuture<'static, ()>) {
        (self.spawner())(task);
    }

    /// Returns what adds tasks as long as this activation lasts.
    pub(super) fn spawner(&self) -> Spawn {
        let (new, bell) = (Rc::downgrade(&self.new.borrow()), Arc::clone(&self.bell));
        Rc::new(move |task| {
            if let Some(new) = new.upgrade() {
                new.borrow_mut().push(task);
                bell.wake_by_ref();
            }
        })
    }

    /// Ends all tasks, and with them the activation.
    pub(super) fn end(&self) {
        // Dropped when nothing is borrowed: a task that ends may wake others.
        drop((self.new.take(), self.running.take()));
    }

    /// Runs the tasks until each waits.
    pub(super) fn run_until_stalled(&self) {
        let waker = Waker::from(Arc::clone(&self.bell));
        let mut context = Context::from_waker(&waker);
        while self.bell.has_rung.swap(false, Ordering::Relaxed) {
            let mut running = self.running.borrow_mut();
            loop {
                let new = Rc::clone(&self.new.borrow()).take();
                running.extend(new);
                if let Poll::Pending | Poll::Ready(None) = running.poll_next_unpin(&mut context) {
                    break;
                }
            }
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.has_rung.swap(true, Ordering::Relaxed) {
            self.ready.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.room);
        }
    }
}
