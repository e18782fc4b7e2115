//! The cost of a reconnect after a few missed messages.

use super::history::{self, room};
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::Chat;
use crate::crowd::arrive;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::micros_each;
use crate::wire;

/// How much was missed.
const MISSED: usize = 10;

/// How much there is.
const SIZE: usize = 100_000;

/// The measurements.
const CPU: &str = "CPU per coming back";
const BYTES: &str = "Bytes per coming back";

/// Coming back after having missed 10 of 100,000 messages.
pub(crate) struct Resume;

impl Work for Resume {
    const NAME: &'static str = "resume";
    const TITLE: &'static str = "Resume: 10 of 100,000 missed";
    const ABOUT: &'static str = "Coming back to a room with 100,000 messages, 10 of which one has missed, is to cost what it costs to come into a room that \
         has 10 messages. Leaving is counted too.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let server = history::serve(setup, Chat, Self::NAME, &[MISSED, SIZE]).await?;
        let known = arrive(&server, Chat, &wire::path(Chat, &room(SIZE), 0, None), None).await?;
        let (epoch, head) = known.log().ok_or("the welcome has no position")?;
        let missing = history::position(epoch, head.saturating_sub(MISSED as u64));
        known.leave().await?;
        let mut ledger = Ledger::default();
        for _ in 0..setup.choose(7, 3) {
            for (size, position) in [(SIZE, Some(missing.as_str())), (MISSED, None)] {
                round(&server, size, position, setup.choose(40, 20), &mut ledger).await?;
            }
        }
        let figure = |what, unit| {
            Figure::new(what, unit, "10 of 100,000", ledger.rounds(what, (Chat, SIZE))).versus(
                "a room that has 10",
                ledger.rounds(what, (Chat, MISSED)),
                AtMost(1.2),
            )
        };
        Ok(vec![figure(CPU, Unit::Micros), figure(BYTES, Unit::Bytes)].into())
    }
}

async fn round(
    server: &Server,
    size: usize,
    position: Option<&str>,
    times: usize,
    ledger: &mut Ledger,
) -> Result<()> {
    let path = wire::path(Chat, &room(size), 0, position);
    let first = arrive(server, Chat, &path, None).await?;
    let secret = wire::text_of(&first.greeting, "secret").map(str::to_owned);
    first.leave().await?;
    server.quiet().await?;
    let (before, mut bytes) = (server.cpu()?, 0);
    for _ in 0..times {
        let arrival = arrive(server, Chat, &path, secret.as_deref()).await?;
        if position.is_some() && !arrival.greeting.contains("\"recovered\":true") {
            return Err("what was missed was not recovered".into());
        }
        bytes += arrival.greeting.len();
        arrival.leave().await?;
    }
    ledger.note(CPU, (Chat, size), micros_each(server.cpu()? - before, times));
    ledger.note(BYTES, (Chat, size), bytes as f64 / times as f64);
    Ok(())
}
