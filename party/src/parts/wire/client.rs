//! The frames that a client sends, and how they are read.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Action, Json};
use crate::error::{Error, ErrorCode, Result};
use crate::message::frame;
use crate::message::{Message, binary};
use crate::name::MemberId;
use crate::room::sql::value::MAX_EXACT_INTEGER;

/// The largest number of frames in one text of a client.
pub const MAX_FRAMES: usize = 64;

/// The longest id of a frame, in characters.
const MAX_ID_CHARS: usize = 64;

/// The longest kind of an ephemeral event, in bytes.
const MAX_KIND_BYTES: usize = 32;

/// A frame that a client sends. `C` is a command of the app's own.
#[derive(Clone, Debug, Serialize, crate::Frame)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame<B = Json, D = Json, C = Json> {
    /// A new item.
    Append {
        /// The id of the frame, and of the entry.
        id: String,
        /// The body.
        body: B,
    },
    /// Another body for an item.
    Edit {
        /// The id of the frame, and of the entry.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
        /// The new body.
        body: B,
    },
    /// Removes the body of an item.
    Delete {
        /// The id of the frame, and of the entry.
        id: String,
        /// The `seq` of the item.
        #[cfg_attr(test, ts(type = "number"))]
        target: u64,
    },
    /// A command of the app's own.
    Command {
        /// The id of the frame, and of the entry that the command causes, if it causes one.
        id: String,
        /// The command.
        data: C,
    },
    /// Asks the app something. It changes nothing, and is answered with an `answer` or an error.
    Query {
        /// The id of the frame.
        id: String,
        /// The query.
        data: Json,
    },
    /// Requests a page of items: those before a `seq`, or those after one, or the newest.
    History {
        /// The id of the frame.
        id: String,
        /// Before this `seq`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        before: Option<u64>,
        /// After this `seq`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        after: Option<u64>,
    },
    /// An ephemeral event. It is not answered, but an error names its id.
    Ephemeral {
        /// The id of the frame.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        id: Option<String>,
        /// The kind, such as `typing`.
        kind: String,
        /// Optional data.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        data: Option<Json>,
        /// Whether the event ends.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(as = "Option<bool>", optional))]
        end: bool,
    },
    /// New presence data of the member.
    Presence {
        /// The id of the frame.
        id: String,
        /// The data.
        data: D,
    },
    /// An action of a moderator.
    Moderate {
        /// The id of the frame.
        id: String,
        /// The action.
        action: Action,
        /// The member it applies to.
        #[cfg_attr(test, ts(type = "string"))]
        member: MemberId,
        /// The duration of a ban or a mute; without it, it lasts until it is ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        seconds: Option<u64>,
    },
    /// The answer to a probe of the room: the client reads what it is sent.
    Probe {
        /// The id of the room's frame.
        id: String,
    },
    /// A fresh token before the old one expires, or the secret that the room has just made.
    Token {
        /// The id of the frame.
        id: String,
        /// The token.
        token: String,
    },
}

impl<B, D, C> ClientFrame<B, D, C> {
    /// Returns the id of the frame.
    ///
    /// `None` for an ephemeral event without one.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::wire::ClientFrame;
    ///
    /// let frame: ClientFrame = ClientFrame::Delete { id: "a1".to_owned(), target: 7 };
    /// assert_eq!(frame.id(), Some("a1"));
    /// ```
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Ephemeral { id, .. } => id.as_deref(),
            Self::Append { id, .. }
            | Self::Edit { id, .. }
            | Self::Delete { id, .. }
            | Self::Command { id, .. }
            | Self::Query { id, .. }
            | Self::History { id, .. }
            | Self::Presence { id, .. }
            | Self::Moderate { id, .. }
            | Self::Probe { id }
            | Self::Token { id, .. } => Some(id),
        }
    }
}

