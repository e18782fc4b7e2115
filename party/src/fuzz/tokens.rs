//! Signed tokens: only one that the room's key has signed, and that says what it must, is accepted.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Input, for_each};
use crate::http::StatusCode;
use crate::parts::token::Tokens;
use crate::{ErrorKind, Timestamp};

const SECRET: &[u8] = b"a secret of thirty-two bytes, or";
const OTHER: &[u8] = b"another secret of the same length";
const NOW: u64 = 1_767_225_600;

fn signature(secret: &[u8], signed: &str) -> Vec<u8> {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).unwrap();
    mac.chain_update(signed).finalize().into_bytes().to_vec()
}

fn header(input: &mut Input<'_>) -> Value {
    match input.below(6) {
        0 => json!({"alg": input.one(&["none", "HS512", "ES256", "hs256", ""])}),
        1 => json!({"alg": "HS256", "crit": ["exp"]}),
        2 => input.json(),
        _ => json!({"alg": "HS256", "typ": "JWT"}),
    }
}

fn payload(input: &mut Input<'_>) -> Value {
    let mut payload = json!({"sub": "ada", "exp": NOW + 600, "iss": "accounts", "aud": ["rooms", "others"]});
    if input.once_in(2) {
        let claim = input.one(&["sub", "exp", "iss", "aud", "nbf", "iat"]);
        payload[claim] = match input.below(3) {
            0 => json!(NOW.saturating_add_signed(input.one(&[-31, -30, -29, 0, 29, 30, 31]))),
            1 => json!(input.text()),
            _ => input.json(),
        };
    }
    if input.once_in(20) { input.json() } else { payload }
}

#[test]
fn a_token_is_accepted_only_if_it_is_signed_and_says_what_it_must() {
    for_each(|input| {
        let part = |json: &Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
        let (header, payload) = (header(input), payload(input));
        let signed = format!("{}.{}", part(&header), part(&payload));
        let secret = if input.once_in(4) { OTHER } else { SECRET };
        let token = format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature(secret, &signed)));
        let token = input.damaged(token, 4);
        let tokens = Tokens::hmac(SECRET).unwrap().issuer("accounts").audience("rooms");
        match tokens.verify(&token, Timestamp::from_millis(NOW * 1_000)) {
            Ok(claims) => {
                // All of it is as it was signed: no character can be changed.
                assert_eq!(
                    token,
                    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature(SECRET, &signed)))
                );
                assert!(
                    header["alg"] == "HS256" && header.get("crit").is_none_or(Value::is_null),
                    "{header}"
                );
                assert!(payload["sub"] == claims.subject() && !claims.subject().is_empty());
                assert!(
                    payload["iss"] == "accounts" && payload["aud"].to_string().contains("\"rooms\""),
                    "{payload}"
                );
                assert!(payload["exp"].as_f64().unwrap() + 30.0 > NOW as f64, "{payload}");
            }
            Err(error) => {
                assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, StatusCode::UNAUTHORIZED));
                let texts = ["The token is not valid", "The token has expired", "The token is not valid yet"];
                assert!(error.is_public() && texts.contains(&error.public_text()), "{}", error.public_text());
            }
        }
    });
}
