//! Cloudflare's platform: a Durable Object's state, its sockets and its storage.
//!
//! It speaks to JavaScript through declarations of its own (`js`), each of which catches what is thrown: an exception
//! that passes an import without `catch` resets the memory of every room in the isolate.

pub mod access;
pub(crate) mod bucket;
mod guard;
mod http;
pub(crate) mod internal;
mod js;
pub(crate) mod namespace;
mod object;
mod sockets;
mod sql;
mod values;

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use worker::js_sys::{ArrayBuffer, Date, JSON, Reflect, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::web_sys::AbortController;

use self::namespace::Namespace;
pub use self::object::Object;
use self::sockets::SocketTable;
use self::sql::Statements;
use super::{Address, Bucket, LocalFuture, SocketId, Sockets, Storage, Surroundings};
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::Kind;
use crate::message::Frame;
use crate::name::{PartyName, Tag};
use crate::observe::{Level, Record};
use crate::room::sql::{Rows, Value};
use crate::timestamp::Timestamp;

/// `WebSocket.OPEN`.
const OPEN: u16 = 1;

/// The largest number of bytes that `crypto.getRandomValues` fills.
const RANDOM_CHUNK: usize = 65_536;

/// One Durable Object.
pub(crate) struct Workers {
    state: js::ObjectState,
    env: JsValue,
    /// An instance that could not be made has no sockets.
    sockets: Option<SocketTable>,
    /// Client ends that wait for the response that carries them.
    clients: RefCell<Vec<(SocketId, js::Socket)>>,
    statements: Statements,
    /// The name of an object that was not addressed by one, once it is known.
    told_name: RefCell<Option<String>>,
    /// The party that the object belongs to, once it was looked for.
    party: OnceCell<Option<PartyName>>,
}

/// The number of a socket that nobody knows.
const NOBODY: SocketId = SocketId::MAX;

impl Workers {
    pub(crate) fn new(state: JsValue, env: JsValue) -> Rc<Self> {
        Rc::new(Self {
            state: state.unchecked_into(),
            env,
            sockets: SocketTable::new().ok(),
            clients: RefCell::default(),
            statements: Statements::default(),
            party: OnceCell::new(),
            told_name: RefCell::default(),
        })
    }

    /// Returns the text of a binding.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        Reflect::get(&self.env, &JsValue::from_str(name)).ok()?.as_string()
    }

    /// Returns the bucket that is bound under this name.
    pub(crate) fn bucket(&self, name: &str) -> Option<Rc<dyn Bucket>> {
        bucket::R2::bound(&self.env, name).map(|bucket| Rc::new(bucket) as Rc<dyn Bucket>)
    }

    /// Sends another object a request of the framework.
    pub(crate) fn call(
        &self,
        to: Address,
        kind: Kind,
        body: String,
    ) -> LocalFuture<'static, Result<(u16, String)>> {
        let (env, jurisdiction) = (self.env(), self.jurisdiction());
        Box::pin(async move { internal::call(&env, &to, jurisdiction.as_deref(), kind, &body).await })
    }

    /// Returns the stored values whose keys begin with `prefix`.
    pub(crate) fn values(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        values::list(&self.storage()?, prefix)
    }

    /// Returns the party whose binding has this object.
    pub(crate) fn party(&self) -> Option<PartyName> {
        let find = || {
            let id = self.state.id().ok()?;
            let (name, jurisdiction) = (id.name().ok()??, self.jurisdiction());
            Namespace::party_of_object(&self.env(), &name, jurisdiction.as_deref(), &id.to_text().ok()?)
        };
        self.party.get_or_init(find).clone()
    }

    /// Returns the jurisdiction that the object is in, if it is in one.
    fn jurisdiction(&self) -> Option<String> {
        self.state.id().ok()?.jurisdiction().ok()?
    }

    /// Returns how large the database is, in bytes.
    pub(crate) fn stored_bytes(&self) -> Result<u64> {
        let size = self.storage()?.sql().and_then(|sql| sql.database_size());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size is a whole number from 0"
        )]
        size.map(|size| size as u64).map_err(platform("the size of the database is not known"))
    }

    /// Counts the rows that statements read and write from now on. Returns how many there were.
    pub(crate) fn counted_rows(&self) -> (u64, u64) {
        self.statements.counted_rows()
    }

    /// Returns the worker's bindings.
    pub(crate) fn env(&self) -> worker::Env {
        self.env.clone().unchecked_into()
    }

    /// Returns the object's state, as the `worker` crate has it.
    pub(crate) fn state(&self) -> worker::durable::State {
        let state: &JsValue = self.state.as_ref();
        worker::durable::State::from(state.clone().unchecked_into::<worker::worker_sys::DurableObjectState>())
    }

    /// Returns a socket, as the `worker` crate has it.
    pub(crate) fn web_socket(&self, socket: SocketId) -> Option<worker::WebSocket> {
        let socket: JsValue = self.socket(socket)?.into();
        Some(socket.unchecked_into::<worker::web_sys::WebSocket>().into())
    }

    /// Returns the number of a JavaScript socket, a new one if it has none yet.
    pub(crate) fn number(&self, socket: &js::Socket) -> SocketId {
        let number = self.sockets.as_ref().and_then(|sockets| sockets.number(socket).ok());
        number.map_or(NOBODY, from_number)
    }

    /// Returns the client end of an accepted socket, once.
    pub(crate) fn take_client(&self, socket: SocketId) -> Option<js::Socket> {
        let mut clients = self.clients.borrow_mut();
        let place = clients.iter().position(|(of, _)| *of == socket)?;
        Some(clients.swap_remove(place).1)
    }

    fn socket(&self, socket: SocketId) -> Option<js::Socket> {
        self.sockets.as_ref()?.socket(to_number(socket)).ok()?
    }

    fn addressed_name(&self) -> Option<String> {
        self.state.id().ok()?.name().ok()?
    }

    fn storage(&self) -> Result<js::ObjectStorage> {
        self.state.storage().map_err(platform("the object has no storage"))
    }

    fn known(&self, socket: SocketId) -> Result<js::Socket> {
        self.socket(socket).ok_or_else(|| Error::new(ErrorKind::Closed, "the connection is gone"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "no room sees 2^53 sockets in one life")]
fn to_number(socket: SocketId) -> f64 {
    socket.0 as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the table counts from 0 by whole numbers"
)]
fn from_number(number: f64) -> SocketId {
    SocketId(number as u64)
}

