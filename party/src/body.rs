//! The body of a request or a response: bytes, or a stream of them.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Response;
use crate::error::{Error, ErrorKind, Result};

/// The most that [`Body::bytes`] and its kin read of a body, in bytes: 32 MiB, as of one message. Larger ones are
/// read as a [`Stream`].
const MAX_COLLECTED_BYTES: usize = 32 * 1024 * 1024;

/// Makes a response with a status and a body.
///
/// # Example
///
/// ```
/// use party::http::StatusCode;
///
/// let response = party::response(StatusCode::NOT_FOUND, "There is no such page");
/// assert_eq!(response.status(), StatusCode::NOT_FOUND);
/// ```
pub fn response(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
}

/// The body of a [`Request`](crate::Request) or a [`Response`](crate::Response).
///
/// On Workers the body of a request is streamed: nothing of it is in memory before it is read. In tests it is bytes.
/// A body is itself a [`Stream`] of [`Bytes`].
///
/// # Example
///
/// ```
/// use party::{Body, Response};
///
/// let hello = Response::new(Body::from("hello"));
/// let empty = Response::new(Body::empty());
/// # let _ = (hello, empty);
/// ```
pub struct Body(Inner);

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes>>>>;

enum Inner {
    Bytes(Bytes),
    Stream(BoxStream),
}

impl Body {
    /// A body without content.
    pub fn empty() -> Self {
        Self(Inner::Bytes(Bytes::new()))
    }

    /// A body with `value` as JSON. The `Content-Type` header is the caller's affair.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::to_vec(value)
            .map(Self::from)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))
    }

    /// A body whose content comes bit by bit.
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes>> + 'static) -> Self {
        Self(Inner::Stream(Box::pin(stream)))
    }

    /// Reads the whole body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] (413) when it has more than 32 MiB; the stream's own error when it breaks off.
    pub async fn bytes(self) -> Result<Bytes> {
        let mut stream = match self.0 {
            Inner::Bytes(bytes) => return Ok(bytes),
            Inner::Stream(stream) => stream,
        };
        let mut collected = Vec::new();
        while let Some(chunk) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            collected.extend_from_slice(&chunk?);
            if collected.len() > MAX_COLLECTED_BYTES {
                return Err(Error::refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body has more than 32 MiB"));
            }
        }
        Ok(collected.into())
    }

    /// Reads the whole body as text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`ErrorKind::Refused`] (400) when it is no UTF-8.
    pub async fn text(self) -> Result<String> {
        String::from_utf8(self.bytes().await?.into())
            .map_err(|_| Error::refuse(StatusCode::BAD_REQUEST, "the body is not UTF-8 text"))
    }

    /// Reads the whole body as JSON.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`ErrorKind::Refused`] (400) when it is no JSON of the right shape.
    pub async fn read_json<T: DeserializeOwned>(self) -> Result<T> {
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::refuse(StatusCode::BAD_REQUEST, format!("the body is not the JSON expected: {error}"))
        })
    }

    /// The bytes, or the stream where the content is not in memory.
    pub(crate) fn into_parts(self) -> Result<Bytes, BoxStream> {
        match self.0 {
            Inner::Bytes(bytes) => Ok(bytes),
            Inner::Stream(stream) => Err(stream),
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Bytes(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Inner::Stream(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Inner::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

macro_rules! from_bytes {
    ($($type:ty)*) => {$(
        impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self(Inner::Bytes(content.into()))
            }
        }
    )*};
}

from_bytes!(&'static str String &'static [u8] Vec<u8> Bytes);

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self::empty()
    }
}
