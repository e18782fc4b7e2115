//! The one error of the framework. What a client may read of it is fixed here, everything else stays in the log.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

/// A result with the framework's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong in a room.
///
/// An error has a [`kind`](Error::kind), a text for the log ([`Display`](fmt::Display)) and a
/// [source](StdError::source). A client never sees any of them: it is sent [`public_text`](Error::public_text), which
/// is a fixed sentence unless the error was made to be read by clients ([`Error::refuse`], [`Error::bad_message`]).
///
/// Cloning is cheap.
///
/// # Example: refuse, and fail
///
/// ```
/// use party::{Error, http::StatusCode};
///
/// let refusal = Error::refuse(StatusCode::FORBIDDEN, "this room is private");
/// assert_eq!(refusal.status(), StatusCode::FORBIDDEN);
/// assert_eq!(refusal.public_text(), "this room is private");
///
/// let failure = Error::other("the upstream is at 10.0.0.7");
/// assert_eq!(failure.status(), StatusCode::INTERNAL_SERVER_ERROR);
/// assert_eq!(failure.public_text(), "Internal error");
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    kind: ErrorKind,
    text: Cow<'static, str>,
    public: Option<Public>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a client is told.
struct Public {
    status: StatusCode,
    text: Cow<'static, str>,
}

/// The kinds of [`Error`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A name, tag, close code or the like is outside its limits.
    Invalid,
    /// A client sent a message that the room cannot use. Its sender is answered with an error frame.
    Message,
    /// A request or a connection was refused on purpose. Its sender is answered with the status and the text.
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
    /// An error of the app's own: logged, never shown to a client.
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
        Self::build(ErrorKind::Other, source.to_string(), None, Some(source))
    }

    /// A refusal: the client gets this HTTP status and this text.
    ///
    /// From [`Server::connection_tags`](crate::Server::connection_tags) and
    /// [`Server::on_connect`](crate::Server::on_connect) it refuses the upgrade, from
    /// [`Server::on_request`](crate::Server::on_request) the request. A status below 400 is taken as 403.
    pub fn refuse(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        let status = if status.as_u16() < 400 { StatusCode::FORBIDDEN } else { status };
        Self::public(ErrorKind::Refused, status, text.into())
    }

    /// A refusal whose cause its client is not told.
    #[cfg(feature = "jwt")]
    pub(crate) fn refuse_because(
        status: StatusCode,
        public: &'static str,
        cause: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::build(ErrorKind::Refused, cause, Some(Public { status, text: public.into() }), None)
    }

    /// A message that the room cannot use: its sender is answered with an error frame that carries this text, see
    /// [`Server::on_message`](crate::Server::on_message). Nobody else notices.
    pub fn bad_message(text: impl Into<Cow<'static, str>>) -> Self {
        Self::public(ErrorKind::Message, StatusCode::BAD_REQUEST, text.into())
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status that a client is answered with: 500 unless the error was made for clients.
    pub fn status(&self) -> StatusCode {
        self.0.public.as_ref().map_or(StatusCode::INTERNAL_SERVER_ERROR, |public| public.status)
    }

    /// The text that a client is answered with: a fixed one unless the error was made for clients.
    pub fn public_text(&self) -> &str {
        self.0.public.as_ref().map_or("Internal error", |public| &public.text)
    }

    /// Whether the error was made to be read by clients, and so is their fault and not the room's.
    pub(crate) fn is_public(&self) -> bool {
        self.0.public.is_some()
    }

    /// The error with all that caused it, for the log.
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
        Self::build(kind, text, None, Some(Box::new(source)))
    }

    fn public(kind: ErrorKind, status: StatusCode, text: Cow<'static, str>) -> Self {
        Self::build(kind, text.clone(), Some(Public { status, text }), None)
    }

    fn build(
        kind: ErrorKind,
        text: impl Into<Cow<'static, str>>,
        public: Option<Public>,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner { kind, text: text.into(), public, source }))
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

#[cfg(test)]
mod tests;
