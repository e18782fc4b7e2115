//! Documents that people edit together: texts, lists and drawings of [Yjs](https://yjs.dev), by the engine of its
//! authors ([`yrs`]).
//!
//! A room has one document. Its clients are those of Yjs, unchanged: the providers of npm's `y-partyserver` and
//! `y-websocket`, and with them the editors that have a binding for Yjs, such as CodeMirror, ProseMirror, Tiptap,
//! Monaco, Quill and Lexical.
//!
//! # What a room does with a change
//!
//! It checks the bytes, **stores** them, and then sends them to the others. Nobody sees a change that a crash could
//! take back. The document itself is not needed for that: it is loaded when a client or a server asks for it, and a
//! room that wakes because of a cursor reads nothing at all.
//!
//! A change in a quiet room is stored and sent at once. When many write, those of 30 milliseconds
//! ([`DocumentOptions::gather`]) become one row and one message for each client. Whoever reads the document meanwhile,
//! the app included, reads all that had arrived: it is stored before it is read.
//!
//! # What is refused
//!
//! Bytes that are no update of Yjs (then the connection is closed with 4400), updates and documents that are [too
//! large](DocumentOptions), changes of connections that [may only read](Access::Read). The client is told why in its
//! own protocol: Yjs's providers write it to the console as `Permission denied`. Nothing of it is stored or sent. A
//! client that sends too many messages is closed with 1013; it comes back with all that it has written.
//!
//! # Example
//!
//! ```
//! use party::parts::document::{Access, Document, DocumentOptions};
//! use party::{Close, Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party};
//!
//! #[party]
//! pub struct Notes {
//!     document: Document,
//! }
//!
//! impl Server for Notes {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { document: Document::open(room, DocumentOptions::default())? })
//!     }
//!
//!     async fn connection_tags(&self, _room: &Room, _who: &Connection, _context: &ConnectionContext) -> Result<Vec<Tag>> {
//!         Ok(vec![Document::TAG])
//!     }
//!
//!     async fn on_connect(&self, _room: &Room, connection: &Connection, _context: &ConnectionContext) -> Result<()> {
//!         let access = if connection.query("view").is_some() { Access::Read } else { Access::Write };
//!         self.document.connect(connection, access)
//!     }
//!
//!     async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
//!         self.document.message(from, &message).await
//!     }
//!
//!     async fn on_close(&self, _room: &Room, connection: &Connection, _close: Close) -> Result<()> {
//!         self.document.close(connection)
//!     }
//! }
//! ```
//!
//! # Beside a channel
//!
//! A room can have a [channel](crate::channel) and a document, with a connection for each: the app tells them apart by
//! the address, gives the document's connections [its tag](Document::TAG), and calls the one or the other in its hooks.
//!
//! # Cost
//!
//! A change writes one row, and one more when it becomes part of the whole: after 256 rows, or when they have as many
//! bytes as the rest. So a room that wakes reads at most 256 rows beside the document, in rows of at most 1 MiB.

mod awareness;
mod clients;
mod contents;
mod http;
mod known;
mod lib0;
mod message;
mod nesting;
mod options;
mod read;
mod store;
mod update;
mod versions;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
/// The engine: its types are those of [`Document::read`] and [`Document::change`].
pub use yrs;

use self::awareness::{Clients, Share};
use self::clients::Change;
use self::contents::Contents;
use self::lib0::Malformed;
pub use self::options::DocumentOptions;
pub use self::versions::{MAX_VERSION_NAME_CHARS, MAX_VERSIONS, Version};
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::name::ConnectionId;
use crate::parts::batch::Batch;
use crate::parts::limits::Rates;
use crate::room::learned::Learned;
use crate::sorted::Sorted;
use crate::{Connection, Message, Room, Tag};

/// The prefix of custom messages.
const CUSTOM: &str = "__YPS:";

/// What a connection may do with a document.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Access {
    /// It sees the document, and what others say of themselves. What it changes is refused.
    #[default]
    #[serde(rename = "r")]
    Read,
    /// It sees and changes the document.
    #[serde(rename = "w")]
    Write,
}

