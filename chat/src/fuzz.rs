//! Fuzz targets of the chat: names, texts, the frames of the original protocol, and a whole room. See
//! `party/src/fuzz.rs`.

#[path = "../../party/src/fuzz/input.rs"]
mod input;

use party::{ErrorCode, Message};
use serde_json::{Value, json};

use self::input::{Input, for_each};

use crate::original::ClientFrame;
use crate::protocol::{
    MAX_CONTENT_BYTES, MAX_ID_CHARS, MAX_USER_CHARS, MessageBody, NAMES, Role, check_content,
};
use crate::room;

/// The letters of reserved names, each with what looks like it.
const ALIKE: &[(char, &[char])] = &[
    ('a', &['a', 'A', 'а', 'Α', 'ａ', '@', '4']),
    ('d', &['d', 'D', 'ԁ']),
    ('e', &['e', 'E', 'е', 'Ε', '3']),
    ('i', &['i', 'I', 'і', 'ı', '1', '!']),
    ('m', &['m', 'M', 'М']),
    ('n', &['n', 'N', 'Ν']),
    ('o', &['o', 'O', 'о', 'Ο', '0']),
    ('r', &['r', 'R', 'г']),
    ('s', &['s', 'S', 'ѕ', '5', '$']),
    ('t', &['t', 'T', 'т', 'Τ', '7']),
    ('y', &['y', 'Y', 'у', 'Υ']),
];

fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{10ffff}')
}

#[test]
fn a_name_that_is_accepted_can_be_seen_and_is_used_as_it_was_checked() {
    for_each(|input| {
        let text = input.text();
        match NAMES.check(&text) {
            Ok(name) => {
                assert_eq!(name, text.trim());
                assert_eq!(NAMES.check(&name).unwrap(), name);
                assert!((1..=MAX_USER_CHARS).contains(&name.chars().count()), "{name:?}");
                assert!(!name.chars().any(|char| char.is_control() || is_invisible(char)), "{name:?}");
            }
            Err(error) => {
                assert!(error.is_public() && error.code() == ErrorCode::INVALID, "{text:?}: {error}")
            }
        }
    });
}

#[test]
fn a_name_that_looks_like_the_rooms_own_is_refused() {
    for_each(|input| {
        let reserved = input.one(&["admin", "administrator", "moderator", "moderators", "system", "theroom"]);
        let mut name = String::new();
        for letter in reserved.chars() {
            let alike = ALIKE.iter().find(|(of, _)| *of == letter).map(|(_, alike)| *alike);
            name.push(alike.map_or(letter, |alike| input.one(alike)));
            name.push_str(
                input.one(&[
                    "", "", "", " ", ".", "-", "_", "\u{301}", "\u{200d}", "\u{fe0f}", "\u{2003}", "·",
                ]),
            );
        }
        assert!(NAMES.check(&name).is_err(), "{name:?}");
    });
}

#[test]
fn a_text_that_is_accepted_fits_where_it_is_stored() {
    for_each(|input| {
        let text = input.text();
        match check_content(&text, false) {
            Ok(()) => {
                assert!(text.len() <= MAX_CONTENT_BYTES && !text.trim().is_empty());
                let user = "é".repeat(MAX_USER_CHARS);
                let body = MessageBody {
                    content: text.clone(),
                    user,
                    role: Role::User,
                    reply_to: None,
                    file: None,
                    edited: false,
                    reactions: Vec::new(),
                };
                let json = serde_json::to_string(&body).unwrap();
                assert!(json.len() <= 2 * MAX_CONTENT_BYTES + 400, "{} bytes", json.len());
                assert_eq!(serde_json::from_str::<MessageBody>(&json).unwrap(), body);
            }
            Err(error) => {
                let codes = [ErrorCode::EMPTY, ErrorCode::TOO_LARGE, ErrorCode::INVALID];
                assert!(error.is_public() && codes.contains(&error.code()), "{text:?}: {error}");
            }
        }
    });
}

/// Returns a frame of the original protocol that is nearly right.
fn frame(input: &mut Input<'_>) -> Value {
    const TYPES: &[(&str, &[&str])] = &[
        ("add", &["id", "content", "user", "role"]),
        ("update", &["id", "content", "user", "role"]),
        ("all", &["messages"]),
    ];
    input.frame(TYPES, &mut |input, name| match name {
        "role" => json!(input.one(&["user", "user", "user", "assistant", "User"])),
        "user" if !input.once_in(3) => json!(format!(" Ada {} ", input.text())),
        "id" if !input.once_in(3) => json!(format!("i{}", input.below(10))),
        _ => json!(input.text()),
    })
}

#[test]
fn a_frame_of_the_original_protocol_keeps_every_limit_or_is_refused() {
    for_each(|input| {
        let text = frame(input).to_string();
        let text = input.damaged(text, 4);
        let sent: Option<Value> = serde_json::from_str(&text).ok();
        let message =
            if input.once_in(20) { Message::Binary(text.into_bytes()) } else { Message::Text(text) };
        match ClientFrame::read(&message) {
            Ok(frame) => {
                let message = crate::original::Message::from(frame);
                assert!((1..=MAX_ID_CHARS).contains(&message.id.chars().count()), "{message:?}");
                assert!(
                    !message.id.contains(char::is_control) && !message.id.trim().is_empty(),
                    "{message:?}"
                );
                assert_eq!(NAMES.check(&message.user).unwrap(), message.user);
                assert!(
                    check_content(&message.content, false).is_ok() && message.role == Role::User,
                    "{message:?}"
                );
            }
            Err(error) => {
                assert!(error.is_public() && error.close_code().is_none(), "{error:?}");
                if let (Some(id), Some(sent)) = (error.id(), sent) {
                    assert_eq!(sent["id"].as_str(), Some(id));
                }
            }
        }
    });
}

#[test]
fn a_chat_does_not_fail_whatever_clients_of_both_protocols_send() {
    for_each(|input| room::tests::nonsense::run(input.number()));
}

#[test]
fn a_chat_ends_with_the_same_log_for_all_whatever_happens() {
    for_each(|input| room::tests::schedules::run(input.number()));
}
