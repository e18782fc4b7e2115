//! The messages of a connection: a [`Message`] is received, a [`Frame`] is sent.

pub(crate) mod close;
pub(crate) mod frame;

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::frame::FromFrame;
use crate::error::{Error, ErrorCode, ErrorKind, Result};

/// A message from a client, as [`Server::on_message`](crate::Server::on_message) gets it.
///
/// Its content is untrusted: check it before it is stored or sent on. A client can send up to 32 MiB in one message
/// ([Durable Objects limits](https://developers.cloudflare.com/durable-objects/platform/limits/)).
///
/// # Example
///
/// ```
/// use party::Message;
///
/// let (text, bytes) = (Message::from("hello"), Message::from(vec![0xca, 0xfe]));
/// assert_eq!(text.as_text(), Some("hello"));
/// assert_eq!((bytes.as_text(), bytes.len()), (None, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text frame.
    Text(String),
    /// A binary frame.
    Binary(Vec<u8>),
}

impl Message {
    /// Returns the text, or `None` for a binary message.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Message;
    ///
    /// assert_eq!(Message::from("hello").as_text(), Some("hello"));
    /// assert_eq!(Message::from(vec![1, 2]).as_text(), None);
    /// ```
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }

    /// Returns the content as bytes, those of the UTF-8 text for a text message.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Message;
    ///
    /// assert_eq!(Message::from("é").as_bytes(), [0xc3, 0xa9]);
    /// assert_eq!(Message::from(vec![1, 2]).as_bytes(), [1, 2]);
    /// ```
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Returns how many bytes the content has.
    ///
    /// A text counts in bytes of UTF-8, not in characters. The largest message has
    /// [`Server::MAX_MESSAGE_BYTES`](crate::Server::MAX_MESSAGE_BYTES), by default 1 MiB.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode, Message, Result};
    ///
    /// fn check(message: &Message) -> Result<()> {
    ///     match message.len() {
    ///         0..=500 => Ok(()),
    ///         _ => Err(Error::client(ErrorCode::TOO_LARGE, "a message has at most 500 bytes")),
    ///     }
    /// }
    /// assert!(check(&Message::from("é".repeat(250))).is_ok());
    /// assert!(check(&Message::from("é".repeat(251))).is_err());
    /// ```
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Returns whether there is no content.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Message;
    ///
    /// assert!(Message::from("").is_empty());
    /// assert!(!Message::from(" ").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the message as a frame, see [`FromFrame`].
    ///
    /// # Errors
    ///
    /// [`ErrorCode::BINARY`], [`ErrorCode::NOT_JSON`]; [`ErrorCode::INVALID`], with the `id` of the frame where it can
    /// be read.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Frame, Message};
    ///
    /// #[derive(Debug, Frame, PartialEq)]
    /// enum Draw {
    ///     Line { from: (i32, i32), to: (i32, i32) },
    ///     Clear,
    /// }
    ///
    /// assert_eq!(Message::from(r#"{"type":"clear"}"#).read_frame::<Draw>()?, Draw::Clear);
    /// assert!(Message::from(r#"{"type":"line"}"#).read_frame::<Draw>().is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn read_frame<F: FromFrame>(&self) -> Result<F> {
        frame::read(self.as_text().ok_or_else(binary)?)
    }

    /// Reads the message as JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Message`] when it is binary, not JSON, or JSON of another shape. Returned by `?` from
    /// [`Server::on_message`](crate::Server::on_message), the sender is sent an error and nobody else notices.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{ErrorKind, Message};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Move { x: u8, y: u8 }
    ///
    /// let step: Move = Message::from(r#"{"x":1,"y":2}"#).read_json()?;
    /// assert_eq!((step.x, step.y), (1, 2));
    ///
    /// let error = Message::from("{").read_json::<Move>().err().map(|error| error.kind());
    /// assert_eq!(error, Some(ErrorKind::Message));
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn read_json<T: DeserializeOwned>(&self) -> Result<T> {
        let Self::Text(text) = self else {
            return Err(Error::client(
                ErrorCode::BINARY,
                "expected a text frame with JSON, got a binary frame",
            ));
        };
        serde_json::from_str(text).map_err(|error| match frame::is_json(text) {
            true => Error::client(ErrorCode::INVALID, format!("the message has the wrong shape: {error}")),
            false => Error::client(ErrorCode::NOT_JSON, format!("the message is not JSON: {error}")),
        })
    }
}

