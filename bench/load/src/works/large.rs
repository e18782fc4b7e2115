//! A room that is too large for one object, beside the same room in one object.

use std::time::Duration;

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::audience::Audience;
use crate::contestant::Contestant::Chat;
use crate::contestant::Worker;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::{micros_each, percentile};

/// How many clients there are at most, in a thorough run and in a quick one.
const CLIENTS: (u64, u64) = (15_000, 6_000);

/// How many files workerd has open for each client, with those that it has not closed yet when clients come back, and
/// for all else.
const FILES_EACH: u64 = 3;
const OTHER_FILES: u64 = 2_000;

/// How the chat is served.
struct Served {
    /// Its name in the report.
    label: &'static str,
    /// The name of its folders.
    name: &'static str,
    /// The worker's variables.
    variables: &'static [(&'static str, &'static str)],
}

/// The two that are compared. The subject in the ledger is the index.
const SERVED: [Served; 2] = [
    Served { label: "chat, with relays", name: "relayed", variables: &[("RELAYS_ABOVE", "5000")] },
    Served { label: "chat, in one object", name: "single", variables: &[("RELAYS_ABOVE", "1000000")] },
];

/// For how long clients come and go.
const CHURN: Duration = Duration::from_secs(10);

/// The measurements.
const LAST: &str = "Until the last has it";
const MOST: &str = "Until the last has it, 95th percentile of all messages";
const CPU: &str = "CPU per delivered frame";
const STORM: &str = "All were cut: until the last is back";
const STORM_CPU: &str = "CPU per coming back";
const CHURNS: &str = "Clients that come while as many leave";
const CHURN_CPU: &str = "CPU per coming and leaving";

/// Thousands of clients at relays.
pub(crate) struct Large;

impl Work for Large {
    const NAME: &'static str = "large";
    const TITLE: &'static str = "A room with relays: thousands of members beside one object";
    const ABOUT: &'static str = "15,000 members, or as many as open files allow, in a room that has relays above 5,000 connections, and in a room that \
         is one object, one after the other. One writes a message, and everyone receives it. Then all are cut at once, and come back with \
         their positions, 128 at a time. Then members leave and others come, as fast as the room goes along. workerd \
         runs all objects of a room on one thread here; on the platform relays share the work.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let clients = clients(setup)?;
        let mut ledger = Ledger::default();
        for (which, Served { name, variables, .. }) in SERVED.iter().enumerate() {
            let worker = Worker { name, variables, ..Chat.worker() };
            let server = Server::serve(setup, &worker, Self::NAME).await?;
            measure(setup, &server, clients, which, &mut ledger).await?;
        }
        let figure = |what, unit, limit| {
            let [ours, other] = SERVED.map(|served| served.label);
            let rounds = |which| ledger.rounds(what, (Chat, which));
            Figure::new(format!("{what}, {clients} members"), unit, ours, rounds(0)).versus(
                other,
                rounds(1),
                limit,
            )
        };
        Ok(vec![
            figure(LAST, Unit::Millis, None),
            figure(MOST, Unit::Millis, None),
            figure(CPU, Unit::Micros, Some(AtMost(1.15))),
            figure(STORM, Unit::Millis, None),
            figure(STORM_CPU, Unit::Micros, None),
            figure(CHURNS, Unit::PerSecond, None),
            figure(CHURN_CPU, Unit::Micros, None),
        ]
        .into())
    }
}

/// Returns the number of clients, as far as a process here may have sockets.
fn clients(setup: &Setup) -> Result<usize> {
    let (thorough, quick) = CLIENTS;
    let wanted = setup.choose(thorough, quick);
    let files = rlimit::increase_nofile_limit(wanted * FILES_EACH + OTHER_FILES)?;
    Ok(usize::try_from(wanted.min(files.saturating_sub(OTHER_FILES) / FILES_EACH))?)
}

async fn measure(
    setup: &Setup,
    server: &Server,
    clients: usize,
    which: usize,
    ledger: &mut Ledger,
) -> Result<()> {
    let mut all = Audience::gather(server, "room", clients).await?;
    let mut note = |what, number| ledger.note(what, (Chat, which), number);
    // The engine has then compiled the code on the way.
    for _ in 0..setup.choose(10, 3) {
        all.say().await?;
    }
    let mut lasts = Vec::new();
    for _ in 0..setup.choose(20, 5) {
        server.quiet().await?;
        let before = server.cpu()?;
        let last = all.say().await?.into_iter().max().ok_or("nothing was received")?;
        server.quiet().await?;
        note(CPU, micros_each(server.cpu()? - before, clients));
        note(LAST, f64::from(last) / 1e3);
        lasts.push(last);
    }
    note(MOST, f64::from(percentile(&mut lasts, 95).ok_or("nothing was received")?) / 1e3);
    for _ in 0..setup.choose(2, 1) {
        all.settle().await?;
        let before = server.cpu()?;
        note(STORM, all.storm().await?.as_secs_f64() * 1e3);
        note(STORM_CPU, micros_each(server.cpu()? - before, clients));
    }
    for _ in 0..setup.choose(2, 1) {
        all.settle().await?;
        let before = server.cpu()?;
        let came = all.churn(CHURN).await?;
        note(CHURNS, came as f64 / CHURN.as_secs_f64());
        note(CHURN_CPU, micros_each(server.cpu()? - before, came));
    }
    Ok(())
}
