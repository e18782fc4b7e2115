//! The room: a document, and its versions.

use std::time::Duration;

use party::http::StatusCode;
use party::parts::document::{Access, Document, DocumentOptions, custom_message};
use party::parts::limits::{Rate, Rates};
use party::parts::wire::Json;
use party::{
    Close, Connection, ConnectionContext, Error, ErrorCode, Message, Props, Request, Response, Result, Room,
    Route, Server, Tag, party, response,
};

use crate::access::access;
use crate::protocol::{Command, News};

/// The tag of pages: they get the messages of [`News`]. The provider of `y-websocket` knows no such messages.
const PAGE: Tag = Tag::from_static("page");

/// The parameter of the address by which a page asks for these messages.
const NEWS: &str = "news";

/// The name of the version that keeps what a text was before it became an older version again.
const BEFORE_RESTORE: &str = "Before the restore";

/// How many commands a page may send at once, and how long one more takes. The document has limits of its own.
const COMMANDS: (u32, Duration) = (10, Duration::from_secs(2));

/// A text that several people write.
#[derive(Debug)]
#[party]
pub struct Editor {
    document: Document,
    commands: Rates,
}

impl Server for Editor {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let (burst, every) = COMMANDS;
        let document = Document::open(room, DocumentOptions::default())?;
        Ok(Self { document, commands: Rates::new(Rate::new(burst, every)) })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        connection: &Connection,
        _context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        let page = connection.query(NEWS).map(|_| PAGE);
        Ok([Document::TAG].into_iter().chain(page).collect())
    }

    async fn on_connect(
        &self,
        room: &Room,
        connection: &Connection,
        _context: &ConnectionContext,
    ) -> Result<()> {
        self.document.connect(connection, access(connection, room.name()))?;
        match connection.has_tag(PAGE) {
            true => self.send(connection, &self.versions()?),
            false => Ok(()),
        }
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let Some(command) = custom_message(&message) else {
            return self.document.message(from, &message).await;
        };
        match self.command(room, from, command) {
            Err(error) if error.is_public() => {
                self.send(from, &News::Refused { reason: error.public_text() })
            }
            done => done,
        }
    }

    async fn on_close(&self, _room: &Room, connection: &Connection, _close: Close) -> Result<()> {
        self.document.close(connection)
    }

    /// Answers `GET …/document`, see [`Document::request`], and `GET …/versions/{id}`, a version as an update of Yjs.
    ///
    /// The name of the room is what a reader must know, and the address of the request has it.
    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        let route = Route::parse(request.uri().path(), "parties");
        let rest: Vec<_> = route.iter().flat_map(Route::rest).collect();
        match rest.as_slice() {
            ["document"] => self.document.request(&request),
            ["versions", id] => self.version(id),
            _ => Err(Error::refuse(StatusCode::NOT_FOUND, "there is nothing here")),
        }
    }
}

impl Editor {
    /// Carries out a command about versions, and tells all pages which versions there are now.
    fn command(&self, room: &Room, from: &Connection, command: &str) -> Result<()> {
        if self.document.access(from)? != Some(Access::Write) {
            return Err(Error::client(ErrorCode::FORBIDDEN, "this link is for readers"));
        }
        let slow_down = |_wait| Error::client(ErrorCode::SLOW_DOWN, "too many commands: wait some seconds");
        self.commands.take(from.id().as_str(), room.now()).map_err(slow_down)?;
        match Message::from(command).read_frame()? {
            Command::Save { name } => self.document.save_version(&name).map(drop)?,
            Command::Restore { version } => self.restore(version)?,
            Command::Delete { version } => self.document.delete_version(version).map(drop)?,
        }
        let versions = self.versions()?;
        room.connections_tagged(PAGE).iter().try_for_each(|page| self.send(page, &versions))
    }

    /// Makes the text what it was in a version, and keeps what it was before.
    fn restore(&self, version: u64) -> Result<()> {
        let before = self.document.save_version(BEFORE_RESTORE)?;
        let restored = self.document.restore_version(version);
        if matches!(restored, Ok(true)) {
            return Ok(());
        }
        self.document.delete_version(before.id)?;
        restored?;
        Err(Error::client(ErrorCode::NOT_FOUND, "this version was deleted"))
    }

    fn version(&self, id: &str) -> Result<Response> {
        match id.parse().map_or(Ok(None), |id| self.document.version(id))? {
            Some(version) => Ok(response(StatusCode::OK, version.to_vec())),
            None => Err(Error::refuse(StatusCode::NOT_FOUND, "there is no such version")),
        }
    }

    fn versions(&self) -> Result<News<'static>> {
        Ok(News::Versions { versions: self.document.versions()? })
    }

    fn send(&self, page: &Connection, news: &News<'_>) -> Result<()> {
        self.document.send_custom(page, Json::of(news)?.as_str());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
