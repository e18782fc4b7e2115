//! HTTP requests of servers and operators to a channel.

use std::time::Duration;

use party::ErrorCode;
use party::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use party::http::{Method, Request, StatusCode};
use party::parts::wire::Action;
use party::testing::{TestResponse, TestRoom};
use serde_json::{Value as Json, json};

use super::board::{Board, Member, Mode, OPERATOR_KEY, batching, join, refused, room, texts};
use crate::support::ROOM;

const KEY: &str = "0123456789abcdef";

/// Returns a room with an operator key.
fn operated(mode: Mode) -> TestRoom<Board> {
    let room = room(mode);
    room.set_secret(OPERATOR_KEY, KEY);
    room
}

/// Sends a request with a token, if there is one.
fn ask(room: &TestRoom<Board>, method: Method, path: &str, token: Option<&str>, body: &str) -> TestResponse {
    let request = Request::builder().method(method).uri(format!("https://x/parties/party/{ROOM}{path}"));
    let request = request.header("cf-connecting-ip", "192.0.2.7");
    let request = match token {
        Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    room.request(request.body(body.to_owned()).unwrap())
}

fn get(room: &TestRoom<Board>, path: &str) -> Json {
    let response = ask(room, Method::GET, path, Some(KEY), "");
    assert_eq!(response.status(), StatusCode::OK, "{}", response.text());
    response.read_json()
}

fn post(room: &TestRoom<Board>, body: &Json) -> TestResponse {
    ask(room, Method::POST, "/entries", Some(KEY), &body.to_string())
}

fn code(response: &TestResponse) -> (u16, String) {
    let error: Json = response.read_json();
    assert_eq!(error["type"], "error");
    (response.status().as_u16(), error["code"].as_str().unwrap().to_owned())
}

fn token(room: &TestRoom<Board>, member: &str) -> String {
    format!("{member}.{}", room.now() + Duration::from_secs(600))
}

#[test]
fn an_operator_appends_for_a_member_and_everybody_gets_it_once() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    let item = json!({"id": "build-7", "member": "ci", "profile": "CI", "body": "deployed"});
    let first = post(&room, &item);
    assert_eq!(
        (first.status(), first.read_json::<Json>()),
        (StatusCode::CREATED, json!({"id": "build-7", "seq": 1}))
    );
    let again = post(&room, &item);
    assert_eq!(
        (again.status(), again.read_json::<Json>()),
        (StatusCode::OK, json!({"id": "build-7", "seq": 1}))
    );
    assert_eq!(texts(&mut ada), ["deployed"]);

    let page = get(&room, "/entries");
    assert_eq!(
        (&page["head"], &page["more"], &page["entries"][0]["author"]),
        (&json!(1), &json!(false), &json!("ci"))
    );
}

#[test]
fn an_append_without_an_id_gets_one() {
    let room = operated(Mode::Plain);
    let ids: Vec<Json> = ["one", "two"]
        .map(|text| post(&room, &json!({"member": "ci", "body": text})).read_json::<Json>()["id"].clone())
        .into();
    assert!(ids[0].is_string() && ids[0] != ids[1], "{ids:?}");
}

#[test]
fn the_items_after_one_are_counted_for_members_and_operators() {
    let room = operated(Mode::Plain);
    assert_eq!(get(&room, "/count?after=0"), json!({"count": 0, "more": false}));
    let mut ada = join(&room, "ada");
    (1..=4).for_each(|number| drop(ada.append(number.to_string())));
    ada.delete(2);
    assert_eq!(get(&room, "/count"), json!({"count": 3, "more": false}));
    assert_eq!(get(&room, "/count?after=1"), json!({"count": 2, "more": false}));
    for far in ["99", "18446744073709551615"] {
        assert_eq!(get(&room, &format!("/count?after={far}")), json!({"count": 0, "more": false}), "{far}");
    }
    let by_member = ask(&room, Method::GET, "/count", ada.secret.as_deref(), "");
    assert_eq!(by_member.read_json::<Json>(), json!({"count": 3, "more": false}));
    assert_eq!(code(&ask(&room, Method::GET, "/count", None, "")), (401, "unauthorized".to_owned()));
    assert_eq!(code(&ask(&room, Method::GET, "/count?after=x", Some(KEY), "")), (400, "invalid".to_owned()));
}

