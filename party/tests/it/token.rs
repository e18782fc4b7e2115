//! Signed tokens: the room accepts the valid ones, and a refusal gives nothing away.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use party::http::StatusCode;
use party::parts::token::{Claims, Tokens};
use party::testing::TestRoom;
use party::{
    Connection, ConnectionContext, Error, ErrorCode, ErrorKind, Props, Result, Room, Server, Timestamp,
};
use serde_json::{Value as Json, json};
use sha2::{Sha256, Sha512};

use crate::support::ROOM;

const SECRET: &[u8] = b"a secret of thirty-two bytes, or";

/// The time of the tests, in milliseconds and in the seconds of tokens.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);
const SECONDS: u64 = NOW.as_millis() / 1000;

/// Returns a header and a payload, as they are signed.
fn unsigned(header: &Json, payload: &Json) -> String {
    let part = |json: &Json| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    format!("{}.{}", part(header), part(payload))
}

fn with(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(signature))
}

fn hs256(secret: &[u8], signed: &str) -> Vec<u8> {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).unwrap();
    mac.chain_update(signed).finalize().into_bytes().to_vec()
}

/// Returns a token under [`SECRET`].
fn token(payload: &Json) -> String {
    let signed = unsigned(&json!({"alg": "HS256", "typ": "JWT"}), payload);
    with(&signed, &hs256(SECRET, &signed))
}

/// Returns the claims of a valid token, with some of them changed; `null` leaves a claim out.
fn claims(changes: Json) -> Json {
    let mut claims = json!({"sub": "ada", "exp": SECONDS + 600}).as_object().unwrap().clone();
    claims.extend(changes.as_object().unwrap().clone());
    claims.retain(|_, value| !value.is_null());
    claims.into()
}

fn tokens() -> Tokens {
    Tokens::hmac(SECRET).unwrap()
}

fn signing_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn jwk() -> String {
    let point = signing_key().verifying_key().to_sec1_point(false);
    let (x, y) = (point.x().unwrap(), point.y().unwrap());
    json!({"kty": "EC", "crv": "P-256", "x": Base64UrlUnpadded::encode_string(x), "y": Base64UrlUnpadded::encode_string(y), "use": "sig"})
        .to_string()
}

/// Returns the public and the log's text of a refusal.
#[track_caller]
fn refusal(result: Result<Claims>) -> (String, String) {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, StatusCode::UNAUTHORIZED));
    let has_expired = error.public_text() == "The token has expired";
    assert_eq!(error.code(), if has_expired { ErrorCode::EXPIRED } else { ErrorCode::UNAUTHORIZED });
    (error.public_text().to_owned(), error.to_string())
}

/// Asserts that a token was never valid, for this reason.
#[track_caller]
fn assert_invalid(result: Result<Claims>, reason: &str) {
    let (public, log) = refusal(result);
    assert_eq!(public, "The token is not valid");
    assert!(log.contains(reason), "{log}");
}

#[test]
fn a_token_says_who_it_is_about_until_when_and_what_else_its_maker_has_put_in() {
    #[derive(serde::Deserialize)]
    struct Account {
        sub: String,
        name: String,
        moderator: bool,
    }
    let payload = claims(json!({"iat": SECONDS - 60, "iss": "accounts", "name": "Zoë", "moderator": true}));
    let claims = tokens().verify(&token(&payload), NOW).unwrap();
    assert_eq!((claims.subject(), claims.expires()), ("ada", NOW + Duration::from_millis(600_000)));
    assert_eq!(
        (claims.issued(), claims.issuer()),
        (Some(NOW - Duration::from_millis(60_000)), Some("accounts"))
    );
    let account: Account = claims.custom().unwrap();
    assert_eq!((account.sub.as_str(), account.name.as_str(), account.moderator), ("ada", "Zoë", true));
    assert_eq!(claims.custom::<Vec<u8>>().unwrap_err().kind(), ErrorKind::Json);
}

#[test]
fn a_token_of_a_public_keys_private_half_is_believed() {
    let tokens = Tokens::es256(&jwk()).unwrap();
    let signed = unsigned(&json!({"alg": "ES256"}), &claims(json!({})));
    let signature: Signature = signing_key().sign(signed.as_bytes());
    assert_eq!(tokens.verify(&with(&signed, &signature.to_bytes()), NOW).unwrap().subject(), "ada");
    let other: Signature = SigningKey::from_slice(&[8; 32]).unwrap().sign(signed.as_bytes());
    assert_invalid(tokens.verify(&with(&signed, &other.to_bytes()), NOW), "signature");
}

