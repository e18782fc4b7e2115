//! The error frame. There is no other in the whole framework.

use serde::{Deserialize, Serialize};

use super::{Error, ErrorCode};
use crate::message::Frame;

/// The frame that a client is sent when something fails: `{"type":"error","code":..,"message":..}` and the fields
/// below.
///
/// Every [`Error`] becomes one. [`Connection::send_error`](crate::Connection::send_error) sends it.
///
/// # Example
///
/// ```
/// use party::{Error, ErrorCode, ErrorFrame};
///
/// let frame = ErrorFrame::from(&Error::client(ErrorCode::NOT_FOUND, "There is no such question").with_id("v7"));
/// assert_eq!((frame.code.as_str(), frame.id.as_deref()), ("not_found", Some("v7")));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ErrorFrame {
    /// The code, for programs.
    pub code: ErrorCode,
    /// The text, for people.
    pub message: String,
    /// The id of the frame that was refused: that frame, and no other. Without it, the error is about a whole text, or
    /// about the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub id: Option<String>,
    /// After how many milliseconds the same frame will be accepted. Without it, the frame shall not be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub retry_after: Option<u64>,
    /// The id under which the room's log has the cause, if the room itself failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub error_id: Option<String>,
}

impl ErrorFrame {
    /// Returns the error that the frame tells.
    pub(crate) fn into_error(self) -> Error {
        let mut error = Error::client(self.code, self.message);
        if let Some(id) = self.id {
            error = error.with_id(&id);
        }
        match self.retry_after {
            Some(millis) => error.retry_after(std::time::Duration::from_millis(millis)),
            None => error,
        }
    }
}

impl From<&Error> for ErrorFrame {
    fn from(error: &Error) -> Self {
        let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            code: error.code(),
            message: error.public_text().to_owned(),
            id: error.id().map(str::to_owned),
            retry_after: error.retry_time().map(millis),
            error_id: error.error_id().map(str::to_owned),
        }
    }
}

impl From<&Error> for Frame<'static> {
    fn from(error: &Error) -> Self {
        #[derive(Serialize)]
        #[serde(tag = "type", rename_all = "lowercase")]
        enum Tagged {
            Error(ErrorFrame),
        }
        // A few texts and a number can always be written as JSON.
        Frame::json(&Tagged::Error(error.into())).unwrap_or_else(|_| Frame::from(String::new()))
    }
}
