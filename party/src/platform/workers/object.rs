//! A Durable Object's events as they come from JavaScript. `#[party]` expands into a class that calls these.

use std::fmt;
use std::rc::Rc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{Request, StatusCode};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::future_to_promise;

use super::http::{error_to_js, request_from_js, response_to_js, upgrade_to_js};
use super::{Workers, bytes_of, js, platform, text_of};
use crate::close::Close;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Answer, Host};
use crate::message::Message;
use crate::platform::{Level, SocketId, Sockets, Surroundings};
use crate::props::Props;
use crate::router::PROPS_HEADER;
use crate::server::Server;
use crate::{Body, Response};

/// The object behind a class that `#[party]` makes.
pub struct Object<S: Server> {
    host: Rc<Host<S>>,
    platform: Rc<Workers>,
}

impl<S: Server> Object<S> {
    /// The object of a `DurableObjectState`. Nothing happens before its first event.
    pub fn new(state: JsValue) -> Self {
        let platform = Workers::new(state);
        let host = Rc::new(Host::new(Rc::clone(&platform) as Rc<_>));
        Self { host, platform }
    }

    /// `fetch(request)`.
    pub fn fetch(&self, request: JsValue) -> JsValue {
        let (host, platform) = (Rc::clone(&self.host), Rc::clone(&self.platform));
        promise(async move {
            let response = match read(&request) {
                Ok((request, props)) => match host.fetch(request, props).await {
                    Answer::Response(response) => response_to_js(response),
                    Answer::Upgrade(socket) => platform.upgraded(socket),
                },
                Err(error) => response_to_js(refused(&error)),
            };
            let response = response.or_else(|error| {
                platform.log(Level::Error, &format!("a response could not be made: {}", error.chain()));
                response_to_js(failed())
            });
            response.map(JsValue::from).map_err(|error| error_to_js(&error))
        })
    }

    /// `alarm()`.
    pub fn alarm(&self) -> JsValue {
        let host = Rc::clone(&self.host);
        promise(async move {
            host.alarm().await.map(|()| JsValue::UNDEFINED).map_err(|error| error_to_js(&error))
        })
    }

    /// `webSocketMessage(socket, message)`.
    pub fn message(&self, socket: JsValue, message: JsValue) -> JsValue {
        let (host, socket) = (Rc::clone(&self.host), self.number(socket));
        let message = match message.as_string() {
            Some(text) => Message::Text(text),
            None => Message::Binary(bytes_of(&message).unwrap_or_default()),
        };
        promise(async move {
            host.message(socket, message).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `webSocketClose(socket, code, reason, wasClean)`.
    pub fn close(&self, socket: JsValue, code: u16, reason: String, was_clean: bool) -> JsValue {
        let (host, platform, socket) =
            (Rc::clone(&self.host), Rc::clone(&self.platform), self.number(socket));
        promise(async move {
            host.close(socket, Close { code, reason, was_clean }).await;
            platform.forget(socket);
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `webSocketError(socket, error)`.
    pub fn error(&self, socket: JsValue, error: JsValue) -> JsValue {
        let (host, socket) = (Rc::clone(&self.host), self.number(socket));
        let lost = tells_of_a_lost_peer(&error);
        let error = platform("the connection failed")(error);
        promise(async move {
            host.error(socket, error, lost).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    fn number(&self, socket: JsValue) -> SocketId {
        self.platform.number(&socket.unchecked_into())
    }
}

impl<S: Server> fmt::Debug for Object<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

impl Workers {
    fn upgraded(&self, socket: SocketId) -> Result<worker::web_sys::Response> {
        let client: Option<js::Socket> = self.take_client(socket);
        upgrade_to_js(
            &client.ok_or_else(|| Error::new(ErrorKind::Closed, "the socket was handed over already"))?,
        )
    }
}

fn promise(task: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> JsValue {
    future_to_promise(task).into()
}

/// The request, and the props that the router put in its header.
fn read(request: &JsValue) -> Result<(Request<Body>, Props)> {
    let mut request = request_from_js(request.unchecked_ref())?;
    let props = request.headers_mut().remove(PROPS_HEADER);
    let props = props.map(|props| decode_props(props.as_bytes())).transpose()?;
    Ok((request, props.unwrap_or_default()))
}

fn decode_props(header: &[u8]) -> Result<Props> {
    let invalid = |error| Error::caused(ErrorKind::Invalid, "the props are not base64", error);
    let json = BASE64_STANDARD.decode(header).map_err(invalid)?;
    Props::from_json(&String::from_utf8_lossy(&json))
}

fn refused(error: &Error) -> Response {
    let mut response = Response::new(Body::from(error.to_string()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn failed() -> Response {
    let mut response = Response::new(Body::from("Internal error"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// Whether an error only says that the other side is gone, in the platform's own words.
fn tells_of_a_lost_peer(error: &JsValue) -> bool {
    let text = text_of(error);
    ["Network connection lost", "WebSocket peer disconnected"].iter().any(|lost| text.contains(lost))
}