#[test]
fn items_are_read_page_by_page_in_both_directions() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    (1..=5).for_each(|number| drop(ada.append(number.to_string())));
    let seqs = |path: &str| {
        let page = get(&room, path);
        let seqs: Vec<u64> =
            page["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        (seqs, page["more"].as_bool().unwrap())
    };
    assert_eq!(seqs("/entries?limit=2"), (vec![4, 5], true));
    assert_eq!(seqs("/entries?before=4&limit=2"), (vec![2, 3], true));
    assert_eq!(seqs("/entries?after=0&limit=3"), (vec![1, 2, 3], true));
    assert_eq!(seqs("/entries?after=3"), (vec![4, 5], false));
    assert_eq!(seqs("/entries?limit=0"), (vec![5], true));
    assert_eq!(get(&room, "/entries")["epoch"].as_str().map(str::len), Some(22));
    for wrong in ["?after=x", "?before=-1", "?limit=many", "?after=1&before=2"] {
        let response = ask(&room, Method::GET, &format!("/entries{wrong}"), Some(KEY), "");
        assert_eq!(code(&response), (400, "invalid".to_owned()), "{wrong}");
    }
}

#[test]
fn a_request_without_a_valid_token_is_refused() {
    let room = operated(Mode::Plain);
    join(&room, "ada").append("private".into());
    for (method, path) in [
        (Method::GET, "/entries"),
        (Method::POST, "/entries"),
        (Method::DELETE, "/entries/1"),
        (Method::POST, "/moderation"),
        (Method::GET, "/inspection"),
        (Method::GET, "/export"),
        (Method::DELETE, ""),
    ] {
        for wrong in [None, Some("0123456789abcdee"), Some("0123456789abcdef0"), Some("")] {
            let response = ask(&room, method.clone(), path, wrong, "");
            assert_eq!(code(&response), (401, "unauthorized".to_owned()), "{method} {path}");
            assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
            assert!(!response.text().contains("private"));
        }
    }
    assert_eq!(get(&room, "/entries")["head"], 1, "nothing was deleted");
}

#[test]
fn nobody_is_an_operator_while_the_secret_is_missing_and_a_short_one_is_an_error_in_the_log() {
    let room = room(Mode::Plain);
    for key in ["", KEY, "OPERATOR_KEY"] {
        assert_eq!(ask(&room, Method::GET, "/inspection", Some(key), "").status(), StatusCode::UNAUTHORIZED);
    }
    room.set_secret(OPERATOR_KEY, "");
    assert_eq!(ask(&room, Method::GET, "/inspection", Some(KEY), "").status(), StatusCode::UNAUTHORIZED);
    room.set_secret(OPERATOR_KEY, "short");
    let response = ask(&room, Method::GET, "/inspection", Some("short"), "");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!response.text().contains("OPERATOR_KEY"), "{}", response.text());
    assert!(
        room.errors()[0].contains("the secret `OPERATOR_KEY` has fewer than 16 bytes"),
        "{:?}",
        room.errors()
    );
}

