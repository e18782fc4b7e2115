//! Pings that do not wake the room. Dead connections are found and closed.
//!
//! A connection can die silently: a phone leaves the network, a laptop is shut. Neither side is notified, and the room
//! counts a client that has left. So clients send a short text at intervals, the heartbeat. The platform answers it by
//! itself: the room sleeps on, and nothing is billed for it. [`Heartbeat::sweep`] finds the clients whose heartbeat has
//! stopped, and closes them.
//!
//! # When to sweep
//!
//! A sweep needs the room awake, and that costs. Sweep when somebody needs to know who is present: when a client
//! connects, or by a [job](super::jobs) that is set while anybody is connected, as here.
//!
//! ```
//! use std::time::Duration;
//!
//! use party::parts::heartbeat::{Heartbeat, HeartbeatOptions};
//! use party::parts::jobs::{Jobs, When};
//! use party::testing::TestRoom;
//! use party::{Connection, ConnectionContext, Props, Result, Room, Server};
//!
//! struct Lounge {
//!     heartbeat: Heartbeat,
//!     jobs: Jobs,
//! }
//!
//! impl Server for Lounge {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         let heartbeat = Heartbeat::open(room, HeartbeatOptions::default())?;
//!         Ok(Self { heartbeat, jobs: Jobs::open(room)? })
//!     }
//!
//!     async fn on_connect(&self, room: &Room, _who: &Connection, _context: &ConnectionContext) -> Result<()> {
//!         room.broadcast("one more").send();
//!         match self.jobs.due("sweep", "all")? {
//!             Some(_) => Ok(()),
//!             None => self.sweep_later(),
//!         }
//!     }
//!
//!     async fn on_alarm(&self, room: &Room) -> Result<()> {
//!         self.jobs.run(async |_job| {
//!             for _gone in self.heartbeat.sweep() {
//!                 room.broadcast("one less").send();
//!             }
//!             if room.connections().is_empty() { Ok(()) } else { self.sweep_later() }
//!         })
//!         .await
//!     }
//! }
//!
//! impl Lounge {
//!     fn sweep_later(&self) -> Result<()> {
//!         self.jobs.set("sweep", "all", When::after(Duration::from_secs(60)), &())
//!     }
//! }
//!
//! let room = TestRoom::<Lounge>::new("red");
//! let (ada, bob) = (room.connect("ada"), room.connect("bob"));
//! for _ in 0..10 {
//!     ada.send("ping");
//!     assert_eq!(ada.received().pop().unwrap().as_text(), Some("pong"));
//!     room.advance(Duration::from_secs(20));
//! }
//! bob.send("ping");
//! room.advance(Duration::from_secs(180));
//! assert!(!ada.is_open() && !bob.is_open());
//! ```

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::connection::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::message::close::CloseCode;
use crate::room::Room;
use crate::timestamp::Timestamp;

/// The longest text that the platform answers, or answers with, in characters
/// ([`setWebSocketAutoResponse`](https://developers.cloudflare.com/durable-objects/api/state/)).
const MAX_CHARS: usize = 2_048;

/// The default time that a client may be silent.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The options of a room's heartbeat.
///
/// | option | default |
/// | --- | --- |
/// | [text and answer](Self::answer) | `ping` and `pong` |
/// | [how long a client may be silent](Self::timeout) | 60 seconds |
/// | [clients that must have a heartbeat](Self::required_of) | none |
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::heartbeat::HeartbeatOptions;
///
/// let options = HeartbeatOptions::default().answer("are you there?", "yes").timeout(Duration::from_secs(150));
/// # let _ = options;
/// ```
#[derive(Clone)]
pub struct HeartbeatOptions {
    ping: String,
    pong: String,
    timeout: Duration,
    required: Option<Clients>,
}

/// A choice of clients.
type Clients = Rc<dyn Fn(&Connection) -> bool>;

impl Default for HeartbeatOptions {
    fn default() -> Self {
        Self { ping: "ping".to_owned(), pong: "pong".to_owned(), timeout: TIMEOUT, required: None }
    }
}

