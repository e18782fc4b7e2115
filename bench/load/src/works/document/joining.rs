//! A client that has nothing comes in: to a room that is in memory, and to one that is not.

use std::time::Duration;

use tokio::time::sleep;

use super::{Ledger, ROOM, Servers, figure};
use crate::Result;
use crate::contestant::Contestant;
use crate::editors::{Editors, join};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::http;
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::micros_each;

/// The room that wakes after the first, in the same worker.
const NEXT: &str = "next";

/// How many join before it counts: a room that was left alone for a while is out of memory.
const BEFORE: usize = 3;

/// After which time everything is saved: the peer waits for two seconds without a change.
const SAVED: Duration = Duration::from_secs(4);

/// The measurements.
const TIME: &str = "Join: until the document is there";
const CPU: &str = "Join: CPU";
const BYTES: &str = "Join: bytes of the document";
const WAKE_TIME: &str = "Wake: until the document is there";
const WAKE_CPU: &str = "Wake: CPU";
const NEXT_CPU: &str = "Wake: CPU of the next room's";

/// Measures joins of rooms that are in memory.
pub(super) async fn present(setup: &Setup, servers: &Servers, ledger: &mut Ledger) -> Result<Vec<Figure>> {
    let joins = setup.choose(60, 20);
    for _ in 0..setup.choose(11, 3) {
        for (contestant, server) in servers {
            for _ in 0..BEFORE {
                join(server, *contestant, ROOM).await?.leave().await?;
            }
            server.quiet().await?;
            let (before, mut took) = (server.cpu()?, Duration::ZERO);
            for _ in 0..joins {
                let joined = join(server, *contestant, ROOM).await?;
                took += joined.took;
                ledger.note(BYTES, (*contestant, 0), joined.document.len() as f64);
                joined.leave().await?;
            }
            ledger.note(CPU, (*contestant, 0), micros_each(server.cpu()? - before, joins));
            ledger.note(TIME, (*contestant, 0), micros_each(took, joins));
        }
    }
    Ok(vec![
        figure(ledger, TIME, Unit::Micros, Some(AtMost(0.5))),
        figure(ledger, CPU, Unit::Micros, Some(AtMost(0.5))),
        figure(ledger, BYTES, Unit::Bytes, None),
    ])
}

/// Measures the first join of rooms that are not in memory.
pub(super) async fn waking(setup: &Setup, servers: &mut Servers, ledger: &mut Ledger) -> Result<Vec<Figure>> {
    for (contestant, server) in &*servers {
        let joined = join(server, *contestant, ROOM).await?;
        let whole = [joined.document.clone()];
        joined.leave().await?;
        Editors::gather(server, *contestant, NEXT, 1).await?.write_all(&whole).await?;
    }
    sleep(SAVED).await;
    for _ in 0..setup.choose(15, 4) {
        for (contestant, server) in &mut *servers {
            server.stop()?;
            server.start()?;
            server.listens().await?;
            // An address that is nobody's is answered by the worker alone.
            http::get(server.port, "/parties/").await?;
            let (time, cpu) = wake(server, *contestant, ROOM).await?;
            ledger.note(WAKE_TIME, (*contestant, 0), time);
            ledger.note(WAKE_CPU, (*contestant, 0), cpu);
            let (_, cpu) = wake(server, *contestant, NEXT).await?;
            ledger.note(NEXT_CPU, (*contestant, 0), cpu);
        }
    }
    Ok([WAKE_TIME, WAKE_CPU, NEXT_CPU].map(|what| figure(ledger, what, Unit::Millis, None)).to_vec())
}

/// Joins a room that is not in memory. Returns how long it takes until the document is there, and the processor time of
/// it, in milliseconds.
async fn wake(server: &Server, contestant: Contestant, room: &str) -> Result<(f64, f64)> {
    server.quiet().await?;
    let before = server.cpu()?;
    let joined = join(server, contestant, room).await?;
    // Work after that is part of it.
    server.quiet().await?;
    let (took, used) = (joined.took, server.cpu()? - before);
    joined.leave().await?;
    Ok((took.as_secs_f64() * 1e3, used.as_secs_f64() * 1e3))
}
