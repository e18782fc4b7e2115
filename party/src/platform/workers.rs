//! Cloudflare's platform: a Durable Object's state, its sockets and its storage.
//!
//! It speaks to JavaScript through declarations of its own (`js`), each of which catches what is thrown: an exception
//! that passes an import without `catch` resets the memory of every room in the isolate.

pub mod access;
mod guard;
mod http;
mod js;
mod object;
mod sql;

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use worker::js_sys::{ArrayBuffer, Date, Map, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};

pub use self::object::Object;
use super::{Level, LocalFuture, SocketId, Sockets, Storage, Surroundings};
use crate::error::{Error, ErrorKind, Result};
use crate::message::Frame;
use crate::name::Tag;
use crate::sql::{Rows, Value};

/// `WebSocket.OPEN`.
const OPEN: u16 = 1;

/// How many bytes `crypto.getRandomValues` fills at most.
const RANDOM_CHUNK: usize = 65_536;

/// One Durable Object.
pub(crate) struct Workers {
    state: js::ObjectState,
    env: JsValue,
    sockets: RefCell<Numbered>,
}

/// The sockets of one life in memory, by number.
struct Numbered {
    next: u64,
    by_number: BTreeMap<SocketId, js::Socket>,
    /// From a JavaScript socket, which is the same object in each of its events, to its number.
    numbers: Map,
    /// Client ends that wait for the response that carries them.
    clients: BTreeMap<SocketId, js::Socket>,
}

impl Workers {
    pub(crate) fn new(state: JsValue, env: JsValue) -> Rc<Self> {
        let sockets =
            Numbered { next: 0, by_number: BTreeMap::new(), numbers: Map::new(), clients: BTreeMap::new() };
        Rc::new(Self { state: state.unchecked_into(), env, sockets: RefCell::new(sockets) })
    }

    /// The worker's bindings.
    pub(crate) fn env(&self) -> worker::Env {
        self.env.clone().unchecked_into()
    }

    /// The object's state, as the `worker` crate has it.
    pub(crate) fn state(&self) -> worker::durable::State {
        let state: &JsValue = self.state.as_ref();
        worker::durable::State::from(state.clone().unchecked_into::<worker::worker_sys::DurableObjectState>())
    }

    /// A socket, as the `worker` crate has it.
    pub(crate) fn web_socket(&self, socket: SocketId) -> Option<worker::WebSocket> {
        let socket: JsValue = self.socket(socket)?.into();
        Some(socket.unchecked_into::<worker::web_sys::WebSocket>().into())
    }

    /// The number of a JavaScript socket, a new one if it has none yet.
    pub(crate) fn number(&self, socket: &js::Socket) -> SocketId {
        self.sockets.borrow_mut().number(socket)
    }

    /// The client end of an accepted socket, once.
    pub(crate) fn take_client(&self, socket: SocketId) -> Option<js::Socket> {
        self.sockets.borrow_mut().clients.remove(&socket)
    }

    fn socket(&self, socket: SocketId) -> Option<js::Socket> {
        self.sockets.borrow().by_number.get(&socket).cloned()
    }

    fn known(&self, socket: SocketId) -> Result<js::Socket> {
        self.socket(socket).ok_or_else(|| Error::new(ErrorKind::Closed, "the connection is gone"))
    }
}

impl Numbered {
    fn number(&mut self, socket: &js::Socket) -> SocketId {
        if let Some(number) = self.numbers.get(socket).as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it was a u64 when it was put there"
            )]
            return SocketId(number as u64);
        }
        let number = SocketId(self.next);
        self.next = self.next.saturating_add(1);
        #[expect(clippy::cast_precision_loss, reason = "no room sees 2^53 sockets in one life")]
        self.numbers.set(socket, &JsValue::from_f64(number.0 as f64));
        self.by_number.insert(number, socket.clone());
        number
    }
}

