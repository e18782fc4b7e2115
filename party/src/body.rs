//! The body of a request or a response: bytes, or a stream of them.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Response;
use crate::error::{Error, ErrorKind, Result};
use crate::message::frame;

/// The most that [`Body::bytes`] and its kin read of a body, in bytes: 32 MiB, as of one message. Larger ones are
/// read as a [`Stream`].
const MAX_COLLECTED_BYTES: usize = 32 * 1024 * 1024;

/// Makes a response with a status and a body. Its headers say what the body is, see [`Body`].
///
/// # Example
///
/// ```
/// use party::http::StatusCode;
/// use party::http::header::CONTENT_TYPE;
///
/// let response = party::response(StatusCode::NOT_FOUND, "There is no such page");
/// assert_eq!(response.status(), StatusCode::NOT_FOUND);
/// assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
/// ```
pub fn response(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    labelled(response)
}

/// Sets the headers that say what the body of a response is, unless the app has set them. A browser that has to guess
/// runs a text of a stranger as a page.
pub(crate) fn labelled(mut response: Response) -> Response {
    let media_type = response.body().media_type();
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, media_type), (X_CONTENT_TYPE_OPTIONS, Some(NO_SNIFF))] {
        if let Some(value) = value.filter(|_| !headers.contains_key(&name)) {
            headers.append(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// The value of `X-Content-Type-Options`.
pub(crate) const NO_SNIFF: &str = "nosniff";

/// The media type of text.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

const JSON: &str = "application/json";

const BYTES: &str = "application/octet-stream";

/// The body of a [`Request`](crate::Request) or a [`Response`](crate::Response).
///
/// On Workers the body of a request is streamed: nothing of it is in memory before it is read. In tests it is bytes.
/// A body is itself a [`Stream`] of [`Bytes`].
///
/// # Content type
///
/// A body knows what it is made of. A response that has no `Content-Type` when it leaves the room gets `text/plain;
/// charset=utf-8` for text, `application/json` for [`Body::json`], and `application/octet-stream` for bytes and
/// streams. Every response gets `X-Content-Type-Options: nosniff`. Headers that the app has set stay as they are.
///
/// # Example
///
/// ```
/// use party::http::header::CONTENT_TYPE;
/// use party::{Body, Response};
///
/// let text = Response::new(Body::from("hello"));
/// let page = party::http::Response::builder()
///     .header(CONTENT_TYPE, "text/html; charset=utf-8")
///     .body(Body::from("<h1>hello</h1>"))?;
/// let empty = Response::new(Body::empty());
/// # let _ = (text, page, empty);
/// # Ok::<(), party::Error>(())
/// ```
pub struct Body {
    content: Content,
    /// The content type, unless a header sets another.
    media_type: &'static str,
}

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes>>>>;

enum Content {
    Bytes(Bytes),
    Stream(BoxStream),
}

impl Body {
    /// Returns a body without content.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Body, http::StatusCode, response};
    ///
    /// let done = response(StatusCode::NO_CONTENT, Body::empty());
    /// assert_eq!(done.status(), 204);
    /// ```
    pub fn empty() -> Self {
        Self::of_bytes(Bytes::new(), BYTES)
    }

    /// Returns a body with `value` as JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Body, Response};
    ///
    /// let response = Response::new(Body::json(&["Ada", "Bob"])?);
    /// assert_eq!(response.status(), 200);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::to_vec(value)
            .map(|json| Self::of_bytes(json.into(), JSON))
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))
    }

    /// Returns a body whose content comes in parts.
    ///
    /// The client receives each part when the stream has it, and the room does not sleep before the stream ends. A
    /// stream that ends with an error breaks the response off.
    ///
    /// # Example
    ///
    /// A long export, of which one part at a time is in memory:
    ///
    /// ```
    /// use futures_util::stream;
    /// use party::Body;
    /// # async fn read(body: Body) -> party::Result<String> { body.text().await }
    ///
    /// let rows = (1..=3).map(|row| Ok(format!("row {row}\n").into()));
    /// let body = Body::from_stream(stream::iter(rows));
    /// # assert_eq!(futures_executor::block_on(read(body))?, "row 1\nrow 2\nrow 3\n");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes>> + 'static) -> Self {
        Self { content: Content::Stream(Box::pin(stream)), media_type: BYTES }
    }

    /// Returns a body of a text that is JSON.
    pub(crate) fn of_json(json: String) -> Self {
        Self::of_bytes(json.into(), JSON)
    }

    fn of_bytes(bytes: Bytes, media_type: &'static str) -> Self {
        Self { content: Content::Bytes(bytes), media_type }
    }

    /// Returns the content type, as a `Content-Type` header has it, or `None` for an empty body.
    fn media_type(&self) -> Option<&'static str> {
        match &self.content {
            Content::Bytes(bytes) if bytes.is_empty() => None,
            _ => Some(self.media_type),
        }
    }

    /// Reads the whole body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] (413) when it has more than 32 MiB; the stream's own error when it breaks off.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Body;
    ///
    /// # futures_executor::block_on(async {
    /// assert_eq!(Body::from("hello").bytes().await?, "hello");
    /// # Ok::<(), party::Error>(()) })?;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub async fn bytes(self) -> Result<Bytes> {
        self.bytes_up_to(MAX_COLLECTED_BYTES).await
    }

    /// Reads the whole body, if it has at most `most` bytes. Of a longer one, no more than that is ever in memory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] (413) when it has more bytes; the stream's own error when it breaks off.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Request, Result};
    /// async fn avatar(request: Request) -> Result<Vec<u8>> {
    ///     Ok(request.into_body().bytes_up_to(64 * 1024).await?.to_vec())
    /// }
    /// ```
    pub async fn bytes_up_to(self, most: usize) -> Result<Bytes> {
        let too_large = || {
            let text = format!("the body has more than {most} bytes");
            Error::refuse(StatusCode::PAYLOAD_TOO_LARGE, text)
        };
        let mut stream = match self.content {
            Content::Bytes(bytes) if bytes.len() > most => return Err(too_large()),
            Content::Bytes(bytes) => return Ok(bytes),
            Content::Stream(stream) => stream,
        };
        let mut collected = Vec::new();
        while let Some(chunk) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            let chunk = chunk?;
            if chunk.len() > most.saturating_sub(collected.len()) {
                return Err(too_large());
            }
            collected.extend_from_slice(&chunk);
        }
        Ok(collected.into())
    }

    /// Reads the whole body as text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`ErrorKind::Refused`] (400) when it is not UTF-8.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Body;
    ///
    /// # futures_executor::block_on(async {
    /// assert_eq!(Body::from("hello").text().await?, "hello");
    /// assert!(Body::from(vec![0xff]).text().await.is_err());
    /// # Ok::<(), party::Error>(()) })?;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub async fn text(self) -> Result<String> {
        String::from_utf8(self.bytes().await?.into())
            .map_err(|_| Error::refuse(StatusCode::BAD_REQUEST, "the body is not UTF-8 text"))
    }

    /// Reads the whole body as JSON.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`ErrorKind::Refused`] (400) when it is not JSON of the right shape.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Body, Request, Result};
    ///
    /// async fn points(request: Request) -> Result<u32> {
    ///     request.into_body().read_json().await
    /// }
    /// # let read = futures_executor::block_on(points(Request::new(Body::from("7"))))?;
    /// # assert_eq!(read, 7);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub async fn read_json<T: DeserializeOwned>(self) -> Result<T> {
        let bytes = self.bytes().await?;
        frame::of_bytes(&bytes).map_err(|error| {
            Error::refuse(StatusCode::BAD_REQUEST, format!("the body is not the JSON expected: {error}"))
        })
    }

    /// Returns the bytes, or the stream where the content is not in memory.
    pub(crate) fn into_parts(self) -> Result<Bytes, BoxStream> {
        match self.content {
            Content::Bytes(bytes) => Ok(bytes),
            Content::Stream(stream) => Err(stream),
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.content {
            Content::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Bytes(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Content::Stream(stream) => stream.as_mut().poll_next(context),
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
        match &self.content {
            Content::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

macro_rules! from_bytes {
    ($media_type:ident: $($type:ty)*) => {$(
        impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self::of_bytes(content.into(), $media_type)
            }
        }
    )*};
}

from_bytes!(TEXT: &'static str String);
from_bytes!(BYTES: &'static [u8] Vec<u8> Bytes);

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self::empty()
    }
}

#[cfg(test)]
mod tests {
    use futures_executor::block_on_stream;

    use super::*;

    #[test]
    fn a_body_in_memory_is_a_stream_of_one_piece_or_none() {
        let pieces = |body: Body| block_on_stream(body).map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(pieces(Body::from("hello")), [Bytes::from("hello")]);
        assert_eq!(pieces(Body::from(())), Vec::<Bytes>::new());
    }
}
