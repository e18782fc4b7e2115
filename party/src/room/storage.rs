//! Values by key, for what needs no table of its own.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::platform::{self, Platform};
use crate::room::sql::value::MAX_EXACT_INTEGER;

/// Values by key, from [`Room::storage`](crate::Room::storage): any JSON, durable as all of the room's
/// [database](crate::Sql). The writes of a transaction are rolled back with it.
///
/// # Identity
///
/// The values are the platform's own (`ctx.storage.kv`, and so `ctx.storage.put` too): a room that was written in
/// JavaScript finds them again, and the other way round. The framework's own keys begin with `party.`; the name of a
/// room that was not addressed by it is in `__ps_name`, as PartyServer has it.
///
/// # Limits
///
/// 2 MB for a key and its value together. Integers are those of JavaScript: one of 2^53 or beyond is
/// refused, not rounded.
///
/// The object's class needs SQLite (`new_sqlite_classes`); on an object of a class without it, everything here is an
/// error that says so.
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
    /// [`ErrorKind::Json`] when the value has another shape, or JavaScript has stored one that JSON cannot express,
    /// such as a `Date`, a `Map` or bytes; [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let storage = room.storage();
    /// storage.put("seats", &4)?;
    /// assert_eq!(storage.get::<u32>("seats")?, Some(4));
    /// assert_eq!(storage.get::<u32>("tables")?, None);
    /// # Ok(()) });
    /// ```
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.0.value(key)?.map(|json| read(&json)).transpose()
    }

    /// Gives a key a value, in place of the one it had.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON or has an integer of 2^53 or beyond,
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// Any type that serde can write as JSON is a value:
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let storage = room.storage();
    /// #[derive(serde::Serialize)]
    /// struct Score { home: u32, guests: u32 }
    ///
    /// storage.put("score", &Score { home: 2, guests: 1 })?;
    /// # Ok(()) });
    /// ```
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()> {
        let json = serde_json::to_string(value)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))?;
        if has_rounded_integer(&json) {
            let text = "the value has an integer of 2^53 or beyond, which would be rounded: store it as text";
            return Err(Error::new(ErrorKind::Json, text));
        }
        self.0.set_value(key, &json)
    }

    /// Removes a key and its value. Returns whether it existed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let storage = room.storage();
    /// storage.put("topic", "tea")?;
    /// assert!(storage.delete("topic")?);
    /// assert!(!storage.delete("topic")?);
    /// # Ok(()) });
    /// ```
    pub fn delete(&self, key: &str) -> Result<bool> {
        self.0.delete_value(key)
    }

    /// Returns the keys that begin with `prefix` and their values, in the order of the keys.
    ///
    /// All of them are in memory at once: values of which there are many belong in a table.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let storage = room.storage();
    /// storage.put("score:bob", &3)?;
    /// storage.put("score:ada", &7)?;
    /// storage.put("topic", "tea")?;
    /// let scores: Vec<(String, u32)> = storage.list("score:")?;
    /// assert_eq!(scores, [("score:ada".to_owned(), 7), ("score:bob".to_owned(), 3)]);
    /// # Ok(()) });
    /// ```
    pub fn list<T: DeserializeOwned>(&self, prefix: &str) -> Result<Vec<(String, T)>> {
        let found = platform::values(&*self.0, prefix)?;
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

/// Returns whether a JSON text has an integer that is not exact in JavaScript.
fn has_rounded_integer(json: &str) -> bool {
    let (mut in_text, mut escaped) = (false, false);
    // The number that is being read, as far as it is an integer.
    let (mut magnitude, mut is_integer) = (0_u64, true);
    for byte in json.bytes().chain([b' ']) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'0'..=b'9' => {
                let digit = u64::from(byte.saturating_sub(b'0'));
                magnitude = magnitude.saturating_mul(10).saturating_add(digit);
            }
            b'.' | b'e' | b'E' | b'+' => is_integer = false,
            _ if is_integer && magnitude > MAX_EXACT_INTEGER => return true,
            _ => (magnitude, is_integer) = (0, true),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_of_2_to_the_53_or_beyond_is_found_outside_of_texts() {
        let largest = r#"{"a": [9007199254740991, -9007199254740991, 0], "b": true, "c": null}"#;
        let texts = r#"["9007199254740992", "\\", "\"9007199254740992", {"9007199254740992": "\\\"9007199254740992"}]"#;
        for exact in [largest, texts, "1e300", "9007199254740992.0", "-0.5", "\"\"", "true"] {
            assert!(!has_rounded_integer(exact), "{exact}");
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
                assert!(has_rounded_integer(&json), "{json}");
            }
        }
    }
}
