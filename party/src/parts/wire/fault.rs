//! What a client is told when something of its is not taken.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Why something of a client's was not taken: the `error` frame.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// For programs.
    pub code: Code,
    /// For people.
    pub message: String,
    /// The id of the append, edit or delete that was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub id: Option<String>,
    /// After how many milliseconds it will be taken. Without, it will not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub retry_after: Option<u64>,
}

/// Why something was not taken, for programs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// A message that the room cannot use.
    BadMessage,
    /// A binary frame.
    Binary,
    /// No JSON.
    NotJson,
    /// JSON, but no frame of this protocol, or a field outside its limits.
    Invalid,
    /// An entry without content.
    Empty,
    /// A frame or a field beyond its limit.
    TooLarge,
    /// The id belongs to somebody else's entry.
    Conflict,
    /// The item is not there, or is deleted.
    NotFound,
    /// The item is somebody else's, or the role does not allow it.
    Forbidden,
    /// The member may not write for a while.
    Muted,
    /// Too much at once.
    SlowDown,
    /// The room takes no more members.
    RoomFull,
    /// The token is no longer valid.
    Expired,
    /// The room failed; trying again may help.
    Internal,
}

impl Fault {
    /// A fault of something whose id is not known, and that will not be taken.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), id: None, retry_after: None }
    }

    /// Says which append, edit or delete it is about.
    #[must_use]
    pub fn of(self, id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..self }
    }

    /// Says after which time it will be taken.
    #[must_use]
    pub fn retry_after(self, time: Duration) -> Self {
        Self { retry_after: Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)), ..self }
    }

    /// What could not be done because the room failed. The error itself belongs into the log.
    pub fn internal() -> Self {
        Self::new(Code::Internal, "the room failed, try again").retry_after(Duration::from_secs(5))
    }

    /// Why serde could not read a text, with the `id` in it, so that its client can find out which frame it was.
    pub fn unreadable(text: &str, error: &serde_json::Error) -> Self {
        #[derive(Deserialize)]
        struct Identified {
            id: String,
        }
        if !error.is_data() {
            return Self::new(Code::NotJson, format!("the frame is not JSON: {error}"));
        }
        let fault = Self::new(Code::Invalid, format!("the frame has the wrong shape: {error}"));
        match serde_json::from_str::<Identified>(text) {
            Ok(Identified { id }) => fault.of(&id),
            Err(_) => fault,
        }
    }
}

impl From<&Error> for Fault {
    /// An error made for clients as it is, any other without its cause.
    fn from(error: &Error) -> Self {
        match error.is_public() {
            true => Self::new(Code::BadMessage, error.public_text()),
            false => Self::internal(),
        }
    }
}
