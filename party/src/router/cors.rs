//! Letting pages of other sites read responses.

use worker::{Headers, Response};

/// The permissions of any site, and how long a browser may remember them, in seconds.
const PERMISSIVE: [(&str, &str); 4] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, POST, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
];

/// The headers that let pages of other sites read responses, for [`Router::cors`](crate::Router::cors).
#[derive(Clone, Debug)]
pub struct Cors(Vec<(String, String)>);

impl Cors {
    /// Returns every site, the methods `GET, POST, HEAD, OPTIONS`, every header, remembered for a day. Cookies are not
    /// sent.
    ///
    /// **Security:** every site can read the room's responses. Use it for public data only.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Cors, Router};
    ///
    /// let router = Router::new().cors(Cors::permissive());
    /// # let _ = router;
    /// ```
    pub fn permissive() -> Self {
        Self::headers(PERMISSIVE)
    }

    /// Headers of the app's own.
    ///
    /// # Example
    ///
    /// ```
    /// let cors = party::Cors::headers([("Access-Control-Allow-Origin", "https://example.com")]);
    /// # let _ = cors;
    /// ```
    pub fn headers<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// Returns the answer to a browser that asks first.
    pub(super) fn preflight(&self) -> worker::Result<Response> {
        self.allow(Response::empty()?)
    }

    /// Returns a response that pages of other sites may read.
    pub(super) fn allow(&self, response: Response) -> worker::Result<Response> {
        // The headers of a response that came from an object cannot be changed, those of a copy can.
        let copy: Headers = response.headers().clone();
        for (name, value) in &self.0 {
            copy.set(name, value)?;
        }
        Ok(response.with_headers(copy))
    }
}
