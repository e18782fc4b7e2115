//! Which pages may reach rooms, by the origin that a browser names. Pure text.

use crate::error::{Error, ErrorKind, Result};

/// The text after the scheme of an origin that means all subdomains.
const ANY_SUBDOMAIN: &str = "*.";

/// The origins that a router lets in beside its own.
#[derive(Clone, Debug)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    /// Checks a list of origins.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a text that a browser never sends as an origin.
    pub(super) fn new<'o>(origins: impl IntoIterator<Item = &'o str>) -> Result<Self> {
        let checked = |origin: &str| match is_origin(origin) {
            true => Ok(origin.to_ascii_lowercase()),
            false => Err(Error::new(
                ErrorKind::Invalid,
                format!("{origin:?} is not an origin: write it as in `https://example.com`, without a path"),
            )),
        };
        Ok(Self(origins.into_iter().map(checked).collect::<Result<_>>()?))
    }

    /// Returns whether a page of `origin` may send a request to `address`. A request that names no origin comes from no
    /// page, or from a page of the address's own origin.
    pub(super) fn allow(&self, origin: Option<&str>, address: &str) -> bool {
        let Some(origin) = origin else { return true };
        origin.eq_ignore_ascii_case(origin_of(address))
            || self.0.iter().any(|allowed| matches(allowed, &origin.to_ascii_lowercase()))
    }
}

/// Returns whether an origin is one that is allowed, or a subdomain of it.
fn matches(allowed: &str, origin: &str) -> bool {
    let Some((scheme, domain)) = allowed.split_once(ANY_SUBDOMAIN) else { return allowed == origin };
    let subdomain = origin.strip_prefix(scheme).and_then(|host| host.strip_suffix(domain));
    subdomain.is_some_and(|subdomain| subdomain.len() > 1 && subdomain.ends_with('.'))
}

/// Returns the origin of an address: scheme, host and port.
fn origin_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |scheme| scheme.saturating_add(3));
    let end = address.get(host..).and_then(|rest| rest.find(['/', '?', '#']));
    end.and_then(|end| address.get(..host.saturating_add(end))).unwrap_or(address)
}

fn is_origin(text: &str) -> bool {
    if text == "null" {
        return true;
    }
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let host = host.strip_prefix(ANY_SUBDOMAIN).unwrap_or(host);
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    !scheme.is_empty() && !host.is_empty() && host.bytes().all(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = "https://chat.example/parties/chat/lobby?_pk=1";

    fn allows(allowed: &[&str], origin: &str) -> bool {
        Origins::new(allowed.iter().copied()).unwrap().allow(Some(origin), ROOM)
    }

    #[test]
    fn the_own_origin_and_those_that_are_named_are_allowed_and_no_other() {
        let allowed = ["https://app.example", "http://localhost:8787"];
        for origin in ["https://chat.example", "https://APP.example", "http://localhost:8787"] {
            assert!(allows(&allowed, origin), "{origin}");
        }
        let others = [
            "https://evil.example",
            "http://app.example",
            "https://app.example:444",
            "null",
            "",
            "https://app.example.evil.example",
            "http://chat.example",
            "https://chat.example.evil.example",
        ];
        for origin in others {
            assert!(!allows(&allowed, origin), "{origin}");
        }
    }

    #[test]
    fn a_star_stands_for_subdomains_of_any_depth_and_not_for_the_domain() {
        let allowed = ["https://*.example.com"];
        for origin in ["https://a.example.com", "https://a.b.example.com"] {
            assert!(allows(&allowed, origin), "{origin}");
        }
        for origin in
            ["https://example.com", "https://.example.com", "https://evilexample.com", "http://a.example.com"]
        {
            assert!(!allows(&allowed, origin), "{origin}");
        }
    }

    #[test]
    fn a_request_that_names_no_origin_is_allowed_and_null_only_if_it_is_named() {
        assert!(Origins::new([]).unwrap().allow(None, ROOM));
        assert!(allows(&["null"], "null"));
    }

    #[test]
    fn an_origin_that_no_browser_sends_is_refused() {
        for text in [
            "",
            "*",
            "example.com",
            "https://",
            "https://example.com/",
            "https://example.com/app",
            "https://a b",
        ] {
            assert!(Origins::new([text]).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        for address in ["http://127.0.0.1:8787/x", "http://127.0.0.1:8787?x", "http://127.0.0.1:8787"] {
            assert_eq!(origin_of(address), "http://127.0.0.1:8787");
        }
    }
}
