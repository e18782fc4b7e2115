//! An app with accounts: members come with signed tokens, which expire and are renewed.

use std::borrow::Cow;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use party::parts::identity::Identity;
use party::parts::token::Tokens;
use party::parts::wire::{self, ClientFrame};
use party::testing::TestRoom;
use party::{
    CloseCode, Connection, ConnectionContext, Error, ErrorCode, MemberId, Message, Props, Result, Room,
    Server,
};
use serde_json::json;
use sha2::Sha256;

use crate::support::ROOM;

const SECRET: &[u8] = b"a secret of at least 32 bytes, which the app's own server has";

/// Tells everyone what its members say, as long as their tokens hold.
struct Members {
    identity: Identity,
    tokens: Tokens,
}

impl Server for Members {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let tokens = Tokens::hmac(SECRET)?.issuer("https://app.test").leeway(Duration::ZERO);
        Ok(Self { identity: Identity::open(room)?, tokens })
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        match self.tokens.verify(context.bearer().unwrap_or_default(), room.now()) {
            Ok(claims) => {
                self.identity.recognise(who, context, &MemberId::new(claims.subject())?)?;
                self.identity.set_expiry(who, claims.expires())
            }
            Err(error) => {
                who.send_error(&expired(error.public_text().to_owned()));
                Ok(())
            }
        }
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let Some(member) = Identity::member(from)? else { return Ok(()) };
        for frame in wire::read::<String, (), ()>(&message, 9_999)? {
            match frame? {
                ClientFrame::Token { token, .. } => match self.tokens.verify(&token, room.now()) {
                    Ok(claims) if claims.subject() == member => {
                        self.identity.set_expiry(from, claims.expires())?;
                    }
                    _ => return Err(expired("The token is not valid")),
                },
                ClientFrame::Append { body, .. } => {
                    if self.identity.is_expired(from)? {
                        return Err(expired("The token has expired"));
                    }
                    room.broadcast_json(&(&member, body))?.send();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn expired(text: impl Into<Cow<'static, str>>) -> Error {
    Error::client(ErrorCode::EXPIRED, text).closing(CloseCode::UNAUTHORIZED)
}

/// Returns a token of a subject, good for some seconds from now.
fn token(room: &TestRoom<Members>, subject: &str, seconds: u64) -> String {
    let encode = |json: serde_json::Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = encode(json!({ "alg": "HS256", "typ": "JWT" }));
    let expires = (room.now().as_millis() / 1_000).saturating_add(seconds);
    let claims = encode(json!({ "iss": "https://app.test", "sub": subject, "exp": expires }));
    let mut seal = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET).unwrap();
    seal.update(format!("{header}.{claims}").as_bytes());
    format!("{header}.{claims}.{}", Base64UrlUnpadded::encode_string(&seal.finalize().into_bytes()))
}

fn say(text: &str) -> ClientFrame<String, (), ()> {
    ClientFrame::Append { id: text.into(), body: text.into() }
}

fn renew(token: String) -> ClientFrame<String, (), ()> {
    ClientFrame::Token { id: "renew".into(), token }
}

#[test]
fn a_member_comes_with_a_token_and_stays_as_long_as_it_is_renewed() {
    let room = TestRoom::<Members>::new(ROOM);
    let ada = room.connecting("1").bearer(&token(&room, "ada", 60)).connect();
    ada.send_json(&say("hello"));
    assert_eq!(ada.receive_text(), r#"["ada","hello"]"#);
    room.advance(Duration::from_secs(50));
    room.evict();
    ada.send_json(&renew(token(&room, "ada", 60)));
    room.advance(Duration::from_secs(50));
    ada.send_json(&say("still here"));
    assert_eq!(ada.receive_text(), r#"["ada","still here"]"#);
    room.advance(Duration::from_secs(50));
    ada.send_json(&say("too late"));
    assert!(ada.receive_text().contains(r#""code":"expired""#));
    assert_eq!(ada.closed().unwrap().code, 4401);
}

#[test]
fn nobody_comes_without_a_good_token_or_goes_on_with_somebody_elses() {
    let room = TestRoom::<Members>::new(ROOM);
    let refused = |client: party::testing::TestClient| {
        let text = client.receive_text();
        assert!(text.contains(r#""code":"expired""#) && !text.contains("secret"), "{text}");
        assert_eq!(client.closed().unwrap().code, 4401);
    };
    refused(room.connect("1"));
    refused(room.connecting("2").bearer("not.a.token").connect());
    let old = token(&room, "ada", 60);
    room.advance(Duration::from_secs(60));
    refused(room.connecting("3").bearer(&old).connect());
    let eve = room.connecting("4").bearer(&token(&room, "eve", 60)).connect();
    eve.send_json(&renew(token(&room, "ada", 60)));
    refused(eve);
}
