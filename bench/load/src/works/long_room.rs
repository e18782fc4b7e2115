//! What people notice of a long conversation: how soon the page shows what they type and send.

use super::browser::{self, EMPTY, OURS, THEIRS};
use super::{Findings, Work};
use crate::Result;
use crate::contestant::Contestant::Peer;
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::setup::Setup;

/// How many messages are on the page.
const SIZE: usize = 5000;

/// How many times the time that the page takes in an empty room it may take with all these messages.
const TO_EMPTY: f64 = 1.5;

/// Typing and sending, with many messages on the page.
pub(crate) struct LongRoom;

impl Work for LongRoom {
    const NAME: &'static str = "long-room";
    const TITLE: &'static str = "Long room: typing and sending with 5,000 messages on the page";
    const ABOUT: &'static str = "Chromium on a processor four times slower shows 5,000 messages: those of the chat after a reader has gone back \
         to the first of them. Typing is the time from a key until its letter was painted, the 95th percentile of 60. Sending is the time \
         from Enter until the message was painted: half of the messages are sent by a reader who has gone back, so the page also leads to its \
         end. The longest of a round is shown too. The shift is what moved on the page without the reader (CLS) while it was loaded, typed \
         and sent. \"Empty room\" is the same page in a new room: it has no message but those that are sent here. So it shows the time that the \
         page, the browser and the machine take by themselves, and the ratio to it shows what the 5,000 messages add. Where the empty room \
         does not keep a limit in milliseconds, no page can on this machine, and the ratio is what counts.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let script = "bench/long-room/measure.ts";
        let pages = [OURS, THEIRS, EMPTY];
        let printed = browser::measure(setup, Self::NAME, script, &pages, SIZE, setup.choose(5, 1)).await?;
        let figure = |title: &str, unit: Unit, name: &str, most: f64| -> Figure {
            let (ours, theirs) = printed.figure(title, unit, name);
            ours.limit(AtMost(most)).versus(Peer.name(), theirs, None)
        };
        let time = |title: &str, name: &str, most: f64| -> Figure {
            let empty = printed.rounds(name, &EMPTY);
            figure(title, Unit::Millis, name, most).versus("chat, empty room", empty, AtMost(TO_EMPTY))
        };
        Ok(vec![
            time("Typing, p95, of a reader who has gone back", "typing", 32.0),
            time("Typing, p95, at the end", "typingAtEnd", 32.0),
            time("Sending, median", "sending", 100.0),
            time("Sending, longest", "sendingMost", 100.0),
            figure("Shift, in thousandths", Unit::Count, "shift", 10.0),
        ]
        .into())
    }
}
