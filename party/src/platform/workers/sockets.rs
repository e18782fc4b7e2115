//! The sockets of one activation, by number. The table is on JavaScript's side, so that a frame crosses over once,
//! however many it is for.

use worker::js_sys::Array;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;

use super::js::Socket;

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
export class SocketTable {
  #next = 0;
  #sockets = new Map();
  #numbers = new Map();

  number(socket) {
    let number = this.#numbers.get(socket);
    if (number === undefined) {
      number = this.#next++;
      this.#sockets.set(number, socket);
      this.#numbers.set(socket, number);
    }
    return number;
  }

  socket(number) {
    return this.#sockets.get(number);
  }

  forget(number) {
    this.#numbers.delete(this.#sockets.get(number));
    this.#sockets.delete(number);
  }

  open(numbers) {
    return numbers.filter((number) => this.#sockets.get(number)?.readyState === WebSocket.OPEN);
  }

  send(numbers, frame) {
    let refused;
    for (const number of numbers) {
      try {
        this.#sockets.get(number)?.send(frame);
      } catch (error) {
        (refused ??= []).push([number, error]);
      }
    }
    return refused;
  }
}
"#
)]
extern "C" {
    /// Sockets and their numbers.
    pub(super) type SocketTable;

    #[wasm_bindgen(constructor, catch)]
    pub(super) fn new() -> Result<SocketTable, JsValue>;

    /// Returns the number of a socket, which is the same object in each of its events; a new one if it has none yet.
    #[wasm_bindgen(method, catch)]
    pub(super) fn number(this: &SocketTable, socket: &Socket) -> Result<f64, JsValue>;

    /// Returns the socket of a number.
    #[wasm_bindgen(method, catch)]
    pub(super) fn socket(this: &SocketTable, number: f64) -> Result<Option<Socket>, JsValue>;

    /// Lets go of a socket.
    #[wasm_bindgen(method, catch)]
    pub(super) fn forget(this: &SocketTable, number: f64) -> Result<(), JsValue>;

    /// Returns those of these that are open.
    #[wasm_bindgen(method, catch)]
    pub(super) fn open(this: &SocketTable, numbers: &[f64]) -> Result<Vec<f64>, JsValue>;

    /// Sends a frame to all of these that are known. Gives number and exception of each that has refused.
    #[wasm_bindgen(method, catch)]
    pub(super) fn send(
        this: &SocketTable,
        numbers: &[f64],
        frame: &JsValue,
    ) -> Result<Option<Vec<Array>>, JsValue>;
}
