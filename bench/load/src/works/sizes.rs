//! How large things are that travel.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Findings, Work};
use crate::Result;
use crate::contestant::Contestant::{self, ByHand, Chat, Peer};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::setup::Setup;

/// The script that the first message waits for, and the one that is loaded after it.
const BEFORE: &str = "public/dist/en/main.js";
const AFTER: &str = "public/dist/en/parts.js";

/// The sizes of the upload and of the browser's scripts, compressed.
pub(crate) struct Sizes;

impl Work for Sizes {
    const NAME: &'static str = "sizes";
    const TITLE: &'static str = "Sizes";
    const ABOUT: &'static str = "Compressed by gzip at its usual level, as wrangler tells them.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let upload = |contestant| upload(setup, contestant);
        let script = |title: &str, path| -> Result<Figure> {
            Ok(Figure::new(title, Unit::Kib, Chat.name(), vec![kib(setup, &[path])?]))
        };
        Ok(vec![
            Figure::new("Upload of the worker", Unit::Kib, Chat.name(), vec![upload(Chat)?])
                .limit(AtMost(190.0))
                .versus(Peer.name(), vec![upload(Peer)?], None)
                .versus(ByHand.name(), vec![upload(ByHand)?], None),
            script("Script of the page, until the first message", BEFORE)?.limit(AtMost(20.0)),
            script("Script of the page, loaded after it", AFTER)?,
        ]
        .into())
    }
}

/// Returns the compressed size of a contestant's upload, in KiB.
pub(super) fn upload(setup: &Setup, contestant: Contestant) -> Result<f64> {
    let paths: Vec<_> = contestant.worker().modules.iter().map(|module| module.path).collect();
    kib(setup, &paths)
}

/// Returns the compressed size of some files together, in KiB.
fn kib(setup: &Setup, paths: &[&str]) -> Result<f64> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    for path in paths {
        gzip.write_all(&fs::read(setup.root.join(path))?)?;
    }
    Ok(gzip.finish()?.len() as f64 / 1024.0)
}
