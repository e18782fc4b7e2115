//! Clients that do not read. Frames to them pile up in the platform's memory, so each client is probed, and closed if
//! it does not answer.
//!
//! A [heartbeat](super::heartbeat) proves that a client sends. It does not prove that it reads: a client can send pings
//! and leave all frames in its network buffers, by a fault or to do harm. The platform does not report how much waits
//! there. So after each [mebibyte](BacklogOptions::ask_after) that a connection was sent, the room sends it a probe
//! with an id. A client that reads sends the id back.
//!
//! # Example
//!
//! ```
//! use party::parts::backlog::{Backlog, BacklogOptions};
//! use party::{Connection, Message, Props, Result, Room, Server};
//!
//! struct Feed {
//!     backlog: Backlog,
//! }
//!
//! impl Server for Feed {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { backlog: Backlog::open(room, BacklogOptions::default().ask_after(1_000))? })
//!     }
//!
//!     async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
//!         match message.as_text().and_then(|text| text.strip_prefix("read ")) {
//!             Some(id) => self.backlog.answered(from, id),
//!             None => room.broadcast(&message).send(),
//!         }
//!         self.backlog.check(|client, id| {
//!             client.send(format!("probe {id}"));
//!             true
//!         });
//!         Ok(())
//!     }
//! }
//! # use std::time::Duration;
//! # let room = party::testing::TestRoom::<Feed>::new("feed");
//! # let (reads, sleeps) = (room.connect("reads"), room.connect("sleeps"));
//! # let talk = || reads.send("x".repeat(600));
//! # talk();
//! # talk();
//! # let probe = reads.received().pop().unwrap();
//! # let id = probe.as_text().unwrap().strip_prefix("probe ").unwrap().to_owned();
//! # reads.send(format!("read {id}"));
//! # room.advance(Duration::from_secs(31));
//! # talk();
//! # assert!(reads.is_open() && !sleeps.is_open());
//! ```

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::{CloseCode, Connection, Result, Room, Timestamp};

/// The name of this part's cached data with a connection.
const KEY: &str = "backlog";

/// The factor by which more may be sent to a client that cannot be probed, before it is closed.
const UNASKED: u64 = 8;

/// The limit of unread data of a connection.
///
/// | option | default |
/// | --- | --- |
/// | [bytes after which a client is probed](Self::ask_after) | 1,048,576 (1 MiB) |
/// | [time that a client has to answer](Self::answer_within) | 30 seconds |
///
/// A client that cannot be probed is closed after eight times as much, 8 MiB by default: it reconnects and begins
/// again.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::backlog::BacklogOptions;
///
/// let strict = BacklogOptions::default().ask_after(256 * 1_024).answer_within(Duration::from_secs(10));
/// # let _ = strict;
/// ```
#[derive(Clone, Debug)]
pub struct BacklogOptions {
    ask_after: u64,
    answer_within: Duration,
}

impl Default for BacklogOptions {
    fn default() -> Self {
        Self { ask_after: 1024 * 1024, answer_within: Duration::from_secs(30) }
    }
}

impl BacklogOptions {
    /// Sets the number of bytes after which a client is probed.
    ///
    /// The default is 1,048,576 bytes (1 MiB).
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::backlog::BacklogOptions;
    ///
    /// let options = BacklogOptions::default().ask_after(256 * 1_024);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn ask_after(self, bytes: u64) -> Self {
        Self { ask_after: bytes.max(1), ..self }
    }

    /// Sets how long a client has to answer.
    ///
    /// The default is 30 seconds.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::backlog::BacklogOptions;
    ///
    /// let options = BacklogOptions::default().answer_within(Duration::from_secs(10));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn answer_within(self, time: Duration) -> Self {
        Self { answer_within: time, ..self }
    }
}

/// The data that the clients of a room have not confirmed. [The module](self) says how it is used.
///
/// # Lifetime
///
/// It is in memory only: in a room that sleeps nothing is sent.
#[derive(Clone)]
pub struct Backlog(Rc<Inner>);

struct Inner {
    room: Room,
    options: BacklogOptions,
    /// The bytes that the room had sent when its clients were last checked.
    looked_at: Cell<u64>,
}

/// The data that a client has confirmed.
#[derive(Default)]
struct Proof {
    /// The bytes that it had been sent when it was asked the last time that it answered.
    read: Cell<u64>,
    /// The probe that it has not answered.
    asked: Cell<Option<Probe>>,
}

