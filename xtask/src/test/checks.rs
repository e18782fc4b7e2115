//! The checks: everything that can be found without running the product. Each counts as a test.

use super::COMPILING;
use super::counts::Counts;
use crate::console;
use crate::error::{Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::tidy;
use crate::versions;
use crate::watched;
use crate::workers::Worker;
use std::path::Path;
use std::process::Command;

/// Runs all checks, each to its end.
pub(super) fn run() -> Result<Counts> {
    setup::rust_components()?;
    let rust = rust().into_iter().map(Ok);
    let settings =
        project::own_files().into_iter().filter(|path| project::is_named(path, &["tsconfig.json"]));
    // The template is not part of the workspace; the step `template` checks it where it is used.
    let settings = settings.filter(|path| !path.starts_with(project::path("template")));
    let commands = rust.chain(settings.map(|settings| types(&settings)));
    let counts = commands.map(|command| command.and_then(|mut command| check(&mut command)));
    let counts: Counts = counts.map(|result| result.unwrap_or_else(|error| super::told(&error))).sum();
    Ok(counts.and(tidiness()))
}

/// Returns the checks that cargo runs.
fn rust() -> Vec<Command> {
    let deny = ["--", "-D", "warnings"];
    let mut on_workers = cargo(&["clippy", "--target", setup::WASM, "-p", "party"], &[]);
    on_workers.args(Worker::all().iter().flat_map(|worker| ["-p", worker.name()])).args(deny);
    vec![
        cargo(&["fmt", "--all", "--check"], &[]),
        cargo(&["clippy", "--workspace", "--all-targets", "--all-features"], &deny),
        on_workers,
        documentation(&["-p", "party", "--all-features", "--target", setup::WASM]),
        // In the folder of the next, which has it all.
        documentation(&["-p", "party"]),
        documentation(&["--workspace", "--all-features"]),
    ]
}

/// Returns a build of the documentation. A link to something that another feature or target has is a mistake.
fn documentation(of: &[&str]) -> Command {
    let mut command = cargo(&["doc", "--no-deps"], of);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Returns a run of cargo in the checkout's root.
fn cargo(words: &[&str], rest: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(words).args(rest).current_dir(project::root());
    command
}

/// Returns TypeScript's check of the files that a `tsconfig.json` names.
fn types(settings: &Path) -> Result<Command> {
    let is_bench = settings.starts_with(project::path("bench"));
    let setup = if is_bench { setup::javascript_of_bench } else { setup::javascript };
    let (node, packages) = setup(versions::NODE_FOR_BUILDS)?;
    let mut command = node.script(packages.tsc());
    command.args(["--noEmit", "-p", &project::shown(settings)]);
    Ok(command)
}

/// Runs one check; what it says is shown if it fails.
fn check(command: &mut Command) -> Result<Counts> {
    let name = process::line(command);
    report(&name, || {
        let watched = watched::run(command, COMPILING, false)?;
        if watched.succeeded {
            Ok(())
        } else {
            Err(Error::new(format!("`{name}` failed:\n{}", watched.text)))
        }
    })
}

/// Checks the rules of the repository, in this process.
fn tidiness() -> Counts {
    let check = || match tidy::check() {
        found if found.is_empty() => Ok(()),
        found => Err(Error::new(format!("these are to be put right:\n{}", found.join("\n")))),
    };
    report("cargo xtask tidy", check).unwrap_or_else(|error| super::told(&error))
}

/// Counts a check, with its line.
fn report(name: &str, check: impl FnOnce() -> Result<()>) -> Result<Counts> {
    console::timed(name, check).map(|()| Counts::one(true))
}
