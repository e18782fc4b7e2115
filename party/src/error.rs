//! The one error of the framework: a part for the client, and a part for the log.

mod code;
mod context;
mod frame;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

pub use self::code::ErrorCode;
pub use self::context::ResultExt;
pub use self::frame::ErrorFrame;
use crate::message::close::CloseCode;

/// A result with the framework's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The text that a client receives for an error that was not made for clients.
const INTERNAL: &str = "Internal error";

/// An error of a room.
///
/// An error has a [`kind`](Error::kind), a text for the log ([`Display`](fmt::Display)) and a
/// [source](StdError::source). A client sees none of them, unless the error was made for clients ([`Error::client`],
/// [`Error::refuse`], [`Error::bad_message`]): then the client gets its code and its text. Of any other error the
/// client gets the code `internal`, a fixed text, and the id under which the log has the cause.
///
/// An error that a hook returns reaches its client by itself:
///
/// | hook | what the client gets |
/// | --- | --- |
/// | [`on_message`](crate::Server::on_message) | an [error frame](ErrorFrame); the connection stays open |
/// | [`connection_tags`](crate::Server::connection_tags), [`on_connect`](crate::Server::on_connect) | the [status](Error::status) as the response to the upgrade, or an error frame and a close with 1011 if the room failed |
/// | [`on_request`](crate::Server::on_request) | the status and the text |
///
/// An error with a [close code](Error::closing) always arrives as an error frame and a close.
///
/// Cloning is cheap.
///
/// # Example: refuse a message, and fail
///
/// ```
/// use std::time::Duration;
/// use party::{Error, ErrorCode, http::StatusCode};
///
/// let refusal = Error::client(ErrorCode::from_static("not_your_turn"), "It is the other player's turn")
///     .with_id("move-7")
///     .retry_after(Duration::from_secs(2));
/// assert_eq!(refusal.code().as_str(), "not_your_turn");
/// assert_eq!(refusal.status(), StatusCode::BAD_REQUEST);
///
/// let failure = Error::other("the upstream is at 10.0.0.7");
/// assert_eq!(failure.code(), ErrorCode::INTERNAL);
/// assert_eq!(failure.public_text(), "Internal error");
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    text: Cow<'static, str>,
    public: Option<Public>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The id of the frame that failed, chosen by its client.
    frame_id: Option<String>,
    retry_after: Option<Duration>,
    closing: Option<CloseCode>,
    /// The id under which the log has the error.
    error_id: Option<String>,
    /// The check for readable states of connections, in the error of one that cannot be read.
    is_readable: Option<fn(&str) -> bool>,
}

/// The part of an error that a client may read.
#[derive(Clone)]
struct Public {
    status: StatusCode,
    code: ErrorCode,
    text: Cow<'static, str>,
}

/// The kinds of [`Error`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A name, tag, close code or the like is outside its limits.
    Invalid,
    /// A client sent a message that the room cannot use.
    Message,
    /// A message, a request or a connection was refused on purpose.
    Refused,
    /// A connection's state, or the payload of a job, is larger than what can be kept.
    TooLarge,
    /// The connection is closed, or not open yet.
    Closed,
    /// SQLite refused a statement, or a row has another shape than was asked for.
    Sql,
    /// A value could not be turned into JSON, or back.
    Json,
    /// The platform refused a call.
    Platform,
    /// An error of the app's own.
    Other,
}

