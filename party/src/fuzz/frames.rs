//! Frames of clients: version 2 of the protocol, and those that `#[derive(Frame)]` reads.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Input, assert_public, for_each};
use crate::parts::wire::{self, ClientFrame, Json, MAX_FRAMES};
use crate::{ErrorCode, Message};

/// The longest text that these tests accept.
const MAX_BYTES: usize = 4_096;

const MAX_EXACT: u64 = 9_007_199_254_740_991;

/// The types of version 2, with their fields.
pub(crate) const TYPES: &[(&str, &[&str])] = &[
    ("append", &["id", "body"]),
    ("edit", &["id", "target", "body"]),
    ("delete", &["id", "target"]),
    ("command", &["id", "data"]),
    ("history", &["id", "before"]),
    ("history", &["id", "after"]),
    ("ephemeral", &["id", "kind", "data", "end"]),
    ("presence", &["id", "data"]),
    ("moderate", &["id", "action", "member", "seconds"]),
    ("token", &["id", "token"]),
    ("probe", &["id"]),
    ("welcome", &["id"]),
];

fn field(input: &mut Input<'_>, name: &str) -> Value {
    match name {
        "target" | "before" | "after" | "seconds" => json!(input.number()),
        "end" => json!(input.once_in(2)),
        "action" => {
            json!(input.one(&["kick", "ban", "unban", "mute", "unmute", "appoint", "dismiss", "Kick"]))
        }
        "body" | "data" => input.json(),
        "id" if !input.once_in(4) => json!(format!("f{}", input.below(100))),
        _ => json!(input.text()),
    }
}

/// Returns a frame of version 2 that is nearly right.
pub(crate) fn frame(input: &mut Input<'_>) -> Value {
    input.frame(TYPES, &mut field)
}

/// Returns a text that a client may send, perhaps damaged.
fn text(input: &mut Input<'_>) -> String {
    match input.below(8) {
        0 => input.text(),
        1 => input.json().to_string(),
        2 => {
            let few = [1, 2, 63, 64, 65];
            let frames = vec![frame(input); input.one(&few)];
            json!(frames).to_string()
        }
        3 | 4 => {
            let frames = input.several(6, frame);
            let text = json!(frames).to_string();
            input.damaged(text, 4)
        }
        _ => {
            let text = frame(input).to_string();
            input.damaged(text, 4)
        }
    }
}

/// Returns the frames of a text that is JSON: as many as there are, each as a tree if it can be one.
fn trees(text: &str) -> Vec<Option<Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Array(all)) => all.into_iter().map(Some).collect(),
        Ok(one) => vec![Some(one)],
        Err(_) => Vec::new(),
    }
}