#[test]
fn guessing_the_operator_key_is_slowed_down() {
    let room = operated(Mode::Plain);
    let refused =
        (0..2_000).map(|number| ask(&room, Method::GET, "/inspection", Some(&format!("guess {number}")), ""));
    let slow = refused.into_iter().find(|response| response.status() != StatusCode::UNAUTHORIZED).unwrap();
    assert_eq!(code(&slow), (429, "slow_down".to_owned()));
    assert_eq!(slow.headers()[RETRY_AFTER], "1");
    assert_eq!(ask(&room, Method::GET, "/inspection", Some(KEY), "").status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_member_with_a_token_reads_and_appends_as_itself_and_nothing_more() {
    let room = operated(Mode::Tokens);
    let ada = token(&room, "ada");
    let body = json!({"body": "hello"}).to_string();
    assert_eq!(ask(&room, Method::POST, "/entries", Some(&ada), &body).status(), StatusCode::CREATED);
    let page: Json = ask(&room, Method::GET, "/entries", Some(&ada), "").read_json();
    assert_eq!(page["entries"][0]["author"], "ada");

    let other = json!({"body": "hello", "member": "bob"}).to_string();
    assert_eq!(
        code(&ask(&room, Method::POST, "/entries", Some(&ada), &other)),
        (403, "forbidden".to_owned())
    );
    for (method, path) in [
        (Method::DELETE, "/entries/1"),
        (Method::POST, "/moderation"),
        (Method::GET, "/inspection"),
        (Method::GET, "/export"),
        (Method::DELETE, ""),
    ] {
        assert_eq!(
            code(&ask(&room, method, path, Some(&ada), "{}")),
            (403, "forbidden".to_owned()),
            "{path}"
        );
    }
    room.advance(Duration::from_secs(601));
    assert_eq!(code(&ask(&room, Method::GET, "/entries", Some(&ada), "")), (401, "expired".to_owned()));
}

#[test]
fn a_member_may_name_itself_in_a_request() {
    let room = operated(Mode::Tokens);
    let own = json!({"body": "hello", "member": "ada"}).to_string();
    let response = ask(&room, Method::POST, "/entries", Some(&token(&room, "ada")), &own);
    assert_eq!(response.status(), StatusCode::CREATED);
}

#[test]
fn the_rules_check_a_profile_that_a_present_member_sends_with_a_request() {
    let room = operated(Mode::Tokens);
    let mut ada = Member::new("ada");
    ada.secret = Some(token(&room, "ada"));
    ada.join(&room);
    let nameless = json!({"member": "ada", "profile": "", "body": "hello"});
    assert_eq!(code(&post(&room, &nameless)), (400, "invalid".to_owned()));
    assert_eq!(post(&room, &json!({"member": "ada", "body": "hello"})).status(), StatusCode::CREATED);
}

#[test]
fn the_rules_of_the_sockets_hold_for_requests() {
    let room = operated(Mode::ReviewOrRefuse);
    let refusals = [
        (json!({"member": "ci", "body": ""}), 400, "empty"),
        (json!({"member": "ci", "body": "rude"}), 403, "forbidden"),
        (json!({"member": "ci", "body": "wait 101 x"}), 503, "unavailable"),
        (json!({"member": "ci", "profile": "", "body": "x"}), 400, "invalid"),
        (json!({"member": "ci", "id": " ", "body": "x"}), 400, "invalid"),
        (json!({"member": "ci", "body": 7}), 400, "invalid"),
        (json!({"member": "ci"}), 400, "invalid"),
        (json!({"body": "x"}), 400, "invalid"),
    ];
    for (body, status, expected) in refusals {
        let pending = room.begin_request(
            Request::post(format!("https://x/parties/party/{ROOM}/entries"))
                .header(AUTHORIZATION, format!("Bearer {KEY}"))
                .body(body.to_string())
                .unwrap(),
        );
        room.advance(Duration::from_millis(100));
        assert_eq!(code(&pending.finish()), (status, expected.to_owned()), "{body}");
    }
    assert_eq!(code(&ask(&room, Method::POST, "/entries", Some(KEY), "{")), (400, "not_json".to_owned()));
    let large = json!({"member": "ci", "body": "x".repeat(70_000)});
    assert_eq!(post(&room, &large).status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(get(&room, "/entries")["head"], 0, "nothing was stored");
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn an_id_of_another_members_entry_is_a_conflict() {
    let room = operated(Mode::Plain);
    assert_eq!(post(&room, &json!({"id": "1", "member": "ci", "body": "x"})).status(), StatusCode::CREATED);
    let other = post(&room, &json!({"id": "1", "member": "bot", "body": "x"}));
    assert_eq!(code(&other), (409, "conflict".to_owned()));
}

#[test]
fn requests_of_a_member_have_the_rate_of_its_frames() {
    let room = operated(Mode::Plain);
    let statuses: Vec<u16> = (0..40)
        .map(|number| post(&room, &json!({"member": "ci", "body": number.to_string()})).status().as_u16())
        .collect();
    assert!(statuses[..30].iter().all(|status| *status == 201), "{statuses:?}");
    assert!(statuses[30..].iter().all(|status| *status == 429), "{statuses:?}");
    // Others are not slowed down.
    assert_eq!(post(&room, &json!({"member": "bot", "body": "x"})).status(), StatusCode::CREATED);
}

#[test]
fn operators_mute_and_ban_and_lift_a_ban() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    let name = ada.member.clone();
    let act = |action: Action, seconds: Option<u64>| {
        let body = json!({"action": action, "member": name, "seconds": seconds}).to_string();
        let response = ask(&room, Method::POST, "/moderation", Some(KEY), &body);
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{}", response.text());
    };
    act(Action::Mute, Some(60));
    ada.append("while muted".into());
    assert_eq!(ada.error().code, ErrorCode::MUTED);
    assert_eq!(post(&room, &json!({"member": name, "body": "by request"})).status(), StatusCode::FORBIDDEN);

    act(Action::Ban, None);
    ada.read();
    assert_eq!(ada.socket().closed().unwrap().code, 4403);
    let (error, closed) = refused(&ada.connecting(&room).connect());
    assert_eq!((error.code, closed), (ErrorCode::FORBIDDEN, 4403));
    act(Action::Unban, None);
    act(Action::Unmute, None);
    ada.join(&room);
    ada.append("again".into());
    assert_eq!(texts(&mut ada).last().unwrap(), "again");
    for action in ["\"praise\"", "7", "{}"] {
        let body = format!(r#"{{"action":{action},"member":"x"}}"#);
        let unknown = ask(&room, Method::POST, "/moderation", Some(KEY), &body);
        assert_eq!(code(&unknown), (400, "invalid".to_owned()), "{action}");
    }
}

#[test]
fn a_banned_member_with_a_valid_token_neither_reads_nor_appends() {
    let room = operated(Mode::Tokens);
    let ada = token(&room, "ada");
    let ban = json!({"action": "ban", "member": "ada"}).to_string();
    assert_eq!(ask(&room, Method::POST, "/moderation", Some(KEY), &ban).status(), StatusCode::NO_CONTENT);
    for method in [Method::GET, Method::POST] {
        let response = ask(&room, method, "/entries", Some(&ada), r#"{"body":"x"}"#);
        assert_eq!(code(&response), (403, "forbidden".to_owned()));
    }
}

#[test]
fn a_ban_blocks_requests_of_other_members_from_the_same_address() {
    let room = operated(Mode::Tokens);
    let mut eve = Member::new("eve");
    eve.secret = Some(token(&room, "eve"));
    let founder = token(&room, "ada");
    let _ada = room.connecting("ada").query("wire", "2").bearer(&founder).connect();
    eve.join_from(&room, "192.0.2.7");
    let read = |member: &str| ask(&room, Method::GET, "/entries", Some(&token(&room, member)), "").status();
    assert_eq!(read("mallory"), StatusCode::OK);
    let ban = json!({"action": "ban", "member": "eve"}).to_string();
    assert_eq!(ask(&room, Method::POST, "/moderation", Some(KEY), &ban).status(), StatusCode::NO_CONTENT);
    assert_eq!(read("mallory"), StatusCode::FORBIDDEN);
}

#[test]
fn an_operator_deletes_an_item_for_everybody() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append("spam".into());
    assert_eq!(ask(&room, Method::DELETE, "/entries/1", Some(KEY), "").status(), StatusCode::NO_CONTENT);
    assert_eq!(texts(&mut ada), Vec::<String>::new());
    for (path, status) in [("/entries/1", 404), ("/entries/99", 404), ("/entries/x", 400)] {
        assert_eq!(ask(&room, Method::DELETE, path, Some(KEY), "").status().as_u16(), status, "{path}");
    }
}

#[test]
fn an_inspection_tells_of_room_and_channel() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    let _bob = join(&room, "bob");
    ada.append("hello".into());
    let seen = get(&room, "/inspection");
    assert_eq!((&seen["room"], &seen["connections"]), (&json!(ROOM), &json!(2)));
    let channel = &seen["channel"];
    assert_eq!(
        (&channel["head"], &channel["members"], &channel["waiting"]),
        (&json!(1), &json!(2), &json!(0))
    );
    assert_eq!(channel["jobs"][0]["kind"], "party.channel.sweep");
    assert_eq!(channel["jobs"][0]["due"], seen["alarm"]);
}

#[test]
fn an_inspection_counts_the_operations_that_wait_for_their_batch() {
    let room = operated(Mode::Plain);
    let mut ada = batching(&room, "ada");
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    assert_eq!(get(&room, "/inspection")["channel"]["waiting"], 2);
    room.advance(Duration::from_millis(4));
    assert_eq!(get(&room, "/inspection")["channel"]["waiting"], 0);
}

#[test]
fn an_export_has_every_item_as_it_is_now_one_a_line() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    for number in 1..=30 {
        ada.append(format!("{number} {}", "long ".repeat(8_000)));
        room.advance(Duration::from_secs(1));
    }
    ada.edit(2, "edited".into());
    ada.delete(3);
    let response = ask(&room, Method::GET, "/export", Some(KEY), "");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/x-ndjson");
    let lines: Vec<Json> = response.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["room"], &lines[0]["head"]), (&json!(ROOM), &json!(32)));
    let seqs: Vec<u64> = lines[1..].iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=30).collect::<Vec<_>>());
    assert_eq!((&lines[2]["body"]["text"], lines[3].get("body")), (&json!("edited"), None));
}

