//! A Durable Object's events as they come from JavaScript. `#[party]` expands into a class that calls these.

use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use http::{Request, StatusCode};
use worker::js_sys::{ArrayBuffer, JsString, Promise, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::future_to_promise;

use super::guard::guarded;
use super::http::{error_to_js, request_from_js, response_to_js, upgrade_to_js};
use super::{Workers, bytes_of, js, platform, text_of};
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::Errand;
use crate::host::{Answer, Host, Upgrade};
use crate::message::Message;
use crate::message::close::Close;
use crate::observe::Record;
use crate::platform::{LocalFuture, SocketId, Sockets, Surroundings};
use crate::server::Server;
use crate::{Body, Response, response};

/// The object behind a class that `#[party]` makes.
///
/// Its type does not tell its party: so a struct that is none gives one error, and not one at every event.
pub struct Object(Box<dyn Events>);

impl Object {
    /// Returns the object of a `DurableObjectState`. Nothing happens before its first event.
    pub fn new<S: Server>(state: JsValue, env: JsValue) -> Self {
        let platform = Workers::new(state, env);
        let host: Rc<Host<S>> = Host::new(Rc::clone(&platform) as Rc<_>);
        Self(Box::new(Party { host, platform }))
    }

    /// Handles `fetch(request)`.
    pub fn fetch(&self, request: JsValue) -> JsValue {
        self.0.fetch(request)
    }

    /// Handles `alarm(info)`.
    pub fn alarm(&self, info: JsValue) -> JsValue {
        self.0.alarm(&info)
    }

    /// Handles `webSocketMessage(socket, message)`.
    pub fn message(&self, socket: JsValue, message: JsValue) -> JsValue {
        self.0.message(socket, message)
    }

    /// Handles `webSocketClose(socket, code, reason, wasClean)`.
    pub fn close(&self, socket: JsValue, code: u16, reason: String, was_clean: bool) -> JsValue {
        self.0.close(socket, Close { code, reason, was_clean })
    }

    /// Handles `webSocketError(socket, error)`.
    pub fn error(&self, socket: JsValue, error: JsValue) -> JsValue {
        self.0.error(socket, error)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

/// The platform's events, each answered with a value or a promise.
trait Events {
    fn fetch(&self, request: JsValue) -> JsValue;
    fn alarm(&self, info: &JsValue) -> JsValue;
    fn message(&self, socket: JsValue, message: JsValue) -> JsValue;
    fn close(&self, socket: JsValue, close: Close) -> JsValue;
    fn error(&self, socket: JsValue, error: JsValue) -> JsValue;
}

/// A room of one party.
struct Party<S> {
    host: Rc<Host<S>>,
    platform: Rc<Workers>,
}

impl<S: Server> Events for Party<S> {
    fn fetch(&self, request: JsValue) -> JsValue {
        let (host, platform) = (Rc::clone(&self.host), Rc::clone(&self.platform));
        run(async move {
            let response = match read(&request) {
                Ok((request, errand)) => match host.fetch(request, errand).await {
                    Answer::Response(response) => response_to_js(response),
                    Answer::Upgrade(upgrade) => platform.upgraded(upgrade),
                },
                Err(error) => response_to_js(refused(&error)),
            };
            let response = response.or_else(|error| {
                let text = format!("a response could not be made: {}", error.chain());
                platform.log(Record::failure(&*platform, text));
                response_to_js(failed())
            });
            response.map(JsValue::from).map_err(|error| error_to_js(&error))
        })
    }

    fn alarm(&self, info: &JsValue) -> JsValue {
        let (host, retries) = (Rc::clone(&self.host), retries_of(info));
        run(async move {
            let rung = host.alarm(retries).await;
            rung.map(|()| JsValue::UNDEFINED).map_err(|error| error_to_js(&error))
        })
    }

    fn message(&self, socket: JsValue, message: JsValue) -> JsValue {
        let (host, socket) = (Rc::clone(&self.host), self.number(socket));
        if length_of(&message) > S::MAX_MESSAGE_BYTES {
            host.too_large(socket);
            return JsValue::UNDEFINED;
        }
        let message = match message.as_string() {
            Some(text) => Message::Text(text),
            None => Message::Binary(bytes_of(&message).unwrap_or_default()),
        };
        run(async move {
            host.message(socket, message).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    fn close(&self, socket: JsValue, close: Close) -> JsValue {
        let (host, platform, socket) =
            (Rc::clone(&self.host), Rc::clone(&self.platform), self.number(socket));
        run(async move {
            host.close(socket, close).await;
            platform.forget(socket);
            Ok(JsValue::UNDEFINED)
        })
    }

    fn error(&self, socket: JsValue, error: JsValue) -> JsValue {
        let (host, socket) = (Rc::clone(&self.host), self.number(socket));
        let lost = tells_of_a_lost_peer(&error);
        let error = platform("the connection failed")(error);
        run(async move {
            host.error(socket, error, lost).await;
            Ok(JsValue::UNDEFINED)
        })
    }
}

impl<S> Party<S> {
    fn number(&self, socket: JsValue) -> SocketId {
        self.platform.number(&socket.unchecked_into())
    }
}

impl Workers {
    fn upgraded(&self, upgrade: Upgrade) -> Result<worker::web_sys::Response> {
        let client: Option<js::Socket> = self.take_client(upgrade.socket);
        upgrade_to_js(
            &client.ok_or_else(|| Error::new(ErrorKind::Closed, "the socket was handed over already"))?,
            upgrade.subprotocol.as_deref(),
        )
    }
}

/// Returns how often the platform has tried an alarm before
/// ([`alarmInfo`](https://developers.cloudflare.com/durable-objects/api/alarms/)).
fn retries_of(info: &JsValue) -> Option<u32> {
    let count = Reflect::get(info, &JsValue::from_str("retryCount")).ok()?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count is a whole number")]
    Some(count as u32)
}

/// Returns how long a message is at least, before it crosses over: the memory that it would take here is never given
/// back, and all rooms of the isolate share it. A text has as many bytes as letters, or up to three times as many.
fn length_of(message: &JsValue) -> usize {
    let length = match message.dyn_ref::<JsString>() {
        Some(text) => text.length(),
        None => message.dyn_ref::<ArrayBuffer>().map_or(0, ArrayBuffer::byte_length),
    };
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Runs the task of an event, and gives what the platform waits for: what a task has that is done at its first poll, as
/// most are, and else a promise. A promise that is not needed would cost as much as sending a frame to several sockets.
fn run(task: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> JsValue {
    run_boxed(Box::pin(task))
}

fn run_boxed(mut task: LocalFuture<'static, Result<JsValue, JsValue>>) -> JsValue {
    // Should it have to wait it is polled again, with a waker that wakes it, and not before has it anything to be woken
    // for.
    match task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(value)) => value,
        Poll::Ready(Err(error)) => Promise::reject(&error).into(),
        Poll::Pending => {
            let promise = future_to_promise(task);
            guarded(&promise).unwrap_or(promise).into()
        }
    }
}

/// Returns the request, and what it is for.
fn read(request: &JsValue) -> Result<(Request<Body>, Errand)> {
    let mut request = request_from_js(request.unchecked_ref())?;
    let errand = Errand::take(request.headers_mut())?;
    Ok((request, errand))
}

fn refused(error: &Error) -> Response {
    response(StatusCode::BAD_REQUEST, error.to_string())
}

fn failed() -> Response {
    response(StatusCode::INTERNAL_SERVER_ERROR, "Internal error")
}

/// Returns whether an error only says that the other side is gone, in the platform's own words.
fn tells_of_a_lost_peer(error: &JsValue) -> bool {
    let text = text_of(error);
    ["Network connection lost", "WebSocket peer disconnected"].iter().any(|lost| text.contains(lost))
}
