//! Signed tokens (JWT) of apps with accounts. Feature `jwt`.
//!
//! An app that has accounts knows who its users are. It gives each user a token that is valid for some minutes. The
//! token is signed with a secret that the app shares with the room, or with a key whose public half the room has. The
//! client sends the token when it connects, and the room verifies it by itself.
//!
//! # Example
//!
//! The secret is set by `wrangler secret put TOKEN_SECRET`; the client offers the subprotocols `party` and
//! `party.bearer.{token}`, so that the token is not in the address, see
//! [`ConnectionContext::bearer`](crate::ConnectionContext::bearer).
//!
//! ```
//! use party::parts::token::Tokens;
//! use party::{Connection, ConnectionContext, Error, Props, Result, Room, Server, http::StatusCode};
//!
//! struct Office {
//!     tokens: Tokens,
//! }
//!
//! impl Server for Office {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         let secret = room.secret("TOKEN_SECRET")?;
//!         Ok(Self { tokens: Tokens::hmac(secret.as_bytes())?.issuer("accounts.example").audience("rooms") })
//!     }
//!
//!     async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
//!         let token = context.bearer().ok_or_else(|| Error::refuse(StatusCode::UNAUTHORIZED, "who are you?"))?;
//!         let claims = self.tokens.verify(token, room.now())?;
//!         who.set_state(claims.subject())?;
//!         who.send(format!("welcome, {}", claims.subject()));
//!         Ok(())
//!     }
//! }
//!
//! let room = party::testing::TestRoom::<Office>::new("lobby");
//! room.set_secret("TOKEN_SECRET", "0123456789abcdef0123456789abcdef");
//! // {"alg":"HS256"}, {"sub":"ada","iss":"accounts.example","aud":"rooms","exp":4102444800}, and the signature.
//! let token = [
//!     "eyJhbGciOiJIUzI1NiJ9",
//!     "eyJzdWIiOiJhZGEiLCJpc3MiOiJhY2NvdW50cy5leGFtcGxlIiwiYXVkIjoicm9vbXMiLCJleHAiOjQxMDI0NDQ4MDB9",
//!     "Mx2Nl2ll2KeoIMyio4BIRxvMeJsIcyXUW2d9MeJIZxo",
//! ];
//! let ada = room.connecting("1").bearer(&token.join(".")).connect();
//! assert_eq!(ada.receive_text(), "welcome, ada");
//! assert_eq!(room.connecting("2").try_connect().unwrap_err().status(), StatusCode::UNAUTHORIZED);
//! ```
//!
//! # Valid tokens
//!
//! A JWT in its compact form ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)), of at most 8,192 bytes, with a
//! subject (`sub`) and an expiry (`exp`). It must be signed by the algorithm of the room's key, `HS256` or `ES256`: the
//! algorithm that the token names is never used, so `none` is refused like any other.
//!
//! # Size
//!
//! A few KB of the compressed worker for `HS256`, and 16 KB more for `ES256`, if it is used. There is no `RS256`, whose
//! code is larger than all of that: an app with such tokens exchanges them for tokens for rooms.

mod claims;
mod envelope;
mod key;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use http::StatusCode;

pub use self::claims::Claims;
use self::key::{Key, Public, Shared};
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::timestamp::Timestamp;

/// The longest token, in bytes. Browsers and proxies accept headers of about that length.
const MAX_BYTES: usize = 8_192;

/// The shortest secret, in bytes: as long as the output of `HS256` ([RFC 7518, section
/// 3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)).
const MIN_SECRET_BYTES: usize = 32;

/// The default for how far the clocks of the app and the room may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// The answer to every invalid token: naming the wrong part would help only a forger.
const INVALID: &str = "The token is not valid";
const EXPIRED: &str = "The token has expired";
const TOO_EARLY: &str = "The token is not valid yet";

/// Verifies tokens. [The module](self) describes valid ones.
///
/// Cloning is cheap.
#[derive(Clone)]
pub struct Tokens {
    key: Rc<dyn Key>,
    issuer: Option<String>,
    audience: Option<String>,
    leeway: Duration,
}

