//! `cargo xtask test`: every check and every test of the repository, step by step. A failed step does not keep the next
//! from running, a step without tests has failed, and nothing is skipped silently.

mod checks;
mod counts;
mod native;
mod node;
mod summary;
mod template;
mod upload;

use crate::arguments::Arguments;
use crate::console;
use crate::error::{Error, Result};
use counts::Counts;
use std::time::{Duration, Instant};
use summary::Summary;

/// One step.
#[derive(Debug)]
struct Step {
    /// The word that names it.
    name: &'static str,
    /// What it does, for its heading.
    title: &'static str,
    /// Does it.
    run: fn() -> Result<Counts>,
}

/// All steps, in the order in which they run: what is quick to tell comes first.
const STEPS: &[Step] = &[
    Step { name: "checks", title: "format, lints, rules, types, documentation", run: checks::run },
    Step { name: "native", title: "unit, integration and documentation tests in Rust", run: native::run },
    Step { name: "macros", title: "what the compiler says about wrong rooms", run: native::run_macros },
    Step { name: "client", title: "the client package and the clients, in Node", run: node::run_client },
    Step {
        name: "build",
        title: "the app and the examples as they are deployed, and the tests' own worker",
        run: node::run_build,
    },
    Step { name: "worker", title: "the workers in workerd", run: node::run_worker },
    Step { name: "chaos", title: "a short run of faults under load", run: node::run_chaos },
    Step { name: "browser", title: "the whole app in browsers", run: node::run_browser },
    Step { name: "deploy", title: "an upload up to the last moment", run: node::run_deploy },
    Step {
        name: "template",
        title: "a project of one's own, made, tested and almost uploaded",
        run: template::run,
    },
];

/// Steps that need what the step `build` makes.
const NEED_BUILD: &[&str] = &["worker", "chaos", "browser", "deploy"];

/// The time after which a step that also compiles is taken for hanging.
const COMPILING: Duration = Duration::from_secs(30 * 60);

/// The time after which a step that only runs is taken for hanging.
const RUNNING: Duration = Duration::from_secs(20 * 60);

/// `cargo xtask test [STEP ...]`.
pub(crate) fn command(arguments: Arguments) -> Result<()> {
    let names = arguments.rest();
    run(&select(&names)?)
}

/// `cargo xtask check`.
pub(crate) fn check(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    run(&select(&["checks".to_owned()])?)
}

/// Returns the steps' names, for the help.
pub(crate) fn step_names() -> String {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ")
}

/// Returns the named steps in their order, with the build if one of them needs it; all if none is named.
fn select(names: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == name.as_str())) {
        return Err(Error::new(format!("`{unknown}` is not a step: choose of {}", step_names())));
    }
    let named = |name: &str| names.is_empty() || names.iter().any(|other| other == name);
    let needs_build = names.iter().any(|name| NEED_BUILD.contains(&name.as_str()));
    Ok(STEPS.iter().filter(|step| named(step.name) || (step.name == "build" && needs_build)).collect())
}

/// Runs steps, then tells how they went.
fn run(steps: &[&Step]) -> Result<()> {
    let mut summary = Summary::default();
    for step in steps {
        console::heading(&format!("{}: {}", step.name, step.title));
        let started = Instant::now();
        let counts = run_step(step);
        summary.add(step.name, counts, started.elapsed());
    }
    println!("\n{summary}");
    if summary.all_passed() { Ok(()) } else { Err(Error::Shown) }
}

/// Runs one step; one that could not run, or ran nothing, counts as a failed test.
fn run_step(step: &Step) -> Counts {
    match (step.run)() {
        Ok(counts) if counts == Counts::default() => {
            told(&Error::new("this step ran no tests: add some, or remove it"))
        }
        Ok(counts) => counts,
        Err(error) => told(&error),
    }
}

/// Reports one failure, and returns its count.
fn told(error: &Error) -> Counts {
    println!("error: {error}");
    Counts::one(false)
}

#[cfg(test)]
mod tests;
