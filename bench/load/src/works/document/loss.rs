//! What is gone after a crash, of what other clients had seen.

use std::time::Duration;

use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use tokio::task::spawn_local;
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::{Ledger, Servers, figure};
use crate::Result;
use crate::contestant::Contestant;
use crate::crowd::Socket;
use crate::draft::Draft;
use crate::editors::join;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::yjs::{self, Received};

/// The time between two letters.
const KEYSTROKE: Duration = Duration::from_millis(50);

/// How many letters are typed in the first round, and how many more in each further one.
const LETTERS: usize = 80;
const MORE: usize = 60;

/// How long a client may take to see that the server is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The measurements, with the time from the last letter to the crash.
const CASES: [(&str, Duration); 2] = [
    ("Letters lost, a crash while somebody types", Duration::ZERO),
    ("Letters lost, a crash a second after the last", Duration::from_secs(1)),
];

/// Counts what is lost.
pub(super) async fn figures(
    setup: &Setup,
    servers: &mut Servers,
    ledger: &mut Ledger,
) -> Result<Vec<Figure>> {
    for round in 0..setup.choose(4, 1) {
        for (case, (what, pause)) in CASES.into_iter().enumerate() {
            for (contestant, server) in &mut *servers {
                let room = format!("crash-{case}-{round}");
                let lost = lost(server, *contestant, &room, LETTERS + round * MORE, pause).await?;
                ledger.note(what, (*contestant, 0), lost as f64);
            }
        }
    }
    Ok(CASES.map(|(what, _)| figure(ledger, what, Unit::Count, None).limit(AtMost(0.0))).to_vec())
}

/// Has a client type, kills the server after a pause, and returns how many letters are gone that another had seen.
async fn lost(
    server: &mut Server,
    contestant: Contestant,
    room: &str,
    letters: usize,
    pause: Duration,
) -> Result<usize> {
    let (mut writer, own) = join(server, contestant, room).await?.socket.split();
    let (_writer, other) = join(server, contestant, room).await?.socket.split();
    // What the room sends back to its author is read, too.
    let (_own, other) = (spawn_local(see(own)), spawn_local(see(other)));
    let (mut typist, mut pace) = (Draft::new(1), interval(KEYSTROKE));
    for _ in 0..letters {
        pace.tick().await;
        writer.send(Message::binary(yjs::update(&typist.types()))).await?;
    }
    sleep(pause).await;
    server.crash();
    let seen = timeout(PATIENCE, other).await??;
    server.start()?;
    server.listens().await?;
    let joined = join(server, contestant, room).await?;
    let kept = Draft::with(2, &joined.document)?.text();
    joined.leave().await?;
    if !pause.is_zero() && seen.len() < letters {
        return Err(format!("of {letters} letters {} were seen in a second", seen.len()).into());
    }
    let common = seen.chars().zip(kept.chars()).take_while(|(one, other)| one == other).count();
    Ok(seen.len() - common)
}

/// Returns the text that a client has when its connection ends.
async fn see(mut reader: SplitStream<Socket>) -> String {
    let seen = Draft::new(3);
    while let Some(Ok(frame)) = reader.next().await {
        if let Message::Binary(bytes) = frame
            && let Ok(Received::Update(change)) = yjs::read(&bytes)
            && let Err(error) = seen.apply(change)
        {
            eprintln!("a change that cannot be read: {error}");
        }
    }
    seen.text()
}
