//! The claims of a token.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{INVALID, refused};
use crate::error::{Error, ErrorKind, Result};
use crate::message::frame;
use crate::timestamp::Timestamp;

/// The claims of a verified token, from [`Tokens::verify`](super::Tokens::verify).
#[derive(Clone, Debug)]
pub struct Claims {
    subject: String,
    expires: Timestamp,
    begins: Timestamp,
    issued: Option<Timestamp>,
    all: Map<String, Value>,
}

impl Claims {
    /// Reads the payload of a token.
    pub(super) fn read(payload: &[u8]) -> Result<Self> {
        let invalid = |cause: &'static str| refused(INVALID, cause);
        let all: Map<String, Value> =
            frame::of_bytes(payload).map_err(|_| invalid("a token is refused: it says nothing"))?;
        let subject = all.get("sub").and_then(Value::as_str).filter(|subject| !subject.is_empty());
        let subject = subject.ok_or_else(|| invalid("a token is refused: it has no subject"))?.to_owned();
        let expires = moment(&all, "exp")?;
        let expires = expires.ok_or_else(|| invalid("a token is refused: it has no expiry"))?;
        let (begins, issued) = (moment(&all, "nbf")?.unwrap_or_default(), moment(&all, "iat")?);
        Ok(Self { subject, expires, begins, issued, all })
    }

    /// Returns the subject (`sub`), never empty.
    ///
    /// It is the user's id in the app: make a [`MemberId`](crate::MemberId) of it.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Claims;
    /// use party::{MemberId, Result};
    ///
    /// fn member(claims: &Claims) -> Result<MemberId> {
    ///     MemberId::new(claims.subject())
    /// }
    /// ```
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns when it expires (`exp`). A connection outlives it: to end one then, set a
    /// [job](crate::parts::jobs) for this moment.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Authentication;
    /// use party::parts::token::Claims;
    /// use party::{MemberId, Result};
    ///
    /// fn admit(claims: &Claims) -> Result<Authentication> {
    ///     Ok(Authentication::member(MemberId::new(claims.subject())?).until(claims.expires()))
    /// }
    /// ```
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Returns when it was made (`iat`), if it has that claim.
    ///
    /// # Example
    ///
    /// Refuse tokens from before a user has signed out everywhere:
    ///
    /// ```
    /// use party::parts::token::Claims;
    /// use party::Timestamp;
    ///
    /// fn is_current(claims: &Claims, signed_out: Timestamp) -> bool {
    ///     claims.issued().is_some_and(|issued| issued > signed_out)
    /// }
    /// ```
    pub fn issued(&self) -> Option<Timestamp> {
        self.issued
    }

    /// Returns the issuer (`iss`), if there is one.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Claims;
    ///
    /// fn is_staff(claims: &Claims) -> bool {
    ///     claims.issuer() == Some("staff.example")
    /// }
    /// ```
    pub fn issuer(&self) -> Option<&str> {
        self.all.get("iss")?.as_str()
    }

    /// Returns all that it says, as a `T`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when it has another shape: that is a fault of the issuer, not of the client.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Result;
    /// # use party::parts::token::Claims;
    /// #[derive(serde::Deserialize)]
    /// struct Account {
    ///     name: String,
    ///     #[serde(default)]
    ///     moderator: bool,
    /// }
    ///
    /// fn may_kick(claims: &Claims) -> Result<bool> {
    ///     Ok(claims.custom::<Account>()?.moderator)
    /// }
    /// ```
    pub fn custom<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(Value::Object(self.all.clone())).map_err(|error| {
            Error::caused(ErrorKind::Json, "the token has another shape than was asked for", error)
        })
    }

    /// Returns the time from which it is valid (`nbf`).
    pub(super) fn begins(&self) -> Timestamp {
        self.begins
    }

    /// Returns whether it is meant for this audience (`aud`), alone or among others.
    pub(super) fn is_for(&self, audience: &str) -> bool {
        match self.all.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
            _ => false,
        }
    }

    /// Returns whether it names no audience.
    pub(super) fn is_for_anybody(&self) -> bool {
        !self.all.contains_key("aud")
    }
}

/// Returns a moment that a token names in seconds, perhaps with a fraction
/// ([RFC 7519, section 2](https://www.rfc-editor.org/rfc/rfc7519#section-2)). One before 1970 is taken for 1970.
fn moment(all: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>> {
    let Some(value) = all.get(name) else { return Ok(None) };
    let seconds =
        value.as_f64().ok_or_else(|| refused(INVALID, "a token is refused: a time is not a number"))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is out of range becomes the nearest number in it"
    )]
    Ok(Some(Timestamp::from_millis((seconds * 1_000.0) as u64)))
}
