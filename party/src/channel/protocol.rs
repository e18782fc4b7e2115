//! The seam for a second protocol in the same room.

use super::Channel;
use super::context::Context;
use super::rules::Rules;
use crate::Message;
use crate::error::{Error, Result};
use crate::message::Frame;
use crate::parts::wire::Entry;

/// A second protocol beside the channel's own, such as that of an app's older clients. Its clients share the room:
/// everyone receives their messages, and they receive all messages, in their own frames.
///
/// They prove no identity, so each is a guest, whose member follows from its connection's id.
pub trait Protocol<R: Rules> {
    /// Returns whether a client that asks for this version speaks the protocol.
    fn speaks(&self, version: Option<&str>) -> bool;

    /// Returns the tag of its connections, such as `original`.
    fn tag(&self) -> &'static str;

    /// Reads what a client has sent, as requests that are carried out in their order, until one is refused.
    ///
    /// # Errors
    ///
    /// The error that the client gets, as [`error`](Self::error) writes it.
    fn read(&self, channel: &Channel<R>, by: &Context<'_, R>, message: &Message) -> Result<Vec<Request<R>>>;

    /// Returns the first frame of a connection.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn welcome(&self, channel: &Channel<R>) -> Result<Frame<'static>>;

    /// Returns the frame of a new entry, if the protocol has one for it.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn entry(&self, channel: &Channel<R>, entry: &Entry) -> Result<Option<Frame<'static>>>;

    /// Returns the frame that acknowledges an entry that was in the log already.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn known(&self, channel: &Channel<R>, id: &str, seq: u64) -> Result<Option<Frame<'static>>>;

    /// Returns the frame of an error, if the protocol has one for it. The connection is closed afterwards if the error
    /// [says so](Error::closing).
    fn error(&self, channel: &Channel<R>, error: &Error) -> Option<Frame<'static>>;
}

/// A request of a client of a second [`Protocol`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Request<R: Rules> {
    /// Show other presence data. An error names `id`.
    Introduce(String, R::Introduction),
    /// Append an item under an id.
    Append(String, R::Draft),
    /// Give the item at a `seq` another body, under an id.
    Edit(String, u64, R::Draft),
    /// Send the client a frame.
    Answer(Frame<'static>),
}
