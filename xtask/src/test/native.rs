//! The tests that cargo runs: rooms, the framework's core and the macro, all without a worker.

use super::COMPILING;
use super::counts::Counts;
use crate::error::Result;
use crate::process;
use crate::project;
use crate::watched::{self, Watched};
use std::collections::BTreeSet;
use std::path::Path;

/// The integration test of what the compiler says about wrong rooms, a step of its own.
const MACROS: &str = "ui";

/// Runs unit and integration tests, then those in the documentation.
pub(super) fn run() -> Result<Counts> {
    let mut words = vec!["--workspace".to_owned(), "--lib".to_owned(), "--bins".to_owned()];
    for name in integration_tests() {
        words.extend(["--test".to_owned(), name]);
    }
    let code = cargo_test(&words)?;
    let documentation = cargo_test(&["--workspace".to_owned(), "--doc".to_owned()])?;
    let counts = |run: Watched| Counts::from_libtest(&run.text).of_program(run.succeeded);
    Ok(counts(code).and(counts(documentation)))
}

/// Tests every message of the macro, one file each.
pub(super) fn run_macros() -> Result<Counts> {
    let run = cargo_test(&["--package", "party", "--test", MACROS].map(str::to_owned))?;
    let files = Counts::from_trybuild(&run.text);
    let counts = if files == Counts::default() { Counts::from_libtest(&run.text) } else { files };
    Ok(counts.of_program(run.succeeded))
}

/// Runs tests to the end of all, with dots for those that pass.
fn cargo_test(words: &[String]) -> Result<Watched> {
    let mut cargo = process::cargo();
    cargo
        .args(["test", "--quiet", "--all-features", "--no-fail-fast"])
        .args(words)
        .current_dir(project::root());
    watched::run(&mut cargo, COMPILING, true)
}

/// Returns the names of all integration tests but that of the macro: cargo has an option for what to run, not for what
/// to leave out.
fn integration_tests() -> BTreeSet<String> {
    project::own_files()
        .iter()
        .filter_map(|path| integration_test(path))
        .filter(|name| name != MACROS)
        .collect()
}

/// Returns the name of the integration test that begins in a file: `{crate}/tests/name.rs` or
/// `{crate}/tests/name/main.rs`.
fn integration_test(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    let folder = path.parent()?;
    let (name, tests) =
        if stem == "main" { (folder.file_name()?.to_str()?, folder.parent()?) } else { (stem, folder) };
    let is_test = path.extension()? == "rs"
        && tests.file_name()? == "tests"
        && tests.parent()?.join("Cargo.toml").is_file();
    (is_test && tests.parent()? != project::root()).then(|| name.to_owned())
}
