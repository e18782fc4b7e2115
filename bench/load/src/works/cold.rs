//! How long a worker takes that was never loaded.

use std::time::Instant;

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{ByHand, Chat, Echo, Peer};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::http;
use crate::server::Server;
use crate::setup::Setup;

/// The measurements.
const TIME: &str = "Until the first response";
const CPU: &str = "CPU until then";

/// From the start of workerd to the first response.
pub(crate) struct Cold;

impl Work for Cold {
    const NAME: &'static str = "cold";
    const TITLE: &'static str = "Cold worker: from nothing to the first response";
    const ABOUT: &'static str = "From the start of the workerd process, which compiles and instantiates the worker, to the response to a request that is \
         for no room. The start of workerd itself is in all of them.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let contestants = [Chat, Peer, ByHand, Echo];
        let mut servers = Vec::new();
        for contestant in contestants {
            servers.push(Server::fresh(setup, contestant, Self::NAME).await?);
        }
        let mut ledger = Ledger::default();
        for _ in 0..setup.choose(21, 7) {
            for (contestant, server) in contestants.into_iter().zip(&mut servers) {
                server.stop()?;
                let started = Instant::now();
                server.start()?;
                server.listens().await?;
                http::get(server.port, "/parties/nobody/").await?;
                ledger.note(TIME, (contestant, 0), started.elapsed().as_secs_f64() * 1e3);
                ledger.note(CPU, (contestant, 0), server.cpu()?.as_secs_f64() * 1e3);
            }
        }
        let figure = |what| {
            let rounds = |contestant| ledger.rounds(what, (contestant, 0));
            Figure::new(what, Unit::Millis, Chat.name(), rounds(Chat))
                .versus(Echo.name(), rounds(Echo), AtMost(2.0))
                .versus(Peer.name(), rounds(Peer), None)
                .versus(ByHand.name(), rounds(ByHand), None)
        };
        Ok(vec![figure(TIME), figure(CPU)].into())
    }
}
