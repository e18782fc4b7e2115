//! Attachments of sockets: any data is read back unchanged, and foreign attachments do no harm.

use serde_json::value::{RawValue, to_raw_value};

use super::{Input, for_each};
use crate::connection::attachment::{Attachment, Kept, MAX_JSON_BYTES, Shares};
use crate::{ErrorKind, Timestamp};

fn raw(input: &mut Input<'_>) -> Box<RawValue> {
    to_raw_value(&input.json()).unwrap()
}

fn attachment(input: &mut Input<'_>) -> Attachment {
    let mut parts = Shares::default();
    for part in ["identity", "presence", "channel"] {
        if input.once_in(2) {
            parts.insert(part, raw(input));
        }
    }
    let state = match input.below(4) {
        0 => None,
        1 => Some(to_raw_value(&"\u{1}x".repeat(input.below(4_000))).unwrap()),
        _ => Some(raw(input)),
    };
    Attachment {
        id: input.text(),
        uri: input.text(),
        seen: Timestamp::from_millis(input.number()),
        state,
        parts,
    }
}

fn read(bytes: &[u8]) -> Option<Attachment> {
    match Attachment::decode(bytes) {
        Kept::Readable(kept) => Some(kept),
        Kept::Unreadable | Kept::Foreign => None,
    }
}

/// Returns all of an attachment, to be compared.
fn all(kept: &Attachment) -> String {
    serde_json::to_string(kept).unwrap()
}

#[test]
fn an_attachment_is_read_back_unchanged_or_does_not_fit() {
    for_each(|input| {
        let kept = attachment(input);
        match kept.encode() {
            Ok(bytes) => {
                assert!(bytes.len() <= 16_384);
                assert_eq!(all(&read(&bytes).unwrap()), all(&kept));
            }
            Err(error) => {
                assert!(error.kind() == ErrorKind::TooLarge && all(&kept).len() > MAX_JSON_BYTES, "{error}");
            }
        }
    });
}

#[test]
fn bytes_that_were_changed_are_read_as_what_they_say_or_not_at_all() {
    for_each(|input| {
        let whole = format!("party/1 {}", all(&attachment(input)));
        let damaged = input.damaged(whole, 1);
        let mut bytes = damaged.into_bytes();
        if input.once_in(4) {
            bytes.push(0xff);
        }
        if let Some(kept) = read(&bytes) {
            assert!(bytes.starts_with(b"party/1 "));
            if let Ok(again) = kept.encode() {
                assert_eq!(all(&read(&again).unwrap()), all(&kept));
            }
        }
    });
}
