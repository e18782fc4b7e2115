//! Requests and responses between JavaScript and the `http` crate's types.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use wasm_streams::ReadableStream;
use worker::js_sys::{Array, Uint8Array, try_iter};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{Headers, ResponseInit};

use super::{js, platform, text_of};
use crate::error::{Error, ErrorKind, Result};
use crate::{Body, Request, Response};

/// Returns a request as JavaScript has it.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for a method, address or header that the `http` crate cannot hold.
pub(super) fn request_from_js(request: &worker::web_sys::Request) -> Result<Request> {
    let body = match request.body() {
        Some(body) => body_from_js(body)?,
        None => Body::empty(),
    };
    let mut converted = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.url())
        .body(body)
        .map_err(|error| Error::caused(ErrorKind::Invalid, "the request cannot be read", error))?;
    *converted.headers_mut() = headers_from_js(&request.headers())?;
    Ok(converted)
}

/// Returns a body that JavaScript has as a stream.
pub(super) fn body_from_js(body: worker::web_sys::ReadableStream) -> Result<Body> {
    let stream = ReadableStream::from_raw(body).try_into_stream();
    let stream = stream.map_err(|(thrown, _)| platform("the body is read already")(thrown.into()))?;
    Ok(Body::from_stream(Incoming(stream)))
}

fn headers_from_js(headers: &Headers) -> Result<HeaderMap> {
    let mut converted = HeaderMap::new();
    let entries = try_iter(headers).map_err(platform("the headers cannot be read"))?;
    for entry in entries.into_iter().flatten() {
        let entry: Array = entry.map_err(platform("the headers cannot be read"))?.unchecked_into();
        let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) else {
            continue;
        };
        let name = HeaderName::from_bytes(name.as_bytes());
        // JavaScript has a header's bytes as characters below 256. A worker may have written any text.
        let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(c).ok()).collect();
        let bytes = bytes.unwrap_or_else(|| value.into_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(&bytes)) {
            converted.append(name, value);
        }
    }
    Ok(converted)
}

/// Returns a response for JavaScript. One that the platform would throw at becomes a 500.
pub(super) fn response_to_js(response: Response) -> Result<worker::web_sys::Response> {
    let (parts, body) = response.into_parts();
    let status = parts.status;
    // `new Response` throws for these, and 101 is for upgrades alone.
    if !(200..=599).contains(&status.as_u16()) {
        return Err(Error::new(ErrorKind::Platform, format!("a response cannot have the status {status}")));
    }
    let init = ResponseInit::new();
    init.set_status(status.as_u16());
    init.set_headers(headers_to_js(&parts.headers)?.as_ref());
    let response = match body.into_parts() {
        _ if has_no_body(status) => worker::web_sys::Response::new_with_opt_str_and_init(None, &init),
        Ok(bytes) if bytes.is_empty() => worker::web_sys::Response::new_with_opt_str_and_init(None, &init),
        Ok(bytes) => {
            let bytes = Uint8Array::from(bytes.as_ref());
            worker::web_sys::Response::new_with_opt_js_u8_array_and_init(Some(&bytes), &init)
        }
        Err(stream) => {
            let stream = ReadableStream::from_stream(Outgoing(stream)).into_raw();
            worker::web_sys::Response::new_with_opt_readable_stream_and_init(Some(&stream), &init)
        }
    };
    response.map_err(platform("the response cannot be sent"))
}

/// Returns the response that grants an upgrade.
pub(super) fn upgrade_to_js(
    client: &js::Socket,
    subprotocol: Option<&str>,
) -> Result<worker::web_sys::Response> {
    let init = ResponseInit::new();
    init.set_status(101);
    if let Some(subprotocol) = subprotocol {
        let headers = Headers::new().map_err(platform("no headers could be made"))?;
        headers
            .set(SEC_WEBSOCKET_PROTOCOL.as_str(), subprotocol)
            .map_err(platform("a header cannot be sent"))?;
        init.set_headers(headers.as_ref());
    }
    worker::js_sys::Reflect::set(&init, &JsValue::from_str("webSocket"), client)
        .map_err(platform("the socket cannot be handed over"))?;
    worker::web_sys::Response::new_with_opt_str_and_init(None, &init)
        .map_err(platform("the upgrade cannot be answered"))
}

/// Returns whether responses of this status have no body.
fn has_no_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED)
}

fn headers_to_js(headers: &HeaderMap) -> Result<Headers> {
    let converted = Headers::new().map_err(platform("no headers could be made"))?;
    for (name, value) in headers {
        let value: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        converted.append(name.as_str(), &value).map_err(platform("a header cannot be sent"))?;
    }
    Ok(converted)
}

/// A body that comes from JavaScript.
struct Incoming(wasm_streams::readable::IntoStream<'static>);

impl Stream for Incoming {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(context).map(|chunk| {
            chunk.map(|chunk| {
                let chunk = chunk.map_err(platform("the body broke off"))?;
                Ok(super::bytes_of(&chunk).unwrap_or_default().into())
            })
        })
    }
}

/// Returns a body as a stream of JavaScript's.
pub(super) fn stream_to_js(body: Body) -> impl Stream<Item = Result<JsValue, JsValue>> + 'static {
    Outgoing(Box::pin(body))
}

/// A body that goes to JavaScript.
struct Outgoing(Pin<Box<dyn Stream<Item = Result<Bytes>>>>);

impl Stream for Outgoing {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context).map(|chunk| {
            chunk.map(|chunk| match chunk {
                Ok(bytes) => Ok(Uint8Array::from(bytes.as_ref()).into()),
                Err(error) => Err(JsValue::from_str(&error.to_string())),
            })
        })
    }
}

/// Returns an error for JavaScript, whose text is for the log.
pub(super) fn error_to_js(error: &Error) -> JsValue {
    match js::Exception::new(&error.to_string()) {
        Ok(exception) => exception.into(),
        Err(thrown) => JsValue::from_str(&text_of(&thrown)),
    }
}
