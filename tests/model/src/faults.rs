//! What can go wrong, and how often; and protocols that are wrong, which the model must find.

/// The faults that can still happen.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Faults {
    /// A call or a reply is lost. Its caller is told, some time.
    pub lost: u8,
    /// A call arrives twice, the second time whenever it likes.
    pub doubled: u8,
    /// A client's socket breaks.
    pub broken: u8,
    /// A relay sleeps: its memory is gone, its sockets stay.
    pub sleeps: u8,
    /// A relay crashes: its memory and its sockets are gone.
    pub crashes: u8,
    /// As a crash, but the sockets look open for a while.
    pub ghosts: u8,
    /// The hub loses its memory.
    pub hub: u8,
    /// The hub writes down what every relay has. This is no fault, but it has an end here, too.
    pub notes: u8,
}

/// A protocol that is wrong.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Flaw {
    /// A relay applies pushes as they come.
    OrderOfCalls,
    /// A relay without memory takes any push as the newest: a late one is not.
    OldPushes,
    /// A relay without memory takes a page, which it has asked for one client, as what all have.
    PageForAll,
    /// The hub takes every page that it sends as acknowledged.
    PagesCount,
    /// A hub without memory believes that every relay has everything.
    NoFloor,
    /// The hub stores an entry again that is sent again.
    NoIds,
}

impl Faults {
    /// Takes one of a kind.
    pub(crate) fn take(&mut self, kind: impl Fn(&mut Self) -> &mut u8) {
        let left = kind(self);
        *left = left.saturating_sub(1);
    }
}
