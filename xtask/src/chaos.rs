//! `cargo xtask chaos`: faults on the chat as it is deployed, in a real workerd, under load. `tests/chaos` makes them
//! and judges what clients have received.

use crate::arguments::Arguments;
use crate::build::{self, Profile};
use crate::error::{Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;
use std::process::Command;

/// The program.
const PROGRAM: &str = "tests/chaos/main.ts";

/// Returns whether faults can be made here: files are limited and processes measured by Linux's means.
pub(crate) const fn is_possible() -> bool {
    cfg!(target_os = "linux")
}

/// `cargo xtask chaos [--short] [--seed N] [--only PART] [--keep]`.
pub(crate) fn command(arguments: Arguments) -> Result<()> {
    if !is_possible() {
        return Err(Error::new(
            "faults are made by Linux's means: run this there, in a container for instance",
        ));
    }
    build::build(&Worker::app(), Profile::Release)?;
    let mut program = program()?;
    process::run(program.args(arguments.rest()))
}

/// Returns the program, for arguments. It needs the app's release build.
pub(crate) fn program() -> Result<Command> {
    let (node, _) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let mut program = node.script("--disable-warning=ExperimentalWarning");
    program.arg(project::path(PROGRAM));
    Ok(program)
}
