//! Workers: crates as WebAssembly, packaged by worker-build.

use super::inputs::Inputs;
use super::profile::Profile;
use super::slim::{self, slim};
use super::stamp::Stamp;
use crate::error::Result;
use crate::lock::Lock;
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;
use std::fs;

/// Builds a worker if its sources or tools have changed.
pub(super) fn build(worker: &Worker, profile: Profile, lock: &Lock) -> Result<()> {
    let stamp = Stamp::new(worker.folder(), inputs(worker, profile));
    let products = ["index.js", "index_bg.wasm"].map(|file| format!("{}/{file}", worker.output()));
    if stamp.is_fresh(&products.each_ref().map(String::as_str)) {
        return Ok(());
    }
    stamp.renew(|| package(worker, profile, lock))
}

/// Returns all that it is made from. Whole crates are taken, since a source may include any file beside it, except the
/// page and the tests, which it has no part in.
fn inputs(worker: &Worker, profile: Profile) -> Inputs {
    let settings =
        Inputs::default().text(profile.name()).text(versions::WORKER_BUILD).text(&slim::PASSES.join(" "));
    let files =
        ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "package-lock.json"];
    let crates = ["party", "party-macros", worker.folder()];
    let inputs = files.into_iter().fold(settings, Inputs::file);
    crates.into_iter().fold(inputs, |inputs, folder| inputs.folder(folder, &["tests", "client", "public"]))
}

/// Returns the flags that keep the place of cargo's folder out of the module: a panic names its source file, and where
/// dependencies lie on the machine that built it is nobody's business. So it is the same module on all machines, too.
fn nameless() -> Option<String> {
    let remap = format!("--remap-path-prefix={}=cargo", project::cargo_home()?.display());
    // A basic string of TOML has the escapes of Rust's for all that a path has.
    Some(format!("--config=target.{}.rustflags=[{remap:?}]", setup::WASM))
}

/// Runs worker-build, and makes what it has made for users as small as it becomes.
fn package(worker: &Worker, profile: Profile, lock: &Lock) -> Result<()> {
    println!("building the worker `{}` ({})", worker.folder(), profile.name());
    let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
    let mut worker_build = setup::worker_build(&node, &packages)?;
    let output = project::path(worker.output());
    worker_build.arg(format!("--{}", profile.name())).arg("--out-dir").arg(&output);
    // A backtrace of worker-build itself would only hide the compiler's message.
    worker_build.current_dir(project::path(worker.folder())).env("RUST_BACKTRACE", "0").stdin(lock.shared()?);
    match profile {
        // Backtraces in WebAssembly show function names only, which are there without the far larger debug information.
        Profile::Dev => worker_build.env("CARGO_PROFILE_DEV_DEBUG", "false"),
        Profile::Release => worker_build.arg(".").args(nameless()),
    };
    // What a killed worker-build has left, the next would take for one still running, for five seconds. That none is
    // running we know: it would hold the lock.
    let _ = fs::remove_dir_all(output.join(".tmp"));
    process::run(&mut worker_build)?;
    match profile {
        Profile::Dev => Ok(()),
        Profile::Release => slim(&output.join("index_bg.wasm"), &node, &packages),
    }
}
