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
///
/// # Example
///
/// The texts of an older app. Its clients ask for no version, send plain texts, and receive each item as a plain text:
///
/// ```
/// use party::channel::{Channel, Context, Protocol, Request};
/// use party::parts::wire::Entry;
/// use party::{Error, Frame, Message, Result};
/// # use party::testing::example::Notes;
///
/// struct PlainText;
///
/// impl Protocol<Notes> for PlainText {
///     fn speaks(&self, version: Option<&str>) -> bool {
///         version.is_none()
///     }
///
///     fn tag(&self) -> &'static str {
///         "plain"
///     }
///
///     fn read(&self, channel: &Channel<Notes>, _by: &Context<'_, Notes>, message: &Message) -> Result<Vec<Request<Notes>>> {
///         let text = message.as_text().ok_or_else(|| Error::bad_message("send text"))?;
///         Ok(vec![Request::Append(format!("plain-{}", channel.log().head()?), text.to_owned())])
///     }
///
///     fn welcome(&self, _channel: &Channel<Notes>) -> Result<Frame<'static>> {
///         Ok(Frame::from("welcome".to_owned()))
///     }
///
///     fn entry(&self, _channel: &Channel<Notes>, entry: &Entry) -> Result<Option<Frame<'static>>> {
///         Ok(Some(Frame::from(entry.read_body::<String>()?)))
///     }
///
///     fn known(&self, _channel: &Channel<Notes>, _id: &str, _seq: u64) -> Result<Option<Frame<'static>>> {
///         Ok(None)
///     }
///
///     fn error(&self, _channel: &Channel<Notes>, error: &Error) -> Option<Frame<'static>> {
///         Some(Frame::from(format!("error: {}", error.public_text())))
///     }
/// }
/// ```
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