impl HeartbeatOptions {
    /// Sets the text that clients send, and the platform's answer. Only a text frame that is exactly `ping` is
    /// answered.
    ///
    /// The default is `ping` and `pong`, at most 2,048 characters each.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::heartbeat::HeartbeatOptions;
    ///
    /// let options = HeartbeatOptions::default().answer("0x9", "0xA");
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn answer(self, ping: &str, pong: &str) -> Self {
        Self { ping: ping.to_owned(), pong: pong.to_owned(), ..self }
    }

    /// Sets how long a client may be silent. It should be more than twice as long as the pause between two of its
    /// heartbeats.
    ///
    /// The default is 60 seconds. Browsers delay the timers of a page in the background, by up to a minute.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::heartbeat::HeartbeatOptions;
    ///
    /// let options = HeartbeatOptions::default().timeout(Duration::from_secs(150));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets which clients must have a heartbeat. One of these is closed also if it has sent nothing since it connected;
    /// of the others, those that have used the heartbeat at least once. Without this, none is known.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::heartbeat::HeartbeatOptions;
    ///
    /// let options =
    ///     HeartbeatOptions::default().required_of(|client| client.query("wire").as_deref() == Some("2"));
    /// ```
    #[must_use]
    pub fn required_of(self, clients: impl Fn(&Connection) -> bool + 'static) -> Self {
        Self { required: Some(Rc::new(clients)), ..self }
    }
}

/// The heartbeat of a room. [The module](self) says how it is used.
///
/// # Identity
///
/// A room has one heartbeat: the platform answers one text.
///
/// # Lifetime
///
/// The platform goes on answering while the room sleeps, and stores for each connection the time of its last answer.
#[derive(Clone)]
pub struct Heartbeat {
    room: Room,
    options: HeartbeatOptions,
}

impl Heartbeat {
    /// Opens the heartbeat of a room: the platform answers from now on. Call it in
    /// [`Server::on_start`](crate::Server::on_start), every time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a text of more than 2,048 characters, [`ErrorKind::Platform`] when the platform
    /// refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::heartbeat::{Heartbeat, HeartbeatOptions};
    ///
    /// let heartbeat = Heartbeat::open(room, HeartbeatOptions::default())?;
    /// assert!(heartbeat.sweep().is_empty());
    /// assert!(Heartbeat::open(room, HeartbeatOptions::default().answer(&"x".repeat(2_049), "")).is_err());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: HeartbeatOptions) -> Result<Self> {
        for text in [&options.ping, &options.pong] {
            let chars = text.chars().count();
            if chars > MAX_CHARS {
                let text = format!("a heartbeat has at most {MAX_CHARS} characters, this one {chars}");
                return Err(Error::new(ErrorKind::Invalid, text));
            }
        }
        room.platform().set_auto_response(&options.ping, &options.pong)?;
        Ok(Self { room: room.clone(), options })
    }

    /// Closes the connections that were silent for too long, with [`CloseCode::SILENT`], and returns them.
    ///
    /// They are not among [`Room::connections`] any more. Handle their end at once if that matters:
    /// [`Server::on_close`](crate::Server::on_close) of a dead connection is called late, or never.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Room;
    /// # use party::parts::heartbeat::Heartbeat;
    /// fn count(room: &Room, heartbeat: &Heartbeat) -> usize {
    ///     heartbeat.sweep();
    ///     room.connections().len()
    /// }
    /// ```
    pub fn sweep(&self) -> Vec<Connection> {
        let now = self.room.now();
        let mut silent = self.room.connections();
        silent.retain(|connection| self.is_silent(connection, now));
        for connection in &silent {
            connection.close(CloseCode::SILENT, "Silent for too long");
        }
        silent
    }

    fn is_silent(&self, connection: &Connection, now: Timestamp) -> bool {
        if connection.last_seen() + self.options.timeout >= now {
            return false;
        }
        connection.last_heartbeat().is_some()
            || self.options.required.as_ref().is_some_and(|required| required(connection))
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Heartbeat").field(&self.options).finish()
    }
}

impl fmt::Debug for HeartbeatOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeartbeatOptions")
            .field("ping", &self.ping)
            .field("pong", &self.pong)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
