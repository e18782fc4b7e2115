//! The limits of a document.

use std::time::Duration;

use crate::parts::limits::Rate;

/// The limits of a document.
///
/// | option | default |
/// | --- | --- |
/// | [largest update](Self::update_bytes) | 1,000,000 bytes |
/// | [largest document](Self::document_bytes) | 8,388,608 bytes (8 MiB) |
/// | [states of one connection](Self::awareness_bytes) | 4,096 bytes |
/// | [messages of one connection](Self::rate) | 400 at once, and one more every 10 milliseconds |
/// | [time for which changes are gathered under load](Self::gather) | 30 milliseconds |
/// | [questions of one connection](Self::question_rate) | 5 at once, and one more every 2 seconds |
///
/// # Example
///
/// ```
/// use party::parts::document::DocumentOptions;
///
/// let small = DocumentOptions::default().update_bytes(10_000).document_bytes(1_000_000);
/// # let _ = small;
/// ```
#[derive(Clone, Debug)]
pub struct DocumentOptions {
    pub(super) update_bytes: usize,
    pub(super) document_bytes: u64,
    pub(super) awareness_bytes: usize,
    pub(super) rate: Rate,
    pub(super) question_rate: Rate,
    pub(super) gather: Duration,
}

impl Default for DocumentOptions {
    fn default() -> Self {
        Self {
            update_bytes: 1_000_000,
            document_bytes: 8 << 20,
            awareness_bytes: 4_096,
            rate: Rate::new(400, Duration::from_millis(10)),
            question_rate: Rate::new(5, Duration::from_secs(2)),
            gather: Duration::from_millis(30),
        }
    }
}

impl DocumentOptions {
    /// Sets the largest update that a client may send, in bytes.
    ///
    /// A client that was offline sends all that it has written in one update. Messages are limited by
    /// [`Server::MAX_MESSAGE_BYTES`](crate::Server::MAX_MESSAGE_BYTES), too: leave 16 bytes between the two.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::DocumentOptions;
    /// let options = DocumentOptions::default().update_bytes(100_000);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn update_bytes(mut self, bytes: usize) -> Self {
        self.update_bytes = bytes;
        self
    }

    /// Sets the largest document, in bytes as it is stored. Updates that would make it larger are refused. A full
    /// document still takes 64 KiB of deletes, so that it can become smaller.
    ///
    /// Once clients have asked for it, the document is in memory, which is many times as large: the platform gives [128
    /// MB](https://developers.cloudflare.com/durable-objects/platform/limits/) to all rooms on a machine.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::DocumentOptions;
    /// let options = DocumentOptions::default().document_bytes(1 << 20);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn document_bytes(mut self, bytes: u64) -> Self {
        self.document_bytes = bytes;
        self
    }

    /// Sets how many bytes the states of one connection may have as JSON: its name, its cursor. It has at most 100.
    ///
    /// They are kept with the connection, whose [data](crate::Connection::set_state) has at most 16 KiB altogether.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::DocumentOptions;
    /// let options = DocumentOptions::default().awareness_bytes(1_024);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn awareness_bytes(mut self, bytes: usize) -> Self {
        self.awareness_bytes = bytes;
        self
    }

    /// Sets how many messages one connection may send. A keystroke is two: the change, and the cursor. A large message
    /// counts once for each 10,000 bytes, and one for which a full document is written again once for each 100,000
    /// bytes of it.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::parts::document::DocumentOptions;
    /// # use party::parts::limits::Rate;
    /// let options = DocumentOptions::default().rate(Rate::new(100, Duration::from_millis(50)));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    /// Sets how often one connection may ask for the document (sync step 1), or for the states of all clients. Clients
    /// ask when they connect; the answer can be as large as the document.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::parts::document::DocumentOptions;
    /// # use party::parts::limits::Rate;
    /// let options = DocumentOptions::default().question_rate(Rate::new(3, Duration::from_secs(10)));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn question_rate(mut self, rate: Rate) -> Self {
        self.question_rate = rate;
        self
    }

    /// Sets for how long changes are gathered under load, to the millisecond. The first change is stored and sent at
    /// once. Those that follow within this time wait until its end, and are stored as one row and sent as one frame.
    /// They wait no longer than until somebody reads the document, the app included. Zero gathers nothing.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::parts::document::DocumentOptions;
    /// let options = DocumentOptions::default().gather(Duration::from_millis(50));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn gather(mut self, time: Duration) -> Self {
        self.gather = time;
        self
    }
}
