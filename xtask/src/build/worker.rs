//! Workers: crates as WebAssembly, packaged by worker-build.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::Result;
use crate::lock::Lock;
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use std::fs;

/// A crate that becomes a worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worker {
    /// The crate's folder.
    folder: &'static str,
    /// The folder for what worker-build makes of it.
    output: &'static str,
}

/// The app, which wrangler serves and uploads.
pub(super) const APP: Worker = Worker { folder: "chat", output: "build" };

/// The subject of the conformance tests.
pub(super) const PROBE: Worker = Worker { folder: "tests/probe", output: "tests/probe/build" };

impl Worker {
    /// Builds the worker if its sources or tools have changed.
    pub(super) fn build(self, profile: Profile, lock: &Lock) -> Result<()> {
        let stamp = Stamp::new(self.folder, self.inputs(profile));
        let products = ["index.js", "index_bg.wasm"].map(|file| format!("{}/{file}", self.output));
        if stamp.is_fresh(&products.each_ref().map(String::as_str)) {
            return Ok(());
        }
        stamp.renew(|| self.package(profile, lock))
    }

    /// All that it is made from. Whole crates are taken, since a source may include any file beside it.
    fn inputs(self, profile: Profile) -> Inputs {
        let settings = Inputs::default().text(profile.name()).text(versions::WORKER_BUILD);
        let files =
            ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "package-lock.json"];
        let crates = ["party", "party-macros", self.folder];
        let inputs = files.into_iter().fold(settings, Inputs::file);
        crates.into_iter().fold(inputs, |inputs, folder| inputs.folder(folder, &["tests", "client"]))
    }

    /// Runs worker-build.
    fn package(self, profile: Profile, lock: &Lock) -> Result<()> {
        println!("building the worker `{}` ({})", self.folder, profile.name());
        let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
        let mut worker_build = setup::worker_build(&node, &packages)?;
        worker_build.arg(format!("--{}", profile.name())).arg("--out-dir").arg(project::path(self.output));
        // A backtrace of worker-build itself would only hide the compiler's message.
        worker_build.current_dir(project::path(self.folder)).env("RUST_BACKTRACE", "0").stdin(lock.shared()?);
        if profile == Profile::Dev {
            // Backtraces in WebAssembly show function names only, which are there without the far larger debug information.
            worker_build.env("CARGO_PROFILE_DEV_DEBUG", "false");
        }
        self.forget_broken_off_build();
        process::run(&mut worker_build)
    }

    /// Removes what a killed worker-build has left, which the next would take for one still running, for five seconds. That
    /// none is running we know: it would hold the lock.
    fn forget_broken_off_build(self) {
        let _ = fs::remove_dir_all(project::path(self.output).join(".tmp"));
    }
}
