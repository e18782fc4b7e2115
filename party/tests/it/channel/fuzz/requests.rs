//! HTTP requests of any caller to a channel, with the operator key, a member's token, or neither.

use std::time::Duration;

use party::http::{Method, Request};
use party::testing::{TestResponse, TestRoom};
use serde_json::{Value, json};

use super::super::board::{Board, Mode, OPERATOR_KEY, join, room, texts};
use super::input::{Input, for_each};
use crate::support::ROOM;

const KEY: &str = "0123456789abcdef";

/// Nobody has these.
const WRONG: &[&str] = &["", "0123456789abcde", "0123456789abcdef0", "Bearer", "none.1", "\t"];

fn body(input: &mut Input<'_>) -> String {
    let field = |input: &mut Input<'_>, name: &str| match name {
        "action" => {
            json!(input.one(&["kick", "ban", "unban", "mute", "unmute", "appoint", "dismiss", "praise"]))
        }
        "seconds" => json!(input.number()),
        "member" if input.once_in(2) => json!(input.one(&["ada", "ci", "operator"])),
        _ if input.once_in(4) => input.json(),
        _ => json!(input.text()),
    };
    let names = ["id", "member", "profile", "body", "action", "seconds"];
    let fields = input.several(6, |input| {
        let name = input.one(&names);
        (name.to_owned(), field(input, name))
    });
    let text = Value::Object(fields.into_iter().collect()).to_string();
    input.damaged(text, 5)
}

fn ask(room: &TestRoom<Board>, input: &mut Input<'_>, token: &str) -> TestResponse {
    let methods =
        [Method::GET, Method::GET, Method::POST, Method::POST, Method::DELETE, Method::PUT, Method::HEAD];
    let method = methods[input.below(methods.len())].clone();
    let path = match input.below(10) {
        0..3 => "/entries".to_owned(),
        3 => format!("/entries/{}", input.number()),
        4 => format!("/entries?after={}&limit={}", input.number(), input.number()),
        5 => format!("/entries?before={}", input.below(9)),
        6 => "/moderation".to_owned(),
        7 => "/inspection".to_owned(),
        8 => "/export".to_owned(),
        _ => format!("/{}/{}", input.one(&["entries", "export", ROOM, "%", "-", ""]), input.below(7)),
    };
    let request = Request::builder().method(method).uri(format!("https://x/parties/party/{ROOM}{path}"));
    let scheme = input.one(&["Bearer", "bearer", "BEARER ", "Basic", ""]);
    let request = request.header("authorization", format!("{scheme} {token}"));
    let pending = room.begin_request(request.body(body(input)).unwrap());
    // A review.
    room.advance(Duration::from_millis(110));
    pending.finish()
}

#[test]
fn a_room_answers_whatever_it_is_asked_by_http_and_nobody_without_the_key_changes_it() {
    for_each(|input| {
        let room = room(input.one(&[Mode::Plain, Mode::Tokens, Mode::ReviewOrRefuse, Mode::Short]));
        room.set_secret(OPERATOR_KEY, KEY);
        for _ in 0..=input.below(6) {
            let wrong = input.one(WRONG);
            let response = ask(&room, input, wrong);
            assert!(response.status().is_client_error(), "{}", response.text());
        }
        let changed =
            "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'party_log%' OR name LIKE 'party_mod%'";
        assert_eq!(room.sql().query_one::<(u64,)>(changed, ()).unwrap(), (0,));
        for _ in 0..=input.below(12) {
            let member = format!("ada.{}", room.now() + Duration::from_secs(60));
            let token = input.one(&[KEY, KEY, &member]);
            let response = ask(&room, input, token);
            let status = response.status();
            assert!(status.is_success() || status.is_client_error() || status == 503, "{}", response.text());
            room.advance(Duration::from_secs(1));
        }
        assert_eq!(room.errors(), Vec::<String>::new());
    });
}

#[test]
fn members_see_the_effect_of_an_operators_http_requests() {
    for_each(|input| {
        let room = room(Mode::Plain);
        room.set_secret(OPERATOR_KEY, KEY);
        let mut ada = join(&room, "ada");
        for _ in 0..=input.below(12) {
            ask(&room, input, KEY);
            if input.once_in(4) {
                room.evict();
            }
        }
        let mut witness = join(&room, "witness");
        ada.read();
        if ada.is_connected() && witness.is_connected() {
            assert_eq!((texts(&mut ada), ada.head), (texts(&mut witness), witness.head));
        }
        assert_eq!(room.errors(), Vec::<String>::new());
    });
}
