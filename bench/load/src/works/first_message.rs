//! The time that people wait: the page in a browser, until it shows the first message.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::history::{self, room};
use super::{Findings, Work};
use crate::Result;
use crate::contestant::Contestant::{Chat, Peer};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::setup::Setup;

/// How long the history is.
const SIZE: usize = 100;

/// The folders of the pages, from the root, and by what a message is known in each.
const OURS: (&str, &str) = ("public", "article[data-state=sent]");
const THEIRS: (&str, &str) = ("target/bench/page", ".message");

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
        let ours = history::serve(setup, Chat, Self::NAME, &[SIZE]).await?;
        let theirs = history::serve(setup, Peer, Self::NAME, &[SIZE]).await?;
        let contestant = |name: &str, (folder, selector): (&str, &str), port: u16| {
            let folder = setup.root.join(folder);
            json!({ "name": name, "folder": folder, "selector": selector, "port": port, "room": room(SIZE) })
        };
        let contestants =
            json!([contestant("ours", OURS, ours.port), contestant("theirs", THEIRS, theirs.port)]);
        let mut node = Command::new(&setup.node);
        node.args(["--disable-warning=ExperimentalWarning", "bench/first-message/measure.ts"]);
        node.args([setup.choose(15, 5).to_string(), contestants.to_string()]);
        node.current_dir(&setup.root).env("CHROMIUM_BIN", &setup.chromium).stderr(Stdio::inherit());
        let output = node.output()?;
        if !output.status.success() {
            return Err(format!("the browser's part has failed with {}", output.status).into());
        }
        let times: Value = serde_json::from_slice(&output.stdout)?;
        let figure = |title: &str, condition: &str| {
            let rounds = |name: &str| {
                let rounds = times.pointer(&format!("/{condition}/{name}")).and_then(Value::as_array);
                rounds.into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>()
            };
            Figure::new(title, Unit::Millis, Chat.name(), rounds("ours")).versus(
                Peer.name(),
                rounds("theirs"),
                AtMost(1.0),
            )
        };
        Ok(vec![figure("Until the first message", "fast"), figure("The same, slow", "slow")].into())
    }
}
