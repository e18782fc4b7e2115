//! One says something, everyone hears it.

use std::time::Duration;

use tokio::time::sleep;

use super::{Rounds, Work, rounds_of};
use crate::Result;
use crate::contestant::Contestant::{self, Chat, Echo, Insert, Peer};
use crate::crowd::Crowd;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::stats::{micros_each, percentile};

/// What is between two messages: longer than the window within which our chat gathers them.
const PAUSE: Duration = Duration::from_millis(6);

/// One message after another to 50 and to 500 receivers.
pub(crate) struct FanOut;

/// What one round has shown of one contestant.
struct Sample {
    cpu: f64,
    p50: f64,
    p99: f64,
}

impl Work for FanOut {
    const NAME: &'static str = "fan-out";
    const TITLE: &'static str = "Fan-out: one message to 50 and to 500";
    const ABOUT: &'static str = "One of the clients says something, 6 ms later another does, and everyone hears everything. All but the bare object \
         store it.";

    async fn measure(setup: &Setup) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        for (receivers, messages) in [(50, setup.choose(300, 100)), (500, setup.choose(100, 20))] {
            figures.extend(with(setup, receivers, messages).await?);
        }
        Ok(figures)
    }
}

async fn with(setup: &Setup, receivers: usize, messages: usize) -> Result<Vec<Figure>> {
    let (mut cpu, mut p50, mut p99) = (Rounds::new(), Rounds::new(), Rounds::new());
    let contestants = [Chat, Peer, Insert, Echo];
    let mut rooms = Vec::new();
    for contestant in contestants {
        let server = Server::fresh(setup, contestant, &format!("fan-out-{receivers}")).await?;
        let mut crowd = Crowd::gather(&server, contestant, "room", receivers, receivers).await?;
        talk(&mut crowd, messages / 2).await?;
        rooms.push((contestant, server, crowd));
    }
    for _ in 0..setup.choose(7, 3) {
        for (contestant, server, crowd) in &mut rooms {
            let sample = sample(server, crowd, messages).await?;
            cpu.entry(*contestant).or_default().push(sample.cpu);
            p50.entry(*contestant).or_default().push(sample.p50);
            p99.entry(*contestant).or_default().push(sample.p99);
        }
    }
    let figure = |title: &str, rounds: &Rounds<Contestant>| {
        let title = format!("{title}, {receivers} receivers");
        Figure::new(title, Unit::Micros, Chat.name(), rounds_of(rounds, Chat))
    };
    Ok(vec![
        figure("CPU per message", &cpu)
            .versus(Insert.name(), rounds_of(&cpu, Insert), AtMost(1.05))
            .versus(Peer.name(), rounds_of(&cpu, Peer), AtMost(0.75))
            .versus(Echo.name(), rounds_of(&cpu, Echo), None),
        figure("p50 latency", &p50).versus(Insert.name(), rounds_of(&p50, Insert), None).versus(
            Peer.name(),
            rounds_of(&p50, Peer),
            None,
        ),
        figure("p99 latency", &p99).versus(Insert.name(), rounds_of(&p99, Insert), None).versus(
            Peer.name(),
            rounds_of(&p99, Peer),
            None,
        ),
    ])
}

async fn sample(server: &Server, crowd: &mut Crowd, messages: usize) -> Result<Sample> {
    crowd.take_latencies();
    server.quiet().await?;
    let before = server.cpu()?;
    talk(crowd, messages).await?;
    let used = server.cpu()? - before;
    let mut latencies = crowd.take_latencies();
    let mut at = |percent| percentile(&mut latencies, percent).map(f64::from).ok_or("nothing was received");
    Ok(Sample { cpu: micros_each(used, messages), p50: at(50)?, p99: at(99)? })
}

/// The clients say something in turns.
async fn talk(crowd: &mut Crowd, messages: usize) -> Result<()> {
    for turn in 0..messages {
        crowd.say(turn % crowd.len(), 1).await?;
        crowd.hear().await?;
        sleep(PAUSE).await;
    }
    Ok(())
}
