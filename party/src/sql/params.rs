//! What can stand for the question marks of a statement.

use super::value::Value;
use crate::Error;
use crate::error::ErrorKind;

/// The parameters of a statement: `()` for none, a tuple of up to twelve, or a `Vec` of [`Value`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand for the parameters of a statement",
    label = "expected `()`, a tuple such as `(1, \"two\")`, or a `Vec<Value>`",
    note = "one parameter is a tuple too: `(id,)`"
)]
pub trait Params {
    /// The values in the order of their question marks.
    fn into_values(self) -> Vec<Value>;
}

impl Params for Vec<Value> {
    fn into_values(self) -> Vec<Value> {
        self
    }
}

impl Params for () {
    fn into_values(self) -> Vec<Value> {
        Vec::new()
    }
}

macro_rules! tuple_params {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Into<Value>),+> Params for ($($name,)+) {
            fn into_values(self) -> Vec<Value> {
                #[expect(non_snake_case, reason = "the names of the types serve for the values")]
                let ($($name,)+) = self;
                vec![$($name.into()),+]
            }
        }
    )*};
}

tuple_params! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

macro_rules! value_from {
    ($($type:ty, $from:ident => $value:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($from: $type) -> Self {
                $value
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
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl TryFrom<u64> for Value {
    type Error = Error;

    fn try_from(value: u64) -> Result<Self, Error> {
        let beyond = |_| Error::new(ErrorKind::Sql, format!("{value} is beyond 2^63: store it as text"));
        i64::try_from(value).map(Self::Integer).map_err(beyond)
    }
}
