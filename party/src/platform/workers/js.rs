//! The JavaScript that the platform is made of. Everything that can throw is declared `catch`.

use std::fmt;

use worker::js_sys::{Date, Object, Promise, Uint8Array};
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    /// `DurableObjectState`.
    pub(crate) type ObjectState;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn id(this: &ObjectState) -> Result<ObjectId, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn storage(this: &ObjectState) -> Result<ObjectStorage, JsValue>;

    #[wasm_bindgen(method, catch, js_name = acceptWebSocket)]
    pub(crate) fn accept_web_socket(
        this: &ObjectState,
        socket: &Socket,
        tags: Vec<JsValue>,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = getWebSockets)]
    pub(crate) fn web_sockets(this: &ObjectState) -> Result<Vec<Socket>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getTags)]
    pub(crate) fn tags(this: &ObjectState, socket: &Socket) -> Result<Vec<String>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = waitUntil)]
    pub(crate) fn wait_until(this: &ObjectState, promise: &Promise) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = setWebSocketAutoResponse)]
    pub(crate) fn set_auto_response(this: &ObjectState, pair: &AutoResponse) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    pub(crate) fn auto_response_timestamp(
        this: &ObjectState,
        socket: &Socket,
    ) -> Result<Option<Date>, JsValue>;

    /// `WebSocketRequestResponsePair`.
    #[wasm_bindgen(js_name = WebSocketRequestResponsePair)]
    pub(crate) type AutoResponse;

    #[wasm_bindgen(constructor, catch, js_class = "WebSocketRequestResponsePair")]
    pub(crate) fn new(request: &str, response: &str) -> Result<AutoResponse, JsValue>;

    /// `DurableObjectId`.
    pub(crate) type ObjectId;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn name(this: &ObjectId) -> Result<Option<String>, JsValue>;

    /// `undefined` where the object is in no jurisdiction.
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn jurisdiction(this: &ObjectId) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = toString)]
    pub(crate) fn to_text(this: &ObjectId) -> Result<String, JsValue>;

    /// `DurableObjectStorage`.
    pub(crate) type ObjectStorage;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn sql(this: &ObjectStorage) -> Result<SqlStorage, JsValue>;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    pub(crate) fn transaction_sync(
        this: &ObjectStorage,
        body: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = getAlarm)]
    pub(crate) fn alarm(this: &ObjectStorage) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    pub(crate) fn set_alarm(this: &ObjectStorage, at: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = deleteAll)]
    pub(crate) fn delete_all(this: &ObjectStorage) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = deleteAlarm)]
    pub(crate) fn delete_alarm(this: &ObjectStorage) -> Result<(), JsValue>;

    /// `SqlStorage`.
    pub(crate) type SqlStorage;

    #[wasm_bindgen(method, getter, catch, js_name = databaseSize)]
    pub(crate) fn database_size(this: &SqlStorage) -> Result<f64, JsValue>;

    /// `WebSocket`.
    #[derive(Clone)]
    pub(crate) type Socket;

    #[wasm_bindgen(method, getter, catch, js_name = readyState)]
    pub(crate) fn ready_state(this: &Socket) -> Result<u16, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn close(this: &Socket, code: u16, reason: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = serializeAttachment)]
    pub(crate) fn serialize_attachment(this: &Socket, attachment: &Uint8Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = deserializeAttachment)]
    pub(crate) fn deserialize_attachment(this: &Socket) -> Result<JsValue, JsValue>;

    /// `WebSocketPair`.
    #[wasm_bindgen(js_name = WebSocketPair)]
    pub(crate) type SocketPair;

    #[wasm_bindgen(constructor, catch, js_class = "WebSocketPair")]
    pub(crate) fn new() -> Result<SocketPair, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_class = "WebSocketPair", js_name = "0")]
    pub(crate) fn client(this: &SocketPair) -> Result<Socket, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_class = "WebSocketPair", js_name = "1")]
    pub(crate) fn server(this: &SocketPair) -> Result<Socket, JsValue>;

    /// `Error`.
    #[wasm_bindgen(js_name = Error)]
    pub(crate) type Exception;

    #[wasm_bindgen(constructor, catch, js_class = "Error")]
    pub(crate) fn new(message: &str) -> Result<Exception, JsValue>;

    #[wasm_bindgen(method, getter, catch, js_class = "Error")]
    pub(crate) fn message(this: &Exception) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    pub(crate) fn random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;

    /// Returns a promise that resolves later. `setTimeout` gives a number or an object, depending on the compatibility
    /// date.
    #[wasm_bindgen(js_namespace = scheduler, catch)]
    pub(crate) fn wait(millis: f64, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = log, catch)]
    pub(crate) fn console_log(line: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = error, catch)]
    pub(crate) fn console_error(line: &JsValue) -> Result<(), JsValue>;
}

/// The message of an exception, as the source of an [`Error`](crate::Error).
#[derive(Debug)]
pub(crate) struct Thrown(pub(crate) String);

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Thrown {}