#[test]
fn a_destroyed_room_is_empty_and_its_clients_begin_again() {
    let room = operated(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append("hello".into());
    assert_eq!(ask(&room, Method::DELETE, "", Some(KEY), "").status(), StatusCode::NO_CONTENT);
    assert_eq!(ada.socket().closed().unwrap().code, 4410);
    assert_eq!((&get(&room, "/entries")["head"], room.alarm()), (&json!(0), None));
    let mut bob = Member::new("bob");
    bob.join(&room);
    assert_eq!(texts(&mut bob), Vec::<String>::new());
}

#[test]
fn reading_inspecting_and_exporting_store_nothing() {
    let room = operated(Mode::Plain);
    for path in ["/entries", "/entries?after=7", "/inspection"] {
        get(&room, path);
    }
    let exported = ask(&room, Method::GET, "/export", Some(KEY), "").text();
    assert_eq!(exported.lines().count(), 1);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'party_log%' OR name LIKE 'party_jobs%'";
    assert_eq!((room.sql().query_one::<(u64,)>(tables, ()).unwrap(), room.alarm()), ((0,), None));
}

#[test]
fn a_wrong_method_or_address_is_told_so() {
    let room = operated(Mode::Plain);
    let wrong = ask(&room, Method::PUT, "/entries", Some(KEY), "");
    assert_eq!(
        (wrong.status(), &wrong.headers()[ALLOW]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET, POST".parse().unwrap())
    );
    for path in ["", "/", "/messages", "/entries/1/2", "/party"] {
        assert_eq!(
            code(&ask(&room, Method::GET, path, Some(KEY), "")),
            (404, "not_found".to_owned()),
            "{path}"
        );
    }
}

#[test]
fn the_address_is_read_behind_the_rooms_name_also_if_a_room_is_named_like_what_is_asked_for() {
    for name in ["entries", "party", "export"] {
        let room = TestRoom::<Board>::new(name);
        room.set_props(&Mode::Plain).unwrap();
        room.set_secret(OPERATOR_KEY, KEY);
        for (prefix, path, status) in [
            ("parties/party", "", 404),
            ("parties/party", "/entries", 200),
            ("api/v1/parties/party", "/entries", 200),
            ("parties/party", "/entries/entries", 405),
        ] {
            let request = Request::get(format!("https://x/{prefix}/{name}{path}"));
            let request = request.header(AUTHORIZATION, format!("Bearer {KEY}")).body(String::new()).unwrap();
            assert_eq!(room.request(request).status().as_u16(), status, "{prefix}/{name}{path}");
        }
    }
}

#[test]
fn entries_of_requests_are_removed_by_age_also_while_nobody_is_connected() {
    let room = operated(Mode::Short);
    for number in 0..5 {
        post(&room, &json!({"member": "ci", "body": number.to_string()}));
    }
    room.advance(Duration::from_secs(301));
    let left = get(&room, "/entries?after=0");
    assert_eq!(left["entries"].as_array().unwrap().len(), 3);
}
