//! How long a room takes that is not in memory.

use std::time::Instant;

use super::history::{self, room};
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{Chat, Peer};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::http;
use crate::setup::Setup;

/// How long the histories are.
const SIZES: [usize; 3] = [0, 10_000, 100_000];

/// What is measured.
const TIME: &str = "Until the first response";
const CPU: &str = "CPU of it";

/// The first response of a room after a restart.
pub(crate) struct Wake;

impl Work for Wake {
    const NAME: &'static str = "wake";
    const TITLE: &'static str = "Wake: the first response of a room with 100,000 messages";
    const ABOUT: &'static str = "workerd is started anew, the worker has answered once, and then a request is the room's first event. Neither room has \
         anything to say to it but that it has not, so what is measured is its start.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut servers = Vec::new();
        for contestant in [Chat, Peer] {
            servers.push((contestant, history::serve(setup, contestant, Self::NAME, &SIZES).await?));
        }
        let mut ledger = Ledger::default();
        for _ in 0..setup.choose(15, 4) {
            for size in SIZES {
                for (contestant, server) in &mut servers {
                    server.stop()?;
                    server.start()?;
                    server.listens().await?;
                    // An address that is nobody's is answered by the worker alone.
                    http::get(server.port, "/parties/nobody/room").await?;
                    server.quiet().await?;
                    let (cpu, started) = (server.cpu()?, Instant::now());
                    http::get(server.port, &format!("/parties/{}/{}", contestant.party(), room(size)))
                        .await?;
                    let (time, used) = (started.elapsed(), server.cpu()? - cpu);
                    ledger.note(TIME, (*contestant, size), time.as_secs_f64() * 1e3);
                    ledger.note(CPU, (*contestant, size), used.as_secs_f64() * 1e3);
                }
            }
        }
        let figure = |what, limit| {
            let rounds = |contestant, size| ledger.rounds(what, (contestant, size));
            Figure::new(what, Unit::Millis, "chat, 100,000", rounds(Chat, 100_000))
                .versus("chat, empty", rounds(Chat, 0), limit)
                .versus("TypeScript peer, empty", rounds(Peer, 0), None)
                .versus("TypeScript peer, 10,000", rounds(Peer, 10_000), None)
                .versus("TypeScript peer, 100,000", rounds(Peer, 100_000), None)
        };
        Ok(vec![figure(TIME, Some(AtMost(1.2))), figure(CPU, Some(AtMost(1.2)))].into())
    }
}
