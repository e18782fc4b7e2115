//! What is read of a client and what is not, and the TypeScript types of the wire.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;
use crate::Message;

type Frame = ClientFrame<String, u8>;

fn frames(text: &str) -> Result<Vec<Frame>, Fault> {
    read(&Message::from(text), 65_536)
}

fn fault(text: &str) -> Fault {
    frames(text).unwrap_err()
}

#[test]
fn every_frame_of_a_client_is_read() {
    let texts = [
        r#"{"type":"append","id":"1","body":"hello"}"#,
        r#"{"type":"edit","id":"2","target":1,"body":"hello all"}"#,
        r#"{"type":"delete","id":"3","target":1}"#,
        r#"{"type":"history","before":20}"#,
        r#"{"type":"history","after":20}"#,
        r#"{"type":"ephemeral","kind":"typing","data":7}"#,
        r#"{"type":"ephemeral","kind":"typing","end":true}"#,
        r#"{"type":"presence","data":7}"#,
        r#"{"type":"moderate","action":"mute","member":"m1","seconds":600}"#,
        r#"{"type":"token","token":"t"}"#,
    ];
    for text in texts {
        let read = frames(text).unwrap();
        assert_eq!(serde_json::to_string(&read[0]).unwrap(), text);
    }
    assert_eq!(frames(&format!("[{}]", texts.join(","))).unwrap().len(), texts.len());
}

#[test]
fn fields_that_are_not_known_are_ignored_and_their_order_does_not_matter() {
    let text = r#"{"body":"x","more":[1],"id":"1","type":"append"}"#;
    assert!(matches!(frames(text).unwrap().as_slice(), [ClientFrame::Append { .. }]));
}

#[test]
fn what_is_no_frame_is_told_apart() {
    assert_eq!(read::<String, u8>(&Message::from(vec![1]), 9).unwrap_err().code, Code::Binary);
    assert_eq!(read::<String, u8>(&Message::from("0123456789"), 9).unwrap_err().code, Code::TooLarge);
    assert_eq!(fault("hello").code, Code::NotJson);
    assert_eq!(fault(r#"{"type":"append""#).code, Code::NotJson);
    for text in [
        "{}",
        "7",
        r#"{"type":"welcome"}"#,
        r#"{"type":"append","body":"x"}"#,
        r#"{"type":"append","id":"","body":"x"}"#,
        r#"{"type":"append","id":"1"}"#,
        r#"{"type":"append","id":"1","body":7}"#,
        r#"{"type":"edit","id":"1","body":"x"}"#,
        r#"{"type":"edit","id":"1","target":-1,"body":"x"}"#,
        r#"{"type":"ephemeral"}"#,
        r#"{"type":"moderate","action":"praise","member":"m1"}"#,
        r#"[{"type":"delete","id":"1","target":1},{}]"#,
    ] {
        assert_eq!(fault(text).code, Code::Invalid, "{text}");
    }
}

#[test]
fn a_refusal_names_the_entry_where_that_can_be_read() {
    assert_eq!(fault(r#"{"type":"append","id":"7"}"#).id.as_deref(), Some("7"));
    assert_eq!(fault(r#"{"type":"append","id":"7","body":7}"#).id.as_deref(), Some("7"));
    assert_eq!(fault(r#"{"type":"append"}"#).id, None);
}

#[test]
fn limits_are_inclusive() {
    let append = |id: &str| frames(&format!(r#"{{"type":"append","id":"{id}","body":"x"}}"#));
    assert!(append(&"é".repeat(64)).is_ok());
    assert!(append(&"é".repeat(65)).is_err());
    assert!(append("a\\u0000b").is_err());
    let kick = |member: &str| {
        frames(&format!(r#"{{"type":"moderate","action":"kick","member":"{member}"}}"#)).map(drop)
    };
    assert!(kick(&"m".repeat(128)).is_ok());
    for member in ["m".repeat(129), String::new()] {
        assert_eq!(kick(&member).unwrap_err().code, Code::Invalid);
    }
    let many = |n: usize| frames(&format!("[{}]", vec![r#"{"type":"history"}"#; n].join(",")));
    assert_eq!(many(64).unwrap().len(), 64);
    assert_eq!(many(65).unwrap_err().code, Code::TooLarge);
    assert!(many(0).unwrap().is_empty());
}

#[test]
fn a_deleted_item_and_a_deletion_have_no_body_and_what_is_absent_is_not_written() {
    let entry: Entry = Entry {
        seq: 3,
        id: "1".into(),
        author: "m1".into(),
        at: 5,
        target: Some(1),
        edited: None,
        body: None,
    };
    let text = r#"{"type":"entry","seq":3,"id":"1","author":"m1","at":5,"target":1}"#;
    assert_eq!(serde_json::to_string(&ServerFrame::<Json, ()>::Entry(entry)).unwrap(), text);
    let read: ServerFrame<String, u8> = serde_json::from_str(text).unwrap();
    assert!(matches!(read, ServerFrame::Entry(Entry { target: Some(1), body: None, .. })));
}

#[test]
fn the_types_of_typescript_are_those_of_the_wire() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../party-client/src/wire.ts");
    let generated = typescript();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept.replace("\r\n", "\n"),
        generated,
        "run `UPDATE_GENERATED=1 cargo test -p party` and commit the result"
    );
}

/// The wire in TypeScript.
fn typescript() -> String {
    let config = Config::new();
    let types = [
        ServerFrame::<u8, u8>::decl(&config),
        Welcome::<u8, u8>::decl(&config),
        You::decl(&config),
        Role::decl(&config),
        Entry::<u8>::decl(&config),
        Ack::decl(&config),
        Page::<u8>::decl(&config),
        Roster::<u8>::decl(&config),
        Member::<u8>::decl(&config),
        Moment::decl(&config),
        Fault::decl(&config),
        Code::decl(&config),
        ClientFrame::<u8, u8>::decl(&config),
        Action::decl(&config),
        Json::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let text = format!(
        "// The wire between a client and a room of parts: `B` is the body of an entry, `D` what a member shows of itself. Generated\n\
         // from party/src/parts/wire.rs by `cargo test -p party`; docs/protocol.md says what it means.\n\n{}",
        types.trim_end()
    );
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
