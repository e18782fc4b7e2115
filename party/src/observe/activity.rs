//! Counting what the hooks of a room do, in one activation.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::inspection::HookCounts;
use super::observation::ServerHook;
use crate::error::Error;
use crate::timestamp::Timestamp;

/// The hooks that run, and what became of those that ran.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    running: Cell<usize>,
    counts: RefCell<[Option<HookCounts>; ServerHook::COUNT]>,
}

/// A hook that was called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Called {
    pub(crate) began: Timestamp,
    /// The number of others that had not returned.
    pub(crate) queue: usize,
    /// The rows read and written, and the bytes sent, if the room is observed.
    pub(crate) rows: (u64, u64),
    pub(crate) sent: u64,
}

impl Activity {
    /// Counts a call of a hook.
    pub(crate) fn called(&self, now: Timestamp) -> Called {
        let queue = self.running.get();
        self.running.set(queue.saturating_add(1));
        Called { began: now, queue, rows: (0, 0), sent: 0 }
    }

    /// Counts the return of a hook. Returns how long it took.
    pub(crate) fn returned(
        &self,
        hook: ServerHook,
        called: Called,
        now: Timestamp,
        error: Option<&Error>,
    ) -> Duration {
        self.running.set(self.running.get().saturating_sub(1));
        let took = now.since(called.began);
        if let Some(counts) = self.counts.borrow_mut().get_mut(hook as usize) {
            counts.get_or_insert_with(|| HookCounts::new(hook)).add(took, error);
        }
        took
    }

    /// Returns how many hooks have been called and have not returned.
    pub(crate) fn running(&self) -> usize {
        self.running.get()
    }

    /// Returns the counts of the hooks that were called.
    pub(crate) fn counts(&self) -> Vec<HookCounts> {
        self.counts.borrow().iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn calls_failures_refusals_and_the_slowest_are_counted_for_each_hook() {
        let activity = Activity::default();
        let at = Timestamp::from_millis;
        let slow = activity.called(at(10));
        let quick = activity.called(at(20));
        assert_eq!((slow.queue, quick.queue, activity.running()), (0, 1, 2));

        let refusal = Error::client(ErrorCode::FORBIDDEN, "no");
        activity.returned(ServerHook::OnMessage, quick, at(21), Some(&refusal));
        let took = activity.returned(ServerHook::OnMessage, slow, at(510), Some(&Error::other("broken")));
        let request = activity.called(at(600));
        activity.returned(ServerHook::OnRequest, request, at(600), None);

        assert_eq!((took, activity.running()), (Duration::from_millis(500), 0));
        let counts = activity.counts();
        let [message, request] = counts.as_slice() else { panic!("{counts:?}") };
        assert_eq!(
            (message.hook, message.calls, message.refused, message.failed),
            (ServerHook::OnMessage, 2, 1, 1)
        );
        assert_eq!((message.slowest_ms, message.total_ms), (500, 501));
        assert_eq!((request.hook, request.calls, request.failed), (ServerHook::OnRequest, 1, 0));
    }

    #[test]
    fn a_clock_that_is_set_back_counts_no_time() {
        let activity = Activity::default();
        let called = activity.called(Timestamp::from_millis(1_000));
        assert_eq!(
            activity.returned(ServerHook::OnAlarm, called, Timestamp::from_millis(10), None),
            Duration::ZERO
        );
    }
}
