//! One client types, and the others receive each letter.

use super::{CLIENTS, Ledger, ROOM, Servers, figure};
use crate::Result;
use crate::contestant::Contestant::{self, DocumentPeer, Echo, Insert};
use crate::draft::Draft;
use crate::editors::{Editors, join};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::{micros_each, percentile};

/// The room whose document is new.
const NEW: &str = "new";

/// The number of the client that types. Those that made the text have small ones.
const TYPIST: u64 = 1_000;

/// The measurements in which the latencies are taken, too.
const SLOW: &str = "CPU per letter, 200 a second, a new document";
const FAST: &str = "CPU per letter, 500 a second, a new document";

/// The rooms and how many letters are typed in a second, with the name of the measurement.
const CASES: [(&str, u32, &str); 3] =
    [(NEW, 200, SLOW), (NEW, 500, FAST), (ROOM, 200, "CPU per letter, 200 a second, with 10,000 changes")];

/// The latencies of each letter at each receiver: the measurement in which they are taken, and which percentile.
const LATENCIES: [(&str, usize, &str); 6] = [
    (SLOW, 50, "p50 latency, 200 a second, a new document"),
    (SLOW, 95, "p95 latency, 200 a second, a new document"),
    (SLOW, 99, "p99 latency, 200 a second, a new document"),
    (FAST, 50, "p50 latency, 500 a second, a new document"),
    (FAST, 95, "p95 latency, 500 a second, a new document"),
    (FAST, 99, "p99 latency, 500 a second, a new document"),
];

/// A room in which somebody types.
struct Typing {
    editors: Editors,
    typist: Draft,
}

impl Typing {
    async fn begin(server: &Server, contestant: Contestant, room: &str) -> Result<Self> {
        let editors = Editors::gather(server, contestant, room, CLIENTS).await?;
        let joined = join(server, contestant, room).await?;
        let typist = Draft::with(TYPIST, &joined.document)?;
        joined.leave().await?;
        Ok(Self { editors, typist })
    }

    async fn types(&mut self, per_second: u32, letters: usize) -> Result<()> {
        let changes: Vec<_> = (0..letters).map(|_| self.typist.types()).collect();
        self.editors.write_at(per_second, &changes).await
    }
}

/// Measures the processor time for each letter, and how long it is on its way.
pub(super) async fn figures(setup: &Setup, servers: &Servers, ledger: &mut Ledger) -> Result<Vec<Figure>> {
    let mut bare = Servers::new();
    for contestant in [Insert, Echo] {
        bare.push((contestant, Server::fresh(setup, contestant, "document").await?));
    }
    for room in [NEW, ROOM] {
        let mut rooms = Vec::new();
        let bare = bare.iter().filter(|_| room == NEW);
        for (contestant, server) in servers.iter().chain(bare) {
            let mut typing = Typing::begin(server, *contestant, room).await?;
            // The engine has then compiled the code on the way.
            typing.types(500, setup.choose(1_000, 500)).await?;
            rooms.push((*contestant, server, typing));
        }
        for _ in 0..setup.choose(11, 3) {
            for (_, per_second, what) in CASES.into_iter().filter(|case| case.0 == room) {
                for (contestant, server, typing) in &mut rooms {
                    round(server, typing, per_second, setup.choose(1_000, 400), (what, *contestant), ledger)
                        .await?;
                }
            }
        }
    }
    let rounds = |what, contestant| ledger.rounds(what, (contestant, 0));
    let mut figures = Vec::new();
    for (room, _, what) in CASES {
        let beside = figure(ledger, what, Unit::Micros, Some(AtMost(0.7)));
        if room != NEW {
            figures.push(beside);
            continue;
        }
        let beside = beside.versus(Insert.name(), rounds(what, Insert), None);
        figures.push(beside.versus(Echo.name(), rounds(what, Echo), None));
        let floor = Figure::floor(what, Unit::Micros, Insert.name(), rounds(what, Insert));
        figures.push(floor.versus(DocumentPeer.name(), rounds(what, DocumentPeer), None));
    }
    figures.extend(LATENCIES.map(|(_, _, what)| {
        let beside = figure(ledger, what, Unit::Micros, None);
        beside.versus(Insert.name(), rounds(what, Insert), None)
    }));
    Ok(figures)
}

async fn round(
    server: &Server,
    typing: &mut Typing,
    per_second: u32,
    letters: usize,
    (what, contestant): (&'static str, Contestant),
    ledger: &mut Ledger,
) -> Result<()> {
    typing.editors.take_latencies();
    server.quiet().await?;
    let before = server.cpu()?;
    typing.types(per_second, letters).await?;
    ledger.note(what, (contestant, 0), micros_each(server.cpu()? - before, letters));
    let mut latencies = typing.editors.take_latencies();
    for (_, percent, what) in LATENCIES.into_iter().filter(|latency| latency.0 == what) {
        let latency = percentile(&mut latencies, percent).ok_or("nothing was received")?;
        ledger.note(what, (contestant, 0), f64::from(latency));
    }
    Ok(())
}
