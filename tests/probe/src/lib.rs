//! A party that obeys commands, so that the scripts in `tests/conformance` can ask both platforms the same things.
//!
//! A client sends `{"do": ...}` and gets `{"reply": ...}` or `{"error": kind}`. Events that happen by themselves, such
//! as a close or an alarm, are sent to everyone.

mod bucket;
mod call;
mod command;
mod worker;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use party::http::{Method, StatusCode};
use party::observe::Observation;
use party::parts::heartbeat::{Heartbeat, HeartbeatOptions};
use party::parts::jobs::{Job, Jobs, When};
use party::{
    Body, Close, CloseCode, Connection, ConnectionContext, Error, Message, Props, RemoteCall, Reply, Request,
    Response, Result, Room, Server, Tag, party, response,
};
use serde_json::{Value as Json, json};

use crate::command::{Command, Params};
use crate::worker::Question;

/// The party under test.
#[derive(Debug)]
#[party]
pub struct Probe {
    /// How often the room has started, this time included.
    starts: u32,
    /// What it was started with.
    props: Option<Json>,
    jobs: Jobs,
    /// What was observed since somebody has asked.
    observed: RefCell<Vec<Json>>,
}

impl Server for Probe {
    const OBSERVES: bool = true;

    async fn on_start(room: &Room, props: Props) -> Result<Self> {
        let sql = room.sql();
        sql.migrate(&["CREATE TABLE starts (n INTEGER NOT NULL)", "INSERT INTO starts VALUES (0)"])?;
        if room.storage().delete("fail_start")? {
            return Err(Error::other("secret of on_start"));
        }
        if room.storage().delete("slow_start")? {
            room.sleep(Duration::from_millis(300)).await;
        }
        let (starts,) = sql.query_one("UPDATE starts SET n = n + 1 RETURNING n", ())?;
        Ok(Self { starts, props: props.get()?, jobs: Jobs::open(room)?, observed: RefCell::default() })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        who: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        match context.query("tags_do").as_deref() {
            Some("refuse") => return Err(Error::refuse(StatusCode::UNAUTHORIZED, "who are you?")),
            Some("fail") => return Err(Error::other("secret of connection_tags")),
            _ => {}
        }
        who.set_state(&json!({"came": "by tags"}))?;
        context.query("tags").unwrap_or_default().split_terminator(',').map(Tag::new).collect()
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        match context.query("connect_do").as_deref() {
            Some("refuse") => Err(Error::refuse(StatusCode::FORBIDDEN, "not you")),
            Some("fail") => Err(Error::other("secret of on_connect")),
            Some("header") => who.send_json(&json!({"header": context.header("x-probe")})),
            Some("subprotocol") => who.send_json(&json!({"subprotocol": context.subprotocol()})),
            _ => who.send_json(&json!({"hello": who.id().as_str()})),
        }
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        if let Message::Binary(bytes) = &message {
            from.send(bytes);
            return Ok(());
        }
        match self.obey(room, from, message.read_json()?).await {
            Ok(Some(reply)) => from.send_json(&json!({"reply": reply})),
            Ok(None) => Ok(()),
            Err(error) if error.kind() == party::ErrorKind::Other => Err(error),
            Err(error) => from.send_json(&json!({"error": format!("{:?}", error.kind())})),
        }
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        let Close { code, reason, was_clean } = close;
        let state: Option<Json> = who.state()?;
        let told = json!({"closed": who.id().as_str(), "code": code, "reason": reason, "clean": was_clean, "state": state});
        room.broadcast_json(&told)?.send();
        if reason == "fail" { Err(Error::other("secret of on_close")) } else { Ok(()) }
    }

