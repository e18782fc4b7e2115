//! worker-build, which packages a worker, and the three tools that it would otherwise download.

use super::apt;
use super::cargo_tool::CargoTool;
use super::node::Node;
use super::packages::Packages;
use super::{rust, wasm_bindgen};
use crate::environment;
use crate::error::Result;
use crate::process;
use crate::versions;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Returns a run of worker-build with all its tools in place.
pub(crate) fn command(node: &Node, packages: &Packages) -> Result<Command> {
    rust::wasm_target()?;
    let mut command = node.command(program()?);
    give(&mut command, environment::ESBUILD, Some(packages.esbuild()));
    give(&mut command, environment::WASM_OPT, Some(packages.wasm_opt()));
    give(&mut command, environment::WASM_BINDGEN, wasm_bindgen::find_or_install(node)?);
    Ok(command)
}

/// Returns a run of binaryen's optimizer, the user's own if one is named.
pub(crate) fn wasm_opt(node: &Node, packages: &Packages) -> Command {
    let named = environment::value(environment::WASM_OPT).map(PathBuf::from);
    node.command(named.unwrap_or_else(|| packages.wasm_opt()))
}

/// Returns worker-build itself.
fn program() -> Result<PathBuf> {
    let tool = CargoTool {
        package: "worker-build",
        version: versions::WORKER_BUILD,
        program: "worker-build",
        optimized: false,
        default_features: true,
    };
    if let Some(program) = tool.find()? {
        return Ok(program);
    }
    openssl()?;
    tool.find_or_install()
}

/// Names a tool to worker-build, unless the user has named another.
fn give(command: &mut Command, variable: &str, tool: Option<PathBuf>) {
    if let (None, Some(tool)) = (environment::value(variable), tool) {
        command.env(variable, tool);
    }
}

/// Makes sure of the C library that worker-build is compiled against on Linux.
fn openssl() -> Result<()> {
    let named = env::var_os("OPENSSL_DIR").is_some() || env::var_os("OPENSSL_LIB_DIR").is_some();
    let mut ask = Command::new("pkg-config");
    if !cfg!(target_os = "linux") || named || process::succeeds(ask.args(["--exists", "openssl"])) {
        return Ok(());
    }
    apt::install(&["pkg-config", "libssl-dev"], "worker-build is compiled against OpenSSL")
}