impl Error {
    /// Makes an error of the app: it is logged, and its text is never sent to a client.
    ///
    /// # Example
    ///
    /// ```
    /// let error = "many".parse::<u32>().map_err(party::Error::other).unwrap_err();
    /// assert_eq!(error.kind(), party::ErrorKind::Other);
    /// assert_eq!(error.to_string(), "invalid digit found in string");
    /// ```
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        Self::build(ErrorKind::Other, source.to_string(), None, Some(source.into()))
    }

    /// Makes an error for a client: programs read `code`, people read `text`.
    ///
    /// It is not logged. Its HTTP status follows from the code; a code of the app's own is 400.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode, http::StatusCode};
    ///
    /// let error = Error::client(ErrorCode::NOT_FOUND, "There is no such question");
    /// assert_eq!((error.status(), error.public_text()), (StatusCode::NOT_FOUND, "There is no such question"));
    /// ```
    pub fn client(code: impl Into<ErrorCode>, text: impl Into<Cow<'static, str>>) -> Self {
        let code = code.into();
        Self::public(code.status(), code, text.into())
    }

    /// Makes a refusal with an HTTP status: the error code follows from the status.
    ///
    /// From [`Server::connection_tags`](crate::Server::connection_tags) and
    /// [`Server::on_connect`](crate::Server::on_connect) it refuses the upgrade, from
    /// [`Server::on_request`](crate::Server::on_request) the request. A status below 400 is taken as 403.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode, http::StatusCode};
    ///
    /// let refusal = Error::refuse(StatusCode::FORBIDDEN, "this room is private");
    /// assert_eq!(refusal.code(), ErrorCode::FORBIDDEN);
    /// ```
    pub fn refuse(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        let status = if status.as_u16() < 400 { StatusCode::FORBIDDEN } else { status };
        let mut refusal = Self::public(status, ErrorCode::of_status(status), text.into());
        refusal.change(|inner| inner.kind = ErrorKind::Refused);
        refusal
    }

    /// Returns a refusal whose cause is not sent to the client.
    #[cfg(feature = "jwt")]
    pub(crate) fn refuse_because(
        status: StatusCode,
        code: ErrorCode,
        public: &'static str,
        cause: impl Into<Cow<'static, str>>,
    ) -> Self {
        let public = Public { status, code, text: public.into() };
        Self::build(ErrorKind::Refused, cause, Some(public), None)
    }

    /// Makes an error for a message that the room cannot use: [`Error::client`] with the code `bad_message`.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode};
    ///
    /// assert_eq!(Error::bad_message("a move has 4 bytes").code(), ErrorCode::BAD_MESSAGE);
    /// ```
    pub fn bad_message(text: impl Into<Cow<'static, str>>) -> Self {
        Self::client(ErrorCode::BAD_MESSAGE, text)
    }

    /// Names the frame that failed, by the id that its client has given it.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode};
    ///
    /// let error = Error::client(ErrorCode::NOT_FOUND, "There is no such question").with_id("v7");
    /// assert_eq!(error.id(), Some("v7"));
    /// ```
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.change(|inner| inner.frame_id = Some(id));
        self
    }

    /// Sets the time after which the same frame will be accepted. Without it, the client must not send the frame again.
    ///
    /// The error frame has it in milliseconds, as `retryAfter`. A response of a [channel](crate::channel) has it in
    /// seconds, as `Retry-After`.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::{Error, ErrorCode, ErrorFrame};
    ///
    /// let error = Error::client(ErrorCode::SLOW_DOWN, "Slow down").retry_after(Duration::from_secs(2));
    /// assert_eq!(ErrorFrame::from(&error).retry_after, Some(2_000));
    /// ```
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.change(|inner| inner.retry_after = Some(time));
        self
    }

    /// Makes the error end the connection: the client receives the error frame, and then a close with this code.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{CloseCode, Error, ErrorCode};
    ///
    /// let banned = Error::client(ErrorCode::FORBIDDEN, "A moderator banned you").closing(CloseCode::FORBIDDEN);
    /// assert_eq!(banned.close_code(), Some(CloseCode::FORBIDDEN));
    /// ```
    #[must_use]
    pub fn closing(mut self, code: CloseCode) -> Self {
        self.change(|inner| inner.closing = Some(code));
        self
    }

    /// Returns the kind.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{ErrorKind, Tag};
    ///
    /// assert_eq!(Tag::new("").unwrap_err().kind(), ErrorKind::Invalid);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the code that a client receives: `internal` unless the error was made for clients.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode, http::StatusCode};
    ///
    /// assert_eq!(Error::other("the disk is full").code(), ErrorCode::INTERNAL);
    /// assert_eq!(Error::refuse(StatusCode::NOT_FOUND, "no such page").code(), ErrorCode::NOT_FOUND);
    /// ```
    pub fn code(&self) -> ErrorCode {
        self.0.public.as_ref().map_or(ErrorCode::INTERNAL, |public| public.code.clone())
    }

    /// Returns the HTTP status that a client receives: 500 unless the error was made for clients.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, ErrorCode};
    ///
    /// assert_eq!(Error::other("the disk is full").status(), 500);
    /// assert_eq!(Error::client(ErrorCode::FORBIDDEN, "members only").status(), 403);
    /// ```
    pub fn status(&self) -> StatusCode {
        self.0.public.as_ref().map_or(StatusCode::INTERNAL_SERVER_ERROR, |public| public.status)
    }

    /// Returns the text that a client receives: a fixed one unless the error was made for clients.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Error;
    ///
    /// assert_eq!(Error::bad_message("a move has 4 bytes").public_text(), "a move has 4 bytes");
    /// assert_eq!(Error::other("the key of the bank is 1234").public_text(), "Internal error");
    /// ```
    pub fn public_text(&self) -> &str {
        self.0.public.as_ref().map_or(INTERNAL, |public| &public.text)
    }

    /// Returns the id of the frame that failed, if the error [names one](Self::with_id).
    ///
    /// # Example
    ///
    /// ```
    /// use party::Error;
    ///
    /// assert_eq!(Error::bad_message("a move has 4 bytes").id(), None);
    /// assert_eq!(Error::bad_message("a move has 4 bytes").with_id("7").id(), Some("7"));
    /// ```
    pub fn id(&self) -> Option<&str> {
        self.0.frame_id.as_deref()
    }

    /// Returns the time after which the same frame will be accepted.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::Error;
    ///
    /// let error = Error::bad_message("too fast").retry_after(Duration::from_millis(250));
    /// assert_eq!(error.retry_time(), Some(Duration::from_millis(250)));
    /// ```
    pub fn retry_time(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the code with which the error ends the connection, if it does.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{CloseCode, Error};
    ///
    /// assert_eq!(Error::bad_message("nonsense").close_code(), None);
    /// assert_eq!(Error::bad_message("nonsense").closing(CloseCode::POLICY).close_code(), Some(CloseCode::POLICY));
    /// ```
    pub fn close_code(&self) -> Option<CloseCode> {
        self.0.closing
    }

    /// Returns whether the error was made for clients. Any other is the room's own failure, and is logged.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Error;
    ///
    /// assert!(Error::bad_message("a move has 4 bytes").is_public());
    /// assert!(!Error::other("the disk is full").is_public());
    /// ```
    pub fn is_public(&self) -> bool {
        self.0.public.is_some()
    }

    /// Returns the id under which the log has the error.
    pub(crate) fn error_id(&self) -> Option<&str> {
        self.0.error_id.as_deref()
    }

    /// Sets the id under which the log has the error.
    pub(crate) fn logged(mut self, id: String) -> Self {
        self.change(|inner| inner.error_id = Some(id));
        self
    }

    /// Marks the error as that of a state which was kept in an earlier activation and has not the shape that
    /// `is_readable` checks.
    pub(crate) fn of_old_state(mut self, is_readable: fn(&str) -> bool) -> Self {
        self.change(|inner| inner.is_readable = Some(is_readable));
        self
    }

    /// Returns the check for readable states, if an unreadable state of a connection has caused the error.
    pub(crate) fn is_readable(&self) -> Option<fn(&str) -> bool> {
        self.0.is_readable.or_else(|| self.source()?.downcast_ref::<Self>()?.is_readable())
    }

    /// Returns the error with all that caused it, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let line = error.to_string();
            if !text.ends_with(&line) {
                text.push_str(": ");
                text.push_str(&line);
            }
            cause = error.source();
        }
        text
    }

    pub(crate) fn new(kind: ErrorKind, text: impl Into<Cow<'static, str>>) -> Self {
        Self::build(kind, text, None, None)
    }

    pub(crate) fn caused(
        kind: ErrorKind,
        text: impl Into<Cow<'static, str>>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::build(kind, text, None, Some(Arc::new(source)))
    }

    fn public(status: StatusCode, code: ErrorCode, text: Cow<'static, str>) -> Self {
        let kind = if code.is_about_content() { ErrorKind::Message } else { ErrorKind::Refused };
        Self::build(kind, text.clone(), Some(Public { status, code, text }), None)
    }

    fn build(
        kind: ErrorKind,
        text: impl Into<Cow<'static, str>>,
        public: Option<Public>,
        source: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner {
            kind,
            text: text.into(),
            public,
            source,
            frame_id: None,
            retry_after: None,
            closing: None,
            error_id: None,
            is_readable: None,
        }))
    }

    fn change(&mut self, change: impl FnOnce(&mut Inner)) {
        change(Arc::make_mut(&mut self.0));
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("text", &self.0.text)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::caused(ErrorKind::Json, error.to_string(), error)
    }
}

impl From<http::Error> for Error {
    fn from(error: http::Error) -> Self {
        Self::caused(ErrorKind::Invalid, error.to_string(), error)
    }
}

#[cfg(test)]
mod tests;