    fn observe(&self, _room: &Room, done: &Observation<'_>) {
        let Observation { hook, rows_read: read, rows_written: written, .. } = done;
        self.observed.borrow_mut().push(json!({"hook": hook, "read": read, "written": written}));
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        if path.ends_with("/refuse") {
            return Err(Error::refuse(StatusCode::IM_A_TEAPOT, "no coffee"));
        }
        if path.ends_with("/fail") {
            return Err(Error::other("secret of on_request"));
        }
        if path.ends_with("/empty") {
            return Ok(response(StatusCode::NO_CONTENT, "not to be sent"));
        }
        if let Some((_, key)) = path.split_once("/value/") {
            return value(room, key, request).await;
        }
        match path.rsplit('/').next() {
            Some("text") => return Ok(Response::new(Body::from("<script>"))),
            Some("observed") => return Ok(Response::new(Body::json(&self.observed.take())?)),
            Some("rows") => return seven_rows(room),
            Some("bytes") => return Ok(Response::new(Body::from(b"<script>".to_vec()))),
            _ => {}
        }
        if path.contains("/props") {
            return Ok(Response::new(Body::json(&self.props)?));
        }
        if path.ends_with("/starts") {
            return Ok(Response::new(Body::json(&self.starts)?));
        }
        if path.ends_with("/slow") {
            room.sleep(Duration::from_secs(60)).await;
        }
        #[expect(clippy::panic, reason = "what a panic does to other rooms is tested")]
        if path.ends_with("/panic") {
            panic!("secret of a panic");
        }
        if path.ends_with("/impossible") {
            return Ok(response(StatusCode::SWITCHING_PROTOCOLS, Body::empty()));
        }
        let method = request.method().to_string();
        let header =
            request.headers().get("x-probe").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let props = request.headers().contains_key("x-partykit-props");
        let (name, decoded) = (room.name().as_str().to_owned(), room.name().decoded().into_owned());
        let body = request.into_body().text().await?;
        let seen = json!({"method": method, "path": path, "header": header, "props": props, "body": body, "name": name,
            "decoded": decoded});
        Ok(Response::new(Body::json(&seen)?))
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |question: Question| match question {
            Question::Add(points) => {
                let sum = room.storage().get::<u32>("sum")?.unwrap_or(0).saturating_add(points);
                room.storage().put("sum", &sum)?;
                Ok(sum)
            }
            Question::Refuse => Err(Error::refuse(StatusCode::FORBIDDEN, "not you")),
            Question::Fail => Err(Error::other("secret of on_call")),
            Question::Through(name, question) => Box::pin(room.stub("probe", &name)?.call(&*question)).await,
        })
        .await
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.log("the alarm has rung");
        room.broadcast_json(&json!({"alarm": self.starts}))?.send();
        let run = async |job: &Job| {
            let (key, attempt) = (job.key(), job.attempt());
            room.broadcast_json(&json!({"job": key, "attempt": attempt}))?.send();
            #[expect(clippy::panic, reason = "a job that takes its room down is tested")]
            if key == "panic" && attempt == 1 {
                panic!("secret of a job that panics");
            }
            if attempt > job.payload()? { Ok(()) } else { Err(Error::other("secret of a job")) }
        };
        self.jobs.run(run).await
    }
}

/// Writes seven rows and reads them.
fn seven_rows(room: &Room) -> Result<Response> {
    room.sql().execute("CREATE TABLE IF NOT EXISTS numbers (n INTEGER)", ())?;
    for number in 0..7 {
        room.sql().execute("INSERT INTO numbers VALUES (?)", (number,))?;
    }
    Ok(Response::new(Body::json(&room.sql().rows("SELECT n FROM numbers", ())?.len())?))
}

