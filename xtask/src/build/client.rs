//! Browser clients, bundled by esbuild: `main.js`, which the page loads, and where there is something for them,
//! `parts.js`, which it loads later, scripts that it loads on demand, and `style.css`. A client with texts in several
//! languages has the scripts once for each, in a folder of its name. The page itself is a plain file in `public/`.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::{Context, Result};
use crate::process;
use crate::project;
use crate::setup::{self, Node, Packages};
use crate::versions;
use crate::workers::Worker;
use std::fs;
use std::process::Command;

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
    let bundle = Bundle {
        folder: worker.bundles(),
        entry,
        later: worker.later(),
        on_demand: worker
            .on_demand()
            .into_iter()
            .map(|name| (worker.module_on_demand(&name), name))
            .collect(),
        style: worker.style(),
        languages: worker.languages(),
    };
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
    /// The modules that the page loads on demand, each with the name of its script.
    on_demand: Vec<(String, String)>,
    style: Option<String>,
    /// The languages of its texts; none if it has only one.
    languages: Vec<String>,
}

impl Bundle {
    /// Returns the folders of the scripts, with the language of each.
    fn folders(&self) -> Vec<(String, Option<&str>)> {
        let of = |language: &String| format!("{}/{language}", self.folder);
        match self.languages.as_slice() {
            [] => vec![(self.folder.clone(), None)],
            languages => languages.iter().map(|language| (of(language), Some(language.as_str()))).collect(),
        }
    }

    /// Returns the files that it becomes.
    fn files(&self) -> Vec<String> {
        let later = self.later.iter().map(|_| "parts");
        let on_demand = self.on_demand.iter().map(|(_, name)| name.as_str());
        let names: Vec<_> = ["main"].into_iter().chain(later).chain(on_demand).collect();
        let folders = self.folders().into_iter().map(|(folder, _)| folder);
        let scripts = folders.flat_map(|folder| names.iter().map(move |name| format!("{folder}/{name}.js")));
        let style = self.style.iter().map(|_| format!("{}/style.css", self.folder));
        scripts.chain(style).collect()
    }

    /// Runs esbuild. It writes nothing when the client has a mistake. `build` is what the scripts know by that they
    /// belong together.
    fn make(&self, profile: Profile, build: &str) -> Result<()> {
        println!("building the browser client `{}` ({})", self.entry, profile.name());
        let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
        for (folder, language) in self.folders() {
            let mut esbuild = esbuild(&node, &packages, profile);
            // Packages have their usual condition beside ours.
            esbuild.args(language.map(|language| format!("--conditions={language},module")));
            self.scripts(&mut esbuild, &folder, build)?;
        }
        self.style.as_ref().map_or(Ok(()), |style| {
            let mut esbuild = esbuild(&node, &packages, profile);
            process::run(esbuild.args([&format!("--outdir={}", self.folder), &format!("style={style}")]))
        })
    }

    /// Bundles the scripts of one language.
    fn scripts(&self, esbuild: &mut Command, folder: &str, build: &str) -> Result<()> {
        let Self { entry, later, on_demand, .. } = self;
        // A part of the digest is enough to tell two builds apart, and all of it would not compress.
        let build = build.get(..16).unwrap_or(build);
        esbuild.args([&format!("--outdir={folder}"), &format!("--define:BUILD={build:?}")]);
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
        esbuild.args(on_demand.iter().map(|(module, name)| format!("{name}={module}")));
        process::run(esbuild)?;
        let empty = format!("{folder}/{EMPTY}.js");
        let removed = later.as_ref().map_or(Ok(()), |_| fs::remove_file(project::path(&empty)));
        removed.context(format!("cannot remove `{empty}`"))
    }
}

/// Returns esbuild, with what is the same for scripts and style sheets.
fn esbuild(node: &Node, packages: &Packages, profile: Profile) -> Command {
    let mut esbuild = node.command(packages.esbuild());
    esbuild.args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
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
    esbuild
}
