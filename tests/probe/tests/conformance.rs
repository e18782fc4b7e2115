//! The conformance scripts on the native platform.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test speaks by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use party::Message;
use party::http::Request;
use party::testing::{TestClient, TestRoom, TestWorld};
use probe::Probe;
use serde::Deserialize;
use serde_json::Value as Json;

/// One case of a script.
#[derive(Deserialize)]
struct Case {
    name: String,
    steps: Vec<Step>,
}

/// What is sent, or expected.
#[derive(Deserialize, Default, Debug)]
struct Content {
    json: Option<Json>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
}

/// A query of the database, as a text or with a part of it repeated.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Query {
    Text(String),
    Repeated {
        start: String,
        #[serde(default)]
        repeat: String,
        #[serde(default)]
        times: usize,
        #[serde(default)]
        end: String,
        #[serde(default)]
        params: Vec<Json>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Connect {
        connect: String,
        r#as: Option<String>,
        #[serde(default)]
        query: BTreeMap<String, String>,
        #[serde(default)]
        defies: bool,
        status: Option<u16>,
        text: Option<String>,
    },
    Send {
        send: String,
        #[serde(flatten)]
        content: Content,
    },
    Receive {
        receive: String,
        #[serde(flatten)]
        content: Content,
    },
    Close {
        close: String,
        code: Option<u16>,
        #[serde(default)]
        reason: String,
    },
    Closed {
        closed: String,
        code: u16,
        reason: String,
    },
    Request {
        request: String,
        method: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: String,
        status: u16,
        #[serde(flatten)]
        content: Content,
    },
    Accepts {
        by: String,
        accepts: Vec<Query>,
    },
    Refuses {
        by: String,
        refuses: Vec<Query>,
    },
    Evict {
        evict: bool,
    },
    Advance {
        advance: u64,
    },
}

#[test]
fn connections_behave_as_the_scripts_say() {
    run("connections");
}

#[test]
fn messages_behave_as_the_scripts_say() {
    run("messages");
}

#[test]
fn closing_behaves_as_the_scripts_say() {
    run("closing");
}

#[test]
fn storage_behaves_as_the_scripts_say() {
    run("storage");
}

#[test]
fn calls_between_rooms_behave_as_the_scripts_say() {
    run("calls");
}

#[test]
fn buckets_behave_as_the_scripts_say() {
    run("bucket");
}

#[test]
fn the_database_accepts_and_refuses_what_the_scripts_say() {
    run("database");
}

#[test]
fn heartbeats_behave_as_the_scripts_say() {
    run("heartbeat");
}

#[test]
fn jobs_behave_as_the_scripts_say() {
    run("jobs");
}

#[test]
fn requests_behave_as_the_scripts_say() {
    run("requests");
}

fn run(script: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../conformance/{script}.json"));
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let world = TestWorld::new().party::<Probe>("probe");
        let mut stage = Stage { room: world.room("probe", "stage"), clients: BTreeMap::new() };
        stage.room.bucket("BUCKET");
        for (number, step) in case.steps.into_iter().enumerate() {
            stage.play(step, &format!("{:?}, step {number}", case.name));
        }
    }
}

/// A room and its clients, by name.
struct Stage {
    room: TestRoom<Probe>,
    clients: BTreeMap<String, TestClient>,
}

impl Stage {
    fn play(&mut self, step: Step, place: &str) {
        match step {
            Step::Connect { connect, r#as, query, defies, status, text } => {
                let name = r#as.unwrap_or_else(|| connect.clone());
                self.connect(name.clone(), &connect, query, status, text, place);
                if defies {
                    self.clients[&name].defy();
                }
            }
            Step::Send { send, content } => match content.sent() {
                Message::Text(text) => self.clients[&send].send(text),
                Message::Binary(bytes) => self.clients[&send].send(bytes),
            },
            Step::Receive { receive, content } => {
                let got = self.clients[&receive].try_receive();
                let got = got.unwrap_or_else(|| panic!("{place}: nothing came, expected {content:?}"));
                content.expect(got.as_bytes(), got.as_text().is_some(), place);
            }
            Step::Close { close, code, reason } => self.clients[&close].close(code.unwrap_or(1005), &reason),
            Step::Closed { closed, code, reason } => {
                let got = self.clients[&closed].closed().unwrap_or_else(|| panic!("{place}: not closed"));
                assert_eq!((got.code, got.reason), (code, reason), "{place}");
            }
            Step::Request { request, method, headers, body, status, content } => {
                let uri = format!("https://party.test/parties/probe/stage{request}");
                let mut built = Request::builder().uri(uri).method(method.as_deref().unwrap_or("GET"));
                // The router takes these off; natively there is none.
                for (name, value) in headers.iter().filter(|(name, _)| !name.starts_with("x-partykit-")) {
                    built = built.header(name, value);
                }
                let got = self.room.request(built.body(body).unwrap());
                assert_eq!(got.status().as_u16(), status, "{place}: {}", got.text());
                if content.json.is_some() || content.text.is_some() {
                    // The platform sends no body with a status that has none.
                    let bytes = if status == 204 { &[] } else { got.bytes() };
                    content.expect(bytes, true, place);
                }
            }
            Step::Accepts { by, accepts } => {
                accepts.into_iter().for_each(|query| self.query(&by, query, true, place));
            }
            Step::Refuses { by, refuses } => {
                refuses.into_iter().for_each(|query| self.query(&by, query, false, place));
            }
            Step::Evict { evict } => {
                assert!(evict);
                self.room.evict();
            }
            Step::Advance { advance } => self.room.advance(Duration::from_millis(advance)),
        }
    }

