//! What is taken and what is not, and the TypeScript types that follow from it.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;

fn code(frame: impl Into<party::Message>) -> Option<ErrorCode> {
    ClientFrame::read(&frame.into()).err().map(|rejection| rejection.code)
}

fn add(id: &str, content: &str, user: &str) -> String {
    let draft = Draft { id: id.into(), content: content.into(), user: user.into(), role: Role::User };
    serde_json::to_string(&ClientFrame::Add(draft)).unwrap()
}

#[test]
fn a_frame_of_the_original_client_is_read() {
    let text = r#"{"type":"add","id":"7","content":"hello","user":"Ada","role":"user"}"#;
    let Ok(ClientFrame::Add(draft)) = ClientFrame::read(&text.into()) else { panic!("not read") };
    assert_eq!((draft.id.as_str(), draft.content.as_str(), draft.user.as_str()), ("7", "hello", "Ada"));
    let text = r#"{"type":"update","id":"7","content":"hello","user":"Ada","role":"assistant","more":1}"#;
    assert!(matches!(ClientFrame::read(&text.into()), Ok(ClientFrame::Update(_))));
}

#[test]
fn each_kind_of_bad_frame_has_its_own_code() {
    assert_eq!(code(vec![1, 2, 3]), Some(ErrorCode::Binary));
    assert_eq!(code("hello"), Some(ErrorCode::NotJson));
    assert_eq!(code("{"), Some(ErrorCode::NotJson));
    assert_eq!(code("[]"), Some(ErrorCode::Invalid));
    assert_eq!(code(r#"{"type":"all","messages":[]}"#), Some(ErrorCode::Invalid));
    assert_eq!(
        code(r#"{"type":"add","id":"7","content":"x","user":"Ada","role":"root"}"#),
        Some(ErrorCode::Invalid)
    );
    assert_eq!(
        code(r#"{"type":"add","id":7,"content":"x","user":"Ada","role":"user"}"#),
        Some(ErrorCode::Invalid)
    );
    assert_eq!(code(add("7", "", "Ada")), Some(ErrorCode::Empty));
    assert_eq!(code(add("7", " \n\t", "Ada")), Some(ErrorCode::Empty));
    assert_eq!(code(add("", "x", "Ada")), Some(ErrorCode::Invalid));
    assert_eq!(code(add("7", "x", " ")), Some(ErrorCode::Invalid));
}

#[test]
fn limits_are_inclusive() {
    assert_eq!(code(add(&"i".repeat(64), &"c".repeat(8_192), &"é".repeat(64))), None);
    assert_eq!(code(add(&"i".repeat(65), "x", "Ada")), Some(ErrorCode::Invalid));
    assert_eq!(code(add("7", "x", &"é".repeat(65))), Some(ErrorCode::Invalid));
    assert_eq!(code(add("7", &"c".repeat(8_193), "Ada")), Some(ErrorCode::TooLarge));
    assert_eq!(code(add("7", &"é".repeat(4_097), "Ada")), Some(ErrorCode::TooLarge));
    assert_eq!(code("x".repeat(65_537)), Some(ErrorCode::TooLarge));
}

#[test]
fn a_message_whose_every_character_is_escaped_still_fits_in_a_frame() {
    assert_eq!(code(add("7", &"\u{1}".repeat(8_192), "Ada")), None);
}

#[test]
fn a_rejection_names_the_message_where_that_can_be_read() {
    let id = |text: &str| ClientFrame::read(&text.into()).unwrap_err().id;
    assert_eq!(id(r#"{"type":"add","id":"7"}"#).as_deref(), Some("7"));
    assert_eq!(id(&add("7", "", "Ada")).as_deref(), Some("7"));
    assert_eq!(id(r#"{"type":"add"}"#), None);
    assert_eq!(id("nonsense"), None);
}

#[test]
fn the_original_wire_has_four_fields_and_no_more() {
    let message = Message {
        id: "7".into(),
        content: "hi".into(),
        user: "Ada".into(),
        role: Role::User,
        seq: Some(1),
        at: Some(2),
    };
    let json = |wire: Wire| serde_json::to_string(&ServerFrame::Add(wire.message(message.clone()))).unwrap();
    assert_eq!(json(Wire::Original), r#"{"type":"add","id":"7","content":"hi","user":"Ada","role":"user"}"#);
    assert_eq!(
        json(Wire::Stamped),
        r#"{"type":"add","id":"7","content":"hi","user":"Ada","role":"user","seq":1,"at":2}"#
    );
}

#[test]
fn the_clients_types_are_those_of_the_protocol() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/protocol.ts");
    let generated = typescript();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept.replace("\r\n", "\n"),
        generated,
        "run `UPDATE_GENERATED=1 cargo test -p chat` and commit the result"
    );
}

/// The protocol in TypeScript.
fn typescript() -> String {
    let config = Config::new();
    let types = [
        Role::decl(&config),
        Draft::decl(&config),
        Message::decl(&config),
        ClientFrame::decl(&config),
        ServerFrame::decl(&config),
        Rejection::decl(&config),
        ErrorCode::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let text = format!(
        "// The wire between the browser and the room. Generated from chat/src/protocol.rs by `cargo test -p chat`.\n\n\
         {types}\
         export const LIMITS = {{\n  contentBytes: {MAX_CONTENT_BYTES},\n  userChars: {MAX_USER_CHARS},\n  \
         idChars: {MAX_ID_CHARS},\n  frameBytes: {MAX_FRAME_BYTES},\n}} as const;\n"
    );
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
