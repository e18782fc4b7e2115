//! What a browser measures on the pages of the contestants: a script beside this program drives it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::history::{self, room};
use crate::Result;
use crate::contestant::Contestant::{Chat, Peer};
use crate::figure::{Figure, Unit};
use crate::setup::Setup;

/// The page of a contestant, in one of its rooms.
pub(super) struct Page {
    name: &'static str,
    /// Is its room a new one in each round, without a message?
    empty: bool,
    /// Its folder, from the root.
    folder: &'static str,
    /// The selectors of a message that is on the page, and of the input.
    selector: &'static str,
    input: &'static str,
}

pub(super) const OURS: Page =
    Page { name: "ours", empty: false, folder: "public", selector: "article", input: ".composer textarea" };
pub(super) const THEIRS: Page = Page {
    name: "theirs",
    empty: false,
    folder: "target/bench/page",
    selector: ".message",
    input: "input[name=content]",
};
/// Our page by itself.
pub(super) const EMPTY: Page = Page { name: "empty", empty: true, ..OURS };

/// What a script has printed: a number for each round, by figure and by page.
#[derive(Debug)]
pub(super) struct Printed(BTreeMap<String, BTreeMap<String, Vec<f64>>>);

/// Serves the chat and the peer with `size` messages, and has a script measure some of their pages.
pub(super) async fn measure(
    setup: &Setup,
    work: &str,
    script: &str,
    pages: &[Page],
    size: usize,
    rounds: usize,
) -> Result<Printed> {
    let ours = history::serve(setup, Chat, work, &[size]).await?;
    let theirs = history::serve(setup, Peer, work, &[size]).await?;
    let contestant = |Page { name, empty, folder, selector, input }: &Page| -> Value {
        let port = if *name == THEIRS.name { theirs.port } else { ours.port };
        let (room, size) = if *empty { ("empty".to_owned(), 0) } else { (room(size), size) };
        json!({
            "name": name, "folder": setup.root.join(folder), "selector": selector, "input": input, "port": port,
            "room": room, "size": size,
        })
    };
    let contestants = Value::from_iter(pages.iter().map(contestant));
    let mut node = Command::new(&setup.node);
    node.args(["--disable-warning=ExperimentalWarning", script]);
    node.args([rounds.to_string(), contestants.to_string()]);
    node.current_dir(&setup.root).env("CHROMIUM_BIN", &setup.chromium).stderr(Stdio::inherit());
    let output = node.output()?;
    if !output.status.success() {
        return Err(format!("the browser's part has failed with {}", output.status).into());
    }
    Ok(Printed(serde_json::from_slice(&output.stdout)?))
}

impl Printed {
    /// Returns a figure of ours, and the peer's numbers of the same rounds.
    pub(super) fn figure(&self, title: &str, unit: Unit, name: &str) -> (Figure, Vec<f64>) {
        (Figure::new(title, unit, Chat.name(), self.rounds(name, &OURS)), self.rounds(name, &THEIRS))
    }

    /// Returns the numbers of a page, one for each round.
    pub(super) fn rounds(&self, figure: &str, page: &Page) -> Vec<f64> {
        self.0.get(figure).and_then(|pages| pages.get(page.name)).cloned().unwrap_or_default()
    }
}
