//! The responses of the router itself, and the headers that keep a browser from guessing what a body is.

use worker::{Headers, Response, ResponseBody};

use crate::body::{NO_SNIFF, TEXT};

const CONTENT_TYPE: &str = "Content-Type";
const CONTENT_TYPE_OPTIONS: &str = "X-Content-Type-Options";

/// The status of an upgrade that is granted. Its response has no body, and its headers are the handshake's.
const SWITCHING_PROTOCOLS: u16 = 101;

/// Returns a refusal of the router's own.
pub(super) fn refusal(status: u16, text: &str) -> worker::Result<Response> {
    typed(Response::error(text, status)?)
}

/// Returns the response of a before hook. One without a content type has text: `worker::Response::error` makes such.
pub(super) fn typed(response: Response) -> worker::Result<Response> {
    match response.body() {
        ResponseBody::Empty => Ok(response),
        _ => with_default(response, CONTENT_TYPE, TEXT),
    }
}

/// Returns a response from which a browser takes its content type as it is.
pub(super) fn unsniffed(response: Response) -> worker::Result<Response> {
    with_default(response, CONTENT_TYPE_OPTIONS, NO_SNIFF)
}

/// Sets a header that the response does not have.
fn with_default(response: Response, name: &str, value: &str) -> worker::Result<Response> {
    if response.status_code() == SWITCHING_PROTOCOLS || response.headers().has(name)? {
        return Ok(response);
    }
    // The headers of a response that came from an object cannot be changed, those of a copy can.
    let copy: Headers = response.headers().clone();
    copy.set(name, value)?;
    Ok(response.with_headers(copy))
}
