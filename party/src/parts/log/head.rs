//! The last `seq`, in memory: the database need not be asked for it at every append.

use std::cell::Cell;
use std::rc::Rc;

use crate::Sql;

/// What is known of the last `seq`. It is forgotten when a transaction is undone, for that may have undone an append.
///
/// Should it be wrong, as it is where a room opens its log twice, an append meets an entry that is there already, and the
/// database is asked.
#[derive(Clone, Default)]
pub(super) struct Head(Rc<Cell<Option<Known>>>);

#[derive(Clone, Copy)]
struct Known {
    seq: u64,
    /// How many transactions had been undone by then.
    undone: u64,
}

impl Head {
    /// The last `seq`, if it is known.
    pub(super) fn get(&self, sql: &Sql) -> Option<u64> {
        self.0.get().filter(|known| known.undone == sql.undone()).map(|known| known.seq)
    }

    /// This is the last `seq`.
    pub(super) fn set(&self, sql: &Sql, seq: u64) {
        self.0.set(Some(Known { seq, undone: sql.undone() }));
    }

    /// The log has another beginning.
    pub(super) fn forget(&self) {
        self.0.set(None);
    }
}
