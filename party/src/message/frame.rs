//! Frames: messages that are JSON objects with a `type`, and how they are read.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorCode, Result};

/// An enum of frames, each a JSON object whose `type` says which one it is. Implemented by `#[derive(Frame)]`.
///
/// It reads what serde writes for an enum with `#[serde(tag = "type")]`, and does it better: each frame is read once,
/// without a copy, and an error names the frame by its `id`, if the frames have one.
///
/// The derive takes an enum whose variants have named fields, or none. The name of a frame follows serde's `rename_all`
/// (`lowercase`, `snake_case`, `camelCase`, `kebab-case`); without it, it is in snake case. A field that is missing is
/// an error, unless it is an `Option` or has `#[serde(default)]`. Unknown fields are ignored.
///
/// # Example
///
/// ```
/// use party::{ErrorCode, Frame, Message};
///
/// #[derive(Debug, Frame)]
/// enum Move {
///     Fire { id: String, cell: u8 },
///     Pass { id: String, reason: Option<String> },
/// }
///
/// let message = Message::from(r#"{"type":"fire","id":"7","cell":12}"#);
/// assert!(matches!(message.read_frame::<Move>()?, Move::Fire { cell: 12, .. }));
///
/// let error = Message::from(r#"{"type":"fire","id":"7"}"#).read_frame::<Move>().unwrap_err();
/// assert_eq!((error.code(), error.id()), (ErrorCode::INVALID, Some("7")));
/// assert_eq!(error.public_text(), "the frame has no `cell`");
/// # Ok::<(), party::Error>(())
/// ```
pub trait FromFrame: Sized {
    /// All fields that any of the frames can have.
    #[doc(hidden)]
    type Fields<'a>: Deserialize<'a>;

    /// Returns the frame that has these fields.
    #[doc(hidden)]
    fn from_fields(fields: Self::Fields<'_>) -> Result<Self>;
}

/// Reads one frame.
///
/// # Errors
///
/// [`ErrorCode::NOT_JSON`]; [`ErrorCode::INVALID`], with the `id` of the frame where it can be read.
pub(crate) fn read<F: FromFrame>(text: &str) -> Result<F> {
    match serde_json::from_str::<F::Fields<'_>>(text) {
        Ok(fields) => F::from_fields(fields),
        Err(error) => Err(unreadable(text, &error)),
    }
}

/// Reads the frames of an array. One that cannot be read is an error on its own.
///
/// # Errors
///
/// [`ErrorCode::NOT_JSON`].
pub(crate) fn read_array<F: FromFrame>(text: &str) -> Result<Vec<Result<F>>> {
    // Mostly all of them can be read, and each is read once.
    if let Ok(all) = serde_json::from_str::<Vec<F::Fields<'_>>>(text) {
        return Ok(all.into_iter().map(F::from_fields).collect());
    }
    let all: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    Ok(all.into_iter().map(|frame| read(frame.get())).collect())
}

/// Reads JSON of bytes, which are text: to read it from bytes would be a second copy of all that reads it.
pub(crate) fn of_bytes<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> serde_json::Result<T> {
    serde_json::from_str(str::from_utf8(bytes).map_err(serde::de::Error::custom)?)
}

/// Returns whether a text is JSON, of whatever shape. What serde's errors say of it is not enough: to its reader a
/// number in place of an enum is an error of the syntax, and so is what is nested too deep.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::client(ErrorCode::NOT_JSON, format!("the text is not JSON: {error}"))
}

/// Returns the error of a frame that serde could not read, with the `id` in it.
fn unreadable(text: &str, error: &serde_json::Error) -> Error {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    if !is_json(text) {
        return not_json(error);
    }
    let refused = invalid(format!("the frame has the wrong shape: {error}"));
    naming(refused, serde_json::from_str::<Identified>(text).ok().map(|frame| frame.id))
}

fn invalid(text: String) -> Error {
    Error::client(ErrorCode::INVALID, text)
}

/// Returns an error that names the frame, if the frame has an id.
#[doc(hidden)]
pub fn naming(error: Error, id: Option<String>) -> Error {
    match id {
        Some(id) if !id.is_empty() && error.id().is_none() => error.with_id(id),
        _ => error,
    }
}

/// Returns the error of a frame of unknown type.
#[doc(hidden)]
pub fn unknown_frame_type() -> Error {
    Error::client(ErrorCode::INVALID, "unknown frame type")
}

/// Returns a field that a frame must have.
///
/// # Errors
///
/// [`ErrorCode::INVALID`] when it is missing.
#[doc(hidden)]
pub fn required<T>(field: Option<T>, name: &str) -> Result<T> {
    field.ok_or_else(|| invalid(format!("the frame has no `{name}`")))
}

/// Returns a field whose type depends on the frame.
///
/// # Errors
///
/// [`ErrorCode::INVALID`] when it has another shape.
#[doc(hidden)]
pub fn read_raw<T: DeserializeOwned>(field: Option<&RawValue>, name: &str) -> Result<Option<T>> {
    let read = field.map(|json| serde_json::from_str(json.get())).transpose();
    read.map_err(|error| invalid(format!("`{name}` has the wrong shape: {error}")))
}