impl Sockets for Workers {
    fn accept(&self, tags: &[Tag], attachment: &[u8]) -> Result<SocketId> {
        let pair = js::SocketPair::new().map_err(platform("no socket pair could be made"))?;
        let client = pair.client().map_err(platform("a socket pair has no client end"))?;
        let server = pair.server().map_err(platform("a socket pair has no server end"))?;
        let tags = tags.iter().map(|tag| JsValue::from_str(tag.as_str())).collect();
        self.state.accept_web_socket(&server, tags).map_err(platform("a socket could not be accepted"))?;
        let mut sockets = self.sockets.borrow_mut();
        let number = sockets.number(&server);
        sockets.clients.insert(number, client);
        drop(sockets);
        self.attach(number, attachment)?;
        Ok(number)
    }

    fn sockets(&self) -> Result<Vec<SocketId>> {
        let sockets = self.state.web_sockets().map_err(platform("the sockets could not be listed"))?;
        Ok(sockets.iter().map(|socket| self.number(socket)).collect())
    }

    fn is_open(&self, socket: SocketId) -> bool {
        self.socket(socket).is_some_and(|socket| socket.ready_state().is_ok_and(|state| state == OPEN))
    }

    fn tags(&self, socket: SocketId) -> Result<Vec<String>> {
        self.state.tags(&self.known(socket)?).map_err(platform("a socket's tags could not be read"))
    }

    fn attachment(&self, socket: SocketId) -> Option<Vec<u8>> {
        let kept = self.socket(socket)?.deserialize_attachment().ok()?;
        Some(kept.dyn_ref::<Uint8Array>()?.to_vec())
    }

    fn attach(&self, socket: SocketId, attachment: &[u8]) -> Result<()> {
        let bytes = Uint8Array::from(attachment);
        self.known(socket)?
            .serialize_attachment(&bytes)
            .map_err(platform("a connection's state could not be kept"))
    }

    fn send(&self, to: &[SocketId], frame: &Frame<'_>, failed: &mut dyn FnMut(SocketId, Error)) {
        let frame: JsValue = match frame {
            Frame::Text(text) => JsValue::from_str(text),
            Frame::Binary(bytes) => Uint8Array::from(bytes.as_ref()).buffer().into(),
        };
        let refused: Vec<(SocketId, JsValue)> = {
            let sockets = self.sockets.borrow();
            let known = to.iter().filter_map(|number| Some((*number, sockets.by_number.get(number)?)));
            known.filter_map(|(number, socket)| Some((number, socket.send(&frame).err()?))).collect()
        };
        // Only who refuses is asked why: to ask each first would cost as much as to send.
        for (number, error) in refused {
            if self.is_open(number) {
                failed(number, platform("a frame could not be sent")(error));
            }
        }
    }

    fn close(&self, socket: SocketId, code: u16, reason: &str) -> Result<()> {
        self.known(socket)?.close(code, reason).map_err(platform("a socket could not be closed"))
    }

    fn set_auto_response(&self, request: &str, response: &str) -> Result<()> {
        js::AutoResponse::new(request, response)
            .and_then(|pair| self.state.set_auto_response(&pair))
            .map_err(platform("the automatic response could not be set"))
    }

    fn last_auto_response(&self, socket: SocketId) -> Option<u64> {
        let last = self.state.auto_response_timestamp(&self.socket(socket)?).ok()??;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a moment after 1970 in milliseconds"
        )]
        Some(last.get_time() as u64)
    }

    fn forget(&self, socket: SocketId) {
        let mut sockets = self.sockets.borrow_mut();
        sockets.clients.remove(&socket);
        if let Some(known) = sockets.by_number.remove(&socket) {
            sockets.numbers.delete(&known);
        }
    }
}

