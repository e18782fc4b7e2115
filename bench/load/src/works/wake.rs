//! How long a room takes that is not in memory.

use std::time::Instant;

use super::history::{self, room};
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{self, ByHand, Chat, Insert, Peer};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::http;
use crate::server::Server;
use crate::setup::Setup;

/// How long the histories are.
const SIZES: [usize; 3] = [0, 10_000, 100_000];

/// The room that wakes after the one without a history, in the same worker. It has one message.
const NEXT: usize = 1;

/// The measurements.
const TIME: &str = "Until the first response";
const CPU: &str = "CPU of it";
const NEXT_CPU: &str = "CPU of the next room's";

/// The first response of a room after a restart.
pub(crate) struct Wake;

impl Work for Wake {
    const NAME: &'static str = "wake";
    const TITLE: &'static str = "Wake: the first response of a room with 100,000 messages";
    const ABOUT: &'static str = "workerd is started again, the worker has answered once, and then a request is the room's first event. No room has \
         anything to say to it but that it has not, so what is measured is its start. The engine compiles a function of WebAssembly when it is \
         first called, which is what most of a first wake goes to in Rust; \"the next room's\" is a second room of the same worker, which finds \
         it done.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut servers = Vec::new();
        for contestant in [Chat, Peer] {
            let sizes = [NEXT].into_iter().chain(SIZES).collect::<Vec<_>>();
            servers.push((contestant, history::serve(setup, contestant, Self::NAME, &sizes).await?));
        }
        for bare in [ByHand, Insert] {
            servers.push((bare, Server::fresh(setup, bare, Self::NAME).await?));
        }
        let mut ledger = Ledger::default();
        for _ in 0..setup.choose(15, 4) {
            for size in SIZES {
                for (contestant, server) in &mut servers {
                    if size > 0 && !matches!(contestant, Chat | Peer) {
                        continue;
                    }
                    server.stop()?;
                    server.start()?;
                    server.listens().await?;
                    // An address that is nobody's is answered by the worker alone.
                    http::get(server.port, "/parties/").await?;
                    let (time, cpu) = wake(server, *contestant, size).await?;
                    ledger.note(TIME, (*contestant, size), time);
                    ledger.note(CPU, (*contestant, size), cpu);
                    if size == 0 {
                        let (_, cpu) = wake(server, *contestant, NEXT).await?;
                        ledger.note(NEXT_CPU, (*contestant, size), cpu);
                    }
                }
            }
        }
        let rounds = |what, contestant, size| ledger.rounds(what, (contestant, size));
        let figure = |what| {
            Figure::new(what, Unit::Millis, "chat, 100,000", rounds(what, Chat, 100_000))
                .versus("chat, empty", rounds(what, Chat, 0), AtMost(1.2))
                .versus("TypeScript peer, 10,000", rounds(what, Peer, 10_000), None)
                .versus("TypeScript peer, 100,000", rounds(what, Peer, 100_000), None)
        };
        let empty = |what, limit| {
            Figure::new(format!("{what}, empty rooms"), Unit::Millis, Chat.name(), rounds(what, Chat, 0))
                .versus(Peer.name(), rounds(what, Peer, 0), limit)
                .versus(ByHand.name(), rounds(what, ByHand, 0), None)
                .versus(Insert.name(), rounds(what, Insert, 0), None)
        };
        let by_hand = rounds(CPU, ByHand, 0);
        let floor = Figure::floor(format!("{CPU}, empty rooms"), Unit::Millis, ByHand.name(), by_hand)
            .versus(Peer.name(), rounds(CPU, Peer, 0), None);
        Ok(vec![
            figure(TIME),
            figure(CPU),
            empty(CPU, Some(AtMost(1.5))),
            floor,
            empty(NEXT_CPU, Some(AtMost(1.5))),
        ]
        .into())
    }
}

/// Returns a request to a room that is not in memory: how long it takes, and the processor time of it, in milliseconds.
async fn wake(server: &Server, contestant: Contestant, size: usize) -> Result<(f64, f64)> {
    server.quiet().await?;
    let (cpu, started) = (server.cpu()?, Instant::now());
    http::get(server.port, &format!("/parties/{}/{}", contestant.party(), room(size))).await?;
    let time = started.elapsed();
    // Work after the response is part of it.
    server.quiet().await?;
    let used = server.cpu()? - cpu;
    Ok((time.as_secs_f64() * 1e3, used.as_secs_f64() * 1e3))
}
