//! Documents that people edit together, beside npm's `y-partyserver`.

mod joining;
mod loss;
mod typing;

use super::{Findings, Ledger, Work, sizes};
use crate::Result;
use crate::contestant::Contestant::{self, Document, DocumentPeer};
use crate::draft;
use crate::editors::Editors;
use crate::figure::{Figure, Limit, Unit};
use crate::server::Server;
use crate::setup::Setup;

/// Who takes turns.
const CONTESTANTS: [Contestant; 2] = [Document, DocumentPeer];

/// How many changes made the document.
const EDITS: usize = 10_000;

/// How many clients receive what one writes.
const CLIENTS: usize = 20;

/// The room with that document.
const ROOM: &str = "room";

/// The measurements.
const MEMORY: &str = "Memory of the process";

/// A document with many clients.
pub(crate) struct Documents;

/// The contestants' servers, in the order of their turns.
type Servers = Vec<(Contestant, Server)>;

impl Work for Documents {
    const NAME: &'static str = "document";
    const TITLE: &'static str = "Document: typing, joining and crashing, with a text of 10,000 changes";
    const ABOUT: &'static str = "A room with a document of Yjs and nothing else, beside the same room on npm's `y-partyserver`. The text was \
         made by 8 clients: at the same time as the others, each inserts one letter at a random place, or deletes one, \
         10,000 changes in all. Typing: one client types letter by letter, each letter is an update, and 20 other \
         clients receive it; all rooms except ours send it to its author, too. The bare objects send the same bytes to \
         everyone, the first after an insert. Under load our room gathers letters for 30 milliseconds, which is its \
         default: a letter that comes less than 30 ms after the last frame waits until the 30 ms are over, and all \
         letters that wait are stored as one row and sent as one frame. The other rooms send each letter in a frame of \
         its own. CPU and latency are those of each letter, also of a letter that has waited with others: its latency \
         ends when a receiver has the frame that contains it. Joining: a client that has nothing opens a connection \
         and asks for the document, while 21 others are there. The time ends when the client has the document; the CPU \
         is that of its leaving, too. Waking: workerd is started again, the worker has answered once, and then a join \
         is the room's first event; \"the next room's\" is a second room of the same worker, with the same text. \
         Memory is that of the whole process after the 10,000 changes, with 21 clients. Losing: a client types 20 \
         letters a second, and workerd is killed after the last letter, at once or a second later. Then a new client \
         reads the document. A lost letter is one that another client had seen and that is gone. The first round types \
         for 4 seconds, each further round for 3 seconds more. The peer saves 2 seconds after the last change, and at \
         least every 10 seconds, which are its defaults. The upload is compressed by gzip.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut ledger = Ledger::default();
        let edits = draft::edits(EDITS)?;
        let (mut servers, mut rooms) = (Servers::new(), Vec::new());
        for contestant in CONTESTANTS {
            let server = Server::fresh(setup, contestant, Self::NAME).await?;
            let mut editors = Editors::gather(&server, contestant, ROOM, CLIENTS).await?;
            editors.write_all(&edits).await?;
            server.quiet().await?;
            ledger.note(MEMORY, (contestant, 0), server.resident()? as f64 / 1024.0);
            servers.push((contestant, server));
            rooms.push(editors);
        }
        let mut figures = joining::present(setup, &servers, &mut ledger).await?;
        drop(rooms);
        figures.extend(joining::waking(setup, &mut servers, &mut ledger).await?);
        let mut all = typing::figures(setup, &servers, &mut ledger).await?;
        all.append(&mut figures);
        all.push(figure(&ledger, MEMORY, Unit::Kib, None));
        all.extend(loss::figures(setup, &mut servers, &mut ledger).await?);
        let upload = Figure::new(
            "Upload of the worker",
            Unit::Kib,
            Document.name(),
            vec![sizes::upload(setup, Document)?],
        );
        all.push(upload.versus(DocumentPeer.name(), vec![sizes::upload(setup, DocumentPeer)?], None));
        Ok(all.into())
    }
}

/// Returns the figure of a measurement, with the limit of the ratio to the peer's.
fn figure(ledger: &Ledger, what: &'static str, unit: Unit, limit: Option<Limit>) -> Figure {
    let rounds = |contestant| ledger.rounds(what, (contestant, 0));
    Figure::new(what, unit, Document.name(), rounds(Document)).versus(
        DocumentPeer.name(),
        rounds(DocumentPeer),
        limit,
    )
}
