//! Error codes: what programs read of an error.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// The code of an [error frame](super::ErrorFrame), for programs.
///
/// The framework's own codes are constants here; an app adds its own with [`from_static`](Self::from_static). A code is
/// written in snake case.
///
/// # Example
///
/// ```
/// use party::{Error, ErrorCode};
///
/// const NOT_YOUR_TURN: ErrorCode = ErrorCode::from_static("not_your_turn");
///
/// let error = Error::client(NOT_YOUR_TURN, "It is the other player's turn");
/// assert_eq!(error.code(), NOT_YOUR_TURN);
/// assert_ne!(error.code(), ErrorCode::FORBIDDEN);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(Cow<'static, str>);

/// The framework's codes, each with its HTTP status.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident;)*) => {
        impl ErrorCode {
            $($(#[$doc])* pub const $name: Self = Self::from_static($code);)*

            /// Returns the HTTP status with the same meaning.
            pub(super) fn status(&self) -> StatusCode {
                match self.as_str() {
                    $($code => StatusCode::$status,)*
                    _ => StatusCode::BAD_REQUEST,
                }
            }

            /// The framework's codes, for the types of TypeScript.
            #[cfg(test)]
            pub(crate) const ALL: &[&str] = &[$($code),*];
        }
    };
}

codes! {
    /// A message that the room cannot use.
    BAD_MESSAGE = "bad_message", BAD_REQUEST;
    /// A binary message where the room expects text. Nothing in it counts.
    BINARY = "binary", BAD_REQUEST;
    /// A text that is not JSON. Nothing in it counts.
    NOT_JSON = "not_json", BAD_REQUEST;
    /// A text longer than the room accepts, or with too many frames. Nothing in it counts.
    TOO_LONG = "too_long", PAYLOAD_TOO_LARGE;
    /// A frame of unknown type, without a field that it needs, or with a field outside its limits.
    INVALID = "invalid", BAD_REQUEST;
    /// An entry without content.
    EMPTY = "empty", BAD_REQUEST;
    /// A field, or what would be stored, is larger than its limit.
    TOO_LARGE = "too_large", PAYLOAD_TOO_LARGE;
    /// The id belongs to another member's entry.
    CONFLICT = "conflict", CONFLICT;
    /// The item does not exist, or is deleted.
    NOT_FOUND = "not_found", NOT_FOUND;
    /// The member may not do that.
    FORBIDDEN = "forbidden", FORBIDDEN;
    /// The client has not proved its identity.
    UNAUTHORIZED = "unauthorized", UNAUTHORIZED;
    /// The member may not write for a while.
    MUTED = "muted", FORBIDDEN;
    /// The client sends too much at once.
    SLOW_DOWN = "slow_down", TOO_MANY_REQUESTS;
    /// The room accepts no more members.
    ROOM_FULL = "room_full", SERVICE_UNAVAILABLE;
    /// The token is no longer valid.
    EXPIRED = "expired", UNAUTHORIZED;
    /// The room does not support such a frame.
    UNSUPPORTED = "unsupported", NOT_IMPLEMENTED;
    /// Something that the room needs does not answer. Trying again may help.
    UNAVAILABLE = "unavailable", SERVICE_UNAVAILABLE;
    /// The room failed. Trying again may help.
    INTERNAL = "internal", INTERNAL_SERVER_ERROR;
}

impl ErrorCode {
    /// Makes a code of the app's own.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ErrorCode;
    ///
    /// const NOT_YOUR_TURN: ErrorCode = ErrorCode::from_static("not_your_turn");
    /// assert_eq!(NOT_YOUR_TURN.as_str(), "not_your_turn");
    /// ```
    pub const fn from_static(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// Returns the code as it is in the error frame.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ErrorCode;
    ///
    /// assert_eq!(ErrorCode::NOT_FOUND.as_str(), "not_found");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the code with the same meaning as an HTTP status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::UNAUTHORIZED,
            403 => Self::FORBIDDEN,
            404 => Self::NOT_FOUND,
            409 => Self::CONFLICT,
            413 | 414 => Self::TOO_LARGE,
            429 => Self::SLOW_DOWN,
            501 => Self::UNSUPPORTED,
            502..=504 => Self::UNAVAILABLE,
            500.. => Self::INTERNAL,
            _ => Self::BAD_MESSAGE,
        }
    }

    /// Returns whether the error is about the content of a frame, for any sender.
    pub(super) fn is_about_content(&self) -> bool {
        [
            Self::BAD_MESSAGE,
            Self::BINARY,
            Self::NOT_JSON,
            Self::TOO_LONG,
            Self::INVALID,
            Self::EMPTY,
            Self::TOO_LARGE,
        ]
        .contains(self)
    }
}

impl From<&'static str> for ErrorCode {
    fn from(code: &'static str) -> Self {
        Self::from_static(code)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
impl ts_rs::TS for ErrorCode {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "Code".to_owned()
    }

    fn inline(_: &ts_rs::Config) -> String {
        let known: Vec<String> = Self::ALL.iter().map(|code| format!("\"{code}\"")).collect();
        format!("{} | (string & {{}})", known.join(" | "))
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type Code = {};", Self::inline(config))
    }

    fn decl_concrete(config: &ts_rs::Config) -> String {
        Self::decl(config)
    }
}
