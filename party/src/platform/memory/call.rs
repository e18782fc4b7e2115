//! Calls between rooms, as they leave the caller.

use std::cell::Cell;
use std::rc::Rc;

use crate::error::{Error, ErrorKind, Result};
use crate::gate::Gate;
use crate::host::errand::Kind;
use crate::platform::Address;

/// The status and the text of a response, or why there is none.
pub(crate) type Answered = Result<(u16, String)>;

/// A call that a room has made.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) kind: Kind,
    pub(crate) body: String,
    pub(crate) mailbox: Rc<Mailbox>,
}

/// The place where a caller waits for its answer. The first that comes is the answer.
#[derive(Default)]
pub(crate) struct Mailbox {
    has_come: Gate,
    answer: Cell<Option<Answered>>,
    is_full: Cell<bool>,
}

impl Mailbox {
    /// Brings an answer.
    pub(crate) fn put(&self, answer: Answered) {
        if !self.is_full.replace(true) {
            self.answer.set(Some(answer));
            self.has_come.open();
        }
    }

    /// Waits for the answer.
    pub(super) async fn answer(&self) -> Answered {
        self.has_come.passed().await;
        self.answer
            .take()
            .unwrap_or_else(|| Err(Error::new(ErrorKind::Platform, "the answer was read twice")))
    }
}
