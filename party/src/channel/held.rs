//! The order of one client's operations: nothing overtakes an operation that was refused for a while, as over a rate.
//!
//! This does not hold for an operation at which the room itself failed: it may fail each time, and would keep its
//! client from all that comes later.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::{Connection, Timestamp};

/// For how long a client that may try again has to begin with the operation that was refused first. It may also give
/// that up.
const HOLD: Duration = Duration::from_secs(5);

/// The shortest time after which a later operation may be tried again.
const SOON: Duration = Duration::from_millis(100);

/// Under which name this is cached with a connection.
const KEY: &str = "channel.held";

/// The operation of a client that was refused for a while, and that comes first when the client tries again.
#[derive(Default)]
pub(super) struct Held {
    first: RefCell<Option<First>>,
    /// The number of operations of the client so far.
    arrivals: Cell<u64>,
}

struct First {
    id: String,
    /// As which of the client's operations it came.
    arrival: u64,
    /// When the client may try again.
    retry_at: Timestamp,
}

impl Held {
    /// Returns that of a connection.
    pub(super) fn of(connection: &Connection) -> Rc<Self> {
        connection.cached(KEY, || Ok(Some(Self::default()))).ok().flatten().unwrap_or_default()
    }

    /// Counts an operation that has come. Returns its number.
    pub(super) fn arrives(&self) -> u64 {
        let arrival = self.arrivals.get().saturating_add(1);
        self.arrivals.set(arrival);
        arrival
    }

    /// Checks that operations which begin with this one, and come now, overtake none.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SLOW_DOWN`] while another operation is to come first.
    pub(super) fn check(&self, first: &str, now: Timestamp) -> Result<()> {
        self.check_arrived(first, u64::MAX, now)
    }

    /// Checks that an operation which came before, and waited since, overtakes none. An operation that came later and
    /// was refused meanwhile does not hold it up.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub(super) fn check_arrived(&self, id: &str, arrival: u64, now: Timestamp) -> Result<()> {
        match &*self.first.borrow() {
            Some(held) if held.id != id && held.arrival < arrival && now < held.retry_at + HOLD => {
                let text = "send the frame again first that was refused before this one";
                let wait = held.retry_at.since(now).clamp(SOON, HOLD);
                Err(Error::client(ErrorCode::SLOW_DOWN, text).retry_after(wait))
            }
            _ => Ok(()),
        }
    }

    /// Notes a refused operation. If it may be tried again, no later operation is accepted before it.
    pub(super) fn hold(&self, id: &str, arrival: u64, error: &Error, now: Timestamp) {
        let Some(wait) = error.retry_time() else { return };
        let mut held = self.first.borrow_mut();
        if held
            .as_ref()
            .is_none_or(|first| first.id == id || arrival < first.arrival || first.retry_at + HOLD <= now)
        {
            *held = Some(First { id: id.to_owned(), arrival, retry_at: now + wait });
        }
    }

    /// Operations that begin with this one are accepted, for now.
    pub(super) fn release(&self, first: &str) {
        self.first.borrow_mut().take_if(|held| held.id == first);
    }
}
