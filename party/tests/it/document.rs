//! Documents that people edit together, with clients that are Yjs by the engine of its authors.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that overflows or looks beyond an end has failed"
)]

mod audit;
mod awareness;
mod client;
mod gathering;
mod limits;
mod reading;
mod refused;
mod schedules;
mod stored;
mod sync;

use std::time::Duration;

use party::parts::document::{Access, Document, DocumentOptions, custom_message};
use party::testing::TestRoom;
use party::{
    Close, Connection, ConnectionContext, Message, Props, Request, Response, Result, Room, Server, Tag,
};

use self::client::Client;

/// The largest document of these tests, and the largest update.
const DOCUMENT_BYTES: u64 = 300_000;
const UPDATE_BYTES: usize = 100_000;

/// The room in which changes are gathered under load.
const GATHERING: &str = "gathering";

/// A room with a document. A connection with `?view` may only read.
struct Notes {
    document: Document,
}

impl Server for Notes {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let options = DocumentOptions::default().document_bytes(DOCUMENT_BYTES).update_bytes(UPDATE_BYTES);
        let options = if room.name() == GATHERING { options } else { options.gather(Duration::ZERO) };
        Ok(Self { document: Document::open(room, options)? })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        _who: &Connection,
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
        let access = if connection.query("view").is_some() { Access::Read } else { Access::Write };
        self.document.connect(connection, access)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match custom_message(&message) {
            Some("all read") => room
                .connections_tagged(Document::TAG)
                .iter()
                .try_for_each(|connection| self.document.set_access(connection, Access::Read)),
            Some("all write") => room
                .connections_tagged(Document::TAG)
                .iter()
                .try_for_each(|connection| self.document.set_access(connection, Access::Write)),
            Some("save") => self.document.save_version("saved").map(drop),
            Some(text) => {
                self.document.send_custom(from, "heard");
                self.document.broadcast_custom(text, Some(from));
                Ok(())
            }
            None => self.document.message(from, &message).await,
        }
    }

    async fn on_close(&self, _room: &Room, connection: &Connection, _close: Close) -> Result<()> {
        self.document.close(connection)
    }

    /// `POST` applies an update, or with `?append` adds a word to the text.
    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        if request.method() != http::Method::POST {
            return self.document.request(&request);
        }
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = request.into_body();
        match query.as_str() {
            "append" => self.append(&body.text().await?)?,
            "twice" => {
                let again = Document::open(room, DocumentOptions::default())?;
                return Ok(Response::new(again.text("notes")?.into()));
            }
            "fail" => room.sql().transaction(|| {
                let _text = self.document.text("notes")?;
                Err(party::Error::other("it failed"))
            })?,
            "save" => drop(self.document.save_version(&body.text().await?)?),
            "restore" => drop(self.document.restore_version(body.read_json().await?)?),
            "delete" => drop(self.document.delete_version(body.read_json().await?)?),
            _ => self.document.apply(&body.bytes().await?)?,
        }
        Ok(Response::new(party::Body::json(&self.document.versions()?)?))
    }
}

impl Notes {
    fn append(&self, word: &str) -> Result<()> {
        use party::parts::document::yrs::{Text, WriteTxn};
        self.document.change(|transaction| {
            transaction.get_or_insert_text("notes").push(transaction, word);
            if word == "fail" { Err(party::Error::other("it failed")) } else { Ok(()) }
        })
    }
}

fn room() -> TestRoom<Notes> {
    TestRoom::new("notes")
}

/// Lets clients hear each other until nothing is on its way.
fn settle(clients: &mut [&mut Client]) {
    while clients.iter_mut().any(|client| client.hear()) {}
}

/// Brings all clients back, and checks that they, the room and a newcomer have the same text.
fn assert_all_become_the_same(room: &TestRoom<Notes>, mut clients: Vec<Client>) {
    for client in &mut clients {
        if !client.is_connected() {
            client.connect(room);
        }
    }
    settle(&mut clients.iter_mut().collect::<Vec<_>>());
    // Whoever reads it has what is gathered sent.
    let all = text(room);
    settle(&mut clients.iter_mut().collect::<Vec<_>>());
    for client in &clients {
        assert_eq!(client.text(), all, "client {}", client.id);
    }
    room.evict();
    assert_eq!(Client::joined(room, 99).text(), all, "a newcomer");
    let unexpected = |error: &String| !error.contains("disk is full");
    assert_eq!(room.errors().into_iter().filter(unexpected).collect::<Vec<_>>(), Vec::<String>::new());
}

/// Returns the text as a server reads it.
fn text(room: &TestRoom<Notes>) -> String {
    room.get("/parties/party/notes?text=notes").text()
}