/// The examples of RFC 7515, appendix A.1 and A.3: their signatures are right, but they name no subject.
#[test]
fn the_examples_of_the_standard_are_verified() {
    let payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    let of = |header: &str, signature: &str| {
        format!(
            "{}.{}.{signature}",
            Base64UrlUnpadded::encode_string(header.as_bytes()),
            Base64UrlUnpadded::encode_string(payload.as_bytes())
        )
    };
    let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let token = of("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let tokens = Tokens::hmac(&Base64UrlUnpadded::decode_vec(secret).unwrap()).unwrap();
    assert_invalid(tokens.verify(&token, Timestamp::UNIX_EPOCH), "no subject");

    let key = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let tokens = Tokens::es256(&key.to_string()).unwrap();
    assert_invalid(tokens.verify(&of("{\"alg\":\"ES256\"}", signature), Timestamp::UNIX_EPOCH), "no subject");
}

#[test]
fn a_token_of_another_secret_or_with_another_payload_is_refused() {
    let signed = unsigned(&json!({"alg": "HS256"}), &claims(json!({})));
    let stranger = with(&signed, &hs256(b"another secret of thirty-two byte", &signed));
    assert_invalid(tokens().verify(&stranger, NOW), "signature");
    let forged = unsigned(&json!({"alg": "HS256"}), &claims(json!({"sub": "root"})));
    assert_invalid(tokens().verify(&with(&forged, &hs256(SECRET, &signed)), NOW), "signature");
    for part in [&hs256(SECRET, &signed)[..16], &[]] {
        assert_invalid(tokens().verify(&with(&signed, part), NOW), "signature");
    }
}

#[test]
fn a_token_that_is_not_signed_is_refused_however_it_spells_it() {
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let signed = unsigned(&json!({"alg": none}), &claims(json!({})));
        assert_invalid(tokens().verify(&with(&signed, &[]), NOW), "another algorithm");
        assert_invalid(tokens().verify(&with(&signed, &hs256(SECRET, &signed)), NOW), "another algorithm");
    }
}

#[test]
fn the_key_says_by_which_algorithm_is_verified_and_not_the_token() {
    // The public key is not a secret: a token signed with it must be refused.
    let public = Tokens::es256(&jwk()).unwrap();
    let signed = unsigned(&json!({"alg": "HS256"}), &claims(json!({})));
    let point = signing_key().verifying_key().to_sec1_point(false);
    for secret in [jwk().as_bytes(), point.as_bytes()] {
        assert_invalid(public.verify(&with(&signed, &hs256(secret, &signed)), NOW), "another algorithm");
    }
    // The right secret does not help with another algorithm.
    let signed = unsigned(&json!({"alg": "HS512"}), &claims(json!({})));
    let mac = <Hmac<Sha512> as KeyInit>::new_from_slice(SECRET).unwrap().chain_update(&signed);
    assert_invalid(tokens().verify(&with(&signed, &mac.finalize().into_bytes()), NOW), "another algorithm");
    let signed = unsigned(&json!({"alg": "ES256"}), &claims(json!({})));
    assert_invalid(tokens().verify(&with(&signed, &hs256(SECRET, &signed)), NOW), "another algorithm");
}

#[test]
fn a_token_that_demands_what_nobody_understands_is_refused() {
    let header = json!({"alg": "HS256", "crit": ["exp"], "exp": 1});
    let signed = unsigned(&header, &claims(json!({})));
    assert_invalid(tokens().verify(&with(&signed, &hs256(SECRET, &signed)), NOW), "critical");
}

#[test]
fn a_token_holds_until_it_expires_and_some_leeway_longer() {
    let tokens = tokens().leeway(Duration::from_secs(5));
    let token = token(&claims(json!({"exp": SECONDS})));
    assert!(tokens.verify(&token, NOW).is_ok());
    assert!(tokens.verify(&token, NOW + Duration::from_millis(4_999)).is_ok());
    let (public, log) = refusal(tokens.verify(&token, NOW + Duration::from_millis(5_000)));
    assert_eq!(public, "The token has expired");
    assert_eq!(log, "a token is refused: it has expired");
    let fraction = self::token(&claims(json!({"exp": SECONDS as f64 + 0.5})));
    assert_eq!(tokens.verify(&fraction, NOW).unwrap().expires(), NOW + Duration::from_millis(500));
}

#[test]
fn a_token_does_not_hold_before_its_time() {
    let tokens = tokens().leeway(Duration::ZERO);
    let token = token(&claims(json!({"nbf": SECONDS + 10})));
    let (public, _) = refusal(tokens.verify(&token, NOW + Duration::from_millis(9_999)));
    assert_eq!(public, "The token is not valid yet");
    assert!(tokens.verify(&token, NOW + Duration::from_millis(10_000)).is_ok());
    let lenient = self::tokens().leeway(Duration::from_secs(5));
    assert!(lenient.verify(&token, NOW + Duration::from_millis(4_999)).is_err());
    assert!(lenient.verify(&token, NOW + Duration::from_millis(5_000)).is_ok());
}

#[test]
fn only_a_token_that_is_right_is_told_that_it_has_expired() {
    let signed = unsigned(&json!({"alg": "HS256"}), &claims(json!({"exp": 1})));
    assert_invalid(tokens().verify(&with(&signed, &[0; 32]), NOW), "signature");
    let other = token(&claims(json!({"exp": 1, "iss": "somebody"})));
    assert_invalid(tokens().issuer("accounts").verify(&other, NOW), "issuer");
}

