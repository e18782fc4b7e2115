//! The end of a connection: close codes, their limits, and what a handler receives.

use crate::error::{Error, ErrorKind, Result};

/// The longest close reason, in bytes of UTF-8: a close frame's payload is 125 bytes, two of them are the code
/// ([RFC 6455, section 5.5](https://www.rfc-editor.org/rfc/rfc6455#section-5.5)).
pub(crate) const MAX_REASON_BYTES: usize = 123;

/// A code that may be sent in a close frame: 1000 to 1014 without the reserved ones, or 3000 to 4999.
///
/// Codes of an app's own are 4000 to 4999. The framework uses those with the last three digits of the HTTP status of
/// the same meaning, such as [`CloseCode::REPLACED`]. Those of 4400 to 4499, except [`CloseCode::SILENT`] and
/// [`CloseCode::SLOW_DOWN`], say that the
/// client shall not come back by itself.
///
/// # Example
///
/// ```
/// use party::{CloseCode, Connection};
///
/// const GAME_OVER: CloseCode = CloseCode::app(4001);
///
/// fn end(connection: &Connection, cheated: bool) {
///     match cheated {
///         true => connection.close(CloseCode::POLICY, "You have cheated"),
///         false => connection.close(GAME_OVER, "The game is over"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: all is done.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the other side is going away.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1008: the other side broke a rule.
    pub const POLICY: Self = Self(1008);
    /// 1009: a message was too large.
    pub const TOO_LARGE: Self = Self(1009);
    /// 1011: the room failed.
    pub const ERROR: Self = Self(1011);
    /// 1012: the room runs another build, which cannot go on with this connection. The client shall come back at once.
    pub const RESTART: Self = Self(1012);
    /// 1013: try again later.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// 4400: the client asks for a version of the protocol that the room does not speak.
    pub const BAD_REQUEST: Self = Self(4400);
    /// 4401: the client's secret or token is wrong or no longer valid. It may come back with another.
    pub const UNAUTHORIZED: Self = Self(4401);
    /// 4403: the client was removed, or is not admitted.
    pub const FORBIDDEN: Self = Self(4403);
    /// 4408: the client was silent for too long. It may reconnect at once.
    pub const SILENT: Self = Self(4408);
    /// 4409: a newer connection with the same id has taken the place of this one.
    pub const REPLACED: Self = Self(4409);
    /// 4410: the room was destroyed. The client does not come back by itself.
    pub const GONE: Self = Self(4410);
    /// 4429: the client keeps exceeding a rate limit. It may reconnect later.
    pub const SLOW_DOWN: Self = Self(4429);
    /// 4503: the room takes no more members. The client may come back later.
    pub const ROOM_FULL: Self = Self(4503);

    /// Returns a close code.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a code that no endpoint may send, such as 1005, 1006 or 1015
    /// ([RFC 6455, section 7.4](https://www.rfc-editor.org/rfc/rfc6455#section-7.4)).
    ///
    /// # Example
    ///
    /// ```
    /// use party::CloseCode;
    ///
    /// assert_eq!(CloseCode::new(4000)?.as_u16(), 4000);
    /// assert!(CloseCode::new(1006).is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(code: u16) -> Result<Self> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => Ok(Self(code)),
            _ => Err(Error::new(ErrorKind::Invalid, format!("{code} is not a close code that may be sent"))),
        }
    }

    /// Makes a code of the app's own, 4000 to 4999, for a `const`.
    ///
    /// # Panics
    ///
    /// For any other code. In a `const` that is an error of the compiler's.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{CloseCode, Connection};
    ///
    /// const GAME_OVER: CloseCode = CloseCode::app(4001);
    ///
    /// fn end(player: &Connection) {
    ///     player.close(GAME_OVER, "The game is over");
    /// }
    /// ```
    ///
    /// ```compile_fail
    /// const NORMAL: party::CloseCode = party::CloseCode::app(1000);
    /// ```
    pub const fn app(code: u16) -> Self {
        assert!(4000 <= code && code <= 4999, "a close code of an app's own is 4000 to 4999");
        Self(code)
    }

    /// Returns the code that answers a peer's: the same where it may be sent, else 1000. None where no close frame has
    /// come (1006, 1015): then nobody is there to be answered.
    pub(crate) fn answering(code: u16) -> Option<Self> {
        match code {
            1006 | 1015 => None,
            _ => Some(Self::new(code).unwrap_or(Self::NORMAL)),
        }
    }

    /// Returns the number.
    ///
    /// # Example
    ///
    /// ```
    /// use party::CloseCode;
    ///
    /// assert_eq!(CloseCode::POLICY.as_u16(), 1008);
    /// ```
    pub fn as_u16(self) -> u16 {
        self.0
    }
}

/// The end of a connection, as [`Server::on_close`](crate::Server::on_close) receives it.
///
/// The code and the reason are the peer's own words, and so untrusted.
///
/// # Example
///
/// A player that has lost its connection may come back; one that has closed it has given up:
///
/// ```
/// use party::Close;
///
/// fn has_given_up(close: &Close) -> bool {
///     close.was_clean && matches!(close.code, 1000 | 1001 | 1005)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code of the peer's close frame; 1005 for a frame without one, 1006 when the connection broke without one.
    pub code: u16,
    /// The reason in the peer's close frame, often empty.
    pub reason: String,
    /// Whether both sides said goodbye.
    pub was_clean: bool,
}

/// Returns as much of a reason as fits in a close frame, cut between characters.
pub(crate) fn fitting_reason(reason: &str) -> &str {
    let end = (0..=MAX_REASON_BYTES).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
    reason.get(..end.min(reason.len())).unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_no_endpoint_may_send_are_refused() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, u16::MAX] {
            assert!(CloseCode::new(code).is_err(), "{code}");
        }
        for code in [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999] {
            assert!(CloseCode::new(code).is_ok(), "{code}");
        }
        assert_eq!([4000, 4999].map(CloseCode::app), [4000, 4999].map(CloseCode));
        for code in [1000, 3999, 5000] {
            assert!(std::panic::catch_unwind(|| CloseCode::app(code)).is_err(), "{code}");
        }
    }

    #[test]
    fn a_close_is_answered_with_its_code_or_a_normal_one_and_a_loss_with_nothing() {
        assert_eq!(CloseCode::answering(4001).map(CloseCode::as_u16), Some(4001));
        assert_eq!(CloseCode::answering(1005), Some(CloseCode::NORMAL));
        assert_eq!([1006, 1015].map(CloseCode::answering), [None, None]);
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        assert_eq!(fitting_reason("bye"), "bye");
        assert_eq!(fitting_reason(&"a".repeat(200)).len(), 123);
        assert_eq!(fitting_reason(&"é".repeat(100)).len(), 122);
    }
}
