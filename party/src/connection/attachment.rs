//! The data that is kept with a socket and survives the room's memory: the connection's id, address and state.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::message::frame;
use crate::sorted::Sorted;
use crate::timestamp::Timestamp;

/// The most that can be kept with a socket
/// ([`serializeAttachment`](https://developers.cloudflare.com/durable-objects/api/websockets/)).
const MAX_BYTES: usize = 16_384;

/// An upper bound of what the platform's own encoding adds to a byte array.
const ENVELOPE_BYTES: usize = 64;

/// The largest JSON of the framework's own part and the app's state together, in bytes.
pub(crate) const MAX_JSON_BYTES: usize = MAX_BYTES - ENVELOPE_BYTES - MAGIC.len();

/// The longest address of a connection, as it is [kept](kept_bytes), so that at least 12,000 bytes remain for its
/// state.
pub(crate) const MAX_URI_BYTES: usize = 3_072;

/// The first bytes of what the framework keeps, with the version of what follows.
const MAGIC: &[u8] = b"party/1 ";

/// The first bytes of what any release of the framework keeps. A socket without them was accepted by somebody else.
const OURS: &[u8] = b"party/";

/// The attachment that was read from a socket.
pub(crate) enum Kept {
    /// One that this build can read.
    Readable(Attachment),
    /// One of another build of the framework, which this one cannot read.
    Unreadable,
    /// Nothing, or something of somebody else's.
    Foreign,
}

/// Returns how many bytes an address has where it is kept, with what it takes to escape characters in it and in the
/// connection's id.
pub(crate) fn kept_bytes(uri: &str, id: &str) -> usize {
    let escape = |byte: u8| match byte {
        b'"' | b'\\' => 1,
        0..0x20 => 5,
        _ => 0,
    };
    uri.bytes().chain(id.bytes()).map(escape).fold(uri.len(), usize::saturating_add)
}

/// The data that is kept with a socket.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) uri: String,
    /// The time of the client's last sign of life, as far as it was known when this was kept.
    #[serde(default)]
    pub(crate) seen: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub(crate) state: Option<Box<RawValue>>,
    /// The data that each part of [`parts`](crate::parts) keeps with the connection, by the part's name.
    #[serde(default, skip_serializing_if = "Shares::is_empty")]
    pub(crate) parts: Shares,
}

/// Returns a state that is there, also one that is `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::deserialize(deserializer).map(Some)
}

/// The data of parts with a connection, by their names.
#[derive(Clone, Default)]
pub(crate) struct Shares(Sorted<Cow<'static, str>, Box<RawValue>>);

impl Shares {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, part: &str) -> Option<&RawValue> {
        self.0.get(part).map(|share| &**share)
    }

    /// Removes what a part keeps. Returns whether there was anything.
    pub(crate) fn remove(&mut self, part: &str) -> bool {
        self.0.remove(part).is_some()
    }

    pub(crate) fn insert(&mut self, part: &'static str, share: Box<RawValue>) {
        self.0.insert(Cow::Borrowed(part), share);
    }
}