impl Probe {
    /// Does what a command says; the reply, if it has one.
    async fn obey(&self, room: &Room, from: &Connection, command: Command) -> Result<Option<Json>> {
        Ok(Some(match command {
            Command::Echo { text } => json!(text),
            Command::Starts => json!(self.starts),
            Command::Uri => json!({"query": from.query("tags"), "path": from.uri().contains("/parties/")}),
            Command::Tags => json!(from.tags().iter().map(Tag::as_str).collect::<Vec<_>>()),
            Command::State => from.state()?.unwrap_or(Json::Null),
            Command::SetState { state } => json!(from.set_state(&state).map(|()| "set")?),
            Command::FillState { bytes } => json!(from.set_state(&"x".repeat(bytes)).map(|()| "set")?),
            Command::Connections { tag } => {
                ids(&tag.map_or_else(|| room.connections(), |tag| room.connections_tagged(&tag)))
            }
            Command::Find { id } => json!(room.connection(&id).is_some()),
            Command::Broadcast { text, except, tag } => return broadcast(room, from, &text, except, tag),
            Command::Sql { query, params } => rows(room, &query, params)?,
            Command::Count { query } => json!(room.sql().execute_counted(&query, ())?),
            Command::Transaction { queries, fail, alarm, values } => {
                transaction(room, &queries, fail, alarm, &values)?
            }
            Command::Put { key, value } => json!(room.storage().put(&key, &value).map(|()| "put")?),
            Command::Get { key } => json!(room.storage().get::<Json>(&key)?),
            Command::Delete { key } => json!(room.storage().delete(&key)?),
            Command::List { prefix } => json!(room.storage().list::<Json>(&prefix)?),
            Command::Bucket { call } => bucket::call(room, call).await?,
            Command::Call { party, to, question, back } => {
                call::call(room, &party, &to, question, back).await?
            }
            Command::Close { id, code, reason } => return close(room, &id, code, &reason),
            Command::Alarm { after } => {
                json!(room.alarm().set_after(Duration::from_millis(after)).map(|()| "set")?)
            }
            Command::ClearAlarm => json!(room.alarm().clear().map(|()| "cleared")?),
            Command::AlarmDue => json!(room.alarm().due().await?.is_some()),
            Command::Job { key, after, fails } => {
                let when = When::after(Duration::from_millis(after));
                json!(self.jobs.set("probe", &key, when, &fails).map(|()| "set")?)
            }
            Command::CancelJob { key } => json!(self.jobs.cancel("probe", &key)?),
            Command::JobDue { key } => json!(self.jobs.due("probe", &key)?.is_some()),
            Command::Heartbeat { ping, pong } => {
                let options = HeartbeatOptions::default().answer(&ping, &pong);
                json!(Heartbeat::open(room, options).map(|_| "set")?)
            }
            Command::Sweep { timeout, after } => {
                room.sleep(Duration::from_millis(after)).await;
                let options = HeartbeatOptions::default().timeout(Duration::from_millis(timeout));
                ids(&Heartbeat::open(room, options)?.sweep())
            }
            Command::Later { text } => return later(room, text),
            Command::Destroy => return room.destroy().await.map(|()| None),
            Command::FailNextStart => json!(room.storage().put("fail_start", &true).map(|()| "set")?),
            Command::SlowNextStart => json!(room.storage().put("slow_start", &true).map(|()| "set")?),
            Command::Name => json!(room.name().as_str()),
            Command::Foreign => foreign(room)?,
            Command::Fail => return Err(Error::other("secret of on_message")),
        }))
    }
}

fn ids(connections: &[Connection]) -> Json {
    let mut ids: Vec<_> = connections.iter().map(|connection| connection.id().to_string()).collect();
    ids.sort();
    json!(ids)
}

fn broadcast(
    room: &Room,
    from: &Connection,
    text: &str,
    except: bool,
    tag: Option<String>,
) -> Result<Option<Json>> {
    let mut broadcast = room.broadcast(text);
    if except {
        broadcast = broadcast.except(from);
    }
    if let Some(tag) = &tag {
        broadcast = broadcast.to_tag(tag);
    }
    broadcast.send();
    Ok(None)
}

/// Reads a value by key, or writes it.
async fn value(room: &Room, key: &str, request: Request) -> Result<Response> {
    if request.method() == Method::PUT {
        room.storage().put(key, &request.into_body().read_json::<Json>().await?)?;
    }
    Ok(Response::new(Body::json(&room.storage().get::<Json>(key)?)?))
}

fn rows(room: &Room, query: &str, params: Params) -> Result<Json> {
    let rows = room.sql().rows(query, params.into_values())?;
    Ok(json!({"columns": rows.columns(), "rows": rows.iter().map(command::shown).collect::<Vec<_>>()}))
}

fn transaction(
    room: &Room,
    queries: &[String],
    fail: bool,
    alarm: Option<u64>,
    values: &BTreeMap<String, Json>,
) -> Result<Json> {
    let sql = room.sql();
    let ran = sql.transaction(|| {
        for query in queries {
            sql.execute(query, ())?;
        }
        for (key, value) in values {
            room.storage().put(key, value)?;
        }
        if let Some(after) = alarm {
            room.alarm().set_after(Duration::from_millis(after))?;
        }
        if fail { Err(Error::bad_message("undo")) } else { Ok(()) }
    });
    Ok(json!(if ran.is_ok() { "done" } else { "undone" }))
}

/// Accepts a socket without the framework.
fn foreign(room: &Room) -> Result<Json> {
    let Some(state) = party::workers::state(room) else { return Ok(Json::Null) };
    let pair = ::worker::WebSocketPair::new().map_err(Error::other)?;
    state.accept_websocket_with_tags(&pair.server, &["red"]);
    pair.client.accept().map_err(Error::other)?;
    Ok(json!(state.get_websockets().len()))
}

fn close(room: &Room, id: &str, code: u16, reason: &str) -> Result<Option<Json>> {
    if let Some(connection) = room.connection(id) {
        connection.close(CloseCode::new(code)?, reason);
    }
    Ok(None)
}

fn later(room: &Room, text: String) -> Result<Option<Json>> {
    let everyone = room.clone();
    room.wait_until(async move { everyone.broadcast(text).send() });
    Ok(None)
}