impl Sockets for Workers {
    fn accept(&self, tags: &[Tag], attachment: &[u8]) -> Result<SocketId> {
        let pair = js::SocketPair::new().map_err(platform("no socket pair could be made"))?;
        let client = pair.client().map_err(platform("a socket pair has no client end"))?;
        let server = pair.server().map_err(platform("a socket pair has no server end"))?;
        let tags = tags.iter().map(|tag| JsValue::from_str(tag.as_str())).collect();
        self.state.accept_web_socket(&server, tags).map_err(platform("a socket could not be accepted"))?;
        let number = self.number(&server);
        self.clients.borrow_mut().push((number, client));
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

    fn open_of(&self, sockets: Vec<SocketId>) -> Vec<SocketId> {
        let numbers: Vec<f64> = sockets.into_iter().map(to_number).collect();
        let open = self.sockets.as_ref().and_then(|table| table.open(&numbers).ok());
        open.unwrap_or_default().into_iter().map(from_number).collect()
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
        let Some(sockets) = &self.sockets else { return };
        let numbers: Vec<f64> = to.iter().copied().map(to_number).collect();
        let refused = sockets.send(&numbers, &frame).ok().flatten().unwrap_or_default();
        // Only a socket that refuses is asked why: to ask each first would cost as much as to send.
        for refusal in refused {
            let number = refusal.get(0).as_f64().map_or(NOBODY, from_number);
            if self.is_open(number) {
                failed(number, platform("a frame could not be sent")(refusal.get(1)));
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

    fn last_auto_response(&self, socket: SocketId) -> Option<Timestamp> {
        let last = self.state.auto_response_timestamp(&self.socket(socket)?).ok()??;
        Some(moment(last.get_time()))
    }

    fn forget(&self, socket: SocketId) {
        let _never_answered = self.take_client(socket);
        if let Some(sockets) = &self.sockets {
            // A socket that is not known any more is forgotten.
            let _forgotten = sockets.forget(to_number(socket));
        }
    }
}

impl Storage for Workers {
    fn sql(&self, query: &str, params: &[Value]) -> Result<Rows> {
        self.statements.run(&self.state, query, params)
    }

    fn execute(&self, query: &str, params: &[Value]) -> Result<()> {
        self.statements.execute(&self.state, query, params)
    }

    fn execute_counted(&self, query: &str, params: &[Value]) -> Result<u64> {
        self.statements.execute_counted(&self.state, query, params)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let storage = self.storage()?;
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

    fn value(&self, key: &str) -> Result<Option<String>> {
        values::get(&self.storage()?, key)
    }

    fn set_value(&self, key: &str, json: &str) -> Result<()> {
        values::put(&self.storage()?, key, json)
    }

    fn delete_value(&self, key: &str) -> Result<bool> {
        values::delete(&self.storage()?, key)
    }

    fn delete_all(&self) -> LocalFuture<'_, Result<()>> {
        Box::pin(async {
            let refused = platform("the storage could not be deleted");
            // Before all else: whether it takes the alarm along depends on the compatibility date.
            self.set_alarm(None)?;
            JsFuture::from(self.storage()?.delete_all().map_err(&refused)?).await.map(drop).map_err(refused)
        })
    }

    fn alarm(&self) -> LocalFuture<'_, Result<Option<Timestamp>>> {
        Box::pin(async {
            let storage = self.storage()?;
            let due = storage.alarm().map_err(platform("the alarm could not be read"))?;
            let due = JsFuture::from(due).await.map_err(platform("the alarm could not be read"))?;
            Ok(due.as_f64().map(moment))
        })
    }

    fn set_alarm(&self, at: Option<Timestamp>) -> Result<()> {
        let storage = self.storage()?;
        // Like other writes, it is not waited for: nothing leaves the object before it is stored, and if it cannot be,
        // the object is started again.
        let set = match at {
            #[expect(clippy::cast_precision_loss, reason = "a moment is below 2^53")]
            Some(at) => storage.set_alarm(at.as_millis() as f64),
            None => storage.delete_alarm(),
        };
        set.map_err(platform("the alarm could not be set"))
    }
}

impl Surroundings for Workers {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn name(&self) -> Option<String> {
        self.addressed_name().or_else(|| self.told_name.borrow().clone())
    }

    fn is_addressed(&self) -> bool {
        self.addressed_name().is_some()
    }

    fn tell_name(&self, name: &str) {
        self.told_name.replace(Some(name.to_owned()));
    }

    fn now(&self) -> Timestamp {
        moment(Date::now())
    }

    fn sleep(&self, time: Duration) -> LocalFuture<'static, ()> {
        Box::pin(sleep(time))
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(RANDOM_CHUNK) {
            if let Err(error) = js::random_values(chunk) {
                self.log(Record::failure(self, text_of(&error)));
            }
        }
    }

    fn wait_until(&self, task: LocalFuture<'static, ()>) {
        let promise = future_to_promise(async {
            task.await;
            Ok(JsValue::UNDEFINED)
        });
        if let Err(error) = self.state.wait_until(&promise) {
            self.log(Record::failure(self, text_of(&error)));
        }
    }

    fn log(&self, record: Record) {
        // An object, whose fields the platform indexes.
        let json = serde_json::to_string(&record).unwrap_or_default();
        let fields = JSON::parse(&json).unwrap_or_else(|_| JsValue::from_str(&record.to_string()));
        // A console that throws leaves nobody to tell.
        let _silent = match record.level {
            Level::Info => js::console_log(&fields),
            Level::Error => js::console_error(&fields),
        };
    }
}

/// A moment as JavaScript has it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a moment after 1970 in milliseconds"
)]
fn moment(millis: f64) -> Timestamp {
    Timestamp::from_millis(millis as u64)
}

