//! The worker: the crate `chat` as WebAssembly, packaged by worker-build.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::Result;
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use std::fs;

/// What wrangler serves and uploads.
const PRODUCTS: &[&str] = &["build/index.js", "build/index_bg.wasm"];

/// Builds the worker if its sources or tools have changed.
pub(super) fn build(profile: Profile) -> Result<()> {
    let stamp = Stamp::new("worker", inputs(profile));
    if stamp.is_fresh(PRODUCTS) {
        return Ok(());
    }
    stamp.renew(|| package(profile))
}

/// All that the worker is made from. Whole crates are taken, since a source may include any file beside it.
fn inputs(profile: Profile) -> Inputs {
    let settings = Inputs::default().text(profile.name()).text(versions::WORKER_BUILD);
    let files =
        ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "package-lock.json"];
    let crates = ["party", "party-macros", "chat"];
    let inputs = files.into_iter().fold(settings, Inputs::file);
    crates.into_iter().fold(inputs, |inputs, folder| inputs.folder(folder, &["tests", "client", "target"]))
}

/// Runs worker-build.
fn package(profile: Profile) -> Result<()> {
    println!("building the worker ({})", profile.name());
    let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
    let mut worker_build = setup::worker_build(&node, &packages)?;
    worker_build.arg(format!("--{}", profile.name())).arg("--out-dir").arg(project::path("build"));
    // A backtrace of worker-build itself would only hide the compiler's message.
    worker_build.current_dir(project::path("chat")).env("RUST_BACKTRACE", "0");
    if profile == Profile::Dev {
        // Backtraces in WebAssembly show function names only, which are there without the far larger debug information.
        worker_build.env("CARGO_PROFILE_DEV_DEBUG", "false");
    }
    forget_broken_off_build();
    process::run(&mut worker_build)
}

/// Removes what a killed worker-build has left, which the next would take for one still running, for five seconds. That
/// none is running we know: we hold the lock.
fn forget_broken_off_build() {
    let _ = fs::remove_dir_all(project::path("build/.tmp"));
}
