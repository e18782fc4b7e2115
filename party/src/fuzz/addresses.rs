//! Addresses: paths, names of rooms, queries, ids of connections.

use http::Uri;

use super::{Input, for_each};
use crate::connection::query_value;
use crate::{ConnectionId, ErrorKind, MemberId, PartyName, RoomName, Route, Tag};

/// Returns a path that nearly names a room.
fn path(input: &mut Input<'_>) -> String {
    let mut path = String::new();
    for segment in ["/parties", "/chat", "/lobby", "/rest", "/more"] {
        match input.below(6) {
            0 => path.push('/'),
            1 => path.push_str(&input.text()),
            2 => path.extend(["/", &input.text()]),
            _ => path.push_str(segment),
        }
    }
    path
}

#[test]
fn a_path_is_a_route_if_it_has_a_party_and_a_room_behind_the_prefix() {
    for_each(|input| {
        let prefix = input.one(&["parties", "/parties/", "api/v1", "", "//a//b/"]);
        let path = input.one(&["", "/api/v1", "/a/b"]).to_owned() + &path(input);
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let before: Vec<&str> = prefix.split('/').filter(|segment| !segment.is_empty()).collect();
        match (Route::parse(&path, prefix), segments.strip_prefix(before.as_slice())) {
            (Some(route), Some([party, room, rest @ ..])) => {
                assert_eq!((route.party(), route.room()), (*party, *room));
                assert!(route.rest().eq(rest.iter().copied()));
            }
            (None, None | Some([] | [_])) => {}
            (route, _) => panic!("{path:?} is {route:?} under {prefix:?}"),
        }
    });
}

#[test]
fn each_text_is_the_name_of_one_room_and_one_segment_of_an_address() {
    for_each(|input| {
        let text = input.text();
        let encoded = text.bytes().map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' | b'!' | b'\'' | b'(' | b')' | b'*' => 1,
            _ if byte.is_ascii_alphanumeric() => 1,
            _ => 3,
        });
        let bytes: usize = encoded.sum();
        let Ok(name) = RoomName::encoded(&text) else {
            assert!(["", ".", ".."].contains(&text.as_str()) || bytes > 1_024, "{text:?} is refused");
            return;
        };
        assert_eq!((name.decoded().as_ref(), name.as_str().len()), (text.as_str(), bytes));
        let address = format!("https://host/parties/chat/{name}/rest?_pk=1");
        let uri: Uri = address.parse().unwrap();
        let route = Route::parse(uri.path(), "parties").unwrap();
        assert_eq!((route.room(), route.rest().collect::<Vec<_>>()), (name.as_str(), vec!["rest"]));
        assert_eq!(RoomName::new(route.room()).unwrap(), name);
    });
}

#[test]
fn names_keep_their_limits_and_are_kept_as_they_are() {
    for_each(|input| {
        let text = input.text();
        let within = |most: usize| (1..=most).contains(&text.len());
        let dots = text.to_ascii_lowercase().replace("%2e", ".");
        let is_segment = ![".", ".."].contains(&dots.as_str());
        let checks = [
            (RoomName::new(&text).map(|name| name.to_string()), within(1_024) && is_segment),
            (ConnectionId::new(&text).map(|id| id.to_string()), within(256)),
            (Tag::new(&text).map(|tag| tag.to_string()), within(256)),
            (MemberId::new(&text).map(|id| id.to_string()), within(128)),
            (PartyName::new(&text).map(|name| name.to_string()), !text.is_empty()),
        ];
        for (made, fits) in checks {
            match made {
                Ok(made) => assert!(fits && made == text, "{text:?}"),
                Err(error) => assert!(!fits && error.kind() == ErrorKind::Invalid, "{text:?}: {error}"),
            }
        }
        let party = PartyName::of_binding(&text);
        assert!(
            !party.as_str().contains('_') && party.as_str().len() <= text.len().saturating_mul(2),
            "{text:?}"
        );
        let _shown = text.parse::<RoomName>().map(|name| name.decoded().into_owned());
    });
}

#[test]
fn a_query_has_the_first_value_of_each_of_its_parameters() {
    for_each(|input| {
        let pairs = input.several(6, |input| (input.one(&["_pk", "wire", "position", ""]), input.text()));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let address = format!("https://host/parties/chat/lobby?{query}");
        for name in ["_pk", "wire", "position", "", "none"] {
            let first = pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
            let found = query_value(&address, name);
            // A query that is empty has one parameter of no name to some readers and none to others.
            assert!(found.as_deref() == first || query.is_empty() || name.is_empty(), "{address}: {name:?}");
        }
        let damaged = input.damaged(address, 1);
        let value = query_value(&damaged, "_pk").map(|value| value.len());
        assert!(value.is_none_or(|bytes| bytes <= damaged.len().saturating_mul(3)), "{damaged}");
    });
}
