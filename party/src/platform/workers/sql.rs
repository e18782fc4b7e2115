//! Statements on Durable Object SQL: parameters to JavaScript, rows back.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use worker::js_sys::{Array, Uint8Array};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};

use super::{bytes_of, error_of, js};
use crate::error::{Error, ErrorKind, Result};
use crate::room::sql::{Rows, Value};

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
const encoder = new TextEncoder();

/** A long text as its bytes, which cross over many times sooner. (The database itself has its bytes in buffers.) */
function crossing(cell) {
  return typeof cell === "string" && cell.length > 1000 ? encoder.encode(cell) : cell;
}

/** The rows that the statements of a room have read and written, once somebody asks. */
export class RowCount {
  read = 0;
  written = 0;

  add(cursor) {
    this.read += cursor.rowsRead;
    this.written += cursor.rowsWritten;
  }
}

export class Statement {
  #sql;
  #text;
  #columns = [];
  #count;

  constructor(sql, text, count) {
    this.#sql = sql;
    this.#text = text;
    this.#count = count;
  }

  run(params) {
    const cursor = this.#sql.exec(this.#text, ...params);
    const cells = [];
    for (const row of cursor.raw()) for (const cell of row) cells.push(crossing(cell));
    this.#count?.add(cursor);
    const columns = cursor.columnNames;
    const known = columns.length === this.#columns.length && columns.every((name, at) => name === this.#columns[at]);
    this.#columns = columns;
    cells.push(known ? undefined : columns);
    return cells;
  }

  execute(params) {
    const rows = this.#sql.exec(this.#text, ...params);
    while (!rows.next().done);
    this.#count?.add(rows);
  }

  executeCounted(params) {
    const [[before]] = this.#sql.exec("SELECT total_changes()").raw();
    this.execute(params);
    const [[after, last]] = this.#sql.exec("SELECT total_changes(), changes()").raw();
    return after === before ? 0 : last;
  }
}
"#
)]
extern "C" {
    /// The rows that statements have read and written.
    type RowCount;

    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<RowCount, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn read(this: &RowCount) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn written(this: &RowCount) -> Result<f64, JsValue>;

    /// A statement that runs again and again.
    type Statement;

    #[wasm_bindgen(constructor, catch)]
    fn new(sql: &js::SqlStorage, text: &str, count: Option<&RowCount>) -> Result<Statement, JsValue>;

    /// Runs it. Gives the cells of all rows one after another; and at the end the names of the columns, unless they are
    /// those of its last run.
    #[wasm_bindgen(method, catch)]
    fn run(this: &Statement, params: Array) -> Result<Array, JsValue>;

    /// Runs it to its end.
    #[wasm_bindgen(method, catch)]
    fn execute(this: &Statement, params: Array) -> Result<(), JsValue>;

    /// Runs it to its end. Gives how many rows the last statement that inserts, updates or deletes has changed.
    #[wasm_bindgen(method, catch, js_name = executeCounted)]
    fn execute_counted(this: &Statement, params: Array) -> Result<f64, JsValue>;
}

/// How many statements are kept. Rooms have a few dozen; more than that are made of their parameters, and are not worth
/// keeping.
const KEPT: usize = 128;

/// The statements of one activation. A text crosses over once: the platform finds what it has compiled for it by
/// the text itself, sooner if it is the same object.
#[derive(Default)]
pub(super) struct Statements {
    known: RefCell<Vec<Rc<Known>>>,
    /// Counts rows, once somebody asks.
    count: OnceCell<RowCount>,
}

/// A statement that has run before.
struct Known {
    text: Box<str>,
    statement: Statement,
    /// The names of its columns at its last run.
    columns: RefCell<Rc<[String]>>,
}

impl Statements {
    /// Runs a statement and reads all its rows.
    pub(super) fn run(&self, state: &js::ObjectState, text: &str, params: &[Value]) -> Result<Rows> {
        let known = self.known(state, text)?;
        let cells = known.statement.run(to_array(params)).map_err(failed("the statement failed"))?;
        known.rows(&cells)
    }

    /// Runs a statement whose rows nobody wants.
    pub(super) fn execute(&self, state: &js::ObjectState, text: &str, params: &[Value]) -> Result<()> {
        let known = self.known(state, text)?;
        known.statement.execute(to_array(params)).map_err(failed("the statement failed"))
    }

    /// Executes a statement, as [`execute`](Self::execute) does. Returns how many rows the last statement that inserts,
    /// updates or deletes has changed.
    pub(super) fn execute_counted(
        &self,
        state: &js::ObjectState,
        text: &str,
        params: &[Value],
    ) -> Result<u64> {
        let known = self.known(state, text)?;
        let count = known.statement.execute_counted(to_array(params));
        let count = count.map_err(failed("the statement failed"))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "SQLite counts from 0")]
        Ok(count as u64)
    }

    /// The rows that were read and written since this was first asked.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count is a whole number from 0"
    )]
    pub(super) fn counted_rows(&self) -> (u64, u64) {
        let Some(count) = self.count.get() else {
            if let Ok(count) = RowCount::new() {
                let _first = self.count.set(count);
                // Statements from now on know it.
                self.known.borrow_mut().clear();
            }
            return (0, 0);
        };
        let number = |rows: Result<f64, JsValue>| rows.unwrap_or_default() as u64;
        (number(count.read()), number(count.written()))
    }

    fn known(&self, state: &js::ObjectState, text: &str) -> Result<Rc<Known>> {
        if let Some(known) = self.known.borrow().iter().find(|known| *known.text == *text) {
            return Ok(Rc::clone(known));
        }
        let sql = state.storage().and_then(|storage| storage.sql());
        let sql = sql.map_err(failed("the object has no database"))?;
        let statement =
            Statement::new(&sql, text, self.count.get()).map_err(failed("the statement failed"))?;
        let known = Rc::new(Known { text: text.into(), statement, columns: RefCell::default() });
        let mut kept = self.known.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.push(Rc::clone(&known));
        Ok(known)
    }
}

impl Known {
    /// Returns the rows of a run.
    fn rows(&self, cells: &Array) -> Result<Rows> {
        let columns = cells.pop();
        if !columns.is_undefined() {
            let names =
                Array::from(&columns).iter().map(|name| name.as_string().unwrap_or_default()).collect();
            self.columns.replace(names);
        }
        let columns = Rc::clone(&self.columns.borrow());
        let mut cells = cells.iter().map(from_js);
        let mut rows = Vec::new();
        while cells.len() > 0 {
            rows.push(cells.by_ref().take(columns.len().max(1)).collect::<Result<Vec<_>>>()?);
        }
        Ok(Rows::new(columns, rows))
    }
}

fn failed(text: &'static str) -> impl Fn(JsValue) -> Error {
    move |thrown| error_of(ErrorKind::Sql, text, &thrown)
}

fn to_array(params: &[Value]) -> Array {
    params.iter().map(to_js).collect()
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
    if let Some(long) = value.dyn_ref::<Uint8Array>() {
        let text = String::from_utf8(long.to_vec());
        return Ok(text.map_or_else(|error| Value::Blob(error.into_bytes()), Value::Text));
    }
    bytes_of(&value)
        .map(Value::Blob)
        .ok_or_else(|| Error::new(ErrorKind::Sql, "a column has a value of no known type"))
}
