//! What `#[party]` expands into. No part of the public interface: it may change in any release.

pub use worker::wasm_bindgen::{self, JsValue};
pub use worker::{js_sys, wasm_bindgen_futures};

pub use crate::platform::workers::Object;
