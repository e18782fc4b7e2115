//! Values by key: JSON on our side, whatever structured clones can hold on JavaScript's.

use worker::js_sys::Array;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};

use super::{error_of, js};
use crate::error::{Error, ErrorKind, Result};

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
const EXPRESSIBLE = ["Array", "Boolean", "Null", "Object", "String", "Undefined"];

/** The value as it is stored; what JSON would change, such as a `Date`, is refused. */
function expressible(name) {
  const value = this[name];
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === "Number" ? Number.isFinite(value) : EXPRESSIBLE.includes(kind)) return value;
  throw new TypeError(`JSON cannot express ${kind === "Number" ? value : `a ${kind}`}`);
}

/** JSON, or in an array why there is none. */
function json(key, value) {
  try {
    return JSON.stringify(value, expressible);
  } catch (error) {
    return [`the value of ${JSON.stringify(key)} was not stored as JSON: ${error.message}`];
  }
}

export function getValue(storage, key) {
  const value = storage.kv.get(key);
  return value === undefined ? undefined : json(key, value);
}

export function putValue(storage, key, text) {
  storage.kv.put(key, JSON.parse(text));
}

export function deleteValue(storage, key) {
  return storage.kv.delete(key);
}

export function listValues(storage, prefix) {
  const found = [];
  for (const [key, value] of storage.kv.list({ prefix })) if (value !== undefined) found.push(key, json(key, value));
  return found;
}
"#
)]
extern "C" {
    /// Returns the value of a key: JSON, nothing, or in an array why it is not JSON.
    #[wasm_bindgen(catch, js_name = getValue)]
    fn get_value(storage: &js::ObjectStorage, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = putValue)]
    fn put_value(storage: &js::ObjectStorage, key: &str, json: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = deleteValue)]
    fn delete_value(storage: &js::ObjectStorage, key: &str) -> Result<bool, JsValue>;

    /// Keys and their values, each as `get_value` has it, in turn.
    #[wasm_bindgen(catch, js_name = listValues)]
    fn list_values(storage: &js::ObjectStorage, prefix: &str) -> Result<Array, JsValue>;
}

pub(super) fn get(storage: &js::ObjectStorage, key: &str) -> Result<Option<String>> {
    let value = get_value(storage, key).map_err(failed("a value could not be read"))?;
    if value.is_undefined() { Ok(None) } else { json(&value).map(Some) }
}

pub(super) fn put(storage: &js::ObjectStorage, key: &str, json: &str) -> Result<()> {
    put_value(storage, key, json).map_err(failed("a value could not be written"))
}

pub(super) fn delete(storage: &js::ObjectStorage, key: &str) -> Result<bool> {
    delete_value(storage, key).map_err(failed("a value could not be deleted"))
}

pub(super) fn list(storage: &js::ObjectStorage, prefix: &str) -> Result<Vec<(String, String)>> {
    let found = list_values(storage, prefix).map_err(failed("the values could not be listed"))?;
    let mut cells = found.iter();
    let mut values = Vec::new();
    while let (Some(key), Some(value)) = (cells.next(), cells.next()) {
        values.push((key.as_string().unwrap_or_default(), json(&value)?));
    }
    Ok(values)
}

fn json(value: &JsValue) -> Result<String> {
    value.as_string().ok_or_else(|| {
        let why = value.dyn_ref::<Array>().and_then(|why| why.get(0).as_string());
        Error::new(ErrorKind::Json, why.unwrap_or_default())
    })
}

fn failed(text: &'static str) -> impl Fn(JsValue) -> Error {
    move |thrown| error_of(ErrorKind::Sql, text, &thrown)
}
