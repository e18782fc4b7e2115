//! The founder: the first member that has proved its secret.

use party::parts::wire::{Action, Role, ServerFrame};
use party::{ErrorCode, MemberId, Message};

use super::board::{ClientFrame, Member, Mode, Post, join, room};

/// Returns the role and the secret in the welcome among frames.
fn welcomed(frames: &[Message]) -> (Role, Option<String>) {
    let read = |frame: &Message| match frame.read_json().unwrap() {
        ServerFrame::<serde_json::Value, String>::Welcome(welcome) => {
            Some((welcome.you.role, welcome.you.secret))
        }
        _ => None,
    };
    frames.iter().find_map(read).unwrap()
}

#[test]
fn the_first_member_becomes_the_founder_when_it_proves_its_secret() {
    let room = room(Mode::Plain);
    let ada = room.connecting("ada").query("wire", "2").connect();
    let (role, secret) = welcomed(&ada.received());
    assert_eq!(role, Role::Member);
    let token = ClientFrame::Token { id: "t".into(), token: secret.unwrap() };
    ada.send_json(&token);
    let frames = ada.received();
    let texts: Vec<&str> = frames.iter().filter_map(Message::as_text).collect();
    assert!(
        texts.iter().any(|text| text.contains(r#""type":"you""#) && text.contains("moderator")),
        "{texts:?}"
    );
    assert_eq!(texts.last(), Some(&r#"{"type":"ack","id":"t"}"#));
    // Once more proves nothing new.
    ada.send_json(&token);
    assert_eq!(ada.received(), [Message::from(r#"{"type":"ack","id":"t"}"#)]);
}

#[test]
fn a_member_whose_first_welcome_is_lost_does_not_keep_the_room() {
    let room = room(Mode::Plain);
    // The connection breaks before the welcome is read, and its secret is lost.
    let lost = Member::new("ada").connecting(&room).connect();
    lost.vanish();
    let mut ada = join(&room, "ada");
    assert_eq!(ada.role, Role::Moderator);
    room.crash();
    ada.join(&room);
    assert_eq!(ada.role, Role::Moderator);
    assert_eq!(join(&room, "bob").role, Role::Member);
}

#[test]
fn of_two_members_in_a_fresh_room_the_first_to_prove_its_secret_is_the_founder() {
    let room = room(Mode::Plain);
    let mut ada = Member::new("ada");
    let first = ada.connecting(&room).connect();
    let mut bob = join(&room, "bob");
    assert_eq!(bob.role, Role::Moderator);
    ada.adopt(first);
    ada.read();
    assert_eq!(ada.role, Role::Member);
    // Bob is the founder: what Ada is appointed to does not reach him.
    bob.moderate(Action::Appoint, &ada.member, None);
    ada.read();
    assert_eq!(ada.role, Role::Moderator);
    ada.moderate(Action::Dismiss, &bob.member, None);
    assert_eq!(ada.error().code, ErrorCode::FORBIDDEN);
}

#[test]
fn a_member_that_comes_with_its_secret_has_proved_it() {
    let room = room(Mode::Plain);
    let socket = Member::new("ada").connecting(&room).connect();
    let (_, secret) = welcomed(&socket.received());
    // It never answers, but comes back with the secret.
    socket.vanish();
    let back = room.connecting("ada").query("wire", "2").bearer(&secret.unwrap()).connect();
    assert_eq!(welcomed(&back.received()), (Role::Moderator, None));
}

#[test]
fn a_secret_of_another_member_is_refused() {
    let room = room(Mode::Plain);
    let ada = Member::new("ada").connecting(&room).connect();
    let (_, secret) = welcomed(&ada.received());
    let eve = Member::new("eve").connecting(&room).connect();
    eve.received();
    eve.send_json(&ClientFrame::Token { id: "t".into(), token: secret.unwrap() });
    let frames = eve.received();
    let errors: Vec<&Message> =
        frames.iter().filter(|frame| frame.as_text().unwrap().contains(r#""id":"t""#)).collect();
    let [error] = errors.as_slice() else { panic!("{frames:?}") };
    let error: party::ErrorFrame = error.read_json().unwrap();
    assert_eq!(error.code, ErrorCode::UNAUTHORIZED);
    assert_eq!(join(&room, "bob").role, Role::Moderator);
}

#[test]
fn a_room_that_has_no_founder_by_its_settings_makes_none() {
    let room = room(Mode::Leaderless);
    let mut ada = join(&room, "ada");
    room.crash();
    ada.join(&room);
    assert_eq!(ada.role, Role::Member);
}

#[test]
fn a_client_of_another_protocol_does_not_become_the_founder() {
    let room = room(Mode::Plain);
    let lines = room.connecting("old").query("wire", "lines").connect();
    lines.send("say 1 hello");
    assert_eq!(join(&room, "ada").role, Role::Moderator);
}

#[test]
fn a_room_in_which_the_app_has_made_readers_still_gets_a_founder() {
    let room = room(Mode::Plain);
    room.call(&Post::Role(MemberId::new("cleo").unwrap(), Role::Reader)).unwrap();
    assert_eq!(join(&room, "ada").role, Role::Moderator);
}
