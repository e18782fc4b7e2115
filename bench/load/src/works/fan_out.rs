//! One client sends a message, everyone receives it.

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{ByHand, Chat, Echo, Insert, Peer};
use crate::crowd::Crowd;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::{micros_each, percentile};

/// To how many receivers, and how many messages in a round. Rounds are short, so that no room has been quiet for the
/// ten seconds after which workerd takes it out of memory when its turn comes again: waking is measured elsewhere.
const ROUNDS: [(usize, usize, usize); 2] = [(50, 150, 100), (500, 40, 20)];

/// The measurements.
const CPU: &str = "CPU per message";
const P50: &str = "p50 latency";
const P99: &str = "p99 latency";

/// One message after another to 50 and to 500 receivers.
pub(crate) struct FanOut;

impl Work for FanOut {
    const NAME: &'static str = "fan-out";
    const TITLE: &'static str = "Fan-out: one message to 50 and to 500";
    const ABOUT: &'static str = "One of the clients says something, 6 ms later another does, and everyone hears everything. All but the bare object \
         store it.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut figures = Vec::new();
        for (receivers, messages) in
            ROUNDS.map(|(receivers, thorough, quick)| (receivers, setup.choose(thorough, quick)))
        {
            figures.extend(with(setup, receivers, messages).await?);
        }
        Ok(figures.into())
    }
}

async fn with(setup: &Setup, receivers: usize, messages: usize) -> Result<Vec<Figure>> {
    let mut rooms = Vec::new();
    for contestant in [Chat, Peer, ByHand, Insert, Echo] {
        let server = Server::fresh(setup, contestant, &format!("fan-out-{receivers}")).await?;
        let mut crowd = Crowd::gather(&server, contestant, "room", receivers, receivers).await?;
        // The engine has then compiled the code on the way.
        crowd.talk(setup.choose(500, 100)).await?;
        rooms.push((contestant, server, crowd));
    }
    let mut ledger = Ledger::default();
    for _ in 0..setup.choose(11, 3) {
        for (contestant, server, crowd) in &mut rooms {
            crowd.take_latencies();
            server.quiet().await?;
            let before = server.cpu()?;
            crowd.talk(messages).await?;
            ledger.note(CPU, (*contestant, 0), micros_each(server.cpu()? - before, messages));
            let mut latencies = crowd.take_latencies();
            for (what, percent) in [(P50, 50), (P99, 99)] {
                let latency = percentile(&mut latencies, percent).ok_or("nothing was received")?;
                ledger.note(what, (*contestant, 0), f64::from(latency));
            }
        }
    }
    let figure = |what| {
        let title = format!("{what}, {receivers} receivers");
        Figure::new(title, Unit::Micros, Chat.name(), ledger.rounds(what, (Chat, 0)))
    };
    let rounds = |what, contestant| ledger.rounds(what, (contestant, 0));
    let latency = |what| {
        let to_insert = figure(what).versus(Insert.name(), rounds(what, Insert), None);
        let to_peer = to_insert.versus(Peer.name(), rounds(what, Peer), None);
        to_peer.versus(ByHand.name(), rounds(what, ByHand), None)
    };
    let cpu = figure(CPU)
        .versus(Insert.name(), rounds(CPU, Insert), AtMost(1.1))
        .versus(Peer.name(), rounds(CPU, Peer), AtMost(0.92))
        .versus(ByHand.name(), rounds(CPU, ByHand), None)
        .versus(Echo.name(), rounds(CPU, Echo), None);
    let floor = Figure::floor(
        format!("{CPU}, {receivers} receivers"),
        Unit::Micros,
        Insert.name(),
        rounds(CPU, Insert),
    )
    .versus(Peer.name(), rounds(CPU, Peer), None);
    Ok(vec![cpu, floor, latency(P50), latency(P99)])
}