/// Waits for a time, in a room or in the worker. (In a dev build `Delay` of the `worker` crate panics, since
/// `setTimeout` gives an object with recent compatibility dates.)
///
/// A wait that nobody waits for any more is ended: while one is on its way, an object is kept in memory.
pub(crate) async fn sleep(time: Duration) {
    let (ending, options) = (AbortController::new(), worker::js_sys::Object::new());
    if let Ok(ending) = &ending {
        let _set = Reflect::set(&options, &JsValue::from_str("signal"), &ending.signal());
    }
    let mut ending = Ending(ending.ok());
    if let Ok(waited) = js::wait(time.as_secs_f64() * 1_000.0, &options) {
        // A wait that is cancelled ends at once.
        let _cancelled = JsFuture::from(waited).await;
    }
    // It is over. To end it would cost an exception with its stack trace.
    ending.0 = None;
}

/// Ends a wait when it is dropped.
struct Ending(Option<AbortController>);

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
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

/// Returns the message of what JavaScript threw.
fn text_of(thrown: &JsValue) -> String {
    let message = thrown.dyn_ref::<js::Exception>().and_then(|exception| exception.message().ok());
    message
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "something that is not an error was thrown".to_owned())
}

impl From<worker::Error> for Error {
    fn from(error: worker::Error) -> Self {
        Self::new(ErrorKind::Platform, error.to_string())
    }
}

/// Returns the bytes of a binary frame or a blob.
fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(buffer) = value.dyn_ref::<ArrayBuffer>() {
        return Some(Uint8Array::new(buffer).to_vec());
    }
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
