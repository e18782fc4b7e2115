//! What people notice of a long conversation: how soon the page shows what they type and send.

use super::browser;
use super::{Findings, Work};
use crate::Result;
use crate::contestant::Contestant::Peer;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::setup::Setup;

/// How many messages are on the page.
const SIZE: usize = 5000;

/// Typing and sending, with many messages on the page.
pub(crate) struct LongRoom;

impl Work for LongRoom {
    const NAME: &'static str = "long-room";
    const TITLE: &'static str = "Long room: typing and sending with 5,000 messages on the page";
    const ABOUT: &'static str = "Chromium on a processor four times slower shows 5,000 messages: those of the chat after a reader has gone back \
         to the first of them. Typing is the time from a key until its letter was painted, the 95th percentile of 60. Sending is the time \
         from Enter until the message was painted: half of the messages are sent by a reader who has gone back, so the page also leads to its \
         end. The longest of a round is shown too. The shift is what moved on the page without the reader (CLS) while it was loaded, typed \
         and sent.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let script = "bench/long-room/measure.ts";
        let printed = browser::measure(setup, Self::NAME, script, SIZE, setup.choose(5, 1)).await?;
        let figure = |title: &str, unit: Unit, name: &str, most: f64| -> Figure {
            let (ours, theirs) = printed.figure(title, unit, name);
            ours.limit(AtMost(most)).versus(Peer.name(), theirs, None)
        };
        Ok(vec![
            figure("Typing, p95, of a reader who has gone back", Unit::Millis, "typing", 32.0),
            figure("Typing, p95, at the end", Unit::Millis, "typingAtEnd", 32.0),
            figure("Sending, median", Unit::Millis, "sending", 100.0),
            figure("Sending, longest", Unit::Millis, "sendingMost", 100.0),
            figure("Shift, in thousandths", Unit::Count, "shift", 10.0),
        ]
        .into())
    }
}
