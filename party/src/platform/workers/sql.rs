//! Statements on Durable Object SQL: parameters to JavaScript, rows back.

use worker::js_sys::{Array, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};

use super::{bytes_of, error_of, js};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Rows, Value};

pub(super) fn run(storage: &js::ObjectStorage, query: &str, params: &[Value]) -> Result<Rows> {
    let params: Array = params.iter().map(to_js).collect();
    let cursor = storage
        .sql()
        .and_then(|sql| sql.exec(query, &params))
        .map_err(|thrown| error_of(ErrorKind::Sql, "the statement failed", &thrown))?;
    read(&cursor).map_err(|thrown| error_of(ErrorKind::Sql, "the rows could not be read", &thrown))?
}

/// Reads all rows. The outer error is what JavaScript threw, the inner one a value that cannot be had exactly.
fn read(cursor: &js::SqlCursor) -> Result<Result<Rows>, JsValue> {
    let columns = cursor.column_names()?;
    let rows = js::array_from(&cursor.raw()?)?;
    let rows = rows.iter().map(|row| row.dyn_into::<Array>().map(|row| row.iter().map(from_js).collect()));
    let rows = rows.collect::<Result<Vec<Result<Vec<Value>>>, JsValue>>()?;
    Ok(rows.into_iter().collect::<Result<_>>().map(|rows| Rows::new(columns, rows)))
}

fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "integers beyond 2^53 were refused before")]
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Real(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => Uint8Array::from(bytes.as_slice()).buffer().into(),
    }
}

fn from_js(value: JsValue) -> Result<Value> {
    if let Some(number) = value.as_f64() {
        return Value::of_number(number);
    }
    if let Some(text) = value.as_string() {
        return Ok(Value::Text(text));
    }
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    bytes_of(&value)
        .map(Value::Blob)
        .ok_or_else(|| Error::new(ErrorKind::Sql, "a column has a value of no known type"))
}
