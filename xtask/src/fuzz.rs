//! `cargo xtask fuzz`: the fuzz targets, with as many inputs as one likes. `cargo xtask test` runs each of them for a
//! moment.

use crate::arguments::Arguments;
use crate::console;
use crate::error::{Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;

/// How many inputs each target has unless `--cases` says otherwise.
const CASES: u64 = 1_000_000;

/// How many inputs a target has, for the targets.
const CASES_VARIABLE: &str = "FUZZ_CASES";

/// The seed of an input that failed, for the targets in Rust and for those of the client.
const SEED_VARIABLES: [&str; 2] = ["ARBTEST_SEED", "FUZZ_SEED"];

/// The part of a test's name by which it is a target.
const TARGETS: &str = "fuzz::";

/// Runs the targets of the client.
const CLIENT: &str = "party-client/tests/fuzz.test.ts";

/// `cargo xtask fuzz [--cases N] [--seed SEED] [TARGET]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let cases = match arguments.option("--cases")? {
        None => CASES,
        Some(cases) => cases
            .parse()
            .map_err(|_| Error::new(format!("`{cases}` is not a number of inputs for --cases")))?,
    };
    let seed = arguments.option("--seed")?;
    let target = arguments.next();
    arguments.finish()?;
    let mut variables = vec![(CASES_VARIABLE, cases.to_string())];
    variables.extend(seed.iter().flat_map(|seed| SEED_VARIABLES.map(|name| (name, seed.clone()))));
    rust(&variables, target.as_deref().unwrap_or(TARGETS))?;
    client(&variables, target.as_deref())
}

/// Runs the targets in Rust.
fn rust(variables: &[(&str, String)], filter: &str) -> Result<()> {
    console::heading("fuzz: the rooms and all that they read");
    let mut cargo = process::cargo();
    cargo.args([
        "test",
        "--profile",
        "fuzz",
        "-p",
        "party",
        "-p",
        "chat",
        "--all-features",
        "--lib",
        "--test",
        "it",
    ]);
    cargo.args(["--", filter]).envs(variables.iter().cloned()).env("RUST_BACKTRACE", "0");
    process::run(cargo.current_dir(project::root()))
}

/// Runs the targets of the client.
fn client(variables: &[(&str, String)], filter: Option<&str>) -> Result<()> {
    console::heading("fuzz: the client");
    let (node, _) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let mut command = node.script("--test");
    command.args(["--disable-warning=ExperimentalWarning", "--test-reporter=spec"]);
    command.args(filter.map(|filter| format!("--test-name-pattern={filter}")));
    command.arg(CLIENT).envs(variables.iter().cloned());
    process::run(command.current_dir(project::root()))
}
