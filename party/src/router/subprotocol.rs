//! The subprotocols that a client offers when it connects, and the secrets among them.

use http::HeaderMap;
use http::header::SEC_WEBSOCKET_PROTOCOL;

use crate::error::{Error, ErrorKind, Result};

/// The WebSocket subprotocol that a room selects when a client offers it, so that the client can offer a
/// [secret](crate::ConnectionContext::bearer) beside it.
pub const SUBPROTOCOL: &str = "party";

/// The prefix of the subprotocol that carries a secret.
const BEARER: &str = "party.bearer.";

/// The prefix of the subprotocol that carries the key of an invitation.
const INVITATION: &str = "party.invitation.";

/// Returns the selected subprotocol: ours if it is offered. A browser hangs up on a room that selects none of those
/// that it offers.
pub(crate) fn selected(headers: &HeaderMap) -> Option<&'static str> {
    offered(headers).any(|offered| offered == SUBPROTOCOL).then_some(SUBPROTOCOL)
}

/// The subprotocols of an app's own.
#[derive(Clone, Copy)]
pub(crate) struct Subprotocols<'a> {
    known: &'a [&'a str],
    /// By pointer: a worker that has none has no code for it.
    select: for<'o> fn(&'o str, &[&str]) -> Option<&'o str>,
}

impl<'a> Subprotocols<'a> {
    /// Checks the names of subprotocols.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for one that is not a token of HTTP.
    pub(crate) fn new(known: &'a [&'a str]) -> Result<Self> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        match known.iter().find(|name| name.is_empty() || !name.bytes().all(is_token)) {
            Some(name) => {
                Err(Error::new(ErrorKind::Invalid, format!("{name:?} is not the name of a subprotocol")))
            }
            None => Ok(Self { known, select: first_known }),
        }
    }

    /// Selects one of the subprotocols that a client offers: the first known one, unless ours comes before.
    pub(crate) fn select<'o>(&self, offered: &'o str) -> Option<&'o str> {
        (self.select)(offered, self.known)
    }
}

fn first_known<'o>(offered: &'o str, known: &[&str]) -> Option<&'o str> {
    let first = items(offered).find(|offered| *offered == SUBPROTOCOL || known.contains(offered));
    first.filter(|first| *first != SUBPROTOCOL)
}

/// Returns the secret among what is offered.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    carried(headers, BEARER)
}

/// Returns the secret among what a list offers.
pub(crate) fn bearer_of(list: &str) -> Option<&str> {
    items(list).find_map(|offered| offered.strip_prefix(BEARER)).filter(|text| !text.is_empty())
}

/// Returns the key of an invitation among what is offered.
pub(crate) fn invitation(headers: &HeaderMap) -> Option<&str> {
    carried(headers, INVITATION)
}

/// Returns the text behind a prefix, unless it is empty.
fn carried<'a>(headers: &'a HeaderMap, prefix: &str) -> Option<&'a str> {
    offered(headers).find_map(|offered| offered.strip_prefix(prefix)).filter(|text| !text.is_empty())
}

fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lists = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(items)
}

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
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
    fn of_those_that_the_app_knows_the_first_that_is_offered_is_selected() {
        let own = Subprotocols::new(&["chat.v1", "chat.v2"]).unwrap();
        assert_eq!(own.select("chat.v2, chat.v1"), Some("chat.v2"));
        assert_eq!(own.select("graphql-ws,chat.v1, party"), Some("chat.v1"));
        assert_eq!(own.select("party, chat.v1"), None);
        assert_eq!(own.select("graphql-ws, party.bearer.chat.v1"), None);
        assert_eq!(Subprotocols::new(&[]).unwrap().select("chat.v1"), None);
    }

    #[test]
    fn a_name_that_no_handshake_can_carry_is_refused() {
        assert!(Subprotocols::new(&["chat.v1", "v12.stomp"]).is_ok());
        for name in ["", "chat v1", "chat,v1", "größer"] {
            assert!(Subprotocols::new(&[name]).is_err(), "{name}");
        }
    }

    #[test]
    fn a_secret_is_what_follows_its_word() {
        assert_eq!(bearer(&headers(&["party, party.bearer.m1.s-_2"])), Some("m1.s-_2"));
        assert_eq!(bearer(&headers(&["party, party.bearer."])), None);
        assert_eq!(bearer(&headers(&["party"])), None);
        let both = headers(&["party, party.bearer.m1.s", "party.invitation.k-_9"]);
        assert_eq!((bearer(&both), invitation(&both)), (Some("m1.s"), Some("k-_9")));
        assert_eq!(invitation(&headers(&["party, party.bearer.party.invitation.x"])), None);
    }
}
