//! The values for the question marks of a statement.

use std::fmt::Display;
use std::time::Duration;

use super::value::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::name::{ConnectionId, MemberId, PartyName, RoomName, Tag};

/// The parameters of a statement: `()` for none, a tuple of up to twelve [`Param`]s, or a `Vec` of [`Value`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand for the parameters of a statement",
    label = "expected `()`, a tuple such as `(1, \"two\")`, or a `Vec<Value>`",
    note = "one parameter is a tuple too: `(id,)`"
)]
pub trait Params {
    /// Returns the values in the order of their question marks.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] for a value that cannot be stored exactly.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Params, Value};
    ///
    /// let values = (7, "Ada", None::<bool>).into_values()?;
    /// assert_eq!(values, [Value::Integer(7), Value::Text("Ada".to_owned()), Value::Null]);
    /// # Ok::<(), party::Error>(())
    /// ```
    fn into_values(self) -> Result<Vec<Value>>;
}

/// One parameter of a statement.
///
/// Nothing is ever rounded: a value that the platform cannot store exactly, such as an integer of 2^53 or beyond, is an
/// error.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::{Param, Value};
///
/// assert_eq!(7_u64.into_value()?, Value::Integer(7));
/// assert_eq!(Duration::from_secs(2).into_value()?, Value::Integer(2_000));
/// assert!(u64::MAX.into_value().is_err());
/// # Ok::<(), party::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand for a parameter of a statement",
    note = "store it as text, a number, bytes, or as JSON by `serde_json::to_string`"
)]
pub trait Param {
    /// Returns the value as SQLite has it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when it cannot be stored exactly.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Param, Value};
    ///
    /// assert_eq!(Some(3_u64).into_value()?, Value::Integer(3));
    /// assert!(u64::MAX.into_value().is_err(), "it would be rounded");
    /// # Ok::<(), party::Error>(())
    /// ```
    fn into_value(self) -> Result<Value>;
}

impl Params for Vec<Value> {
    fn into_values(self) -> Result<Vec<Value>> {
        self.iter().try_for_each(Value::check_exact)?;
        Ok(self)
    }
}

impl Params for () {
    fn into_values(self) -> Result<Vec<Value>> {
        Ok(Vec::new())
    }
}

/// Returns the values, if each of them can be stored. (Apart from the tuples: there are as many of these as
/// statements.)
#[inline(never)]
fn all(values: Vec<Result<Value>>) -> Result<Vec<Value>> {
    values.into_iter().collect()
}

macro_rules! tuple_params {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Param),+> Params for ($($name,)+) {
            fn into_values(self) -> Result<Vec<Value>> {
                #[expect(non_snake_case, reason = "the names of the types serve for the values")]
                let ($($name,)+) = self;
                all(vec![$($name.into_value()),+])
            }
        }
    )*};
}

tuple_params! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

/// Types of which every value is one of SQLite's, though not each can be stored exactly.
macro_rules! value_from {
    ($($type:ty, $from:ident => $value:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($from: $type) -> Self {
                $value
            }
        }

        impl Param for $type {
            fn into_value(self) -> Result<Value> {
                let value = Value::from(self);
                value.check_exact()?;
                Ok(value)
            }
        }
    )*};
}

value_from! {
    bool, value => Self::Integer(value.into());
    i8, value => Self::Integer(value.into());
    i16, value => Self::Integer(value.into());
    i32, value => Self::Integer(value.into());
    i64, value => Self::Integer(value);
    u8, value => Self::Integer(value.into());
    u16, value => Self::Integer(value.into());
    u32, value => Self::Integer(value.into());
    f32, value => Self::Real(value.into());
    f64, value => Self::Real(value);
    &str, value => Self::Text(value.to_owned());
    &String, value => Self::Text(value.clone());
    String, value => Self::Text(value);
    &[u8], value => Self::Blob(value.to_owned());
    &Vec<u8>, value => Self::Blob(value.clone());
    Vec<u8>, value => Self::Blob(value);
    &RoomName, value => Self::Text(value.to_string());
    &PartyName, value => Self::Text(value.to_string());
    &ConnectionId, value => Self::Text(value.to_string());
    &MemberId, value => Self::Text(value.to_string());
    MemberId, value => Self::Text(value.into());
    &Tag, value => Self::Text(value.to_string());
}

macro_rules! integer_params {
    ($($type:ty)*) => {$(
        impl Param for $type {
            fn into_value(self) -> Result<Value> {
                integer(self)
            }
        }
    )*};
}

integer_params!(u64 usize isize u128 i128);

impl Param for Value {
    fn into_value(self) -> Result<Value> {
        self.check_exact()?;
        Ok(self)
    }
}

/// As whole milliseconds.
impl Param for Duration {
    fn into_value(self) -> Result<Value> {
        integer(self.as_millis())
    }
}

/// As `NULL` when it is `None`.
impl<T: Param> Param for Option<T> {
    fn into_value(self) -> Result<Value> {
        self.map_or(Ok(Value::Null), Param::into_value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

fn integer(number: impl TryInto<i64> + Display + Copy) -> Result<Value> {
    let value = number.try_into().map(Value::Integer).map_err(|_| inexact(number))?;
    value.check_exact()?;
    Ok(value)
}

/// Returns the error for an integer that the platform may round.
pub(super) fn inexact(number: impl Display) -> Error {
    Error::new(ErrorKind::Sql, format!("{number} is 2^53 or beyond and may be rounded: store it as text"))
}
