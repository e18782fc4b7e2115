//! What the rooms of a world share.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use super::{MemoryBucket, Outgoing};
use crate::timestamp::Timestamp;

/// When the virtual clock starts: 2026-01-01 00:00 UTC.
const EPOCH: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// The clock, the worker whose rooms they are, and the calls that they make.
pub(crate) struct World {
    pub(crate) now: Cell<Timestamp>,
    /// The secrets and variables of the worker, by name.
    pub(crate) secrets: RefCell<BTreeMap<String, String>>,
    /// The buckets of the worker, by name.
    pub(crate) buckets: RefCell<BTreeMap<String, MemoryBucket>>,
    /// The calls that nobody has carried yet.
    calls: RefCell<VecDeque<Outgoing>>,
}

impl World {
    /// Takes a call of a room.
    pub(super) fn call(&self, call: Outgoing) {
        self.calls.borrow_mut().push_back(call);
    }

    /// Returns the oldest call that nobody has carried yet.
    pub(crate) fn next_call(&self) -> Option<Outgoing> {
        self.calls.borrow_mut().pop_front()
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: Cell::new(EPOCH),
            secrets: RefCell::default(),
            buckets: RefCell::default(),
            calls: RefCell::default(),
        }
    }
}
