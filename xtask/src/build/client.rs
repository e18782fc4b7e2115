//! Browser clients, bundled by esbuild: `main.js`, which the page loads, and where there is something for them,
//! `parts.js`, which it loads later, and `style.css`. The page itself is a plain file in `public/`.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::{Context, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;
use std::fs;

/// The sources of the package that clients are built on; bundled with each that uses it.
const PACKAGE: &str = "party-client/src";

/// What esbuild calls its script for the entry of a client that loads something later. Nothing is in it but the loading
/// of `main.js`, where all is that both scripts share.
const EMPTY: &str = "entry";

/// Bundles a worker's client, if it has one that has changed.
pub(super) fn build(worker: &Worker, profile: Profile) -> Result<()> {
    let Some(entry) = worker.entry() else { return Ok(()) };
    let inputs =
        Inputs::default().text(profile.name()).file("package.json").file("package-lock.json").file(file!());
    let inputs = inputs.folder(PACKAGE, &[]).folder(&worker.client(), &["tests"]);
    let stamp = Stamp::new(&worker.client(), inputs);
    let bundle = Bundle { folder: worker.bundles(), entry, later: worker.later(), style: worker.style() };
    if stamp.is_fresh(&bundle.files()) {
        return Ok(());
    }
    stamp.renew(|| bundle.make(profile, stamp.digest()))
}

/// What is bundled of a client, and where to.
#[derive(Debug)]
struct Bundle {
    folder: String,
    entry: String,
    later: Option<String>,
    style: Option<String>,
}

impl Bundle {
    /// Returns the files that it becomes.
    fn files(&self) -> Vec<String> {
        let later = self.later.iter().map(|_| "parts.js");
        let style = self.style.iter().map(|_| "style.css");
        ["main.js"]
            .into_iter()
            .chain(later)
            .chain(style)
            .map(|name| format!("{}/{name}", self.folder))
            .collect()
    }

    /// Runs esbuild. It writes nothing when the client has a mistake. `build` is what the scripts know by that they
    /// belong together.
    fn make(&self, profile: Profile, build: &str) -> Result<()> {
        let Self { folder, entry, later, style } = self;
        println!("building the browser client `{entry}` ({})", profile.name());
        let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
        let mut esbuild = node.command(packages.esbuild());
        esbuild.args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
        // A part of the digest is enough to tell two builds apart, and all of it would not compress.
        let build = build.get(..16).unwrap_or(build);
        esbuild.args([&format!("--outdir={folder}"), &format!("--define:BUILD={build:?}")]);
        esbuild.args(style.iter().map(|style| format!("style={style}")));
        match later {
            None => esbuild.arg(format!("main={entry}")),
            // There is one chunk, of what both share. Should there be another, esbuild refuses to write two files of
            // one name.
            Some(later) => esbuild.args([
                "--splitting",
                "--chunk-names=main",
                &format!("{EMPTY}={entry}"),
                &format!("parts={later}"),
            ]),
        };
        match profile {
            Profile::Dev => esbuild.arg("--sourcemap=inline"),
            // Ours says nothing on the console, and what `partysocket` says there is for developers. It also has long
            // names for what is nobody else's, and looks for a Node around it.
            Profile::Release => esbuild.args([
                "--minify",
                "--drop:console",
                "--mangle-props=^_[a-z][A-Za-z]{2,}",
                "--define:process=undefined",
            ]),
        };
        process::run(esbuild.current_dir(project::root()))?;
        let empty = format!("{folder}/{EMPTY}.js");
        let removed = later.as_ref().map_or(Ok(()), |_| fs::remove_file(project::path(&empty)));
        removed.context(format!("cannot remove `{empty}`"))
    }
}
