//! HTTP requests to a room.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use party::http::header::CONTENT_TYPE;
use party::http::{self, Method, StatusCode};
use party::testing::{TestResponse, TestRoom};
use party::{Body, Error, Props, Request, Response, Result, Room, Server};
use serde_json::{Value as Json, json};

use crate::support::{ROOM, assert_logged};

/// Answers by the last segment of the path.
struct Desk;

impl Server for Desk {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        match request.uri().path().rsplit('/').next().unwrap_or_default() {
            "refuse" => Err(Error::refuse(StatusCode::TOO_MANY_REQUESTS, "not so fast")),
            "fail" => Err(Error::other("db-7 is down")),
            "sql" => room.sql().execute("SELECT * FROM nowhere", ()).map(|()| Response::default()),
            "json" => Ok(Response::new(Body::json(&request.into_body().read_json::<(u8, u8)>().await?)?)),
            "text" => Ok(Response::new(Body::from(request.into_body().text().await?))),
            "stream" => Ok(Response::new(Chunks::of(&["one ", "", "two"]))),
            "bytes" => Ok(Response::new(Body::from(b"<script>".to_vec()))),
            "page" => page(),
            "tell" => tell(request).await,
            _ => Ok(Response::default()),
        }
    }
}

/// Tells what it was asked.
async fn tell(request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let told = json!({
        "method": parts.method.as_str(),
        "uri": parts.uri.to_string(),
        "header": parts.headers.get("x-team").and_then(|value| value.to_str().ok()),
        "body": body.text().await?,
    });
    let response = Response::new(Body::json(&told)?);
    let (mut parts, body) = response.into_parts();
    parts.status = StatusCode::CREATED;
    parts.headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    Ok(Response::from_parts(parts, body))
}

/// Returns a response whose headers the app has set.
fn page() -> Result<Response> {
    let page =
        http::Response::builder().header(CONTENT_TYPE, "text/html").header("x-content-type-options", "none");
    Ok(page.body(Body::from("<h1>hello</h1>"))?)
}

/// A stream that is not ready every other time, as a network is not.
struct Chunks {
    left: VecDeque<Bytes>,
    ready: bool,
}

impl Chunks {
    fn body(chunks: impl IntoIterator<Item = Bytes>) -> Body {
        Body::from_stream(Self { left: chunks.into_iter().collect(), ready: false })
    }

