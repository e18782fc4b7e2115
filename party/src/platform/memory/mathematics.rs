//! The mathematical functions, with which the platform's SQLite is built and the embedded one is not
//! ([built-in mathematical functions](https://sqlite.org/lang_mathfunc.html)).

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result, ToSql};

/// A function of one number.
type Unary = fn(f64) -> f64;

/// A function of two numbers.
type Binary = fn(f64, f64) -> f64;

const UNARY: &[(&str, Unary)] = &[
    ("acos", f64::acos),
    ("acosh", f64::acosh),
    ("asin", f64::asin),
    ("asinh", f64::asinh),
    ("atan", f64::atan),
    ("atanh", f64::atanh),
    ("cos", f64::cos),
    ("cosh", f64::cosh),
    ("degrees", f64::to_degrees),
    ("exp", f64::exp),
    ("ln", |x| positive(x).ln()),
    ("log", |x| positive(x).log10()),
    ("log2", |x| positive(x).log2()),
    ("radians", f64::to_radians),
    ("sin", f64::sin),
    ("sinh", f64::sinh),
    ("sqrt", f64::sqrt),
    ("tan", f64::tan),
    ("tanh", f64::tanh),
];

const BINARY: &[(&str, Binary)] = &[
    ("atan2", f64::atan2),
    ("log", |base, x| positive(x).ln() / positive(base).ln()),
    ("mod", |x, y| x % y),
    ("pow", f64::powf),
];

/// Functions that leave a whole number as it is.
const ROUNDING: &[(&str, Unary)] = &[("ceil", f64::ceil), ("floor", f64::floor), ("trunc", f64::trunc)];

/// Adds the functions to a connection.
pub(super) fn add_to(connection: &Connection) -> Result<()> {
    for (name, function) in UNARY {
        add(connection, name, 1, move |context| Ok(number(context, 0).map(function)))?;
    }
    for (name, function) in BINARY {
        add(connection, name, 2, move |context| {
            Ok(number(context, 0).zip(number(context, 1)).map(|(x, y)| function(x, y)))
        })?;
    }
    for (name, function) in ROUNDING {
        add(connection, name, 1, move |context| {
            Ok(match numeric(context.get_raw(0)) {
                Some(Value::Real(number)) => Value::Real(function(number)),
                Some(whole) => whole,
                None => Value::Null,
            })
        })?;
    }
    add(connection, "pi", 0, |_| Ok(std::f64::consts::PI))
}

fn add<T: ToSql>(
    connection: &Connection,
    name: &str,
    arguments: i32,
    function: impl Fn(&Context<'_>) -> Result<T> + Send + 'static,
) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(name, arguments, flags, move |context| function(context))
}

/// Returns a number of which there is a logarithm.
fn positive(number: f64) -> f64 {
    if number > 0.0 { number } else { f64::NAN }
}

fn number(context: &Context<'_>, argument: usize) -> Option<f64> {
    match numeric(context.get_raw(argument))? {
        #[expect(clippy::cast_precision_loss, reason = "SQLite rounds too")]
        Value::Integer(number) => Some(number as f64),
        Value::Real(number) => Some(number),
        _ => None,
    }
}

/// Returns an argument as a number, if it is one or a text that reads as one.
fn numeric(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Integer(number) => Some(Value::Integer(number)),
        ValueRef::Real(number) => Some(Value::Real(number)),
        ValueRef::Text(text) => {
            let text = str::from_utf8(text).ok()?.trim();
            let whole = text.parse().ok().map(Value::Integer);
            whole.or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Real))
        }
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}
