//! The three parts of a token, `header.payload.signature`, each in base64
//! ([RFC 7515, section 5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::key::Key;
use super::{INVALID, refused};
use crate::error::{Error, Result};
use crate::message::frame;

/// The fields of a token's header that matter.
#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that the reader must understand, or else refuse the token; this one understands none.
    crit: Option<IgnoredAny>,
}

/// Returns the payload of a token, if its header fits the key and its signature is the key's.
///
/// The header is read only to see that it agrees with the key: the key alone says by which algorithm is verified.
pub(super) fn open(token: &str, key: &dyn Key) -> Result<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| invalid("it has no signature"))?;
    let (header, payload) = signed.split_once('.').ok_or_else(|| invalid("it has no payload"))?;
    let header: Header =
        frame::of_bytes(&decoded(header)?).map_err(|_| invalid("its header cannot be read"))?;
    if header.alg != key.algorithm() {
        return Err(invalid("it is signed by another algorithm"));
    }
    if header.crit.is_some() {
        return Err(invalid("it has critical extensions"));
    }
    if !key.has_signed(signed.as_bytes(), &decoded(signature)?) {
        return Err(invalid("its signature is wrong"));
    }
    decoded(payload)
}

fn decoded(part: &str) -> Result<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(part).map_err(|_| invalid("a part of it is not base64"))
}

fn invalid(cause: &str) -> Error {
    refused(INVALID, format!("a token is refused: {cause}"))
}