    fn of(chunks: &[&'static str]) -> Body {
        Self::body(chunks.iter().map(|chunk| Bytes::from_static(chunk.as_bytes())))
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.ready = !self.ready;
        if self.ready {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.left.pop_front().map(Ok))
    }
}

fn send(room: &TestRoom<Desk>, method: Method, path: &str, body: impl Into<Body>) -> TestResponse {
    let uri = format!("https://party.test/parties/desk/{ROOM}/{path}");
    let request = http::Request::builder().method(method).uri(uri).header("X-Team", "red");
    room.request(request.body(body.into()).unwrap())
}

/// A party that answers no requests.
struct Deaf;

impl Server for Deaf {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

#[test]
fn a_party_that_answers_no_requests_says_404_not_implemented() {
    let response = TestRoom::<Deaf>::new(ROOM).get("/whatever");
    assert_eq!((response.status(), response.text().as_str()), (StatusCode::NOT_FOUND, "Not implemented"));
}

#[test]
fn the_method_the_address_the_headers_and_the_body_are_there() {
    let room = TestRoom::<Desk>::new(ROOM);
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let response = send(&room, method.clone(), "tell?a=1&a=2", "Zoë");
        let uri = "https://party.test/parties/desk/lobby/tell?a=1&a=2";
        let expected = json!({"method": method.as_str(), "uri": uri, "header": "red", "body": "Zoë"});
        assert_eq!(response.read_json::<Json>(), expected);
    }
}

#[test]
fn the_response_keeps_its_status_headers_and_body() {
    let response = send(&TestRoom::new(ROOM), Method::POST, "tell", "");
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert!(response.bytes().starts_with(b"{"));
}

/// Returns the two headers that say what a body is.
fn labels(response: &TestResponse) -> (Option<&str>, Option<&str>) {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
    (header("content-type"), header("x-content-type-options"))
}

#[test]
fn every_body_says_what_it_is_and_is_not_sniffed() {
    let room = TestRoom::<Desk>::new(ROOM);
    let cases = [
        (send(&room, Method::POST, "text", "<script>"), Some("text/plain; charset=utf-8")),
        (send(&room, Method::POST, "json", "[1, 2]"), Some("application/json")),
        (room.get("/bytes"), Some("application/octet-stream")),
        (room.get("/stream"), Some("application/octet-stream")),
        (room.get("/refuse"), Some("text/plain; charset=utf-8")),
        (room.get("/fail"), Some("text/plain; charset=utf-8")),
        (room.get("/empty"), None),
        (TestRoom::<Deaf>::new(ROOM).get("/"), Some("text/plain; charset=utf-8")),
    ];
    for (response, content_type) in &cases {
        assert_eq!(labels(response), (*content_type, Some("nosniff")), "{}", response.text());
    }
}

#[test]
fn headers_that_the_app_has_set_stay_as_they_are() {
    let response = TestRoom::<Desk>::new(ROOM).get("/page");
    assert_eq!(labels(&response), (Some("text/html"), Some("none")));
}

#[test]
fn a_refusal_keeps_its_status_and_text_and_is_no_error_of_the_rooms() {
    let room = TestRoom::<Desk>::new(ROOM);
    let response = room.get("/refuse");
    assert_eq!((response.status(), response.text().as_str()), (StatusCode::TOO_MANY_REQUESTS, "not so fast"));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_failure_is_answered_with_500_and_an_id_and_its_cause_only_in_the_log() {
    for (path, cause) in [("/fail", "db-7 is down"), ("/sql", "no such table: nowhere")] {
        let room = TestRoom::<Desk>::new(ROOM);
        let response = room.get(path);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = response.text();
        assert_logged(&room, text.strip_prefix("Internal error ").unwrap(), cause);
    }
}

#[test]
fn a_body_that_is_not_what_the_room_reads_is_the_clients_fault() {
    let room = TestRoom::<Desk>::new(ROOM);
    assert_eq!(send(&room, Method::POST, "json", "[1, 2]").read_json::<(u8, u8)>(), (1, 2));
    for (path, body) in [("json", vec![b'[']), ("json", b"{}".to_vec()), ("text", vec![0xff])] {
        let response = send(&room, Method::POST, path, body);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{}", response.text());
    }
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn bodies_can_be_streamed_in_both_directions() {
    let room = TestRoom::<Desk>::new(ROOM);
    assert_eq!(room.get("/stream").text(), "one two");
    let body = Chunks::of(&["[1,", "2", "]"]);
    assert_eq!(send(&room, Method::POST, "json", body).read_json::<(u8, u8)>(), (1, 2));
}

#[test]
fn a_body_that_is_too_large_to_be_read_whole_is_refused_with_413() {
    let room = TestRoom::<Desk>::new(ROOM);
    let megabyte = Bytes::from(vec![b'x'; 1 << 20]);
    for (megabytes, status) in [(32, StatusCode::OK), (33, StatusCode::PAYLOAD_TOO_LARGE)] {
        let body = Chunks::body(std::iter::repeat_n(megabyte.clone(), megabytes));
        assert_eq!(send(&room, Method::POST, "text", body).status(), status);
    }
}

#[test]
fn a_request_is_an_upgrade_only_if_it_asks_for_a_websocket() {
    let room = TestRoom::<Deaf>::new(ROOM);
    let uri = format!("https://party.test/parties/deaf/{ROOM}");
    let request = http::Request::get(uri).header("Upgrade", "h2c").body(Body::empty()).unwrap();
    assert_eq!(room.request(request).status(), StatusCode::NOT_FOUND);
}
