//! Whether saying something costs more when much was said before.

use super::history::{self, room};
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{self, Chat, Insert, Peer};
use crate::crowd::Crowd;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::plot::Plot;
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::micros_each;

/// How long the histories are.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// How many clients there are, and how many messages each may say at once and a few more.
const CLIENTS: usize = 4;
const EACH: usize = 28;

const CPU: &str = "CPU per append";

/// Appends with 1,000, 10,000 and 100,000 messages of history.
pub(crate) struct Append;

impl Work for Append {
    const NAME: &'static str = "append";
    const TITLE: &'static str = "Append: with 1,000, 10,000 and 100,000 messages of history";
    const ABOUT: &'static str = "One message after another to four clients. The histories are put into the database beforehand; the bare \
         object has none.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut servers = Vec::new();
        for contestant in [Chat, Peer] {
            servers.push((contestant, history::serve(setup, contestant, Self::NAME, &SIZES).await?));
        }
        servers.push((Insert, Server::fresh(setup, Insert, Self::NAME).await?));
        let messages = setup.choose(CLIENTS * EACH, CLIENTS * EACH / 2);
        let mut ledger = Ledger::default();
        for (contestant, server) in &servers {
            // The engine has then compiled the code on the way.
            for _ in 0..setup.choose(5, 2) {
                round(server, *contestant, 1_000, messages, &mut Ledger::default()).await?;
            }
        }
        for _ in 0..setup.choose(9, 3) {
            for size in SIZES {
                for (contestant, server) in &servers {
                    round(server, *contestant, size, messages, &mut ledger).await?;
                }
            }
        }
        let ours = |size| ledger.rounds(CPU, (Chat, size));
        let growth = Figure::new(CPU, Unit::Micros, "chat, 100,000", ours(100_000))
            .versus("chat, 1,000", ours(1_000), AtMost(1.1))
            .versus("chat, 10,000", ours(10_000), None);
        let theirs = |size| ledger.rounds(CPU, (Peer, size));
        let beside = Figure::new(CPU, Unit::Micros, "chat, 10,000", ours(10_000))
            .versus("TypeScript peer, 10,000", theirs(10_000), AtMost(0.5))
            .versus("TypeScript peer, 1,000", theirs(1_000), None)
            .versus("TypeScript peer, 100,000", theirs(100_000), None)
            .versus("bare object, insert, no history", ledger.rounds(CPU, (Insert, 1_000)), AtMost(1.15));
        let floor = Figure::floor(
            CPU,
            Unit::Micros,
            "bare object, insert, no history",
            ledger.rounds(CPU, (Insert, 1_000)),
        )
        .versus("TypeScript peer, 10,000", theirs(10_000), None);
        let line = |contestant| super::line(&ledger, CPU, contestant, &SIZES);
        let plot = Plot {
            title: "CPU per append, in µs".to_owned(),
            across: "messages of history",
            lines: vec![line(Chat), line(Peer)],
        };
        Ok(Findings { figures: vec![growth, beside, floor], plot: Some(plot) })
    }
}

async fn round(
    server: &Server,
    contestant: Contestant,
    size: usize,
    messages: usize,
    ledger: &mut Ledger,
) -> Result<()> {
    // Fresh members have full buckets.
    let mut crowd = Crowd::gather(server, contestant, &room(size), CLIENTS, CLIENTS).await?;
    crowd.talk(CLIENTS).await?;
    server.quiet().await?;
    let before = server.cpu()?;
    crowd.talk(messages).await?;
    ledger.note(CPU, (contestant, size), micros_each(server.cpu()? - before, messages));
    Ok(())
}
