//! Fuzz targets of all that is read from outside. `cargo xtask fuzz` runs them for as long as one likes;
//! `cargo xtask test` for a moment.
//!
//! A target checks properties of any input: an accepted input is within its limits and stays the same when it is
//! written and read again; a refused one has an error that its sender may see. Inputs are bytes that [`Input`] makes
//! texts and frames of, most of them nearly right.
//!
//! Updates of documents have theirs in `party/src/parts/document/update/fuzz.rs`, whole rooms in
//! `party/tests/it/channel/fuzz.rs` and `chat/src/fuzz.rs`.

mod addresses;
mod attachments;
#[cfg(feature = "document")]
pub(crate) mod documents;
mod frames;
mod headers;
mod input;
mod positions;
#[cfg(feature = "jwt")]
mod tokens;

pub(crate) use input::{Input, for_each};

use crate::error::{Error, ErrorCode};

/// Asserts that an error was made for the client that caused it, and has one of these codes.
#[track_caller]
fn assert_public(error: &Error, codes: &[ErrorCode]) {
    assert!(error.is_public() && codes.contains(&error.code()), "{error:?} {}", error.code());
    assert!(error.close_code().is_none() && error.retry_time().is_none(), "{error:?}");
}
