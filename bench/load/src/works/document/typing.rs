//! One client types, and the others receive each letter.

use super::{CLIENTS, Ledger, ROOM, Servers, figure};
use crate::Result;
use crate::contestant::Contestant;
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

/// The measurement in the long document, where the latencies are taken, too.
const LONG: &str = "CPU per letter, 200 a second, with 10,000 changes";

/// The rooms and how many letters are typed in a second, with the name of the measurement.
const CASES: [(&str, u32, &str); 3] = [
    (NEW, 200, "CPU per letter, 200 a second, a new document"),
    (NEW, 500, "CPU per letter, 500 a second, a new document"),
    (ROOM, 200, LONG),
];

/// The latencies.
const P50: &str = "p50 latency, 200 a second, with 10,000 changes";
const P99: &str = "p99 latency, 200 a second, with 10,000 changes";

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
    for room in [NEW, ROOM] {
        let mut rooms = Vec::new();
        for (contestant, server) in servers {
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
    let mut figures: Vec<_> =
        CASES.iter().map(|(_, _, what)| figure(ledger, what, Unit::Micros, Some(AtMost(0.7)))).collect();
    figures.extend([P50, P99].map(|what| figure(ledger, what, Unit::Micros, None)));
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
    if what == LONG {
        for (what, percent) in [(P50, 50), (P99, 99)] {
            let latency = percentile(&mut latencies, percent).ok_or("nothing was received")?;
            ledger.note(what, (contestant, 0), f64::from(latency));
        }
    }
    Ok(())
}