impl Serialize for Shares {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Shares {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Shares;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("what parts keep")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut shares = Shares::default();
                while let Some((part, share)) = map.next_entry::<String, _>()? {
                    shares.0.insert(Cow::Owned(part), share);
                }
                Ok(shares)
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl Attachment {
    /// Returns the bytes to keep.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] when the state is larger than what can be kept.
    pub(crate) fn encode(&self) -> Result<Vec<u8>> {
        let mut bytes = MAGIC.to_vec();
        serde_json::to_writer(&mut bytes, self)
            .map_err(|error| Error::caused(ErrorKind::Json, "the connection's state is not JSON", error))?;
        let len = bytes.len().saturating_sub(MAGIC.len());
        if len > MAX_JSON_BYTES {
            let state = self.state.as_ref().map_or(0, |state| state.get().len());
            let room = MAX_JSON_BYTES.saturating_sub(len.saturating_sub(state));
            let text = format!("a connection's state has {state} bytes as JSON, this one can keep {room}");
            return Err(Error::new(ErrorKind::TooLarge, text));
        }
        Ok(bytes)
    }

    /// Reads what was kept.
    pub(crate) fn decode(bytes: &[u8]) -> Kept {
        if !bytes.starts_with(OURS) {
            return Kept::Foreign;
        }
        match bytes.strip_prefix(MAGIC).and_then(|json| frame::of_bytes(json).ok()) {
            Some(attachment) => Kept::Readable(attachment),
            None => Kept::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_state(json: &str) -> Attachment {
        let state = Some(RawValue::from_string(json.to_owned()).unwrap());
        Attachment {
            id: "me".into(),
            uri: "https://x/parties/chat/lobby".into(),
            seen: Timestamp::UNIX_EPOCH,
            state,
            parts: Shares::default(),
        }
    }

    #[test]
    fn an_attachment_is_read_back() {
        let kept = Attachment::decode(&with_state(r#"{"name":"Zoë"}"#).encode().unwrap());
        let Kept::Readable(kept) = kept else { panic!("it cannot be read") };
        assert_eq!((kept.id.as_str(), kept.uri.as_str()), ("me", "https://x/parties/chat/lobby"));
        assert_eq!(kept.state.unwrap().get(), r#"{"name":"Zoë"}"#);
    }

    #[test]
    fn a_state_of_null_is_a_state() {
        let kept = Attachment::decode(&with_state("null").encode().unwrap());
        let Kept::Readable(kept) = kept else { panic!("it cannot be read") };
        assert_eq!(kept.state.unwrap().get(), "null");
    }

    #[test]
    fn an_attachment_of_other_code_is_left_alone() {
        for foreign in [b"".as_slice(), b"{}", b"party", b"PARTY/1 {}", b" party/1 {}"] {
            assert!(matches!(Attachment::decode(foreign), Kept::Foreign));
        }
    }

    #[test]
    fn an_attachment_of_another_build_is_recognised_but_not_read() {
        for other in [
            b"party/1".as_slice(),
            b"party/1 {}",
            b"party/1 {\"id\":\"a\"",
            b"party/1 \xff",
            b"party/2 {\"id\":\"a\",\"uri\":\"b\"}",
        ] {
            assert!(matches!(Attachment::decode(other), Kept::Unreadable));
        }
    }

    #[test]
    fn a_state_that_does_not_fit_is_refused_with_both_numbers() {
        let error = with_state(&format!("\"{}\"", "a".repeat(17_000))).encode().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.to_string().contains("17002 bytes"), "{error}");
    }

    #[test]
    fn a_state_of_12000_bytes_fits_with_the_longest_id_and_address() {
        let state = Some(RawValue::from_string(format!("\"{}\"", "a".repeat(11_998))).unwrap());
        let (id, uri) = ("é".repeat(256), "u".repeat(MAX_URI_BYTES));
        let kept = Attachment { id, uri, seen: Timestamp::MAX, state, parts: Shares::default() };
        assert!(kept.encode().is_ok());
    }
    #[test]
    fn an_attachment_takes_no_more_than_what_is_kept() {
        let kept = Attachment { state: None, ..with_state("7") }.encode().unwrap();
        let expected = br#"party/1 {"id":"me","uri":"https://x/parties/chat/lobby","seen":0}"#;
        assert_eq!(str::from_utf8(&kept), str::from_utf8(expected));
    }

    #[test]
    fn the_largest_state_fits_and_one_byte_more_does_not() {
        let alone = with_state("\"\"").encode().unwrap().len() - MAGIC.len();
        let state = |bytes: usize| with_state(&format!("\"{}\"", "a".repeat(bytes)));
        assert!(state(MAX_JSON_BYTES - alone).encode().is_ok());
        assert!(state(MAX_JSON_BYTES - alone + 1).encode().is_err());
    }
}
