//! `cargo xtask bench`: measures the chat beside others and writes `docs/benchmarks.md`. Here everything is built that
//! is measured; the measuring itself is `bench/load`, a program of its own, since it needs what this crate does not
//! depend on.

use crate::arguments::Arguments;
use crate::build::{self, Profile};
use crate::error::{Context, Error, Result};
use crate::lockfile;
use crate::process;
use crate::project;
use crate::setup::{self, Node, Packages};
use crate::versions;
use crate::workers::Worker;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What is kept of a run: bundles, disks, quick reports.
const SCRATCH: &str = "target/bench";

/// The report of a run that is quick or of one work only.
const UNKEPT: &str = "target/bench/report.md";

/// Its images.
const UNKEPT_IMAGES: &str = "target/bench/images";

/// The contestants in TypeScript, by their folders in `bench`.
const BUNDLES: &[&str] = &["peer", "document-peer", "floor", "meter"];

/// What the peer's page has beside its script.
const PAGE: &[&str] = &["index.html", "style.css"];

/// `cargo xtask bench [--quick] [--only WORK]`.
///
/// Only a whole and thorough run is a report to be kept.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let (quick, only) = (arguments.flag("--quick"), arguments.option("--only")?);
    arguments.finish()?;
    let (node, packages) = setup::javascript_of_bench(versions::NODE_FOR_TESTS)?;
    build::build(&Worker::app(), Profile::Release)?;
    build::build(&Worker::by_hand(), Profile::Release)?;
    build::build(&Worker::document(), Profile::Release)?;
    let chromium = setup::chromium(&node, &packages)?;
    BUNDLES.iter().try_for_each(|name| bundle(name, &node, &packages))?;
    bundle_page(&node, &packages)?;
    let kept = !quick && only.is_none();
    let (report, images) = if kept { ("docs/benchmarks.md", "docs/images") } else { (UNKEPT, UNKEPT_IMAGES) };
    // Optimized, for it shares the machine with what it measures.
    let mut load = process::cargo();
    load.args(["run", "--quiet", "--release", "--package", "load", "--"]).current_dir(project::root());
    let shown = |path: PathBuf| path.display().to_string();
    let told = [
        ("root", shown(project::root())),
        ("workerd", shown(packages.workerd())),
        ("node", shown(node.program())),
        ("chromium", shown(chromium)),
        ("scratch", shown(project::path(SCRATCH))),
        ("report", shown(project::path(report))),
        ("images", shown(project::path(images))),
        ("versions", versions_of_all(&packages)?),
        ("quick", quick.to_string()),
    ];
    let told = told.into_iter().chain(only.map(|only| ("only", only)));
    process::run(load.args(told.map(|(name, value)| format!("{name}={value}"))))
}

/// Returns the versions of what is measured, and of what runs it.
fn versions_of_all(packages: &Packages) -> Result<String> {
    let lock = "bench/package-lock.json";
    let lock = fs::read_to_string(project::path(lock)).context(format!("cannot read `{lock}`"))?;
    let version = |name: &str| {
        lockfile::npm_version(&lock, name).map(|version| format!("{name} {version}")).ok_or_else(|| {
            Error::new(format!("`bench/package-lock.json` has no {name}: run `npm install` in `bench`"))
        })
    };
    let workerd = process::output(Command::new(packages.workerd()).arg("--version"))?;
    let rust = process::output(Command::new("rustc").arg("--version").current_dir(project::root()))?;
    let rust = rust.split(" (").next().unwrap_or(&rust);
    Ok(format!(
        "{}, {}, {}, {}, {}, party {}",
        workerd.trim(),
        version("partyserver")?,
        version("y-partyserver")?,
        version("yjs")?,
        rust.trim(),
        env!("CARGO_PKG_VERSION")
    ))
}

/// Bundles a contestant in TypeScript, as wrangler would.
fn bundle(name: &str, node: &Node, packages: &Packages) -> Result<()> {
    let mut esbuild = node.command(packages.esbuild());
    esbuild.args([
        &format!("bench/{name}/index.ts"),
        "--bundle",
        "--format=esm",
        "--target=es2024",
        "--minify",
    ]);
    esbuild.args(["--external:cloudflare:*", "--external:./room.js", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={SCRATCH}/{name}/index.js"));
    process::run(&mut esbuild)
}

/// Bundles the peer's page for users, and puts its files beside it, as they are in `public`.
fn bundle_page(node: &Node, packages: &Packages) -> Result<()> {
    let mut esbuild = node.command(packages.esbuild());
    esbuild.args(["bench/page/main.tsx", "--bundle", "--format=esm", "--target=es2022", "--minify"]);
    esbuild.args(["--define:process.env.NODE_ENV=\"production\"", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={SCRATCH}/page/dist/main.js"));
    process::run(&mut esbuild)?;
    PAGE.iter().try_for_each(|file| {
        let (from, to) = (format!("bench/page/{file}"), format!("{SCRATCH}/page/{file}"));
        let copied = fs::copy(project::path(&from), project::path(&to)).map(drop);
        copied.context(format!("cannot copy `{from}`"))
    })
}
