//! Code that `#[party]` and `#[derive(Frame)]` expand into. It is not public: it may change in any release.

pub use serde;
pub use serde::de::DeserializeOwned;
pub use serde_json::value::RawValue;
pub use worker::wasm_bindgen::{self, JsValue};
pub use worker::{js_sys, wasm_bindgen_futures};

pub use crate::message::frame::{naming, read_raw, required, unknown_frame_type};
pub use crate::platform::workers::Object;