impl Tokens {
    /// Accepts tokens that are signed with a shared secret (`HS256`).
    ///
    /// **Security:** anybody who has the secret can make tokens. Use random bytes, and store them as a secret of the
    /// worker.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a secret of less than 32 bytes, which could be guessed from one token.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Tokens;
    ///
    /// assert!(Tokens::hmac(b"password").is_err());
    /// assert!(Tokens::hmac(&[7; 32]).is_ok());
    /// ```
    pub fn hmac(secret: &[u8]) -> Result<Self> {
        if secret.len() < MIN_SECRET_BYTES {
            let text = format!("a secret for tokens has at least {MIN_SECRET_BYTES} bytes");
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        Ok(Self::new(Rc::new(Shared::new(secret)?)))
    }

    /// Accepts tokens that are signed with the private half of a key on the curve P-256 (`ES256`). `jwk` is the public
    /// half, as a JSON Web Key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a text that is not such a key.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Tokens;
    ///
    /// let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    ///     "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    /// assert!(Tokens::es256(jwk).is_ok());
    /// ```
    pub fn es256(jwk: &str) -> Result<Self> {
        Ok(Self::new(Rc::new(Public::new(jwk)?)))
    }

    fn new(key: Rc<dyn Key>) -> Self {
        Self { key, issuer: None, audience: None, leeway: LEEWAY }
    }

    /// Accepts only tokens of this issuer (`iss`). Without this, the key alone identifies the issuer.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Tokens;
    ///
    /// let tokens = Tokens::hmac(&[7; 32])?.issuer("accounts.example");
    /// # let _ = tokens;
    /// # Ok::<(), party::Error>(())
    /// ```
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        Self { issuer: Some(issuer.to_owned()), ..self }
    }

    /// Accepts only tokens for this audience (`aud`). Without this, tokens with an audience are refused ([RFC 7519,
    /// section 4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3)).
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::token::Tokens;
    ///
    /// let tokens = Tokens::hmac(&[7; 32])?.issuer("accounts.example").audience("rooms");
    /// # let _ = tokens;
    /// # Ok::<(), party::Error>(())
    /// ```
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        Self { audience: Some(audience.to_owned()), ..self }
    }

    /// Sets how far the clock of the issuer may differ from the room's: 30 seconds by default.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::token::Tokens;
    ///
    /// let strict = Tokens::hmac(&[7; 32])?.leeway(Duration::from_secs(5));
    /// # let _ = strict;
    /// # Ok::<(), party::Error>(())
    /// ```
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// Returns the claims of a valid token. `now` is [`Room::now`](crate::Room::now).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] with the status 401. Its public text says only whether the token has expired, is not
    /// valid yet, or is not valid at all. The error's own text ([`Display`](fmt::Display)), which is not sent to
    /// clients, has the cause.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Timestamp;
    /// use party::http::StatusCode;
    /// use party::parts::token::Tokens;
    ///
    /// let error = Tokens::hmac(&[7; 32])?.verify("e30.e30.", Timestamp::UNIX_EPOCH).unwrap_err();
    /// assert_eq!(error.status(), StatusCode::UNAUTHORIZED);
    /// assert_eq!(error.public_text(), "The token is not valid");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims> {
        if token.len() > MAX_BYTES {
            return Err(refused(INVALID, format!("a token is refused: it has more than {MAX_BYTES} bytes")));
        }
        let claims = Claims::read(&envelope::open(token, &*self.key)?)?;
        self.check_parties(&claims)?;
        self.check_times(&claims, now)?;
        Ok(claims)
    }

    /// Checks that the token has the right issuer and audience.
    fn check_parties(&self, claims: &Claims) -> Result<()> {
        if self.issuer.is_some() && claims.issuer() != self.issuer.as_deref() {
            return Err(refused(INVALID, "a token is refused: it is of another issuer"));
        }
        let fits = match &self.audience {
            Some(audience) => claims.is_for(audience),
            None => claims.is_for_anybody(),
        };
        if fits { Ok(()) } else { Err(refused(INVALID, "a token is refused: it is for another audience")) }
    }

    fn check_times(&self, claims: &Claims, now: Timestamp) -> Result<()> {
        if claims.expires() + self.leeway <= now {
            return Err(refused(EXPIRED, "a token is refused: it has expired"));
        }
        if claims.begins() > now + self.leeway {
            return Err(refused(TOO_EARLY, "a token is refused: it is not valid yet"));
        }
        Ok(())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

/// Returns a refusal, with the text for the client and the cause for the log.
fn refused(public: &'static str, cause: impl Into<Cow<'static, str>>) -> Error {
    let code = if public == EXPIRED { ErrorCode::EXPIRED } else { ErrorCode::UNAUTHORIZED };
    Error::refuse_because(StatusCode::UNAUTHORIZED, code, public, cause)
}
