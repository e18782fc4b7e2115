//! A room with a document of Yjs and nothing else, as the documentation of `party::parts::document` has it. The
//! benchmarks compare it with `bench/document-peer`.

use std::time::Duration;

use party::parts::document::{Access, Document, DocumentOptions};
use party::parts::limits::Rate;
use party::{Close, Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party};
use worker::{Context, Env, Request, Response, event};

/// How many messages a client may send: more than the load generator does, which types faster than a person. The peer
/// has no such limit.
const RATE: (u32, Duration) = (20_000, Duration::from_millis(1));

/// The room.
#[party]
#[derive(Debug)]
pub struct Notes {
    document: Document,
}

impl Server for Notes {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let (burst, interval) = RATE;
        let options = DocumentOptions::default().rate(Rate::new(burst, interval));
        Ok(Self { document: Document::open(room, options)? })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        _connection: &Connection,
        _context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        Ok(vec![Document::TAG])
    }

    async fn on_connect(
        &self,
        _room: &Room,
        connection: &Connection,
        _context: &ConnectionContext,
    ) -> Result<()> {
        self.document.connect(connection, Access::Write)
    }

    async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
        self.document.message(from, &message).await
    }

    async fn on_close(&self, _room: &Room, connection: &Connection, _close: Close) -> Result<()> {
        self.document.close(connection)
    }
}

/// Handles a request to the worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => Response::error("Not found", 404),
    }
}
