//! `cargo xtask mutants`: changes the code in many small ways, one at a time, and runs the tests on each. A change that
//! no test sees is a gap in the tests, or code that does nothing.
//!
//! `.cargo/mutants.toml` and `party-client/stryker.config.json` say what is changed and how it is tested.

use crate::arguments::Arguments;
use crate::console;
use crate::error::{Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;

/// Stryker's settings.
const STRYKER_SETTINGS: &str = "party-client/stryker.config.json";

/// `cargo xtask mutants [party | client [its tool's own]]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    match arguments.next().as_deref() {
        None => party(&[]).and(client(&[])),
        Some("party") => party(&arguments.rest()),
        Some("client") => client(&arguments.rest()),
        Some(other) => Err(Error::new(format!("`{other}` has no mutants: choose `party` or `client`"))),
    }
}

/// Tests mutants of the framework by cargo-mutants.
fn party(words: &[String]) -> Result<()> {
    console::heading("mutants: party");
    let mut cargo_mutants = setup::cargo_mutants()?;
    cargo_mutants.args(words);
    process::run(cargo_mutants.current_dir(project::root()))
}

/// Tests mutants of the client's modules by Stryker.
fn client(words: &[String]) -> Result<()> {
    console::heading("mutants: the client");
    let (node, packages) = setup::javascript_of_mutants(versions::NODE_FOR_TESTS)?;
    let mut stryker = node.script(packages.stryker());
    stryker.args(["run", STRYKER_SETTINGS]).args(words);
    process::run(stryker.current_dir(project::root()))
}
