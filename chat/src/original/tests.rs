//! Valid and invalid frames of the original protocol.

use super::*;
use crate::protocol::MAX_CONTENT_BYTES;

fn code(frame: impl Into<party::Message>) -> Option<ErrorCode> {
    ClientFrame::read(&frame.into()).err().map(|error| error.code())
}

fn message(id: &str, content: &str, user: &str) -> Message {
    Message { id: id.into(), content: content.into(), user: user.into(), role: Role::User }
}

fn add(id: &str, content: &str, user: &str) -> String {
    serde_json::to_string(&ServerFrame::Add(message(id, content, user))).unwrap()
}

#[test]
fn a_frame_of_the_original_client_is_read_and_written_byte_for_byte() {
    let text = r#"{"type":"add","id":"7","content":"hello","user":"Ada","role":"user"}"#;
    let frame = ClientFrame::read(&text.into()).unwrap();
    assert_eq!(frame.kind, Kind::Add);
    assert_eq!(serde_json::to_string(&ServerFrame::Add(frame.into())).unwrap(), text);
    let text = r#"{"type":"update","id":"7","content":"hello","user":"Ada","role":"user","more":1}"#;
    assert_eq!(ClientFrame::read(&text.into()).unwrap().kind, Kind::Update);
}

#[test]
fn each_kind_of_bad_frame_has_its_own_code() {
    assert_eq!(code(vec![1, 2, 3]), Some(ErrorCode::BINARY));
    assert_eq!(code("hello"), Some(ErrorCode::NOT_JSON));
    assert_eq!(code("{"), Some(ErrorCode::NOT_JSON));
    assert_eq!(code("[]"), Some(ErrorCode::INVALID));
    assert_eq!(code(r#"{"type":"all","messages":[]}"#), Some(ErrorCode::INVALID));
    assert_eq!(
        code(r#"{"type":"add","id":"7","content":"x","user":"Ada","role":"root"}"#),
        Some(ErrorCode::INVALID)
    );
    assert_eq!(
        code(r#"{"type":"add","id":7,"content":"x","user":"Ada","role":"user"}"#),
        Some(ErrorCode::INVALID)
    );
    assert_eq!(code(add("7", "", "Ada")), Some(ErrorCode::EMPTY));
    assert_eq!(code(add("7", " \n\t", "Ada")), Some(ErrorCode::EMPTY));
    assert_eq!(code(add("", "x", "Ada")), Some(ErrorCode::INVALID));
    assert_eq!(code(add("7", "x", " ")), Some(ErrorCode::INVALID));
    assert_eq!(code(add("7", "x", "A\u{7}da")), Some(ErrorCode::INVALID));
}

#[test]
fn a_client_cannot_write_as_the_assistant() {
    let text = r#"{"type":"add","id":"7","content":"x","user":"Ada","role":"assistant"}"#;
    assert_eq!(code(text), Some(ErrorCode::FORBIDDEN));
}

#[test]
fn limits_are_inclusive() {
    assert_eq!(code(add(&"i".repeat(64), &"c".repeat(8_192), &"é".repeat(64))), None);
    assert_eq!(code(add(&"i".repeat(65), "x", "Ada")), Some(ErrorCode::INVALID));
    assert_eq!(code(add("7", "x", &"é".repeat(65))), Some(ErrorCode::INVALID));
    assert_eq!(code(add("7", &"c".repeat(8_193), "Ada")), Some(ErrorCode::TOO_LARGE));
    assert_eq!(code(add("7", &"é".repeat(4_097), "Ada")), Some(ErrorCode::TOO_LARGE));
    assert_eq!(code("x".repeat(65_537)), Some(ErrorCode::TOO_LONG));
}

#[test]
fn a_message_whose_every_character_is_escaped_still_fits_in_a_frame() {
    let escaped = add("7", "@", "Ada").replace('@', &"\\u0041".repeat(MAX_CONTENT_BYTES));
    assert_eq!(code(escaped), None);
}

#[test]
fn an_error_names_the_message_if_its_id_can_be_read() {
    let id = |text: &str| ClientFrame::read(&text.into()).unwrap_err().id().map(str::to_owned);
    assert_eq!(id(r#"{"type":"add","id":"7"}"#).as_deref(), Some("7"));
    assert_eq!(id(&add("7", "", "Ada")).as_deref(), Some("7"));
    assert_eq!(id(r#"{"type":"add"}"#), None);
    assert_eq!(id("nonsense"), None);
}
