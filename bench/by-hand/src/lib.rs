//! A durable chat room as one writes it in Rust by hand, on the `worker` crate alone: `bench/peer` in another language.
//! It has that one's wire and history in memory, and sends a frame on as it came before it is parsed or stored.

#![expect(missing_docs, reason = "the macro of the `worker` crate writes functions without")]

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use worker::{
    Context, DurableObject, Env, Request, Response, Result, SqlStorage, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, durable_object, event, wasm_bindgen,
};

/// Where the rooms are.
const ROOMS: &str = "/parties/chat/";

/// A message.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Message {
    id: String,
    user: String,
    role: String,
    content: String,
}

/// What travels.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Frame {
    Add(Message),
    Update(Message),
    All { messages: Vec<Message> },
}

/// The room.
#[durable_object]
#[derive(Debug)]
pub struct Chat {
    state: State,
    /// All messages; none before the first event.
    messages: RefCell<Option<Vec<Message>>>,
}

impl Chat {
    fn sql(&self) -> SqlStorage {
        self.state.storage().sql()
    }

    /// Reads the history after the object was out of memory.
    fn wake(&self) -> Result<()> {
        if self.messages.borrow().is_some() {
            return Ok(());
        }
        let sql = self.sql();
        sql.exec(
            "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, user TEXT, role TEXT, content TEXT)",
            None,
        )?;
        let stored = sql.exec("SELECT id, user, role, content FROM messages", None)?.to_array()?;
        self.messages.replace(Some(stored));
        Ok(())
    }

    fn save(&self, message: Message) -> Result<()> {
        let Message { id, user, role, content } = message.clone();
        if let Some(messages) = self.messages.borrow_mut().as_mut() {
            match messages.iter_mut().find(|other| other.id == message.id) {
                Some(other) => *other = message,
                None => messages.push(message),
            }
        }
        let insert = "INSERT INTO messages (id, user, role, content) VALUES (?, ?, ?, ?)
                      ON CONFLICT (id) DO UPDATE SET content = excluded.content";
        self.sql().exec(insert, vec![id.into(), user.into(), role.into(), content.into()])?;
        Ok(())
    }
}

impl DurableObject for Chat {
    fn new(state: State, _env: Env) -> Self {
        Self { state, messages: RefCell::default() }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        self.wake()?;
        if request.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("Not implemented", 404);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        let messages = self.messages.borrow().clone().unwrap_or_default();
        server.send(&Frame::All { messages })?;
        Response::from_websocket(client)
    }

    async fn websocket_message(&self, _socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        self.wake()?;
        let WebSocketIncomingMessage::String(text) = message else {
            return Ok(());
        };
        for socket in self.state.get_websockets() {
            socket.send_with_str(&text)?;
        }
        match serde_json::from_str(&text)? {
            Frame::Add(message) | Frame::Update(message) => self.save(message),
            Frame::All { .. } => Ok(()),
        }
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        code: usize,
        reason: String,
        _clean: bool,
    ) -> Result<()> {
        // These two stand for "none" and "broken off", and cannot be sent.
        let code = u16::try_from(code).ok().filter(|code| ![1005, 1006].contains(code));
        socket.close(code.or(Some(1000)), Some(reason))
    }
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let path = request.path();
    match path.strip_prefix(ROOMS) {
        Some(room) if !room.is_empty() => {
            env.durable_object("Chat")?.get_by_name(room)?.fetch_with_request(request).await
        }
        _ => Response::error("Not found", 404),
    }
}
