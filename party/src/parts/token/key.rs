//! The keys that verify tokens. The cryptography is RustCrypto's.

use std::fmt::Display;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::Deserialize;
use sha2::Sha256;

use crate::error::{Error, ErrorKind, Result};

/// A key, with its one algorithm. An object and no `enum`, so that a worker carries only the algorithms it uses.
pub(super) trait Key {
    /// Returns the algorithm's name, as a token's header has it.
    fn algorithm(&self) -> &'static str;

    /// Returns whether the signature of `signed` is this key's, found in a time that tells nothing.
    fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool;
}

/// A shared secret.
pub(super) struct Shared(Hmac<Sha256>);

impl Shared {
    pub(super) fn new(secret: &[u8]) -> Result<Self> {
        let key = <Hmac<Sha256> as KeyInit>::new_from_slice(secret);
        key.map(Self).map_err(|error| Error::caused(ErrorKind::Invalid, "the secret cannot be used", error))
    }
}

impl Key for Shared {
    fn algorithm(&self) -> &'static str {
        "HS256"
    }

    fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        self.0.clone().chain_update(signed).verify_slice(signature).is_ok()
    }
}

/// The public half of a key on the curve P-256.
pub(super) struct Public(VerifyingKey);

/// A public key as JSON Web Key ([RFC 7518, section 6.2](https://www.rfc-editor.org/rfc/rfc7518#section-6.2)).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

impl Public {
    pub(super) fn new(jwk: &str) -> Result<Self> {
        let jwk: Jwk = serde_json::from_str(jwk).map_err(no_key)?;
        if (jwk.kty.as_str(), jwk.crv.as_str()) != ("EC", "P-256") {
            return Err(no_key("it is of another kind"));
        }
        // An uncompressed point (SEC 1, section 2.3.3).
        let mut point = vec![4];
        for coordinate in [jwk.x, jwk.y] {
            point.extend(Base64UrlUnpadded::decode_vec(&coordinate).map_err(no_key)?);
        }
        VerifyingKey::from_sec1_bytes(&point).map(Self).map_err(no_key)
    }
}

impl Key for Public {
    fn algorithm(&self) -> &'static str {
        "ES256"
    }

    fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify(signed, &signature).is_ok())
    }
}

fn no_key(cause: impl Display) -> Error {
    Error::new(ErrorKind::Invalid, format!("this is not a public key on P-256 as JWK: {cause}"))
}
