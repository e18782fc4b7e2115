//! Values by key, for what needs no table of its own.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::platform::Platform;
use crate::sql::value::MAX_EXACT_INTEGER;

/// Values by key, from [`Room::storage`](crate::Room::storage): any JSON, durable as all of the room's
/// [database](crate::Sql). What a transaction writes is undone with it.
///
/// # Identity
///
/// The values are the platform's own (`ctx.storage.kv`, and so `ctx.storage.put` too): a room that was written in
/// JavaScript finds them again, and the other way round. The framework's own keys begin with `party.`; the name of a room
/// that was not addressed by it is in `__ps_name`, as PartyServer has it.
///
/// # Limits
///
/// 2 MB for a key and its value together. Integers are those of JavaScript: one of 2^53 or beyond is
/// refused, not rounded.
///
/// The object's class needs SQLite (`new_sqlite_classes`); on an object of a class without it, everything here is an error
/// that says so.
///
/// # Example
///
/// ```
/// # use party::{Result, Storage};
/// fn count_visit(storage: &Storage) -> Result<u64> {
///     let visits = storage.get::<u64>("visits")?.unwrap_or(0) + 1;
///     storage.put("visits", &visits)?;
///     Ok(visits)
/// }
/// ```
#[derive(Clone)]
pub struct Storage(Rc<dyn Platform>);

impl Storage {
    pub(crate) fn new(platform: Rc<dyn Platform>) -> Self {
        Self(platform)
    }

    /// Returns the value of a key, `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value has another shape, or JavaScript has stored one that JSON cannot express, such as
    /// a `Date`, a `Map` or bytes; [`ErrorKind::Sql`] when the database refuses.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.0.value(key)?.map(|json| read(&json)).transpose()
    }

    /// Gives a key a value, in place of the one it had.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON or has an integer of 2^53 or beyond,
    /// [`ErrorKind::Sql`] when the database refuses.
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()> {
        let json = serde_json::to_string(value)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))?;
        match rounded_integer(&json) {
            Some(integer) => {
                let text = format!(
                    "{integer} is an integer of 2^53 or beyond and would be rounded: store it as text"
                );
                Err(Error::new(ErrorKind::Json, text))
            }
            None => self.0.set_value(key, &json),
        }
    }

    /// Takes a key's value away. Returns whether it had one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    pub fn delete(&self, key: &str) -> Result<bool> {
        self.0.delete_value(key)
    }

    /// Returns the keys that begin with `prefix` and their values, in the order of the keys.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn list<T: DeserializeOwned>(&self, prefix: &str) -> Result<Vec<(String, T)>> {
        let found = self.0.values(prefix)?;
        found.into_iter().map(|(key, json)| Ok((key, read(&json)?))).collect()
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| {
        Error::caused(ErrorKind::Json, "the stored value has another shape than was asked for", error)
    })
}

/// The first integer of a JSON text that is not exact in JavaScript.
fn rounded_integer(json: &str) -> Option<&str> {
    let mut rest = json;
    while let Some((numbers, text)) = rest.split_once('"') {
        if let Some(rounded) = rounded_among(numbers) {
            return Some(rounded);
        }
        rest = after_text(text);
    }
    rounded_among(rest)
}

/// What follows the end of a text.
fn after_text(text: &str) -> &str {
    let mut rest = text;
    while let Some((part, after)) = rest.split_once('"') {
        rest = after;
        let backslashes = part.bytes().rev().take_while(|byte| *byte == b'\\').count();
        if backslashes % 2 == 0 {
            return rest;
        }
    }
    ""
}

fn rounded_among(numbers: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let is_integer = |word: &&str| word.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    let words = numbers.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    words.filter(is_integer).find(|integer| !is_exact(integer))
}

fn is_exact(integer: &str) -> bool {
    integer.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() <= MAX_EXACT_INTEGER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_of_2_to_the_53_or_beyond_is_found_outside_of_texts() {
        let largest = r#"{"a": [9007199254740991, -9007199254740991, 0], "b": true, "c": null}"#;
        let texts = r#"["9007199254740992", "\\", "\"9007199254740992", {"9007199254740992": "\\\"9007199254740992"}]"#;
        for exact in [largest, texts, "1e300", "9007199254740992.0", "-0.5", "\"\""] {
            assert_eq!(rounded_integer(exact), None, "{exact}");
        }
        for rounded in [
            "9007199254740992",
            "-9007199254740992",
            "18446744073709551615",
            "340282366920938463463374607431768211455",
        ] {
            for json in
                [rounded.to_owned(), format!(r#"{{"a\\": [1, {rounded}]}}"#), format!(r#"["\"", {rounded}]"#)]
            {
                assert_eq!(rounded_integer(&json), Some(rounded), "{json}");
            }
        }
    }
}
