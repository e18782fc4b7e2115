//! The wasm-bindgen CLI, which must be of the very version of the crate in `Cargo.lock`.

use super::cargo_tool::CargoTool;
use super::node::Node;
use super::tools;
use crate::environment;
use crate::error::{Context, Error, Result};
use crate::lockfile;
use crate::process;
use crate::project;
use std::fs;
use std::path::PathBuf;

/// Returns the program for worker-build, or nothing where worker-build has or fetches its own, or the user has named
/// one.
pub(super) fn find_or_install(node: &Node) -> Result<Option<PathBuf>> {
    if environment::value(environment::WASM_BINDGEN).is_some() {
        return Ok(None);
    }
    let lock = fs::read_to_string(project::path("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = lockfile::cargo_version(&lock, "wasm-bindgen").ok_or_else(|| {
        Error::new("Cargo.lock has no `wasm-bindgen`: run `cargo update --workspace`, then this again")
    })?;
    // Its features are for its test runner, which reaches the network.
    let tool = CargoTool {
        package: "wasm-bindgen-cli",
        version,
        program: "wasm-bindgen",
        optimized: false,
        default_features: false,
    };
    if let Some(program) = tool.find()? {
        return Ok(Some(program));
    }
    if worker_build_has_it(version)? || can_be_downloaded(node, version) {
        return Ok(None);
    }
    tool.find_or_install().map(Some)
}

/// Returns whether worker-build has downloaded this version before.
fn worker_build_has_it(version: &str) -> Result<bool> {
    let folders = fs::read_dir(tools::caches()?.join("worker-build")).into_iter().flatten().flatten();
    let is_it = |name: &str| name.starts_with("wasm-bindgen-") && name.ends_with(&format!("-{version}"));
    let mut fitting = folders.filter(|folder| is_it(&folder.file_name().to_string_lossy()));
    Ok(fitting.any(|folder| folder.path().join(process::executable("wasm-bindgen")).is_file()))
}

/// Returns whether the place is reachable from which worker-build downloads it.
///
/// It would try for half a minute before it fails, so we ask first, and only for four seconds.
fn can_be_downloaded(node: &Node, version: &str) -> bool {
    let page = format!("https://github.com/wasm-bindgen/wasm-bindgen/releases/tag/{version}");
    let ask = format!(
        "fetch('{page}', {{ method: 'HEAD', signal: AbortSignal.timeout(4000) }})
            .then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
    );
    process::succeeds(node.script("-e").arg(ask))
}
