//! HTTP requests to a test room, and what came back.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde::de::DeserializeOwned;

use super::rooms::Machine;
use super::simulation::Promised;
use crate::host::Answer;
use crate::{Body, Response};

/// A room's response, read to its end.
///
/// # Example
///
/// ```
/// # use party::testing::{TestRoom, example::Counter};
/// let room = TestRoom::<Counter>::new("lobby");
/// let response = room.get("");
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/json");
/// assert_eq!(response.text(), "0");
/// ```
#[derive(Clone, Debug)]
pub struct TestResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl TestResponse {
    pub(super) fn of(machine: &Machine, request: Request<Body>) -> Self {
        Self::called(machine, machine.fetch(request).take())
    }

    pub(super) fn called(machine: &Machine, answer: Option<Answer>) -> Self {
        match answer {
            Some(Answer::Response(response)) => Self::read(machine, response),
            Some(Answer::Upgrade(_)) => {
                panic!("the request was an upgrade, and was granted: use `connecting`")
            }
            None => panic!("the room has not answered: a hook waits for what does not come"),
        }
    }

    pub(super) fn read(machine: &Machine, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        match machine.run(body.bytes()).take() {
            Some(Ok(body)) => Self { status: parts.status, headers: parts.headers, body },
            Some(Err(error)) => panic!("the response's body broke off: {}", error.chain()),
            None => panic!("the response's body does not end"),
        }
    }

    /// Returns the status.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.get("").status(), 200);
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.get("").headers()["content-type"], "application/json");
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.get("").bytes(), b"0");
    /// ```
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Returns the body as text. Bytes that are not UTF-8 are replaced.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.get("").text(), "0");
    /// ```
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body, read as JSON.
    ///
    /// # Panics
    ///
    /// When it has another shape.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let count: u32 = room.get("").read_json();
    /// assert_eq!(count, 0);
    /// ```
    pub fn read_json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}, in {:?}", self.text()))
    }
}

/// A request that the room has perhaps not answered yet, from
/// [`TestRoom::begin_request`](super::TestRoom::begin_request).
#[must_use = "the response is read by `.finish()`"]
pub struct PendingResponse {
    machine: Machine,
    answer: Promised<Answer>,
}

impl PendingResponse {
    pub(super) fn of(machine: Machine, request: Request<Body>) -> Self {
        let answer = machine.fetch(request);
        Self { machine, answer }
    }

    /// Returns the response.
    ///
    /// # Panics
    ///
    /// When the room has not answered yet, or its response is an upgrade.
    ///
    /// # Example
    ///
    /// See [`begin_request`](super::TestRoom::begin_request) for a hook that takes time.
    ///
    /// ```
    /// # use party::{Body, Request};
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let pending = room.begin_request(Request::new(Body::empty()));
    /// assert_eq!(pending.finish().text(), "0");
    /// ```
    pub fn finish(self) -> TestResponse {
        TestResponse::called(&self.machine, self.answer.take())
    }
}

impl fmt::Debug for PendingResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingResponse")
    }
}
