//! Which names and texts are accepted, and the TypeScript types of the protocol.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;
use crate::about::{About, MAX_PINS, MAX_ROOM_NAME_CHARS, MAX_TOPIC_CHARS};

#[test]
fn a_text_is_not_empty_and_has_at_most_8192_bytes() {
    assert!(check_content(&"é".repeat(4_096), false).is_ok());
    assert_eq!(check_content(&"é".repeat(4_097), false).unwrap_err().code(), ErrorCode::TOO_LARGE);
    assert_eq!(check_content(" \n\t", false).unwrap_err().code(), ErrorCode::EMPTY);
}

#[test]
fn a_text_has_no_control_characters_except_line_breaks_and_tabs() {
    assert!(check_content("one\r\n\ttwo", false).is_ok());
    for char in ['\0', '\u{1}', '\u{1b}', '\u{7f}', '\u{9b}'] {
        assert_eq!(
            check_content(&format!("a{char}b"), false).unwrap_err().code(),
            ErrorCode::INVALID,
            "{char:?}"
        );
    }
}

#[test]
fn the_typescript_types_match_the_protocol() {
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

/// Returns the protocol in TypeScript.
fn typescript() -> String {
    let config = Config::new();
    let types = [
        Role::decl(&config),
        MessageDraft::decl(&config),
        MessageBody::decl(&config),
        Command::decl(&config),
        Query::decl(&config),
        Change::decl(&config),
        About::decl(&config),
        ProfileUpdate::decl(&config),
        Profile::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let text = format!(
        "// The messages and members of the chat. Generated from chat/src/protocol.rs by `cargo test -p chat`.\n\
         import type {{ RoomFile }} from \"party-client\";\n\n\
         {types}\
         export const LIMITS = {{\n  contentBytes: {MAX_CONTENT_BYTES},\n  userChars: {MAX_USER_CHARS},\n  \
         idChars: {MAX_ID_CHARS},\n  roomNameChars: {MAX_ROOM_NAME_CHARS},\n  \
         topicChars: {MAX_TOPIC_CHARS},\n  pins: {MAX_PINS},\n  frameBytes: {MAX_FRAME_BYTES},\n}} as const;\n"
    );
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
