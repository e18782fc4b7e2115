//! The frames that everyone receives when one more client joins.

use std::time::Duration;

use tokio::time::sleep;

use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::Chat;
use crate::crowd::{Crowd, arrive};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::wire;

/// A room that knows its members by name, and one that counts them. With one more they are full.
const SIZES: [usize; 2] = [99, 999];

/// Within which time the news has come: large rooms tell it once a second.
const NEWS: Duration = Duration::from_millis(2_500);

/// The measurements.
const FRAMES: &str = "Frames per member";
const BYTES: &str = "Bytes per member";

/// One more member comes.
pub(crate) struct Presence;

impl Work for Presence {
    const NAME: &'static str = "presence";
    const TITLE: &'static str = "Presence: one more member comes into a room of 1,000";
    const ABOUT: &'static str = "What each of those who are there hears of it. Rooms of up to 100 members have a roster, larger ones a number. The others \
         have no presence.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut ledger = Ledger::default();
        for round in 0..setup.choose(3, 1) {
            for size in SIZES {
                let server = Server::fresh(setup, Chat, Self::NAME).await?;
                let room = format!("room-{round}");
                let crowd = Crowd::gather(&server, Chat, &room, size, size).await?;
                sleep(NEWS).await;
                let tally = crowd.tally();
                let (frames, bytes) = (tally.frames.get(), tally.bytes.get());
                let _newcomer = arrive(&server, Chat, &wire::path(Chat, &room, size, None), None).await?;
                sleep(NEWS).await;
                let (frames, bytes) = (tally.frames.get() - frames, tally.bytes.get() - bytes);
                ledger.note(FRAMES, (Chat, size), frames as f64 / size as f64);
                ledger.note(BYTES, (Chat, size), bytes as f64 / size as f64);
            }
        }
        let figure = |what, unit, most| {
            Figure::new(what, unit, "chat, 1,000 members", ledger.rounds(what, (Chat, 999)))
                .limit(AtMost(most))
                .versus("chat, 100 members", ledger.rounds(what, (Chat, 99)), None)
        };
        Ok(vec![figure(FRAMES, Unit::Count, 1.0), figure(BYTES, Unit::Bytes, 128.0)].into())
    }
}
