//! The purpose of a request to an object, which the worker sends in headers of its own. No client can send them: the
//! router removes them.

use base64ct::{Base64, Encoding};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::error::{Error, ErrorKind, Result};
use crate::room::props::Props;

/// Carries a room's props, as JSON in base64, since a header cannot carry all of Unicode.
pub(crate) const PROPS_HEADER: &str = "x-partykit-props";

/// Carries the room's name to an object that was not addressed by it.
pub(crate) const ROOM_HEADER: &str = "x-partykit-room";

/// Asks the object to start, and nothing else.
pub(crate) const START_HEADER: &str = "x-partykit-start";

/// Marks a remote call.
pub(crate) const CALL_HEADER: &str = "x-partykit-call";

/// Marks a call between the objects of a large room.
pub(crate) const RELAY_HEADER: &str = "x-partykit-relay";

/// Carries the subprotocol of the app's own that the router has selected.
pub(crate) const SUBPROTOCOL_HEADER: &str = "x-partykit-subprotocol";

/// The purpose of a request, and its data.
#[derive(Default)]
pub(crate) struct Errand {
    pub(crate) kind: Kind,
    pub(crate) props: Props,
    pub(crate) room: Option<String>,
    /// The subprotocol of the app's own that the router has selected.
    pub(crate) subprotocol: Option<String>,
}

/// The purpose of a request.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A client's own affair: a request, or an upgrade.
    #[default]
    Visit,
    /// The room is to start.
    Start,
    /// A remote call.
    Call,
    /// A call between the objects of a large room.
    Relay,
}

/// Returns the answer to a client that belongs to another object of the room: one of this number of relays, or the
/// room's own if there are none. The router asks there.
pub(crate) fn moved(relays: u32) -> Error {
    Error::refuse(StatusCode::MISDIRECTED_REQUEST, relays.to_string())
}

/// Returns the number of relays that an answer tells of.
pub(crate) fn relays_of(status: u16, text: &str) -> Option<u32> {
    (status == StatusCode::MISDIRECTED_REQUEST.as_u16()).then(|| text.parse().ok()).flatten()
}

impl Kind {
    /// Returns the header that marks such a request; a client's own has none.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::Visit => None,
            Self::Start => Some(START_HEADER),
            Self::Call => Some(CALL_HEADER),
            Self::Relay => Some(RELAY_HEADER),
        }
    }
}

impl Errand {
    /// Takes the worker's headers off a request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when they are not what the worker would have written.
    pub(crate) fn take(headers: &mut HeaderMap) -> Result<Self> {
        let [start, call, relay] = [START_HEADER, CALL_HEADER, RELAY_HEADER].map(|name| headers.remove(name));
        let kind = match (start, call, relay) {
            (Some(_), ..) => Kind::Start,
            (None, Some(_), _) => Kind::Call,
            (None, None, Some(_)) => Kind::Relay,
            (None, None, None) => Kind::Visit,
        };
        let room = text(headers.remove(ROOM_HEADER));
        let subprotocol = headers.remove(SUBPROTOCOL_HEADER);
        let subprotocol = subprotocol.and_then(|name| name.to_str().ok().map(str::to_owned));
        let props = headers
            .remove(PROPS_HEADER)
            .map(|props| decode_props(props.to_str().unwrap_or_default()))
            .transpose()?;
        Ok(Self { kind, props: props.unwrap_or_default(), room, subprotocol })
    }
}

/// Returns the value of a header that may hold any Unicode: UTF-8, or one byte a character as JavaScript has headers.
fn text(value: Option<HeaderValue>) -> Option<String> {
    let bytes = value?.as_bytes().to_vec();
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect()),
    )
}

fn decode_props(header: &str) -> Result<Props> {
    let invalid = |error| Error::caused(ErrorKind::Invalid, "the props are not base64", error);
    let json = Base64::decode_vec(header).map_err(invalid)?;
    Props::from_json(&String::from_utf8_lossy(&json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(headers: &[(&'static str, &str)]) -> (HeaderMap, Result<Errand>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let errand = Errand::take(&mut map);
        (map, errand)
    }

    #[test]
    fn the_workers_headers_are_taken_off_and_the_clients_stay() {
        let props = Base64::encode_string(r#"{"name":"Zoë"}"#.as_bytes());
        let (rest, errand) = taken(&[(PROPS_HEADER, &props), (ROOM_HEADER, "lobby"), ("x-mine", "1")]);
        let errand = errand.unwrap();
        assert_eq!((errand.kind, errand.room.as_deref()), (Kind::Visit, Some("lobby")));
        assert_eq!(errand.props.get::<serde_json::Value>().unwrap().unwrap()["name"], "Zoë");
        assert_eq!(rest.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["x-mine"]);
    }

    #[test]
    fn a_told_name_may_hold_any_unicode() {
        for name in ["caf%C3%A9", "größer", "日本 🎌"] {
            assert_eq!(taken(&[(ROOM_HEADER, name)]).1.unwrap().room.as_deref(), Some(name));
        }
        let mut latin = HeaderMap::new();
        latin.insert(ROOM_HEADER, HeaderValue::from_bytes(b"caf\xe9").unwrap());
        assert_eq!(Errand::take(&mut latin).unwrap().room.as_deref(), Some("café"));
    }

    #[test]
    fn the_subprotocol_that_the_router_has_selected_is_taken_off() {
        let (rest, errand) = taken(&[(SUBPROTOCOL_HEADER, "chat.v2")]);
        assert_eq!((errand.unwrap().subprotocol.as_deref(), rest.len()), (Some("chat.v2"), 0));
    }

    #[test]
    fn a_start_and_a_call_are_told_from_a_visit() {
        assert_eq!(taken(&[]).1.unwrap().kind, Kind::Visit);
        assert_eq!(Kind::Visit.header(), None);
        for kind in [Kind::Start, Kind::Call, Kind::Relay] {
            assert_eq!(taken(&[(kind.header().unwrap(), "1")]).1.unwrap().kind, kind);
        }
    }

    /// Headers that routers of a release write, and their meaning.
    #[derive(serde::Deserialize)]
    struct Written {
        headers: std::collections::BTreeMap<String, String>,
        kind: String,
        room: Option<String>,
        props: Option<serde_json::Value>,
        subprotocol: Option<String>,
    }

    #[test]
    fn a_room_reads_what_routers_of_every_release_write() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/releases");
        for release in std::fs::read_dir(folder).unwrap() {
            let path = release.unwrap().path().join("headers.json");
            let all: Vec<Written> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            for written in all {
                let mut map = HeaderMap::new();
                for (name, value) in &written.headers {
                    let name = http::HeaderName::try_from(name).unwrap();
                    map.insert(name, HeaderValue::from_str(value).unwrap());
                }
                let errand = Errand::take(&mut map).unwrap();
                assert_eq!(format!("{:?}", errand.kind), written.kind);
                assert_eq!((errand.room, errand.subprotocol), (written.room, written.subprotocol));
                assert_eq!(errand.props.get::<serde_json::Value>().unwrap(), written.props);
                assert!(map.is_empty(), "a client's request has these headers no more");
            }
        }
    }

    #[test]
    fn props_that_are_no_base64_or_no_json_are_an_error() {
        assert!(taken(&[(PROPS_HEADER, "%%%")]).1.is_err());
        assert!(taken(&[(PROPS_HEADER, &Base64::encode_string(b"{"))]).1.is_err());
    }
}
