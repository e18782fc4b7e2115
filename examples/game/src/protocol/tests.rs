//! What is read and what is not, and the TypeScript types that follow from it.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;

fn code(frame: impl Into<Message>) -> Option<ErrorCode> {
    ClientFrame::read(&frame.into()).err().map(|refusal| refusal.code)
}

#[test]
fn the_three_frames_are_read_and_nothing_else() {
    for frame in [r#"{"type":"shuffle"}"#, r#"{"type":"ready"}"#, r#"{"type":"fire","cell":63}"#] {
        assert_eq!(code(frame), None, "{frame}");
    }
    let long = format!(r#"{{"type":"ready","more":"{}"}}"#, "x".repeat(MAX_FRAME_BYTES));
    for frame in ["", "{", "[]", r#"{"type":"cheat"}"#, r#"{"type":"fire","cell":-1}"#, &long] {
        assert_eq!(code(frame), Some(ErrorCode::BadFrame), "{frame}");
    }
    assert_eq!(code(vec![1, 2, 3]), Some(ErrorCode::BadFrame));
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

/// The protocol in TypeScript.
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
        Refusal::decl(&config),
        ErrorCode::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let head = "// The wire of page and room. Generated from src/protocol.rs by `cargo test -p game`.";
    let text = format!("{head}\n\n{}\n", types.trim_end());
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