impl Storage for Workers {
    fn sql(&self, query: &str, params: &[Value]) -> Result<Rows> {
        let storage = self.state.storage().map_err(platform("the object has no storage"))?;
        sql::run(&storage, query, params)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let storage = self.state.storage().map_err(platform("the object has no storage"))?;
        let mut failure = None;
        let ran = storage.transaction_sync(&mut || {
            // A throw is what undoes the transaction; the error itself stays on this side.
            body().map_err(|error| {
                let thrown = JsValue::from_str(&error.to_string());
                failure = Some(error);
                thrown
            })
        });
        match (failure, ran) {
            (Some(error), _) => Err(error),
            (None, Ok(())) => Ok(()),
            (None, Err(error)) => Err(error_of(ErrorKind::Sql, "the transaction failed", &error)),
        }
    }

    fn alarm(&self) -> LocalFuture<'_, Result<Option<u64>>> {
        Box::pin(async {
            let storage = self.state.storage().map_err(platform("the object has no storage"))?;
            let due = storage.alarm().map_err(platform("the alarm could not be read"))?;
            let due = JsFuture::from(due).await.map_err(platform("the alarm could not be read"))?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a moment after 1970 in milliseconds"
            )]
            Ok(due.as_f64().map(|due| due as u64))
        })
    }

    fn set_alarm(&self, at: Option<u64>) -> LocalFuture<'_, Result<()>> {
        Box::pin(async move {
            let storage = self.state.storage().map_err(platform("the object has no storage"))?;
            let done = match at {
                #[expect(clippy::cast_precision_loss, reason = "a moment in milliseconds, far below 2^53")]
                Some(at) => storage.set_alarm(at as f64),
                None => storage.delete_alarm(),
            };
            let done = done.map_err(platform("the alarm could not be set"))?;
            JsFuture::from(done).await.map_err(platform("the alarm could not be set"))?;
            Ok(())
        })
    }
}

impl Surroundings for Workers {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn name(&self) -> Option<String> {
        self.state.id().ok()?.name().ok()?
    }

    fn now(&self) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a moment after 1970 in milliseconds"
        )]
        return Date::now() as u64;
    }

    fn sleep(&self, time: Duration) -> LocalFuture<'static, ()> {
        Box::pin(sleep(time))
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(RANDOM_CHUNK) {
            if let Err(error) = js::random_values(chunk) {
                self.log(Level::Error, &text_of(&error));
            }
        }
    }

    fn wait_until(&self, task: LocalFuture<'static, ()>) {
        let promise = future_to_promise(async {
            task.await;
            Ok(JsValue::UNDEFINED)
        });
        if let Err(error) = self.state.wait_until(&promise) {
            self.log(Level::Error, &text_of(&error));
        }
    }

    fn log(&self, level: Level, line: &str) {
        // A console that throws leaves nobody to tell.
        let _silent = match level {
            Level::Info => js::console_log(line),
            Level::Error => js::console_error(line),
        };
    }
}

/// Waits, in a room or in the worker. (In a dev build `Delay` of the `worker` crate panics, since `setTimeout` gives
/// an object with recent compatibility dates.)
pub(crate) async fn sleep(time: Duration) {
    if let Ok(waited) = js::wait(time.as_secs_f64() * 1_000.0) {
        // A wait that is cancelled ends at once.
        let _cancelled = JsFuture::from(waited).await;
    }
}

/// Turns what JavaScript threw into an error of the platform's.
fn platform(text: &'static str) -> impl Fn(JsValue) -> Error {
    move |thrown| error_of(ErrorKind::Platform, text, &thrown)
}

/// Turns what JavaScript threw into an error.
fn error_of(kind: ErrorKind, text: &'static str, thrown: &JsValue) -> Error {
    Error::caused(kind, text, js::Thrown(text_of(thrown)))
}

/// The message of what JavaScript threw.
fn text_of(thrown: &JsValue) -> String {
    let message = thrown.dyn_ref::<js::Exception>().and_then(|exception| exception.message().ok());
    message
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "something that is no error was thrown".to_owned())
}

/// The bytes of a binary frame or a blob.
fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(buffer) = value.dyn_ref::<ArrayBuffer>() {
        return Some(Uint8Array::new(buffer).to_vec());
    }
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
