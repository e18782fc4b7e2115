//! Valid and invalid frames, and the TypeScript types of the protocol.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;

fn code(frame: impl Into<Message>) -> Option<ErrorCode> {
    ClientFrame::read(&frame.into()).err().map(|error| error.code())
}

#[test]
fn the_three_frames_are_read_and_nothing_else() {
    for frame in [r#"{"type":"shuffle"}"#, r#"{"type":"ready"}"#, r#"{"type":"fire","cell":63}"#] {
        assert_eq!(code(frame), None, "{frame}");
    }
    let long = format!(r#"{{"type":"ready","more":"{}"}}"#, "x".repeat(MAX_FRAME_BYTES));
    for frame in ["", "{"] {
        assert_eq!(code(frame), Some(ErrorCode::NOT_JSON), "{frame}");
    }
    for frame in ["[]", r#"{"type":"cheat"}"#, r#"{"type":"fire","cell":-1}"#] {
        assert_eq!(code(frame), Some(ErrorCode::INVALID), "{frame}");
    }
    assert_eq!(code(long), Some(ErrorCode::TOO_LONG));
    assert_eq!(code(vec![1, 2, 3]), Some(ErrorCode::BINARY));
}

#[test]
fn an_illegal_move_has_a_code_of_its_own_and_a_text_for_its_player() {
    let all = [
        (Illegal::NotNow, "not_now"),
        (Illegal::NotYourTurn, "not_your_turn"),
        (Illegal::OffBoard, "off_board"),
        (Illegal::Repeated, "repeated"),
    ];
    for (illegal, code) in all {
        let error = Error::from(illegal);
        assert_eq!((error.code().as_str(), error.public_text()), (code, illegal.to_string().as_str()));
    }
}

#[test]
fn the_pages_types_are_those_of_the_protocol() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/protocol.ts");
    let generated = typescript();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let hint = "run `UPDATE_GENERATED=1 cargo test -p game` and commit the result";
    assert_eq!(kept.replace("\r\n", "\n"), generated, "{hint}");
}

/// The type of the error frame comes with the framework's own client.
const IMPORT: &str = r#"import type { ErrorFrame } from "party-client";"#;

/// Returns the protocol in TypeScript.
fn typescript() -> String {
    let config = Config::new();
    let types = [
        Side::decl(&config),
        Pair::<()>::decl(&config),
        Phase::decl(&config),
        ClientFrame::decl(&config),
        ServerFrame::decl(&config),
        View::decl(&config),
        Player::decl(&config),
        SeaView::decl(&config),
        Shot::decl(&config),
        Effect::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let head = "// The wire of page and room. Generated from src/protocol.rs by `cargo test -p game`.";
    let error = r#"{ "type": "error" } & ErrorFrame"#;
    let text = format!(
        "{head}\n\n{IMPORT}\n\n{types}/** Any frame that a page receives. */\n\
         export type Received = ServerFrame | {error};\n"
    );
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
