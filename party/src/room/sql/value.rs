//! A value of SQLite's, and which of them the platform can hand over as they are.

use super::params::inexact;
use crate::error::{Error, ErrorKind, Result};

/// The largest integer that the platform passes on exactly: its numbers are JavaScript's, and 2^53 may have been
/// 2^53 + 1.
pub(crate) const MAX_EXACT_INTEGER: u64 = (1 << 53) - 1;

/// From here on an integer may have been rounded; from there on it is none of SQLite's.
const ROUNDED: std::ops::Range<f64> = 9_007_199_254_740_992.0..9_223_372_036_854_775_808.0;

/// A value of SQLite's.
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// use party::Value;
///
/// let filter = vec![Value::Text("Ada".to_owned()), Value::Integer(5)];
/// let (found,): (bool,) = room.sql().query_one("SELECT ? = 'Ada' AND ? > 4", filter)?;
/// assert!(found);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A whole number, less than 2^53 either way.
    Integer(i64),
    /// A number with a fraction, or of 2^63 and beyond. A column of such numbers gives back those without a fraction as
    /// [`Integer`](Self::Integer); so what is between 2^53 and 2^63 cannot be stored either.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Checks that the platform can pass the value on unchanged.
    pub(super) fn check_exact(&self) -> Result<()> {
        match self {
            Self::Integer(number) if number.unsigned_abs() > MAX_EXACT_INTEGER => Err(inexact(number)),
            Self::Real(number) if ROUNDED.contains(&number.abs()) => Err(Error::new(
                ErrorKind::Sql,
                "a whole number of 2^53 or beyond would be taken for a rounded integer: store it as text",
            )),
            Self::Real(number) if !number.is_finite() => {
                Err(Error::new(ErrorKind::Sql, "NaN and infinity cannot be stored"))
            }
            _ => Ok(()),
        }
    }

    /// Returns a number as the platform gives it: all of them are JavaScript's, so a whole one is an integer. One
    /// between 2^53 and 2^63 may be an integer that was rounded, and nobody can tell.
    pub(crate) fn of_number(number: f64) -> Result<Self> {
        let magnitude = number.abs();
        if number.fract() != 0.0 || magnitude >= ROUNDED.end {
            return Ok(Self::Real(number));
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole and less than 2^63, checked above")]
        let number = number as i64;
        if ROUNDED.contains(&magnitude) {
            let text =
                format!("{number} is 2^53 or beyond and may have been rounded: select it as text (CAST)");
            return Err(Error::new(ErrorKind::Sql, text));
        }
        Ok(Self::Integer(number))
    }
}
