//! No caller waits forever: when the memory of the isolate is reset, whatever was under way is answered with an error.
//!
//! A panic in any room resets the one WebAssembly instance that all rooms of an isolate share. Futures of the old
//! instance are never polled again, so their promises would never settle, and their callers hang. The `worker` crate
//! tells of a reset by a global object of its own, `__worker_init_state`; where that is missing, promises go unguarded.

use worker::js_sys::Promise;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
const waiting = new Set();

function rejectAll() {
  const error = new Error("the room was reset while it was busy");
  for (const reject of waiting) reject(error);
  waiting.clear();
}

function onWrite(state, name, then) {
  let value = state[name];
  Object.defineProperty(state, name, { configurable: true, enumerable: true, get: () => value, set(next) { value = next; then(next); } });
}

let watched;
function watch(state) {
  if (!state || watched === state) return;
  watched = state;
  onWrite(state, "criticalError", (failed) => failed && rejectAll());
  onWrite(state, "instanceId", rejectAll);
}

export function guarded(promise) {
  watch(globalThis.__worker_init_state);
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    promise.then(resolve, reject).finally(() => waiting.delete(reject));
  });
}
"#
)]
extern "C" {
    /// Returns a promise that settles as the given one does, or fails when the instance is reset first.
    #[wasm_bindgen(catch)]
    pub(super) fn guarded(promise: &Promise) -> Result<Promise, JsValue>;
}
