//! The time that people wait: the page in a browser, until it shows the first message.

use super::browser::{self, OURS, THEIRS};
use super::{Findings, Work};
use crate::Result;
use crate::contestant::Contestant::Peer;
use crate::figure::Limit::AtMost;
use crate::figure::Unit;
use crate::setup::Setup;

/// How long the history is.
const SIZE: usize = 100;

/// From the navigation to the first message.
pub(crate) struct FirstMessage;

impl Work for FirstMessage {
    const NAME: &'static str = "first-message";
    const TITLE: &'static str = "First message: a cold load of the page, with 100 messages of history";
    const ABOUT: &'static str = "Chromium opens the address of a room in a profile of its own, with an empty cache. Measured in the page, from the \
         beginning of the navigation until a message has been painted. The page of the peer, `bench/page`, is made as that of the original app is: \
         React with its router, and the hook of `partysocket`. Both are served alike, compressed, over HTTP/1.1. \"Slow\" is a processor four \
         times slower and a network of 1.6 Mbit/s, on which an answer takes 150 ms.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let script = "bench/first-message/measure.ts";
        let pages = [OURS, THEIRS];
        let printed = browser::measure(setup, Self::NAME, script, &pages, SIZE, setup.choose(15, 5)).await?;
        let figure = |title: &str, condition: &str| {
            let (ours, theirs) = printed.figure(title, Unit::Millis, condition);
            ours.versus(Peer.name(), theirs, AtMost(1.0))
        };
        Ok(vec![figure("Until the first message", "fast"), figure("The same, slow", "slow")].into())
    }
}
