//! Members that come with a token of the app.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::Role;
use party::testing::TestRoom;

use super::board::{Board, ClientFrame, Member, Mode, join, refused, room, texts};

/// Returns a token of a member that holds for some seconds.
fn token(room: &TestRoom<Board>, member: &str, seconds: u64) -> String {
    format!("{member}.{}", room.now() + Duration::from_secs(seconds))
}

fn join_with(room: &TestRoom<Board>, id: &str, token: String) -> Member {
    let mut member = Member::new(id);
    member.secret = Some(token);
    member.join(room);
    member.read();
    member
}

fn renew(member: &Member, token: String) {
    member.send(&ClientFrame::Token { id: "renew".into(), token });
}

#[test]
fn a_member_is_the_one_that_its_token_names_and_the_first_is_the_founder() {
    let room = room(Mode::Tokens);
    let ada = join_with(&room, "1", token(&room, "ada", 600));
    let phone = join_with(&room, "2", token(&room, "ada", 600));
    let bob = join_with(&room, "3", token(&room, "bob", 600));
    assert_eq!((ada.member.as_str(), phone.member.as_str(), bob.member.as_str()), ("ada", "ada", "bob"));
    assert_eq!((ada.role, phone.role, bob.role), (Role::Moderator, Role::Moderator, Role::Member));
}

#[test]
fn an_invalid_token_is_refused_before_the_connection_is_accepted() {
    let room = room(Mode::Tokens);
    let old = token(&room, "ada", 1);
    room.advance(Duration::from_secs(1));
    for (bearer, code) in [("nonsense", ErrorCode::UNAUTHORIZED), (&old, ErrorCode::EXPIRED)] {
        let client = room.connecting("ada").query("wire", "2").bearer(bearer).connect();
        let (error, closed) = refused(&client);
        assert_eq!((error.code, error.id, closed), (code, None, 4401));
    }
    let (error, closed) = refused(&room.connecting("ada").query("wire", "2").connect());
    assert_eq!((error.code, closed), (ErrorCode::UNAUTHORIZED, 4401));
    // None of them was in the room.
    let bob = join_with(&room, "bob", token(&room, "bob", 600));
    assert_eq!((bob.roster.len(), bob.role), (1, Role::Moderator));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_client_that_an_app_forbids_and_one_that_it_cannot_check_are_closed_with_other_codes() {
    let room = room(Mode::Tokens);
    for (bearer, code, close) in
        [("suspended", ErrorCode::FORBIDDEN, 4403), ("fail", ErrorCode::INTERNAL, 1011)]
    {
        let client = room.connecting("ada").query("wire", "2").bearer(bearer).connect();
        let (error, closed) = refused(&client);
        assert_eq!((error.code, closed), (code, close), "{bearer}");
    }
}

#[test]
fn an_expired_token_closes_a_connection_that_sends_something() {
    let room = room(Mode::Tokens);
    let mut ada = join_with(&room, "ada", token(&room, "ada", 20));
    let mut bob = join_with(&room, "bob", token(&room, "bob", 600));
    ada.append("in time".into());
    room.advance(Duration::from_secs(20));
    ada.append("too late".into());
    assert_eq!(ada.error().code, ErrorCode::EXPIRED);
    assert_eq!(ada.socket().closed().unwrap().code, 4401);
    assert_eq!(texts(&mut bob), ["in time"]);
}

#[test]
fn an_expired_token_closes_an_idle_connection_at_the_sweep() {
    let room = room(Mode::Tokens);
    let mut ada = join_with(&room, "ada", token(&room, "ada", 100));
    let mut bob = join_with(&room, "bob", token(&room, "bob", 9_000));
    for _ in 0..10 {
        [&ada, &bob].iter().for_each(|member| member.socket().send("ping"));
        room.evict();
        room.advance(Duration::from_secs(31));
    }
    let error = ada.error();
    assert_eq!((error.code, error.id), (ErrorCode::EXPIRED, None));
    assert_eq!(ada.socket().closed().unwrap().code, 4401);
    assert!(bob.is_connected());
    room.advance(Duration::from_secs(11));
    bob.read();
    assert!(bob.roster.keys().eq(["bob"]), "{:?}", bob.roster);
}

#[test]
fn a_token_that_expires_after_the_first_sweep_closes_an_idle_connection_at_the_second() {
    let room = room(Mode::Tokens);
    let ada = join_with(&room, "ada", token(&room, "ada", 400));
    let bob = join_with(&room, "bob", token(&room, "bob", 9_000));
    for _ in 0..20 {
        [&ada, &bob].iter().for_each(|member| member.socket().send("ping"));
        room.advance(Duration::from_secs(31));
    }
    assert_eq!(ada.socket().closed().unwrap().code, 4401);
    assert!(bob.is_connected());
}

#[test]
fn a_fresh_token_renews_the_connection() {
    let room = room(Mode::Tokens);
    let mut ada = join_with(&room, "ada", token(&room, "ada", 60));
    for n in 0..5 {
        room.advance(Duration::from_secs(50));
        room.evict();
        renew(&ada, token(&room, "ada", 60));
        ada.append(format!("text {n}"));
    }
    assert_eq!(texts(&mut ada).len(), 5, "{:?}", ada.errors);
    assert!(ada.errors.is_empty());
    room.advance(Duration::from_secs(60));
    ada.append("too late".into());
    assert_eq!(ada.error().code, ErrorCode::EXPIRED);
}

#[test]
fn a_token_of_another_member_does_not_renew_the_connection() {
    let room = room(Mode::Tokens);
    let mut eve = join_with(&room, "eve", token(&room, "eve", 60));
    renew(&eve, token(&room, "ada", 600));
    let error = eve.error();
    assert_eq!((error.code, error.id.as_deref()), (ErrorCode::FORBIDDEN, Some("renew")));
    eve.append("still eve".into());
    eve.read();
    assert_eq!(eve.items.get(&1).unwrap().author, "eve");
    room.advance(Duration::from_secs(60));
    eve.append("too late".into());
    assert_eq!(eve.error().code, ErrorCode::EXPIRED);
}

#[test]
fn an_invalid_token_does_not_renew_the_connection() {
    let room = room(Mode::Tokens);
    let mut eve = join_with(&room, "eve", token(&room, "eve", 60));
    renew(&eve, "nonsense".into());
    let error = eve.error();
    assert_eq!((error.code, error.id.as_deref()), (ErrorCode::UNAUTHORIZED, Some("renew")));
}

#[test]
fn a_token_frame_of_a_member_without_accounts_is_its_secret_or_refused() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    renew(&ada, ada.secret.clone().unwrap());
    ada.read();
    assert!(ada.errors.is_empty());
    renew(&ada, "nonsense".into());
    assert_eq!(ada.error().code, ErrorCode::UNAUTHORIZED);
}