#[test]
fn a_token_must_have_a_subject_and_an_expiry_and_its_times_must_be_numbers() {
    for subject in [json!(null), json!(""), json!(7)] {
        assert_invalid(tokens().verify(&token(&claims(json!({"sub": subject}))), NOW), "subject");
    }
    assert_invalid(tokens().verify(&token(&claims(json!({"exp": null}))), NOW), "expiry");
    for name in ["exp", "nbf", "iat"] {
        assert_invalid(tokens().verify(&token(&claims(json!({name: "soon"}))), NOW), "number");
    }
    assert_invalid(tokens().verify(&token(&json!(["ada"])), NOW), "says nothing");
    for never in [json!(-1), json!(-1e300)] {
        assert_eq!(
            refusal(tokens().verify(&token(&claims(json!({"exp": never}))), NOW)).0,
            "The token has expired"
        );
    }
    assert!(tokens().verify(&token(&claims(json!({"exp": 1e300}))), NOW).is_ok());
}

#[test]
fn a_token_must_be_of_the_issuer_and_for_the_audience_that_are_asked_for() {
    let strict = tokens().issuer("accounts").audience("rooms");
    for audience in [json!("rooms"), json!(["shop", "rooms"])] {
        let token = token(&claims(json!({"iss": "accounts", "aud": audience})));
        assert!(strict.verify(&token, NOW).is_ok());
    }
    for issuer in [json!(null), json!("somebody"), json!(["accounts"])] {
        let token = token(&claims(json!({"iss": issuer, "aud": "rooms"})));
        assert_invalid(strict.verify(&token, NOW), "issuer");
    }
    for audience in [json!(null), json!("shop"), json!([]), json!(["shop"]), json!({"rooms": 1})] {
        let token = token(&claims(json!({"iss": "accounts", "aud": audience})));
        assert_invalid(strict.verify(&token, NOW), "audience");
    }
}

#[test]
fn a_token_for_somebody_elses_audience_is_refused_by_who_has_none() {
    assert_invalid(tokens().verify(&token(&claims(json!({"aud": "shop"}))), NOW), "audience");
}

#[test]
fn rubbish_is_refused() {
    let good = token(&claims(json!({})));
    let parts: Vec<&str> = good.split('.').collect();
    let cut = good.chars().skip(1).collect::<String>();
    let padded = format!("{}=", good);
    let short = format!("{}.{}", parts[0], parts[1]);
    let long = format!("{good}.{}", parts[2]);
    let swapped = format!("{}.{}.{}", parts[1], parts[0], parts[2]);
    let rubbish = ["", ".", "..", "...", "a.b.c", "é.é.é", "null", &padded, &short, &long, &swapped, &cut];
    for rubbish in rubbish {
        assert_invalid(tokens().verify(rubbish, NOW), "");
    }
    assert!(tokens().verify(&good, NOW).is_ok());
}

#[test]
fn a_token_that_is_too_long_is_refused_before_it_is_read() {
    let fits = token(&claims(json!({"fill": "x".repeat(5_900)})));
    assert!(fits.len() <= 8_192 && tokens().verify(&fits, NOW).is_ok(), "{}", fits.len());
    assert_invalid(tokens().verify(&"x".repeat(8_193), NOW), "8192 bytes");
    assert!(!refusal(tokens().verify(&"x".repeat(8_192), NOW)).1.contains("8192 bytes"));
    assert_invalid(tokens().verify(&token(&claims(json!({"fill": "x".repeat(6_200)}))), NOW), "8192 bytes");
}

#[test]
fn keys_that_are_too_short_or_none_are_refused() {
    assert_eq!(Tokens::hmac(&SECRET[1..]).unwrap_err().kind(), ErrorKind::Invalid);
    let other_curve = jwk().replace("P-256", "P-384");
    let off_curve = jwk().replace("\"x\":\"", "\"x\":\"AAAA");
    for jwk in ["", "{}", r#"{"kty":"oct","k":"AAAA"}"#, &other_curve, &off_curve] {
        assert_eq!(Tokens::es256(jwk).unwrap_err().kind(), ErrorKind::Invalid, "{jwk}");
    }
}

#[test]
fn debug_output_of_tokens_contains_no_secret() {
    assert!(!format!("{:?}", tokens().issuer("accounts")).contains("secret"));
}

/// Lets in who brings a token.
struct Office {
    tokens: Tokens,
}

impl Server for Office {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { tokens: Tokens::hmac(SECRET)? })
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        let token =
            context.bearer().ok_or_else(|| Error::refuse(StatusCode::UNAUTHORIZED, "Who are you?"))?;
        who.send_json(self.tokens.verify(token, room.now())?.subject())
    }
}

#[test]
fn a_room_lets_in_who_brings_a_token_and_tells_others_only_that_it_does_not() {
    let room = TestRoom::<Office>::new(ROOM);
    let ada = room.connecting("a").bearer(&token(&claims(json!({})))).connect();
    assert_eq!(ada.receive_text(), "\"ada\"");
    let forged = format!("{}x", token(&claims(json!({}))));
    let refused = room.connecting("b").bearer(&forged).try_connect().unwrap_err();
    assert_eq!(
        (refused.status(), refused.text().as_str()),
        (StatusCode::UNAUTHORIZED, "The token is not valid")
    );
}
