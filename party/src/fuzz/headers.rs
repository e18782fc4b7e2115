//! Headers: subprotocols, the secret among them, and those by which a worker tells an object what a request is for.

use base64ct::{Base64, Encoding};
use http::header::SEC_WEBSOCKET_PROTOCOL;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Input, for_each};
use crate::ErrorKind;
use crate::host::errand::{
    CALL_HEADER, Errand, Kind, PROPS_HEADER, ROOM_HEADER, START_HEADER, SUBPROTOCOL_HEADER,
};
use crate::router::subprotocol::{self, SUBPROTOCOL, Subprotocols};

/// The headers that only a worker sends.
const INTERNAL: [&str; 5] = [PROPS_HEADER, ROOM_HEADER, START_HEADER, CALL_HEADER, SUBPROTOCOL_HEADER];

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.append(HeaderName::from_static(name), value);
    }
}

/// Returns the items that a client offers.
fn offered(input: &mut Input<'_>) -> Vec<String> {
    input.several(5, |input| match input.below(6) {
        0 => SUBPROTOCOL.to_owned(),
        1 => "chat.v1".to_owned(),
        2 => format!("party.bearer.{}", input.text()),
        3 => format!(" {} ", input.one(&["party", "chat.v2", "party.bearer.x", "Party"])),
        _ => input.text(),
    })
}

#[test]
fn a_subprotocol_and_a_secret_are_among_those_that_a_client_offers() {
    for_each(|input| {
        let offered = offered(input);
        let mut headers = HeaderMap::new();
        let at = input.below(offered.len().saturating_add(1));
        for list in [&offered[..at], &offered[at..]] {
            insert(&mut headers, "sec-websocket-protocol", &list.join(","));
        }
        let lists: Vec<&str> =
            headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|list| list.to_str().ok()).collect();
        let items: Vec<&str> = lists.iter().flat_map(|list| list.split(',')).map(str::trim).collect();
        assert_eq!(subprotocol::selected(&headers).is_some(), items.contains(&SUBPROTOCOL));
        if let Some(secret) = subprotocol::bearer(&headers) {
            assert!(
                !secret.is_empty() && items.contains(&format!("party.bearer.{secret}").as_str()),
                "{secret:?}"
            );
        }
        let own = Subprotocols::new(&["chat.v1", "chat.v2"]).unwrap();
        for list in lists {
            if let Some(selected) = own.select(list) {
                assert!(["chat.v1", "chat.v2"].contains(&selected), "{selected}");
                let first = list
                    .split(',')
                    .map(str::trim)
                    .find(|item| ["party", "chat.v1", "chat.v2"].contains(item));
                assert_eq!(first, Some(selected));
            }
        }
    });
}

#[test]
fn no_header_of_a_workers_is_left_on_a_request() {
    for_each(|input| {
        let mut headers = HeaderMap::new();
        for name in INTERNAL {
            let value = match input.below(5) {
                0 => continue,
                1 => input.text(),
                2 => Base64::encode_string(input.json().to_string().as_bytes()),
                3 => Base64::encode_string(input.text().as_bytes()),
                _ => input.one(&["1", "lobby", "caf%C3%A9", "chat.v1"]).to_owned(),
            };
            insert(&mut headers, name, &value);
        }
        insert(&mut headers, "x-mine", &input.text());
        let (started, called) = (headers.contains_key(START_HEADER), headers.contains_key(CALL_HEADER));
        let (room, mine) = (headers.get(ROOM_HEADER).cloned(), headers.get("x-mine").cloned());
        let errand = Errand::take(&mut headers);
        assert!(INTERNAL.iter().all(|name| !headers.contains_key(*name)), "{headers:?}");
        assert_eq!(headers.get("x-mine"), mine.as_ref());
        match errand {
            Ok(errand) => {
                let kind = if started {
                    Kind::Start
                } else if called {
                    Kind::Call
                } else {
                    Kind::Visit
                };
                assert_eq!((errand.kind, errand.room.is_some()), (kind, room.is_some()));
                let utf8 = room.as_ref().and_then(|room| str::from_utf8(room.as_bytes()).ok());
                assert!(utf8.is_none_or(|utf8| errand.room.as_deref() == Some(utf8)));
                let _props = errand.props.get::<serde_json::Value>().map(|props| props.is_some());
            }
            Err(error) => assert!([ErrorKind::Invalid, ErrorKind::Json].contains(&error.kind()), "{error}"),
        }
    });
}
