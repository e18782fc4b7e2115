//! The npm packages of `package-lock.json`, and the programs among them.

use super::node::Node;
use super::tools;
use crate::console;
use crate::environment;
use crate::error::{Error, Result};
use crate::lockfile;
use crate::process;
use crate::project;
use std::env::consts;
use std::fs;
use std::path::PathBuf;

/// Proof that `node_modules` is what `package-lock.json` asks for.
#[derive(Debug)]
pub(crate) struct Packages(());

impl Packages {
    /// Returns the packages, installed if they are missing or others.
    pub(crate) fn installed_by(node: &Node) -> Result<Self> {
        install(node, "")?;
        Ok(Self(()))
    }

    /// Returns the same as [`installed_by`](Self::installed_by), with those of `bench/package-lock.json`, which nobody
    /// needs but the benchmarks.
    pub(crate) fn with_bench(node: &Node) -> Result<Self> {
        install(node, "bench/")?;
        Self::installed_by(node)
    }

    /// Returns the same as [`installed_by`](Self::installed_by), with those of
    /// `party-client/mutants/package-lock.json`, which nobody needs but the mutation tests of the client.
    pub(crate) fn with_mutants(node: &Node) -> Result<Self> {
        install(node, "party-client/mutants/")?;
        Self::installed_by(node)
    }

    /// Returns Wrangler's entry, a script for Node.
    pub(crate) fn wrangler(&self) -> PathBuf {
        project::path("node_modules/wrangler/bin/wrangler.js")
    }

    /// Returns TypeScript's compiler, a script for Node.
    pub(crate) fn tsc(&self) -> PathBuf {
        project::path("node_modules/typescript/bin/tsc")
    }

    /// Returns Stryker's command line, a script for Node. Only [`with_mutants`](Self::with_mutants) installs it.
    pub(crate) fn stryker(&self) -> PathBuf {
        project::path("party-client/mutants/node_modules/@stryker-mutator/core/bin/stryker.js")
    }

    /// Returns the runtime itself, without the script around it where its package has it.
    pub(crate) fn workerd(&self) -> PathBuf {
        let system = system().replace("win32", "windows").replace("-x64", "-64");
        let program =
            format!("node_modules/@cloudflare/workerd-{system}/bin/{}", process::executable("workerd"));
        let program = project::path(program);
        if program.is_file() { program } else { linked("workerd") }
    }

    /// Returns Playwright's command line, a script for Node.
    pub(crate) fn playwright(&self) -> PathBuf {
        project::path("node_modules/playwright-core/cli.js")
    }

    /// Returns the bundler, without the script around it where the system is a common one.
    pub(crate) fn esbuild(&self) -> PathBuf {
        let package = project::path(format!("node_modules/@esbuild/{}", system()));
        let program = if cfg!(windows) { package.join("esbuild.exe") } else { package.join("bin/esbuild") };
        if program.is_file() { program } else { linked("esbuild") }
    }

    /// Returns Binaryen's optimizer: WebAssembly itself, run by Node.
    pub(crate) fn wasm_opt(&self) -> PathBuf {
        linked("wasm-opt")
    }
}

/// Returns the name of this system in the names of packages.
fn system() -> String {
    let system = match consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// Returns a program as npm links it.
fn linked(name: &str) -> PathBuf {
    let ending = if cfg!(windows) { ".cmd" } else { "" };
    project::path(format!("node_modules/.bin/{name}{ending}"))
}

/// Returns whether npm's record of what it has installed in a folder agrees with the lock file there.
fn are_right(folder: &str) -> bool {
    let read = |path| fs::read_to_string(project::path(format!("{folder}{path}"))).unwrap_or_default();
    lockfile::npm_matches(&read("package-lock.json"), &read("node_modules/.package-lock.json"))
}

/// Installs what is missing in a folder, or is there in another version.
///
/// Not by `npm ci`, which refuses a lock file without a package for some other system: the registry may not have them
/// all. And not under wrangler, which runs from the folder that would change.
fn install(node: &Node, folder: &str) -> Result<()> {
    if are_right(folder) {
        return Ok(());
    }
    if environment::value(environment::WRANGLER_COMMAND).is_some() {
        return Err(Error::new(
            "`node_modules` is not what package-lock.json asks for: run `npm install`, then this again",
        ));
    }
    let _lock = tools::lock()?;
    if are_right(folder) {
        return Ok(());
    }
    console::timed(&format!("installing the npm packages of {folder}package-lock.json"), || {
        let mut npm = node.npm();
        npm.args(["install", "--no-save", "--no-audit", "--no-fund"]).current_dir(project::path(folder));
        process::quiet(&mut npm)
    })
}
