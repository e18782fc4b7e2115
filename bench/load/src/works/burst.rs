//! Many say much at once.

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{self, Chat, Insert, Peer};
use crate::crowd::Crowd;
use crate::figure::Limit::{AtLeast, AtMost};
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::percentile;

/// How many clients there are, and how many of them talk.
const RECEIVERS: usize = 50;
const SENDERS: usize = 20;

/// The measurements.
const DELIVERED: &str = "Delivered messages";
const P50: &str = "p50 latency";
const P99: &str = "p99 latency";

/// Twenty clients say what a full bucket lets through, all at once.
pub(crate) struct Burst;

impl Work for Burst {
    const NAME: &'static str = "burst";
    const TITLE: &'static str = "Burst: 20 talk at once to 50";
    const ABOUT: &'static str = "20 of 50 clients say 64 things each, as fast as the wire takes them: to our chat in one array each, to the others \
         in a frame each, since their wires have no arrays. Each wave has a fresh room, so that our limits let it through. A delivered \
         message is one message at one receiver.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let contestants = [Chat, Peer, Insert];
        let mut servers = Vec::new();
        for contestant in contestants {
            let server = Server::fresh(setup, contestant, Self::NAME).await?;
            wave(setup, &server, contestant, "first", &mut Ledger::default()).await?;
            servers.push(server);
        }
        let mut ledger = Ledger::default();
        for round in 0..setup.choose(7, 2) {
            for (contestant, server) in contestants.into_iter().zip(&servers) {
                wave(setup, server, contestant, &format!("wave-{round}"), &mut ledger).await?;
            }
        }
        let rounds = |what, contestant| ledger.rounds(what, (contestant, 0));
        let figure = |what, unit, peer, insert| {
            Figure::new(what, unit, Chat.name(), rounds(what, Chat))
                .versus(Peer.name(), rounds(what, Peer), peer)
                .versus(Insert.name(), rounds(what, Insert), insert)
        };
        let delivered = figure(DELIVERED, Unit::PerCpuSecond, Some(AtLeast(15.0)), None);
        let p50 = figure(P50, Unit::Micros, Some(AtMost(0.25)), None);
        Ok(vec![delivered, p50, figure(P99, Unit::Micros, None, None)].into())
    }
}

async fn wave(
    setup: &Setup,
    server: &Server,
    contestant: Contestant,
    room: &str,
    ledger: &mut Ledger,
) -> Result<()> {
    let each = setup.choose(64, 32);
    let mut crowd = Crowd::gather(server, contestant, room, RECEIVERS, RECEIVERS).await?;
    server.quiet().await?;
    let before = server.cpu()?;
    for sender in 0..SENDERS {
        crowd.say(sender, each).await?;
    }
    crowd.hear().await?;
    let used = server.cpu()? - before;
    let mut latencies = crowd.take_latencies();
    ledger.note(DELIVERED, (contestant, 0), latencies.len() as f64 / used.as_secs_f64());
    for (what, percent) in [(P50, 50), (P99, 99)] {
        let latency = percentile(&mut latencies, percent).ok_or("nothing was received")?;
        ledger.note(what, (contestant, 0), f64::from(latency));
    }
    Ok(())
}