/// Reads the text of a client: one frame, or several in an array. A frame that cannot be read is refused on its own,
/// with an error that names its id; the others count.
///
/// # Errors
///
/// The text as a whole is refused: [`ErrorCode::BINARY`], [`ErrorCode::NOT_JSON`], or [`ErrorCode::TOO_LONG`] when it
/// has more than `max_bytes`, or more than [`MAX_FRAMES`] frames. Then none of its frames counts.
///
/// # Example
///
/// ```
/// use party::parts::wire::{self, ClientFrame};
/// use party::{ErrorCode, Message};
///
/// let message = Message::from(r#"[{"type":"append","id":"1","body":"hello"},{"type":"append","id":"2"}]"#);
/// let frames = wire::read::<String, (), ()>(&message, 1_024)?;
/// assert!(matches!(&frames[0], Ok(ClientFrame::Append { body, .. }) if body == "hello"));
/// assert!(matches!(&frames[1], Err(error) if error.id() == Some("2")));
///
/// let error = wire::read::<String, (), ()>(&Message::from("hello"), 1_024).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::NOT_JSON);
/// # Ok::<(), party::Error>(())
/// ```
pub fn read<B, D, C>(message: &Message, max_bytes: usize) -> Result<Vec<Result<ClientFrame<B, D, C>>>>
where
    B: DeserializeOwned,
    D: DeserializeOwned,
    C: DeserializeOwned,
{
    let text = message.as_text().ok_or_else(binary)?;
    if text.len() > max_bytes {
        let message = format!("the text has {} bytes, more than {max_bytes}", text.len());
        return Err(Error::client(ErrorCode::TOO_LONG, message));
    }
    if !text.trim_start().starts_with('[') {
        return match frame::read(text) {
            Err(error) if error.code() == ErrorCode::NOT_JSON => Err(error),
            frame => Ok(vec![frame.and_then(ClientFrame::checked)]),
        };
    }
    let frames = frame::read_array(text)?;
    if frames.len() > MAX_FRAMES {
        let message = format!("the array has {} frames, more than {MAX_FRAMES}", frames.len());
        return Err(Error::client(ErrorCode::TOO_LONG, message));
    }
    Ok(frames.into_iter().map(|frame| frame.and_then(ClientFrame::checked)).collect())
}

impl<B, D, C> ClientFrame<B, D, C> {
    /// Returns the frame, if its fields are within their limits.
    fn checked(self) -> Result<Self> {
        let checked = self.id().map_or(Ok(()), check_id).and_then(|()| match &self {
            Self::Edit { target, .. } | Self::Delete { target, .. } => check_exact(Some(*target), "target"),
            Self::History { before, after, .. } => {
                check_exact(*before, "before").and_then(|()| check_exact(*after, "after"))
            }
            Self::Moderate { seconds, .. } => check_exact(*seconds, "seconds"),
            Self::Ephemeral { kind, .. } => check_kind(kind),
            _ => Ok(()),
        });
        match checked {
            Ok(()) => Ok(self),
            Err(error) => Err(frame::naming(error, self.id().map(str::to_owned))),
        }
    }
}

fn invalid(text: impl Into<Cow<'static, str>>) -> Error {
    Error::client(ErrorCode::INVALID, text)
}

/// Refuses a number that the room cannot store.
fn check_exact(number: Option<u64>, name: &str) -> Result<()> {
    match number.is_some_and(|number| number > MAX_EXACT_INTEGER) {
        true => Err(invalid(format!("`{name}` is larger than {MAX_EXACT_INTEGER}"))),
        false => Ok(()),
    }
}

/// Refuses an id that no frame can have.
pub(crate) fn check_id(id: &str) -> Result<()> {
    if id.trim().is_empty() || id.chars().nth(MAX_ID_CHARS).is_some() || id.contains(char::is_control) {
        let text = format!("an id has 1 to {MAX_ID_CHARS} characters, none of them a control character");
        return Err(invalid(text));
    }
    Ok(())
}

fn check_kind(kind: &str) -> Result<()> {
    match kind.len() {
        1..=MAX_KIND_BYTES => Ok(()),
        _ => Err(invalid(format!("a kind has 1 to {MAX_KIND_BYTES} bytes"))),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