/// The document of a room, see [the module](self).
///
/// It is a field of the room's struct, made in [`on_start`](crate::Server::on_start).
#[derive(Clone)]
pub struct Document {
    room: Room,
    options: DocumentOptions,
    rates: Rc<Rates>,
    questions: Rc<Rates>,
    changes: Rc<Batch<Change>>,
    shared: Rc<Shared>,
}

/// What is in memory, once for each room.
#[derive(Default)]
struct Shared {
    contents: Learned<Contents>,
    /// Borrowed while the contents are in use.
    using: RefCell<()>,
    clients: Clients,
    /// The changes that wait for others.
    changes: RefCell<Option<Rc<Batch<Change>>>>,
    /// The connections that were asked for what the room lacks, and have not answered yet.
    asked: RefCell<Sorted<ConnectionId, ()>>,
}

impl Document {
    /// The tag of the document's connections: an app gives it to them in
    /// [`connection_tags`](crate::Server::connection_tags).
    pub const TAG: Tag = Tag::from_static("party.document");

    /// Opens the document of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::document::{Document, DocumentOptions};
    ///
    /// let document = Document::open(room, DocumentOptions::default())?;
    /// assert_eq!(document.text("notes")?, "");
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: DocumentOptions) -> Result<Self> {
        let (rates, questions) = (Rates::new(options.rate), Rates::new(options.question_rate));
        let (rates, questions) = (Rc::new(rates), Rc::new(questions));
        let (shared, batch): (Rc<Shared>, _) = (room.shared(), Batch::open(room, options.gather)?);
        let changes = Rc::clone(shared.changes.borrow_mut().get_or_insert_with(|| Rc::new(batch)));
        Ok(Self { room: room.clone(), options, rates, questions, changes, shared })
    }

    /// Takes in a connection, with what it may do. Call it in [`on_connect`](crate::Server::on_connect).
    ///
    /// It is asked for what the room lacks, and is sent what the others say of themselves. The document is sent when
    /// the client asks for it, as each client does at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when the connection has not [the tag](Self::TAG),
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::{Access, Document};
    /// # use party::{Connection, Result};
    /// fn on_connect(document: &Document, connection: &Connection) -> Result<()> {
    ///     let access = if connection.query("view").is_some() { Access::Read } else { Access::Write };
    ///     document.connect(connection, access)
    /// }
    /// ```
    pub fn connect(&self, connection: &Connection, access: Access) -> Result<()> {
        if !connection.has_tag(Self::TAG) {
            let text = "a connection of the document has its tag: return it from `connection_tags`";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        Share::with(access).keep(connection)?;
        // One whose place it takes may not have answered.
        self.shared.asked.borrow_mut().remove(connection.id());
        self.ask(connection)?;
        if let Some(states) = Clients::all(&self.room, Some(connection))? {
            connection.send(message::awareness(&states));
        }
        Ok(())
    }

    /// Returns what a connection may do, `None` if it is not the document's.
    ///
    /// # Errors
    ///
    /// When another build has kept something that this one cannot read: the connection is closed, and comes back.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::{Access, Document};
    /// # use party::{Connection, Result};
    /// fn may_write(document: &Document, connection: &Connection) -> Result<bool> {
    ///     Ok(document.access(connection)? == Some(Access::Write))
    /// }
    /// ```
    pub fn access(&self, connection: &Connection) -> Result<Option<Access>> {
        Ok(Share::of(connection)?.map(|share| share.access))
    }

    /// Sets what a connection may do from now on. One that may write again is asked for what it has written meanwhile.
    ///
    /// Nothing happens to a connection that is not the document's.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::{Access, Document};
    /// # use party::{Result, Room};
    /// fn freeze(document: &Document, room: &Room) -> Result<()> {
    ///     for connection in room.connections_tagged(Document::TAG) {
    ///         document.set_access(&connection, Access::Read)?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn set_access(&self, connection: &Connection, access: Access) -> Result<()> {
        let Some(share) = Share::of(connection)? else { return Ok(()) };
        if share.access == access {
            return Ok(());
        }
        (*share).clone().allowing(access).keep(connection)?;
        match access {
            Access::Write => self.ask(connection),
            Access::Read => Ok(()),
        }
    }

    /// Handles a message of a client. Call it in [`on_message`](crate::Server::on_message).
    ///
    /// A text is not for the document: see [`custom_message`]. A message of a connection that is not the document's is
    /// left alone.
    ///
    /// # Errors
    ///
    /// No errors: a client is told in its own protocol, see [what is refused](self#what-is-refused). When the database
    /// refuses, the error is logged, and the connection is closed with 1011: its client comes back with what it has
    /// written.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::{Document, custom_message};
    /// # use party::{Connection, Message, Result};
    /// async fn on_message(document: &Document, from: &Connection, message: &Message) -> Result<()> {
    ///     match custom_message(message) {
    ///         Some(text) => document.send_custom(from, &format!("you have said {text}")),
    ///         None => document.message(from, message).await?,
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub async fn message(&self, from: &Connection, message: &Message) -> Result<()> {
        if let Message::Binary(bytes) = message
            && let Err(error) = self.handle(from, bytes).await
        {
            self.refuse(from, error);
        }
        Ok(())
    }

    /// Handles the end of a connection: the others hear that its clients are gone. Call it in
    /// [`on_close`](crate::Server::on_close).
    ///
    /// # Errors
    ///
    /// When another build has kept something that this one cannot read.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::Document;
    /// # use party::{Connection, Result};
    /// fn on_close(document: &Document, connection: &Connection) -> Result<()> {
    ///     document.close(connection)
    /// }
    /// ```
    pub fn close(&self, connection: &Connection) -> Result<()> {
        self.shared.asked.borrow_mut().remove(connection.id());
        if let Some(states) = self.shared.clients.leave(&self.room, connection)? {
            self.room.broadcast(message::awareness(&states)).to_tag(Self::TAG).except(connection).send();
        }
        Ok(())
    }

    /// Sends a connection a text beside the document: a custom message of `y-partyserver`, whose provider emits it as
    /// `custom-message`. The provider of `y-websocket` has no such messages: do not send it any.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// document.send_custom(ada, "saved");
    /// # Ok(()) });
    /// ```
    pub fn send_custom(&self, connection: &Connection, text: &str) {
        connection.send(format!("{CUSTOM}{text}"));
    }

    /// Sends all connections of the document a text, as [`send_custom`](Self::send_custom), except one if it is given.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// document.broadcast_custom("the review begins", Some(ada));
    /// # Ok(()) });
    /// ```
    pub fn broadcast_custom(&self, text: &str, except: Option<&Connection>) {
        let broadcast = self.room.broadcast(format!("{CUSTOM}{text}")).to_tag(Self::TAG);
        match except {
            Some(connection) => broadcast.except(connection).send(),
            None => broadcast.send(),
        }
    }

    /// Calls `ask` with contents that have all changes that were taken, also those that wait for others.
    fn with_all<T>(&self, ask: impl FnOnce(&mut Contents) -> Result<T>) -> Result<T> {
        self.settle();
        self.with(ask)
    }

    /// Calls `ask` with the contents. After an error they are read again: what failed may have changed them.
    fn with<T>(&self, ask: impl FnOnce(&mut Contents) -> Result<T>) -> Result<T> {
        // Two uses at once would each have contents of their own, and the one that ends last would know nothing of what
        // the other has stored.
        let _using = self.shared.using.try_borrow_mut().map_err(contents::busy)?;
        self.shared.contents.change(self.room.sql(), || Contents::read(&self.room), ask)
    }
}

/// Returns the text of a custom message of `y-partyserver`, as its provider's `sendMessage` sends it. `None` for any
/// other message.
///
/// # Example
///
/// ```
/// use party::Message;
/// use party::parts::document::custom_message;
///
/// assert_eq!(custom_message(&Message::from("__YPS:hello")), Some("hello"));
/// assert_eq!(custom_message(&Message::from("hello")), None);
/// ```
pub fn custom_message(message: &Message) -> Option<&str> {
    message.as_text()?.strip_prefix(CUSTOM)
}

impl From<Malformed> for Error {
    fn from(Malformed(reason): Malformed) -> Self {
        Self::client(ErrorCode::INVALID, reason)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("options", &self.options).finish_non_exhaustive()
    }
}
