//! The cost of a join to a room with a long history.

use super::history::{self, room};
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{self, Chat, Grace, Insert, Page, Peer};
use crate::crowd::arrive;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::plot::Plot;
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::micros_each;
use crate::wire;

/// How long the histories are.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// How many take turns.
const MEMBERS: usize = 8;

/// The measurements.
const CPU: &str = "CPU per join";
const BYTES: &str = "Bytes per join";

/// Joins with 1,000, 10,000 and 100,000 messages of history.
pub(crate) struct Join;

impl Work for Join {
    const NAME: &'static str = "join";
    const TITLE: &'static str = "Join: with 1,000, 10,000 and 100,000 messages of history";
    const ABOUT: &'static str = "One client after another joins, receives the history, and leaves, which is counted too. With our chat it is a known \
         member, with its secret, that no longer knows anything of the log. Of the bare \
         objects one has nothing to tell: it is what the platform takes for coming and going. The others send the newest 100 of their \
         messages; the last of them also stores who leaves, so that a member whose connection breaks off is here for ten more seconds, \
         whether the room sleeps or not: as our presence does.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut servers = Vec::new();
        for contestant in [Chat, Peer] {
            servers.push((contestant, history::serve(setup, contestant, Self::NAME, &SIZES).await?));
        }
        for bare in [Page, Grace, Insert] {
            servers.push((bare, Server::fresh(setup, bare, Self::NAME).await?));
        }
        let mut ledger = Ledger::default();
        for (contestant, server) in &servers {
            // The engine has then compiled the code on the way.
            round(server, *contestant, 1_000, setup.choose(300, 100), &mut Ledger::default()).await?;
        }
        for _ in 0..setup.choose(7, 3) {
            for size in SIZES {
                for (contestant, server) in &servers {
                    // The peer sends all, which takes it as long as it is much.
                    let joins = match contestant {
                        Peer if size > 10_000 => 2,
                        _ => setup.choose(40, 20),
                    };
                    round(server, *contestant, size, joins, &mut ledger).await?;
                }
            }
        }
        let ours = |what, size| ledger.rounds(what, (Chat, size));
        let theirs = |what, size| ledger.rounds(what, (Peer, size));
        let growth = Figure::new(CPU, Unit::Micros, "chat, 100,000", ours(CPU, 100_000)).versus(
            "chat, 1,000",
            ours(CPU, 1_000),
            AtMost(1.1),
        );
        let beside = Figure::new(CPU, Unit::Micros, "chat, 10,000", ours(CPU, 10_000))
            .versus("TypeScript peer, 10,000", theirs(CPU, 10_000), AtMost(0.2))
            .versus("TypeScript peer, 1,000", theirs(CPU, 1_000), None)
            .versus("TypeScript peer, 100,000", theirs(CPU, 100_000), None)
            .versus(Page.name(), ledger.rounds(CPU, (Page, 10_000)), AtMost(1.3))
            .versus(Grace.name(), ledger.rounds(CPU, (Grace, 10_000)), None)
            .versus("bare object, nothing to tell", ledger.rounds(CPU, (Insert, 10_000)), None);
        let floor = Figure::floor(CPU, Unit::Micros, Grace.name(), ledger.rounds(CPU, (Grace, 10_000)))
            .versus("TypeScript peer, 10,000", theirs(CPU, 10_000), None)
            .versus(Page.name(), ledger.rounds(CPU, (Page, 10_000)), None);
        let bytes = Figure::new(BYTES, Unit::Bytes, "chat, 100,000", ours(BYTES, 100_000))
            .limit(AtMost(64.0 * 1024.0))
            .versus("chat, 1,000", ours(BYTES, 1_000), None)
            .versus("TypeScript peer, 10,000", theirs(BYTES, 10_000), None)
            .versus("TypeScript peer, 100,000", theirs(BYTES, 100_000), None);
        let line = |contestant| super::line(&ledger, CPU, contestant, &SIZES);
        let plot = Plot {
            title: "CPU per join, in µs".to_owned(),
            across: "messages of history",
            lines: vec![line(Chat), line(Peer)],
        };
        Ok(Findings { figures: vec![growth, beside, floor, bytes], plot: Some(plot) })
    }
}

async fn round(
    server: &Server,
    contestant: Contestant,
    size: usize,
    joins: usize,
    ledger: &mut Ledger,
) -> Result<()> {
    // Several take turns: our chat lets one member connect 150 times at once, and then twice a second.
    let mut secrets = Vec::new();
    for connection in 0..MEMBERS {
        let path = wire::path(contestant, &room(size), connection, None);
        let first = arrive(server, contestant, &path, None).await?;
        secrets.push(wire::text_of(&first.greeting, "secret").map(str::to_owned));
        first.leave().await?;
    }
    server.quiet().await?;
    let (before, mut bytes) = (server.cpu()?, 0);
    for join in 0..joins {
        let connection = join % MEMBERS;
        let path = wire::path(contestant, &room(size), connection, None);
        let secret = secrets.get(connection).and_then(Option::as_deref);
        let arrival = arrive(server, contestant, &path, secret).await?;
        bytes += arrival.greeting.len();
        arrival.leave().await?;
    }
    ledger.note(CPU, (contestant, size), micros_each(server.cpu()? - before, joins));
    ledger.note(BYTES, (contestant, size), bytes as f64 / joins as f64);
    Ok(())
}