    /// Asks the database, which accepts the query or refuses it.
    fn query(&self, by: &str, query: Query, accepted: bool, place: &str) {
        let (query, params) = query.whole();
        self.clients[by].send_json(&serde_json::json!({"do": "sql", "query": query, "params": params}));
        let got =
            self.clients[by].try_receive().unwrap_or_else(|| panic!("{place}: nothing came for {query}"));
        let got: Json = serde_json::from_slice(got.as_bytes()).unwrap();
        let was = got.get("reply").is_some();
        assert!(was || got == serde_json::json!({"error": "Sql"}), "{place}: {query}: {got}");
        assert_eq!(was, accepted, "{place}: {query}");
    }

    fn connect(
        &mut self,
        name: String,
        id: &str,
        query: BTreeMap<String, String>,
        status: Option<u16>,
        text: Option<String>,
        place: &str,
    ) {
        let mut connecting = self.room.connecting(id);
        for (name, value) in &query {
            connecting = connecting.query(name, value);
        }
        match (connecting.try_connect(), status) {
            (Ok(client), None) => drop(self.clients.insert(name, client)),
            (Err(response), Some(status)) => {
                assert_eq!(response.status().as_u16(), status, "{place}: {}", response.text());
                assert!(text.is_none_or(|text| text == response.text()), "{place}: {}", response.text());
                assert!(!response.text().contains("secret"), "{place}: {}", response.text());
            }
            (Ok(_), Some(status)) => panic!("{place}: connected, expected {status}"),
            (Err(response), None) => {
                panic!("{place}: refused with {} {}", response.status(), response.text())
            }
        }
    }
}

impl Query {
    fn whole(self) -> (String, Vec<Json>) {
        match self {
            Self::Text(text) => (text, Vec::new()),
            Self::Repeated { start, repeat, times, end, params } => {
                (start + &repeat.repeat(times) + &end, params)
            }
        }
    }
}

impl Content {
    fn sent(self) -> Message {
        match (self.json, self.text, self.bytes) {
            (Some(json), ..) => json.to_string().into(),
            (_, Some(text), _) => text.into(),
            (_, _, bytes) => bytes.unwrap_or_default().into(),
        }
    }

    fn expect(&self, got: &[u8], is_text: bool, place: &str) {
        let text = String::from_utf8_lossy(got);
        if let Some(bytes) = &self.bytes {
            assert_eq!((got, is_text), (bytes.as_slice(), false), "{place}");
        } else if let Some(expected) = &self.text {
            assert_eq!((text.as_ref(), is_text), (expected.as_str(), true), "{place}");
        } else if let Some(expected) = &self.json {
            let json: Json =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{place}: {error} in {text}"));
            assert!(matches(expected, &json), "{place}:\nexpected {expected}\ngot      {json}");
        }
    }
}

/// Returns whether a value is the expected one, `"*"` being any.
fn matches(expected: &Json, got: &Json) -> bool {
    match (expected, got) {
        (Json::String(any), _) if any == "*" => true,
        (Json::Array(expected), Json::Array(got)) => {
            expected.len() == got.len()
                && expected.iter().zip(got).all(|(expected, got)| matches(expected, got))
        }
        (Json::Object(expected), Json::Object(got)) => {
            expected.len() == got.len()
                && expected.iter().all(|(key, value)| got.get(key).is_some_and(|got| matches(value, got)))
        }
        (Json::Number(expected), Json::Number(got)) => expected.as_f64() == got.as_f64(),
        _ => expected == got,
    }
}
