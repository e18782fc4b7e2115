//! What a relay does.

use crate::faults::Flaw;
use crate::state::{Id, Message, Place, Relay, Seq, Tail, World};

impl World {
    /// Applies a push. A relay without memory takes the hub's word for what its clients have: they were sent all that
    /// it has ever acknowledged, or their sockets are gone.
    pub(crate) fn relay_applies(&mut self, relay: usize, after: Seq, entries: &[Id]) -> Message {
        let end = match &self.relays[relay].tail {
            None => {
                self.relays[relay].tail = Some(Tail { base: after, entries: Vec::new(), sure: false });
                after
            }
            Some(tail) => tail.end(),
        };
        let after = if self.flaw == Some(Flaw::OrderOfCalls) { end } else { after };
        if after > end {
            self.relays[relay].behind = true;
        } else {
            self.relay_extends(relay, after, entries);
        }
        self.relay_serves(relay);
        let has = self.relays[relay].tail.as_ref().map_or(after, Tail::end);
        Message::Pushed { relay, has }
    }

    /// Takes the entries that it does not have, and sends them to its clients.
    fn relay_extends(&mut self, relay: usize, after: Seq, entries: &[Id]) {
        let Some(tail) = &mut self.relays[relay].tail else { return };
        let end = tail.end();
        let fresh = entries.get(end.saturating_sub(after)..).unwrap_or_default();
        tail.entries.extend(fresh);
        for client in self.clients.iter_mut().filter(|client| client.at == Place::Live(relay)) {
            for (nth, id) in fresh.iter().enumerate() {
                client.receive(end + nth + 1, *id);
            }
        }
    }

    /// Sends the clients that join what the tail has after what they have, if it is known to be up to date.
    pub(crate) fn relay_serves(&mut self, relay: usize) {
        let Some(tail) = self.relays[relay].tail.clone() else { return };
        for client in self.clients.iter_mut().filter(|client| client.at == Place::Joining(relay)) {
            let seen = client.seen.len();
            let sure = tail.sure || self.flaw == Some(Flaw::OldPushes);
            if sure && tail.base <= seen && seen <= tail.end() {
                client.at = Place::Live(relay);
                for (nth, id) in tail.entries.iter().enumerate() {
                    client.receive(tail.base + nth + 1, *id);
                }
            }
        }
    }

    /// Returns after which entry the relay asks the hub, if it has to. Without memory it does not know which entry its
    /// clients have, and lets the hub say that.
    pub(crate) fn relay_asks(&self, relay: usize) -> Option<Option<Seq>> {
        let under_way = |message: &Message| matches!(message, Message::Pull { relay: by, .. } | Message::Page { relay: by, .. } if *by == relay);
        if self.awaits(under_way) {
            return None;
        }
        let Relay { tail, behind } = &self.relays[relay];
        let joining = self.clients.iter().filter(|client| client.at == Place::Joining(relay));
        let missing = tail.as_ref().filter(|_| *behind).map(Tail::end);
        let after = joining.map(|client| client.seen.len()).chain(missing).min()?;
        let forgot = tail.is_none() && self.has_live(relay) && self.flaw != Some(Flaw::PageForAll);
        Some(if forgot { None } else { Some(after) })
    }

    fn has_live(&self, relay: usize) -> bool {
        self.clients.iter().any(|client| client.at == Place::Live(relay))
    }

    /// Takes a page of the hub.
    pub(crate) fn relay_reads(&mut self, relay: usize, after: Seq, entries: &[Id]) {
        match &mut self.relays[relay].tail {
            Some(tail) if after <= tail.end() => {
                tail.sure = true;
                self.relays[relay].behind = false;
                self.relay_extends(relay, after, entries);
            }
            // It lacks what is between.
            Some(_) => self.relays[relay].behind = true,
            None => {
                self.relays[relay].tail = Some(Tail { base: after, entries: Vec::new(), sure: true });
                self.relay_extends(relay, after, entries);
            }
        }
        for client in self.clients.iter_mut().filter(|client| client.at == Place::Joining(relay)) {
            if client.seen.len() < after {
                continue;
            }
            for (nth, id) in entries.iter().enumerate() {
                client.receive(after + nth + 1, *id);
            }
        }
        self.relay_serves(relay);
    }

    /// Loses the relay's memory; its sockets stay.
    pub(crate) fn relay_sleeps(&mut self, relay: usize) {
        self.relays[relay] = Relay::default();
    }

    /// Loses the relay's memory and its sockets. They may look open for a while.
    pub(crate) fn relay_crashes(&mut self, relay: usize, leaves: Place) {
        self.relays[relay] = Relay::default();
        let here = |at: Place| at == Place::Live(relay) || at == Place::Joining(relay);
        self.clients.iter_mut().filter(|client| here(client.at)).for_each(|client| client.at = leaves);
        let its = |message: &Message| matches!(message, Message::Pull { relay: by, .. } if *by == relay);
        self.forget_calls(its);
        self.lose_replies(|message| matches!(message, Message::Page { relay: by, .. } if *by == relay));
    }
}
