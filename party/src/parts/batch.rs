//! Batching: messages of the same few milliseconds are committed together, so that many messages cost one transaction
//! and one frame for each client.
//!
//! A quiet room commits at once. Only frames that follow within the window wait, at most until its end; so a batch adds
//! latency only under load, and no more than the window.
//!
//! # Example
//!
//! ```
//! use std::time::Duration;
//! use party::parts::batch::Batch;
//! use party::{Connection, Message, Props, Result, Room, Server};
//!
//! struct Ticker {
//!     batch: Batch<Message>,
//! }
//!
//! impl Server for Ticker {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { batch: Batch::open(room, Duration::from_millis(4))? })
//!     }
//!
//!     async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
//!         let Some(together) = self.batch.gather(message).await else { return Ok(()) };
//!         room.broadcast_json(&together.iter().filter_map(Message::as_text).collect::<Vec<_>>())?.send();
//!         Ok(())
//!     }
//! }
//! # let room = party::testing::TestRoom::<Ticker>::new("lobby");
//! # let ada = room.connect("ada");
//! # ["one", "two", "three"].iter().for_each(|word| ada.send(*word));
//! # assert_eq!(ada.receive_text(), r#"["one"]"#);
//! # room.advance(Duration::from_millis(4));
//! # assert_eq!(ada.receive_text(), r#"["two","three"]"#);
//! ```

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::{Result, Room, Timestamp};

/// The largest number of waiting items. One more commits all of them at once.
const FULL: usize = 512;

/// Items that are committed together.
///
/// # Lifetime
///
/// Waiting items are in memory only. They must not have been acknowledged: if the room loses its memory, their senders
/// send them again.
#[derive(Debug)]
pub struct Batch<T> {
    room: Room,
    window: Duration,
    /// When the last batch was done, which opened a window.
    opened: Cell<Timestamp>,
    /// Whether a task waits for the end of the window, which will take everything.
    waiting: Cell<bool>,
    queue: RefCell<Vec<T>>,
}

impl<T> Batch<T> {
    /// Opens a batch of a room that collects for this long, to the millisecond. A few milliseconds are enough; zero
    /// collects nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use std::time::Duration;
    /// use party::parts::batch::Batch;
    ///
    /// let batch: Batch<String> = Batch::open(room, Duration::from_millis(4))?;
    /// assert_eq!(batch.gather("hello".to_owned()).await.unwrap(), ["hello"], "a quiet room commits at once");
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, window: Duration) -> Result<Self> {
        let (opened, waiting, queue) = (Cell::default(), Cell::new(false), RefCell::default());
        Ok(Self { room: room.clone(), window, opened, waiting, queue })
    }

    /// Returns how much waits for the end of the window.
    pub(crate) fn len(&self) -> usize {
        self.queue.borrow().len()
    }

    /// Returns the sum of something of all that waits.
    pub(crate) fn sum(&self, of: impl Fn(&T) -> u64) -> u64 {
        self.queue.borrow().iter().map(of).sum()
    }

    /// Takes what waits, to commit it before the end of the window.
    pub(crate) fn take(&self) -> Vec<T> {
        self.queue.take()
    }

    /// Adds an item. Returns all items to commit now, in their order; `None` if another task will do it.
    ///
    /// It must be awaited in the hook, so that the room does not sleep meanwhile.
    ///
    /// At most 512 items wait. One more commits all of them at once.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// # use party::parts::batch::Batch;
    /// # let batch: Batch<&str> = Batch::open(room, Duration::ZERO)?;
    /// if let Some(together) = batch.gather("hello").await {
    ///     room.broadcast_json(&together)?.send();
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn gather(&self, item: T) -> Option<Vec<T>> {
        self.queue.borrow_mut().push(item);
        let now = self.room.now();
        let opened = self.opened.get();
        // Also over when the clock was set back: otherwise the wait could last for as long as it was set back.
        let over = now.has_passed(opened, self.window) || self.queue.borrow().len() >= FULL;
        if self.waiting.get() && !over {
            return None;
        }
        if !over {
            let wait = self.window.saturating_sub(now.since(opened));
            self.waiting.set(true);
            self.room.sleep(wait).await;
            // Somebody has taken all in the meantime: what is there now waits for the end of another window.
            if self.opened.get() != opened {
                return None;
            }
        }
        // Whoever takes all takes what another waits for along, which may wait longer than it should.
        self.waiting.set(false);
        self.opened.set(self.room.now());
        let together = self.queue.take();
        (!together.is_empty()).then_some(together)
    }
}
