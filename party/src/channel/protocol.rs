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
    ///
    /// **When:** a client connects that does not ask for the channel's own version, `2`. The protocols are asked in the
    /// order in which they were [added](super::Channel::protocol), and the first that returns `true` is taken. If none
    /// does, the client is closed with 4400.
    fn speaks(&self, version: Option<&str>) -> bool;

    /// Returns the tag of its connections, such as `original`.
    ///
    /// It is one of the tags of each connection, with the limits of a [`Tag`](crate::Tag), and must be the same in
    /// every build: a connection that sleeps keeps it.
    fn tag(&self) -> &'static str;

    /// Reads what a client has sent, as requests that are carried out in their order, until one is refused.
    ///
    /// **When:** a client of the protocol has sent a message. **Then:** its member is known, and its limits are checked
    /// by the channel. **Not called** for a connection that was not admitted.
    ///
    /// **Security:** a client can send any message.
    ///
    /// # Errors
    ///
    /// The error that the client gets, as [`error`](Self::error) writes it.
    fn read(&self, channel: &Channel<R>, by: &Context<'_, R>, message: &Message) -> Result<Vec<Request<R>>>;

    /// Returns the first frame of a connection.
    ///
    /// **When:** a client was admitted. **Then:** its member is present. **An error** fails the connect, and the member
    /// leaves again. **Not called** when a sleeping room wakes.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn welcome(&self, channel: &Channel<R>) -> Result<Frame<'static>>;

    /// Returns the frame of a new entry, if the protocol has one for it.
    ///
    /// **When:** an entry was committed, once for all clients of the protocol, and only if there are any. It is not
    /// called again for clients that connect later: their [`welcome`](Self::welcome) has the history.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn entry(&self, channel: &Channel<R>, entry: &Entry) -> Result<Option<Frame<'static>>>;

    /// Returns the frame that acknowledges an entry that was in the log already.
    ///
    /// **When:** a client has sent an operation again whose id is in the log. `None` sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of reading the log.
    fn known(&self, channel: &Channel<R>, id: &str, seq: u64) -> Result<Option<Frame<'static>>>;

    /// Returns the frame of an error, if the protocol has one for it. The connection is closed afterwards if the error
    /// [says so](Error::closing).
    ///
    /// **When:** a request of a client was refused, or has failed. `None` sends nothing. An error that was not made for
    /// clients has only its [public text](Error::public_text) to show.
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