/// The values of all fields named `id` of a frame: JSON allows several.
struct Ids(Vec<Value>);

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Ids;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Ids, A::Error> {
                let mut ids = Vec::new();
                while let Some((name, value)) = fields.next_entry::<String, Value>()? {
                    if name == "id" {
                        ids.push(value);
                    }
                }
                Ok(Ids(ids))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// Returns the ids of each frame of a text; `None` for a frame that is not a tree that JSON can have.
fn ids(text: &str) -> Vec<Option<Vec<Value>>> {
    let one = |_| serde_json::from_str(text).map(|one| vec![one]);
    let frames: Vec<&RawValue> = serde_json::from_str(text).or_else(one).unwrap_or_default();
    frames.iter().map(|frame| serde_json::from_str(frame.get()).ok().map(|Ids(ids)| ids)).collect()
}

fn assert_within_limits<B, D, C>(frame: &ClientFrame<B, D, C>) {
    if let Some(id) = frame.id() {
        assert!((1..=64).contains(&id.chars().count()) && !id.contains(char::is_control), "{id:?}");
        assert!(!id.trim().is_empty(), "{id:?}");
    }
    let numbers = match frame {
        ClientFrame::Edit { target, .. } | ClientFrame::Delete { target, .. } => [Some(*target), None],
        ClientFrame::History { before, after, .. } => [*before, *after],
        ClientFrame::Moderate { seconds, member, .. } => {
            assert!((1..=128).contains(&member.len()));
            [*seconds, None]
        }
        ClientFrame::Ephemeral { kind, .. } => {
            assert!((1..=32).contains(&kind.len()));
            [None, None]
        }
        _ => [None, None],
    };
    assert!(numbers.iter().flatten().all(|number| *number <= MAX_EXACT), "{numbers:?}");
}

#[test]
fn a_frame_that_is_read_keeps_the_limits_and_is_the_same_when_it_is_written_and_read_again() {
    for_each(|input| {
        let text = text(input);
        let message = Message::from(text.as_str());
        let frames = match wire::read::<Json, Json, Json>(&message, MAX_BYTES) {
            Ok(frames) => frames,
            Err(error) => {
                assert_public(&error, &[ErrorCode::NOT_JSON, ErrorCode::TOO_LONG]);
                assert_eq!(error.id(), None);
                return;
            }
        };
        assert!(text.len() <= MAX_BYTES && frames.len() <= MAX_FRAMES);
        let (trees, ids) = (trees(&text), ids(&text));
        for (at, frame) in frames.iter().enumerate() {
            match frame {
                Ok(frame) => {
                    assert_within_limits(frame);
                    let written = serde_json::to_string(frame).unwrap();
                    let again = wire::read::<Json, Json, Json>(&Message::from(written.as_str()), usize::MAX);
                    let again = again.unwrap().remove(0).unwrap();
                    assert_eq!(serde_json::to_string(&again).unwrap(), written);
                }
                Err(error) => {
                    assert_public(error, &[ErrorCode::INVALID]);
                    if let Some(Some(ids)) = ids.get(at) {
                        let is_named = |id: &str| ids.iter().any(|value| value.as_str() == Some(id));
                        let named = error.id().is_some_and(is_named);
                        match ids.as_slice() {
                            [id] if id.as_str().is_some_and(|id| !id.is_empty()) => {
                                assert!(named, "the error of a frame names it");
                            }
                            _ => assert!(named || error.id().is_none(), "{error:?} names another frame"),
                        }
                    }
                    assert!(
                        error.public_text().len() <= text.len().saturating_mul(3).saturating_add(300),
                        "{error}"
                    );
                }
            }
        }
        if !trees.is_empty() {
            assert_eq!(frames.len(), trees.len());
        }
    });
}

#[test]
fn the_types_of_an_apps_own_are_checked_frame_by_frame() {
    type Read = ClientFrame<String, u8, BTreeMap<String, bool>>;
    for_each(|input| {
        let text = text(input);
        let Ok(frames) =
            wire::read::<String, u8, BTreeMap<String, bool>>(&Message::from(text.as_str()), MAX_BYTES)
        else {
            return;
        };
        for (frame, tree) in frames.iter().zip(trees(&text)) {
            let (frame, Some(tree)): (&crate::Result<Read>, _) = (frame, tree) else { continue };
            match frame {
                Ok(ClientFrame::Append { id, body }) => {
                    assert_eq!((&tree["id"], &tree["body"]), (&json!(id), &json!(body)))
                }
                Ok(ClientFrame::Presence { data, .. }) => assert_eq!(tree["data"], json!(data)),
                Ok(ClientFrame::Command { data, .. }) => assert_eq!(tree["data"], json!(data)),
                Ok(_) => {}
                Err(error) => assert_public(error, &[ErrorCode::INVALID]),
            }
        }
    });
}

/// Frames of an app's own. A reader of serde's reads the same.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, crate::Frame)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Move {
    Join { name: String, color: Option<u8> },
    Step { x: i32, y: i32, name: Option<String> },
    Look { color: Vec<u8> },
    Leave {},
}

const MOVES: &[(&str, &[&str])] = &[
    ("join", &["name", "color"]),
    ("step", &["x", "y", "name"]),
    ("look", &["color"]),
    ("leave", &[]),
    ("Join", &["name"]),
];

fn has_others_field(frame: &Value) -> bool {
    let own =
        MOVES.iter().find(|(kind, _)| frame["type"] == *kind).map_or(&[] as &[&str], |(_, fields)| *fields);
    MOVES
        .iter()
        .flat_map(|(_, fields)| *fields)
        .any(|field| frame.get(*field).is_some() && !own.contains(field))
}

#[test]
fn a_derived_reader_reads_what_serde_reads() {
    for_each(|input| {
        let frame = input.frame(MOVES, &mut |input, name| match name {
            "x" | "y" => json!(input.one(&[0_i64, -1, 2_147_483_647, 2_147_483_648])),
            "color" if input.once_in(2) => json!(input.several(3, |input| input.below(300))),
            "color" => json!(input.below(300)),
            _ => json!(input.text()),
        });
        let derived = Message::from(frame.to_string()).read_frame::<Move>();
        let serdes = serde_json::from_value::<Move>(frame.clone());
        match (derived, serdes) {
            (Ok(derived), Ok(serdes)) => assert_eq!(derived, serdes, "{frame}"),
            (Err(error), Err(_)) => assert_public(&error, &[ErrorCode::INVALID]),
            // A field that only other frames have is read as theirs.
            (Err(error), Ok(_)) if has_others_field(&frame) => assert_public(&error, &[ErrorCode::INVALID]),
            (derived, serdes) => panic!("{frame} is {derived:?} and {serdes:?}"),
        }
    });
}