#[derive(Clone, Copy)]
struct Probe {
    /// Random, so that only a client that has read it knows it.
    number: u64,
    /// The bytes that the client had been sent before.
    sent: u64,
    at: Timestamp,
}

impl Backlog {
    /// Opens the backlog of a room.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::backlog::{Backlog, BacklogOptions};
    ///
    /// let backlog = Backlog::open(room, BacklogOptions::default())?;
    /// assert!(backlog.check(|_client, _id| true).is_empty());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: BacklogOptions) -> Result<Self> {
        let looked_at = Cell::new(room.sent_bytes());
        Ok(Self(Rc::new(Inner { room: room.clone(), options, looked_at })))
    }

    /// Probes every client that was sent enough since its last answer; `ask` returns whether the client can answer.
    /// Closes those that have not answered in time, with [`CloseCode::SILENT`], and returns them. Call it after each
    /// send: it does nothing until the room has sent a quarter of the bytes of
    /// [`ask_after`](BacklogOptions::ask_after).
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// # use party::parts::backlog::{Backlog, BacklogOptions};
    /// let backlog = Backlog::open(room, BacklogOptions::default().ask_after(100))?;
    /// ada.send("x".repeat(100));
    /// let closed = backlog.check(|client, id| {
    ///     client.send(format!("are you there? {id}"));
    ///     true
    /// });
    /// assert!(closed.is_empty());
    /// # Ok(()) });
    /// assert!(ada.received().pop().unwrap().as_text().unwrap().starts_with("are you there?"));
    /// ```
    pub fn check(&self, ask: impl Fn(&Connection, &str) -> bool) -> Vec<Connection> {
        let Inner { room, options, looked_at } = &*self.0;
        let sent = room.sent_bytes();
        if sent.saturating_sub(looked_at.get()) < options.ask_after / 4 {
            return Vec::new();
        }
        looked_at.set(sent);
        let now = room.now();
        let mut closed = Vec::new();
        for connection in room.connections() {
            let (proof, sent) = (Self::proof(&connection), connection.sent_bytes());
            let unread = sent.saturating_sub(proof.read.get());
            let over = match proof.asked.get() {
                Some(probe) => now.has_passed(probe.at, options.answer_within),
                None if unread >= options.ask_after => {
                    let number = self.random_number();
                    let asked = ask(&connection, &number.to_string());
                    proof.asked.set(asked.then_some(Probe { number, sent, at: now }));
                    !asked && unread >= options.ask_after.saturating_mul(UNASKED)
                }
                None => false,
            };
            if over {
                connection.close(CloseCode::SILENT, "Does not read what it is sent");
                closed.push(connection);
            }
        }
        closed
    }

    /// Notes that a client has answered a probe. An id that was not sent to it proves nothing.
    ///
    /// # Example
    ///
    /// A client sends back the id of the probe:
    ///
    /// ```
    /// use party::parts::backlog::Backlog;
    /// use party::{Connection, Message};
    ///
    /// fn on_text(backlog: &Backlog, from: &Connection, message: &Message) {
    ///     if let Some(id) = message.as_text().and_then(|text| text.strip_prefix("here: ")) {
    ///         backlog.answered(from, id);
    ///     }
    /// }
    /// ```
    pub fn answered(&self, who: &Connection, id: &str) {
        let proof = Self::proof(who);
        if let Some(probe) = proof.asked.get()
            && probe.number.to_string() == id
        {
            proof.read.set(probe.sent);
            proof.asked.set(None);
        }
    }

    fn random_number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.0.room.random(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn proof(connection: &Connection) -> Rc<Proof> {
        connection.cached(KEY, || Ok(Some(Proof::default()))).ok().flatten().unwrap_or_default()
    }
}

impl fmt::Debug for Backlog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Backlog").field(&self.0.options).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_keeps_its_value_when_the_other_follows() {
        let options = BacklogOptions::default().ask_after(7).answer_within(Duration::from_secs(3));
        assert_eq!((options.ask_after, options.answer_within), (7, Duration::from_secs(3)));
        let options = BacklogOptions::default().answer_within(Duration::from_secs(3)).ask_after(7);
        assert_eq!((options.ask_after, options.answer_within), (7, Duration::from_secs(3)));
    }
}