/// Returns the error of a binary message where text is expected.
pub(crate) fn binary() -> Error {
    Error::client(ErrorCode::BINARY, "expected a text frame with JSON, got a binary frame")
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Binary(bytes.to_owned())
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes)
    }
}

impl From<Frame<'_>> for Message {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.into_owned()),
            Frame::Binary(bytes) => Self::Binary(bytes.into_owned()),
        }
    }
}

/// A message to a client: text or bytes, borrowed where they can be.
///
/// Everything that sends takes `impl Into<Frame>`, so a `&str`, a `&[u8]`, a `String`, a `Vec<u8>` or a
/// [`&Message`](Message) will do.
///
/// # Example
///
/// ```
/// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
/// room.broadcast("text").send();
/// room.broadcast(vec![0xca, 0xfe]).send();
/// let made_once = party::Frame::json(&("moved", 3))?;
/// ada.send(made_once.clone());
/// room.broadcast(made_once).except(ada).send();
/// # Ok(()) });
/// assert_eq!(ada.received(), bob.received());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A text frame.
    Text(Cow<'a, str>),
    /// A binary frame.
    Binary(Cow<'a, [u8]>),
}

impl Frame<'_> {
    /// Returns how many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        let bytes = match self {
            Frame::Text(text) => text.len(),
            Frame::Binary(bytes) => bytes.len(),
        };
        bytes as u64
    }
}

impl Frame<'static> {
    /// Returns a text frame with `value` as JSON.
    ///
    /// Make it once and send it several times: a clone copies the text, but does not write the JSON again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON, such as a map whose keys are not strings.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Frame;
    ///
    /// let frame = Frame::json(&("moved", [3, 4]))?;
    /// assert!(matches!(&frame, Frame::Text(text) if text == r#"["moved",[3,4]]"#));
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::to_string(value)
            .map(Self::from)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))
    }
}

impl<'a> From<&'a Message> for Frame<'a> {
    fn from(message: &'a Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(Cow::Borrowed(text)),
            Message::Binary(bytes) => Self::Binary(Cow::Borrowed(bytes)),
        }
    }
}

impl<'a> From<&'a str> for Frame<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Frame<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Frame<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Frame<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Binary(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Frame<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Binary(Cow::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Frame<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(Cow::Owned(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_message_is_no_json() {
        let error = Message::from(b"{}".as_slice()).read_json::<serde_json::Value>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Message);
        assert!(error.public_text().contains("binary"), "{error}");
    }

    #[test]
    fn broken_json_and_json_of_another_shape_are_told_apart() {
        let text =
            |json: &str| Message::from(json).read_json::<Vec<u8>>().unwrap_err().public_text().to_owned();
        assert!(text("[1,").starts_with("the message is not JSON"));
        assert!(text("{}").starts_with("the message has the wrong shape"));
    }

    #[test]
    fn json_with_a_number_in_place_of_an_enum_is_json() {
        #[derive(Debug, serde::Deserialize)]
        enum Color {
            Red,
        }
        for json in ["7", "null", "[[\"Red\"]]"] {
            let error = Message::from(json).read_json::<Color>().unwrap_err();
            assert_eq!(error.code(), ErrorCode::INVALID, "{json}");
        }
        assert!(matches!(Message::from("\"Red\"").read_json(), Ok(Color::Red)));
    }

    #[test]
    fn a_frame_borrows_the_message_it_is_made_of() {
        let message = Message::from("hello");
        assert!(matches!(Frame::from(&message), Frame::Text(Cow::Borrowed("hello"))));
    }
    #[test]
    fn a_message_has_as_many_bytes_as_its_text_in_utf8() {
        assert_eq!((Message::from("Zoë").len(), Message::from(b"\xff".as_slice()).len()), (4, 1));
        assert!(Message::from("").is_empty() && !Message::from("x").is_empty());
    }
    #[test]
    fn an_error_names_a_frame_that_has_an_id_and_keeps_a_name_that_it_has() {
        let error = || Error::client(ErrorCode::INVALID, "no");
        let name =
            |error, id: Option<&str>| frame::naming(error, id.map(str::to_owned)).id().map(str::to_owned);
        assert_eq!(name(error(), Some("1")).as_deref(), Some("1"));
        assert_eq!((name(error(), Some("")), name(error(), None)), (None, None));
        assert_eq!(name(error().with_id("1"), Some("2")).as_deref(), Some("1"));
        assert_eq!(name(error().with_id("1"), Some("")).as_deref(), Some("1"));
    }
}
