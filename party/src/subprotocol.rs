//! What a client offers beside its address when it connects: that it wants to be answered in our subprotocol, and a secret.

use http::HeaderMap;
use http::header::SEC_WEBSOCKET_PROTOCOL;

/// The WebSocket subprotocol that a room selects when a client offers it, so that the client can offer a
/// [secret](crate::ConnectionContext::bearer) beside it.
pub const SUBPROTOCOL: &str = "party";

/// How the subprotocol begins that carries a secret.
const BEARER: &str = "party.bearer.";

/// The subprotocol that is selected: ours if it is offered. A browser hangs up on a room that selects none of those that it
/// offers.
pub(crate) fn selected(headers: &HeaderMap) -> Option<&'static str> {
    offered(headers).any(|offered| offered == SUBPROTOCOL).then_some(SUBPROTOCOL)
}

/// The secret among what is offered.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    offered(headers).find_map(|offered| offered.strip_prefix(BEARER)).filter(|secret| !secret.is_empty())
}

fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lists = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',').map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(lists: &[&'static str]) -> HeaderMap {
        let lists = lists.iter().map(|list| (SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(list)));
        lists.collect()
    }

    #[test]
    fn ours_is_selected_wherever_it_stands_and_no_other() {
        assert_eq!(selected(&headers(&["party"])), Some("party"));
        assert_eq!(selected(&headers(&["chat, party", "other"])), Some("party"));
        assert_eq!(selected(&headers(&["chat", "x,party"])), Some("party"));
        assert_eq!(selected(&headers(&["chat, party.bearer.x, Party"])), None);
        assert_eq!(selected(&headers(&[])), None);
    }

    #[test]
    fn a_secret_is_what_follows_its_word() {
        assert_eq!(bearer(&headers(&["party, party.bearer.m1.s-_2"])), Some("m1.s-_2"));
        assert_eq!(bearer(&headers(&["party, party.bearer."])), None);
        assert_eq!(bearer(&headers(&["party"])), None);
    }
}
