//! cargo-mutants, which makes the mutants of Rust code and has the tests run on them.

use super::cargo_tool::CargoTool;
use crate::error::Result;
use crate::versions;
use std::process::Command;

/// A run of cargo-mutants.
pub(crate) fn command() -> Result<Command> {
    let tool = CargoTool {
        package: "cargo-mutants",
        version: versions::CARGO_MUTANTS,
        program: "cargo-mutants",
        optimized: true,
        default_features: true,
    };
    let mut command = Command::new(tool.find_or_install()?);
    command.arg("mutants");
    Ok(command)
}
