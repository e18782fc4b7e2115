//! The worker in front of the probe: one prefix for each way in which a router can be used.
//!
//! | address | what it is for |
//! | --- | --- |
//! | `/parties/probe/{room}` | the router without options |
//! | `/api/guarded/probe/{room}` | prefix, props, CORS, doorkeepers (`?door=answer`, `?door=replace`, `?door=mark`) |
//! | `/own/probe/{room}` | allowed origins, headers of CORS and subprotocols of the app's own, doorkeepers |
//! | `/retold/{party}/{room}` | retries of which the worker is told, and at which it fails |
//! | `/eu/probe/{room}` | a jurisdiction, no retries |
//! | `/call/{room}/{points}` | a remote call through a stub; `refuse` and `fail` in place of the points |
//! | `/stub/{room}` | a request through a stub |

use party::http::StatusCode;
use party::{Call, Cors, Lobby, Namespace, Next, Retry, Router, ServerOptions, server_by_name};
use serde::{Deserialize, Serialize};
use worker::{Context, Env, Headers, Request, RequestInit, Response, Result, event};

/// What the worker or another room asks a room.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Question {
    /// More points; the answer is their sum.
    Add(u32),
    /// What the room refuses.
    Refuse,
    /// What the room fails at.
    Fail,
    /// What the room asks another room of this name.
    Through(String, Box<Question>),
}

impl Call for Question {
    type Reply = u32;
}

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    if let Some(response) = party::route(&request, &env).await? {
        return Ok(response);
    }
    let guarded = Router::new()
        .prefix("/api/guarded/")
        .props(&serde_json::json!({"plan": "größer"}))?
        .cors(Cors::permissive())
        .location_hint("weur")
        .on_before_connect(doorkeeper)
        .on_before_request(doorkeeper);
    if let Some(response) = guarded.route(&request, &env).await? {
        return Ok(response);
    }
    let own = Router::new()
        .prefix("own")
        .allowed_origins(["https://app.example", "https://*.app.example"])?
        .subprotocols(&["chat.v1", "chat.v2"])?
        .cors(Cors::headers([("Access-Control-Allow-Origin", "https://app.example"), ("Vary", "Origin")]))
        .on_before_connect(doorkeeper)
        .on_before_request(doorkeeper);
    if let Some(response) = own.route(&request, &env).await? {
        return Ok(response);
    }
    let retry = Retry::new().on_retry(|event| {
        Err(party::Error::other(format!(
            "nobody counts attempt {} of {}",
            event.attempt,
            event.lobby.party()
        )))
    });
    if let Some(response) = Router::new().prefix("retold").retry(retry).route(&request, &env).await? {
        return Ok(response);
    }
    let european = Router::new().prefix("eu").jurisdiction("eu").no_retry();
    if let Some(response) = european.route(&request, &env).await? {
        return Ok(response);
    }
    let path = request.path();
    match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
        ["call", room, question] => call(&env, room, question).await,
        ["stub", room] => {
            let rooms = Namespace::of_binding(&env, "Probe")?;
            server_by_name(&rooms, room, ServerOptions::new()).await?.fetch(&request).await
        }
        _ => Response::error("Not found", 404),
    }
}

/// Says what the address asks it to say.
async fn doorkeeper(request: &Request, lobby: &Lobby) -> Result<Next> {
    let address = request.inner().url();
    if address.contains("door=answer") {
        let text = format!("{} {} {}", lobby.binding(), lobby.party(), lobby.room());
        return Ok(Next::Answer(Response::error(text, 401)?));
    }
    if address.contains("door=replace") {
        let headers = Headers::from_iter([("x-probe", "replaced")]);
        let mut init = RequestInit::new();
        init.with_headers(headers);
        return Ok(Next::Replace(Request::new_with_init(&address, &init)?));
    }
    if address.contains("door=mark") {
        let mut copy = request.clone_mut()?;
        copy.headers_mut()?.set("x-probe", "marked")?;
        return Ok(Next::Replace(copy));
    }
    Ok(Next::Pass)
}

/// Asks a room, and tells what came of it.
async fn call(env: &Env, room: &str, question: &str) -> Result<Response> {
    let rooms = Namespace::of_binding(env, "Probe")?;
    let options = ServerOptions::new().props(&serde_json::json!({"plan": "called"}))?;
    let room = server_by_name(&rooms, room, options).await?;
    let question = match question {
        "refuse" => Question::Refuse,
        "fail" => Question::Fail,
        points => Question::Add(points.parse().unwrap_or_default()),
    };
    match room.call(&question).await {
        Ok(sum) => Response::ok(sum.to_string()),
        Err(error) if error.status() == StatusCode::INTERNAL_SERVER_ERROR => {
            Response::error(error.to_string(), 502)
        }
        Err(error) => Response::error(error.public_text(), error.status().as_u16()),
    }
}
