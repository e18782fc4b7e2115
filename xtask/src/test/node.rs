//! The tests that Node runs: the client's modules, the worker in workerd, the app in a browser, and the upload.
//!
//! The tests start their servers themselves: `process.execPath` with `PARTY_WRANGLER` is wrangler, and the build that
//! it runs finds the release build that was made before. The browsers are named by `CHROMIUM_BIN` and the like.

use super::RUNNING;
use super::counts::Counts;
use super::upload;
use crate::build::{self, Profile};
use crate::chaos;
use crate::environment;
use crate::error::{Error, Result};
use crate::project;
use crate::setup::{self, Node, Packages};
use crate::versions;
use crate::watched;
use crate::workers::Worker;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long one file of tests may take, in milliseconds: Node's limit of a test is also that of the file around it. It
/// is for what hangs, so it is far from what a busy machine needs.
const LIMIT_OF_A_FILE: u32 = 600_000;

/// What wrangler calls the binding that an upload must have.
const BINDING: &str = "Durable Object";

/// Runs the step of the client package and the clients' modules.
pub(super) fn run_client() -> Result<Counts> {
    let (node, _) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let mut folders = vec![String::from("party-client/tests")];
    folders.extend(Worker::all().iter().map(|worker| format!("{}/tests", worker.client())));
    run_files(&folders, node.script("--test"))
}

/// Runs the step of the build that the next steps serve.
pub(super) fn run_build() -> Result<Counts> {
    let build = |worker| match build::build(&worker, Profile::Release) {
        Ok(()) => Counts::one(true),
        Err(error) => super::told(&error),
    };
    Ok(Worker::all().into_iter().map(build).sum())
}

/// Runs the step of the worker, served by wrangler on this machine.
pub(super) fn run_worker() -> Result<Counts> {
    let (node, packages) = setup::javascript(versions::NODE_FOR_TESTS)?;
    run_files(&["tests/worker"], with_server(node.script("--test"), &packages))
}

/// Runs the step of the checker of `cargo xtask chaos`, and a short run with a schedule that is always the same.
pub(super) fn run_chaos() -> Result<Counts> {
    let (node, _) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let checker = run_files(&["tests/chaos"], node.script("--test"))?;
    if !chaos::is_possible() {
        return Ok(checker);
    }
    let run = watched::run(chaos::program()?.args(["--short", "--seed", "1"]), RUNNING, true)?;
    Ok(checker.and(Counts::one(run.succeeded)))
}

/// Runs the step of the app, served by wrangler and used in browsers.
pub(super) fn run_browser() -> Result<Counts> {
    let (node, packages) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let mut command = with_server(node.script("--test"), &packages);
    setup::browsers(&node, &packages)?.give_to(&mut command);
    // Pages mostly wait, for the room and for what they show: two files at once take a little more than half the time.
    command.arg("--test-concurrency=2");
    run_files(&["tests/browser"], command)
}

/// Runs the step of an upload that stops before anything is sent.
pub(super) fn run_deploy() -> Result<Counts> {
    let (node, packages) = setup::javascript(versions::NODE_FOR_WRANGLER)?;
    let folder = std::env::temp_dir().join(format!("party-deploy-{}", std::process::id()));
    let upload = |worker| dry_run(&worker, &node, &packages, &folder);
    let result = Worker::deployable().into_iter().map(upload).sum();
    let _ = fs::remove_dir_all(&folder);
    result
}

/// Has wrangler prepare an upload in a folder, and looks in what it says for the room's binding and the size, and into
/// the upload.
fn dry_run(worker: &Worker, node: &Node, packages: &Packages, folder: &PathBuf) -> Result<Counts> {
    let mut wrangler = with_server(node.script(packages.wrangler()), packages);
    wrangler.args(["deploy", "--dry-run", "--outdir"]).arg(folder).current_dir(worker.home());
    let run = watched::run(&mut wrangler, RUNNING, true)?;
    if run.succeeded && !run.text.contains(BINDING) {
        return Err(Error::new(format!(
            "the upload of `{}` has no room: see `durable_objects` in its wrangler.toml",
            worker.name()
        )));
    }
    if run.succeeded {
        upload::check(worker, &run.text)?;
        upload::check_names(folder)?;
    }
    Ok(Counts::one(run.succeeded))
}

/// Adds what a command needs that starts wrangler.
fn with_server(mut command: Command, packages: &Packages) -> Command {
    command.env(environment::WRANGLER, packages.wrangler());
    command.env(environment::PROFILE, Profile::Release.name());
    command.env("WRANGLER_SEND_METRICS", "false");
    command
}

/// Runs the test files that lie in these folders.
fn run_files(folders: &[impl AsRef<Path>], mut node: Command) -> Result<Counts> {
    let in_folder = |folder| project::files(&project::path(folder), &|_| false);
    let files: Vec<_> = folders.iter().flat_map(in_folder).collect();
    let tests: Vec<_> = files.iter().filter(|path| project::shown(path).ends_with(".test.ts")).collect();
    if tests.is_empty() {
        return Ok(Counts::default());
    }
    node.args(["--disable-warning=ExperimentalWarning", "--test-reporter=spec"]);
    node.arg(format!("--test-timeout={LIMIT_OF_A_FILE}")).args(tests);
    let run = watched::run(&mut node, RUNNING, true)?;
    Ok(Counts::from_node(&run.text).of_program(run.succeeded))
}
