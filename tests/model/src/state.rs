//! The state of the world.

use crate::faults::{Faults, Flaw};

/// The id of an entry: its author's client, and a number.
pub type Id = u8;

/// A number of entries, or the place of one in the log, from 1.
pub type Seq = usize;

/// All there is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct World {
    /// The ids of the entries. It is in the hub's database: no fault changes it.
    pub log: Vec<Id>,
    /// The relays that the hub knows. In its database.
    pub known: Vec<bool>,
    /// An entry that every relay had when this was written down, and all before it. In the hub's database.
    pub floor: Seq,
    /// The last entry that each relay has acknowledged. In the hub's memory.
    pub acked: Vec<Seq>,
    /// The memory of each relay.
    pub relays: Vec<Relay>,
    /// The clients.
    pub clients: Vec<Client>,
    /// The calls and replies on their way, in no order.
    pub calls: Vec<Call>,
    /// The faults that can still happen.
    pub faults: Faults,
    /// What is wrong with the protocol.
    pub flaw: Option<Flaw>,
}

/// The memory of a relay: empty after a sleep and after a crash.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Relay {
    /// The newest entries that it has.
    pub tail: Option<Tail>,
    /// Whether it has missed entries, and asks the hub for them.
    pub behind: bool,
}

/// Entries that follow each other.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Tail {
    /// The entry before the first one.
    pub base: Seq,
    /// The entries.
    pub entries: Vec<Id>,
    /// Whether the hub has answered since this memory began: a push alone may be old.
    pub sure: bool,
}

impl Tail {
    /// Returns the last entry.
    pub fn end(&self) -> Seq {
        self.base + self.entries.len()
    }
}

/// A client, with what its person sees.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Client {
    /// Where its socket is.
    pub at: Place,
    /// The entries that it has received, in their order.
    pub seen: Vec<Id>,
    /// The entry that it has sent, and that is not acknowledged.
    pub pending: Option<Id>,
    /// The entries that were acknowledged.
    pub acknowledged: Vec<Id>,
    /// How many it will still write.
    pub left: u8,
    /// Whether it has received an entry that is not the next one, and not one that it has.
    pub missed: bool,
}

/// Where a socket is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// Nowhere: the client connects again.
    Nowhere,
    /// At a relay that does not know yet what it has.
    Joining(usize),
    /// At a relay that sends it what is new.
    Live(usize),
    /// At a relay that was replaced: the socket is not closed yet, and nothing comes.
    Ghost,
}

/// A call or a reply on its way.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Call {
    /// What it says.
    pub message: Message,
    /// Whether nobody waits for it: its caller is gone, or it is the copy of another.
    pub late: bool,
}

/// What a call says.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub enum Message {
    /// Hub to relay: entries after `after`.
    Push { relay: usize, after: Seq, entries: Vec<Id> },
    /// The reply: the last entry that the relay has.
    Pushed { relay: usize, has: Seq },
    /// Relay to hub: it asks for what is after `after`; or, as one that has lost its memory and has clients, for what
    /// is after the last entry that it has ever acknowledged.
    Pull { relay: usize, after: Option<Seq> },
    /// The reply.
    Page { relay: usize, after: Seq, entries: Vec<Id> },
    /// Client to hub, by way of a relay: an entry.
    Append { client: usize, id: Id },
    /// The reply: it is in the log.
    Appended { client: usize, id: Id },
}

impl World {
    /// Returns a world in which nothing has happened, where each client writes this number of entries.
    pub fn new(relays: usize, writes: &[u8], faults: Faults) -> Self {
        let client = |left: &u8| Client {
            at: Place::Nowhere,
            seen: Vec::new(),
            pending: None,
            acknowledged: Vec::new(),
            left: *left,
            missed: false,
        };
        Self {
            log: Vec::new(),
            known: vec![false; relays],
            floor: 0,
            acked: vec![0; relays],
            relays: vec![Relay::default(); relays],
            clients: writes.iter().map(client).collect(),
            calls: Vec::new(),
            faults,
            flaw: None,
        }
    }

    /// Puts a call on its way.
    pub fn call(&mut self, message: Message) {
        self.calls.push(Call { message, late: false });
        self.calls.sort();
    }

    /// Returns whether somebody waits for an answer to such a call.
    pub fn awaits(&self, is_such: impl Fn(&Message) -> bool) -> bool {
        self.calls.iter().any(|call| !call.late && is_such(&call.message))
    }

    /// Has nobody wait for such calls any more: their callers have lost their memory. They still arrive.
    pub fn forget_calls(&mut self, is_such: impl Fn(&Message) -> bool) {
        self.calls.iter_mut().filter(|call| is_such(&call.message)).for_each(|call| call.late = true);
        self.calls.sort();
    }

    /// Removes replies to one that has lost its memory: nobody is there to receive them.
    pub fn lose_replies(&mut self, is_such: impl Fn(&Message) -> bool) {
        self.calls.retain(|call| !is_such(&call.message));
    }
}

impl Call {
    /// Returns whether it can arrive twice: a call can, when a platform tries again. A reply goes to the one that waits
    /// for it, once.
    pub fn can_double(&self) -> bool {
        let is_call =
            matches!(self.message, Message::Push { .. } | Message::Pull { .. } | Message::Append { .. });
        is_call && !self.late
    }
}

impl Client {
    /// Receives an entry of the log.
    pub fn receive(&mut self, seq: Seq, id: Id) {
        match seq.cmp(&(self.seen.len() + 1)) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => {
                self.seen.push(id);
                if self.pending == Some(id) {
                    self.acknowledge(id);
                }
            }
            // It connects again, and says what it has.
            std::cmp::Ordering::Greater => {
                self.missed = true;
                self.at = Place::Nowhere;
            }
        }
    }

    /// Receives the acknowledgement of what it has written.
    pub fn acknowledge(&mut self, id: Id) {
        if self.pending == Some(id) {
            self.pending = None;
            self.acknowledged.push(id);
        }
    }
}
