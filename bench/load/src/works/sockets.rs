//! A room as large as a stadium: one message to thousands, and the memory of thousands while nothing happens.

use std::time::Duration;

use tokio::time::sleep;

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{Chat, Insert, Peer};
use crate::crowd::Crowd;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;

/// How many clients there are.
const SOCKETS: usize = 5_000;

/// How many members they are in our chat, which takes 1,000: each has many devices.
const MEMBERS: usize = 50;

/// After which time a room is out of memory, with some to spare.
const ASLEEP: Duration = Duration::from_secs(12);

/// The measurements.
const LAST: &str = "Until the last has it";
const CPU: &str = "CPU";
const MEMORY: &str = "Memory per idle connection";

/// One message to 5,000 clients.
pub(crate) struct Sockets;

impl Work for Sockets {
    const NAME: &'static str = "sockets";
    const TITLE: &'static str = "5,000 sockets: one message to all, and their memory";
    const ABOUT: &'static str = "5,000 clients in one room; in our chat they are 50 members with a hundred devices each, since it takes 1,000 members. \
         Memory is what the process has grown by, 12 seconds after the last has come, when every room is out of memory and its \
         sockets sleep.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let (mut ledger, mut rooms) = (Ledger::default(), Vec::new());
        for contestant in [Chat, Peer, Insert] {
            let server = Server::fresh(setup, contestant, Self::NAME).await?;
            drop(Crowd::gather(&server, contestant, "first", 100, MEMBERS).await?);
            server.quiet().await?;
            let before = server.resident()?;
            let crowd = Crowd::gather(&server, contestant, "room", SOCKETS, MEMBERS).await?;
            rooms.push((contestant, server, crowd, before));
        }
        sleep(ASLEEP).await;
        for (contestant, server, crowd, before) in &mut rooms {
            let grown = server.resident()?.saturating_sub(*before);
            ledger.note(MEMORY, (*contestant, 0), grown as f64 / SOCKETS as f64);
            // The first message wakes the room.
            crowd.say(0, 1).await?;
            crowd.hear().await?;
        }
        for round in 0..setup.choose(9, 3) {
            for (contestant, server, crowd, _) in &mut rooms {
                crowd.take_latencies();
                server.quiet().await?;
                let before = server.cpu()?;
                crowd.say(round % MEMBERS, 1).await?;
                crowd.hear().await?;
                let used = server.cpu()? - before;
                let last = crowd.take_latencies().into_iter().max().ok_or("nothing was received")?;
                ledger.note(CPU, (*contestant, 0), used.as_secs_f64() * 1e3);
                ledger.note(LAST, (*contestant, 0), f64::from(last) / 1e3);
            }
        }
        let figure = |what, unit, insert, peer| {
            let rounds = |contestant| ledger.rounds(what, (contestant, 0));
            Figure::new(what, unit, Chat.name(), rounds(Chat))
                .versus(Insert.name(), rounds(Insert), insert)
                .versus(Peer.name(), rounds(Peer), peer)
        };
        Ok(vec![
            figure(LAST, Unit::Millis, Some(AtMost(1.05)), None),
            figure(CPU, Unit::Millis, Some(AtMost(1.05)), None),
            figure(MEMORY, Unit::Bytes, None, Some(AtMost(1.0))),
        ]
        .into())
    }
}
