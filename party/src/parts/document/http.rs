//! HTTP requests for a document, of servers.

use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};

use super::Document;
use crate::body::Body;
use crate::connection::find_value;
use crate::error::Result;
use crate::{Request, Response, response};

impl Document {
    /// Answers a `GET` request for the document, by what its address asks for:
    ///
    /// | query | answer |
    /// | --- | --- |
    /// | `?text=notes` | the text of that name, as plain text |
    /// | `?xml=prosemirror` | the XML of that name, as text |
    /// | `?map=settings` | the map of that name, as JSON |
    /// | `?array=todos` | the array of that name, as JSON |
    /// | none of these | the whole document as one update of Yjs, for `Y.applyUpdate` |
    ///
    /// What is not there is empty: Yjs has no types before they have content. Who may read is the app's rule: check it
    /// before.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text) and the like. Another method is answered with 405.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::document::Document;
    /// # use party::{Request, Response, Result, response};
    /// fn on_request(document: &Document, request: &Request, key: &str) -> Result<Response> {
    ///     match request.headers().get("authorization").is_some_and(|given| given == key) {
    ///         true => document.request(request),
    ///         false => Ok(response(http::StatusCode::UNAUTHORIZED, "the key is missing")),
    ///     }
    /// }
    /// ```
    pub fn request(&self, request: &Request) -> Result<Response> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut refused = response(StatusCode::METHOD_NOT_ALLOWED, "a document is read with GET");
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Ok(refused);
        }
        let query = request.uri().query().unwrap_or_default();
        let named = |kind: &str| find_value(query, kind);
        let body = if let Some(name) = named("text") {
            Body::from(self.text(&name)?)
        } else if let Some(name) = named("xml") {
            Body::from(self.xml(&name)?)
        } else if let Some(name) = named("map") {
            Body::of_json(self.map(&name)?.as_str().to_owned())
        } else if let Some(name) = named("array") {
            Body::of_json(self.array(&name)?.as_str().to_owned())
        } else {
            Body::from(self.encoded()?.to_vec())
        };
        Ok(response(StatusCode::OK, body))
    }
}
