//! Which frames of a client can be read, and the TypeScript types of the protocol.

use std::path::Path;

use ts_rs::{Config, TS};

use super::*;
use crate::Message;
use crate::parts::files::File;
use crate::parts::search::Found;

type Read = ClientFrame<String, u8, bool>;

fn frames(text: &str) -> Result<Vec<Result<Read>>> {
    read(&Message::from(text), 65_536)
}

/// Returns the frame of a text that has one.
fn frame(text: &str) -> Result<Read> {
    let mut frames = frames(text)?;
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

/// Returns the code with which a whole text is refused.
fn text_code(message: impl Into<Message>) -> ErrorCode {
    let error = read::<String, u8, bool>(&message.into(), 9).unwrap_err();
    assert_eq!(error.id(), None);
    error.code()
}

#[test]
fn every_frame_of_a_client_is_read() {
    let texts = [
        r#"{"type":"append","id":"1","body":"hello"}"#,
        r#"{"type":"edit","id":"2","target":1,"body":"hello all"}"#,
        r#"{"type":"delete","id":"3","target":1}"#,
        r#"{"type":"history","id":"5","before":20}"#,
        r#"{"type":"history","id":"6","after":20}"#,
        r#"{"type":"ephemeral","kind":"typing","data":7}"#,
        r#"{"type":"ephemeral","kind":"typing","end":true}"#,
        r#"{"type":"ephemeral","id":"8","kind":"typing"}"#,
        r#"{"type":"presence","id":"9","data":7}"#,
        r#"{"type":"command","id":"10","data":true}"#,
        r#"{"type":"moderate","id":"11","action":"mute","member":"m1","seconds":600}"#,
        r#"{"type":"token","id":"12","token":"t"}"#,
    ];
    for text in texts {
        assert_eq!(serde_json::to_string(&frame(text).unwrap()).unwrap(), text);
    }
    let all = frames(&format!("[{}]", texts.join(","))).unwrap();
    assert!(all.len() == texts.len() && all.iter().all(Result::is_ok), "{all:?}");
}

#[test]
fn fields_that_are_not_known_are_ignored_and_their_order_does_not_matter() {
    let text = r#"{"body":"x","more":[1],"id":"1","type":"append"}"#;
    assert!(matches!(frame(text), Ok(ClientFrame::Append { .. })));
}

#[test]
fn a_frame_with_a_number_in_place_of_a_word_is_refused_by_its_id_and_the_others_count() {
    let wrong = r#"{"type":"moderate","id":"1","action":7,"member":"m1"}"#;
    let right = r#"{"type":"append","id":"2","body":"x"}"#;
    for text in [wrong.to_owned(), format!("[{wrong},{right}]")] {
        let error = frames(&text).unwrap().remove(0).unwrap_err();
        assert_eq!((error.code(), error.id()), (ErrorCode::INVALID, Some("1")));
    }
    assert!(frames(&format!("[{wrong},{right}]")).unwrap()[1].is_ok());
}

#[test]
fn invalid_texts_and_frames_have_different_codes() {
    assert_eq!(text_code(vec![1]), ErrorCode::BINARY);
    assert_eq!(text_code("0123456789"), ErrorCode::TOO_LONG);
    assert_eq!(text_code("hello"), ErrorCode::NOT_JSON);
    assert_eq!(text_code("[1,"), ErrorCode::NOT_JSON);
    assert_eq!(frames(r#"{"type":"append""#).unwrap_err().code(), ErrorCode::NOT_JSON);
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
        r#"{"type":"edit","id":"1","target":1.5,"body":"x"}"#,
        r#"{"type":"ephemeral"}"#,
        r#"{"type":"history"}"#,
        r#"{"type":"presence","data":7}"#,
        r#"{"type":"presence","id":"1"}"#,
        r#"{"type":"command","id":"1","data":7}"#,
        r#"{"type":"token","token":"t"}"#,
        r#"{"type":"moderate","id":"1","action":"praise","member":"m1"}"#,
        "[{}]",
    ] {
        assert_eq!(frame(text).unwrap_err().code(), ErrorCode::INVALID, "{text}");
    }
}

#[test]
fn an_error_names_the_frame_if_its_id_can_be_read() {
    let id = |text: &str| frame(text).unwrap_err().id().map(str::to_owned);
    assert_eq!(id(r#"{"type":"append","id":"7"}"#).as_deref(), Some("7"));
    assert_eq!(id(r#"{"type":"append","id":"7","body":7}"#).as_deref(), Some("7"));
    assert_eq!(id(r#"{"type":"praise","id":"7"}"#).as_deref(), Some("7"));
    assert_eq!(id(r#"{"type":"append"}"#), None);
    assert_eq!(id(r#"{"type":"append","id":7}"#), None);
}

#[test]
fn each_frame_of_an_array_is_refused_on_its_own() {
    let text = r#"[{"type":"delete","id":"1","target":1},{"type":"append","id":"2","body":7},7,
        {"type":"ephemeral","kind":"","id":"3"},{"type":"delete","id":"4","target":4}]"#;
    let read = frames(text).unwrap();
    let ids: Vec<_> =
        read.iter().map(|frame| frame.as_ref().map_err(Error::id).map(ClientFrame::id)).collect();
    assert_eq!(ids, [Ok(Some("1")), Err(Some("2")), Err(None), Err(Some("3")), Ok(Some("4"))]);
}

#[test]
fn a_number_that_is_not_exact_is_refused_by_name() {
    for field in ["target", "before", "after", "seconds"] {
        let read = |number: u64| {
            let kind = match field {
                "target" => r#""delete""#,
                "seconds" => r#""moderate","action":"mute","member":"m1""#,
                _ => r#""history""#,
            };
            frame(&format!(r#"{{"type":{kind},"id":"1","{field}":{number}}}"#))
        };
        assert!(read((1 << 53) - 1).is_ok(), "{field}");
        for number in [1 << 53, u64::MAX] {
            let error = read(number).unwrap_err();
            assert_eq!((error.code(), error.id()), (ErrorCode::INVALID, Some("1")));
            assert!(error.public_text().contains(&format!("`{field}`")), "{error}");
        }
    }
}

#[test]
fn limits_are_inclusive() {
    let append = |id: &str| frame(&format!(r#"{{"type":"append","id":"{id}","body":"x"}}"#));
    assert!(append(&"é".repeat(64)).is_ok());
    assert!(append(&"é".repeat(65)).is_err());
    assert!(append("a\\u0000b").is_err());
    let kick = |member: &str| {
        frame(&format!(r#"{{"type":"moderate","id":"1","action":"kick","member":"{member}"}}"#)).map(drop)
    };
    assert!(kick(&"m".repeat(128)).is_ok());
    for member in ["m".repeat(129), String::new()] {
        assert_eq!(kick(&member).unwrap_err().code(), ErrorCode::INVALID);
    }
    let event = |kind: &str| frame(&format!(r#"{{"type":"ephemeral","kind":"{kind}"}}"#));
    assert!(event(&"k".repeat(32)).is_ok());
    assert!(event(&"k".repeat(33)).is_err() && event("").is_err());
    let many = |n: usize| frames(&format!("[{}]", vec![r#"{"type":"history","id":"1"}"#; n].join(",")));
    assert_eq!(many(64).unwrap().len(), 64);
    assert_eq!(many(65).unwrap_err().code(), ErrorCode::TOO_LONG);
    assert!(many(0).unwrap().is_empty());
}

#[test]
fn a_deleted_item_and_a_deletion_have_no_body_and_what_is_absent_is_not_written() {
    let entry: Entry = Entry {
        seq: 3,
        id: "1".into(),
        author: "m1".into(),
        at: Timestamp::from_millis(5),
        target: Some(1),
        edited: None,
        deleted_by: None,
        body: None,
    };
    let text = r#"{"type":"entry","seq":3,"id":"1","author":"m1","at":5,"target":1}"#;
    assert_eq!(serde_json::to_string(&ServerFrame::<Json, ()>::Entry(entry)).unwrap(), text);
    let read: ServerFrame<String, u8> = serde_json::from_str(text).unwrap();
    assert!(matches!(read, ServerFrame::Entry(Entry { target: Some(1), body: None, .. })));
}

#[test]
fn the_typescript_types_match_the_frames() {
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

/// Returns the frames in TypeScript.
fn typescript() -> String {
    let config = Config::new();
    let types = [
        ServerFrame::<u8, u8>::decl(&config),
        Welcome::<u8, u8>::decl(&config),
        You::decl(&config),
        Role::decl(&config),
        Entry::<u8>::decl(&config),
        Ack::decl(&config),
        Probe::decl(&config),
        Page::<u8>::decl(&config),
        Found::<u8>::decl(&config),
        File::decl(&config),
        Roster::<u8>::decl(&config),
        Member::<u8>::decl(&config),
        EphemeralEvent::decl(&config),
        Answer::decl(&config),
        AppData::decl(&config),
        ErrorFrame::decl(&config),
        ErrorCode::decl(&config),
        ClientFrame::<u8, u8, u8>::decl(&config),
        Action::decl(&config),
        Json::decl(&config),
    ];
    let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
    let text = format!(
        "// The frames between a client and a room: `B` is the body of an entry, `D` the presence data of a member, `C` a command.\n\
         // Generated from party/src/parts/wire.rs by `cargo test -p party`; docs/protocol.md specifies them.\n\n\
         export const VERSION = \"{VERSION}\";\n\n{}",
        types.trim_end()
    );
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn a_text_may_have_as_many_bytes_as_a_frame_may() {
    let text = r#"{"type":"probe","id":"1"}"#;
    let read = |most: usize| read::<String, u8, bool>(&Message::from(text), most).is_ok();
    assert!(read(text.len()) && !read(text.len() - 1));
}
