//! What the hub does.

use crate::faults::Flaw;
use crate::state::{Id, Message, Seq, World};

impl World {
    /// Stores an entry, unless it is in the log, and acknowledges it.
    pub(crate) fn hub_appends(&mut self, client: usize, id: Id) -> Message {
        if !self.log.contains(&id) || self.flaw == Some(Flaw::NoIds) {
            self.log.push(id);
        }
        Message::Appended { client, id }
    }

    /// Sends a page to a relay, and remembers the relay. A relay that was not known has no clients that wait for
    /// pushes, so what is in the page need not be pushed.
    pub(crate) fn hub_answers(&mut self, relay: usize, after: Option<Seq>) -> Message {
        if !self.known[relay] || self.flaw == Some(Flaw::PagesCount) {
            self.known[relay] = true;
            self.acked[relay] = self.log.len();
        }
        let after = after.unwrap_or(self.acked[relay]);
        let entries = self.log.get(after..).unwrap_or_default().to_vec();
        Message::Page { relay, after, entries }
    }

    /// Notes what a relay has. Such a reply may be older than others.
    pub(crate) fn hub_notes(&mut self, relay: usize, has: Seq) {
        self.acked[relay] = self.acked[relay].max(has);
    }

    /// Returns whether there is something to push to a relay, and no push is under way.
    pub(crate) fn hub_pushes(&self, relay: usize) -> bool {
        let under_way = |message: &Message| matches!(message, Message::Push { relay: to, .. } | Message::Pushed { relay: to, .. } if *to == relay);
        self.known[relay] && self.acked[relay] < self.log.len() && !self.awaits(under_way)
    }

    /// Pushes to a relay what it has not acknowledged.
    pub(crate) fn hub_push(&mut self, relay: usize) {
        let after = self.acked[relay];
        let entries = self.log.get(after..).unwrap_or_default().to_vec();
        self.call(Message::Push { relay, after, entries });
    }

    /// Returns the entry that all known relays have.
    pub(crate) fn hub_floor(&self) -> Seq {
        let acked = self.acked.iter().zip(&self.known).filter(|(_, known)| **known).map(|(acked, _)| *acked);
        acked.min().unwrap_or(self.floor)
    }

    /// Loses the hub's memory: what each relay has acknowledged is known only as far as it was written down.
    pub(crate) fn hub_forgets(&mut self) {
        let floor = if self.flaw == Some(Flaw::NoFloor) { self.log.len() } else { self.floor };
        self.acked.fill(floor);
        self.forget_calls(|message| matches!(message, Message::Push { .. }));
        self.lose_replies(|message| matches!(message, Message::Pushed { .. }));
    }
}
