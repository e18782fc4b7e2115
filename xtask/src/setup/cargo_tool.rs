//! A program from a crate, compiled once into the tools folder.

use super::tools::Tool;
use crate::error::{Context, Result};
use crate::process;
use std::fs;
use std::path::{Path, PathBuf};

/// A crate and the program in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct CargoTool<'a> {
    /// The crate.
    pub(super) package: &'a str,
    /// Its exact version.
    pub(super) version: &'a str,
    /// The one program of it that is wanted.
    pub(super) program: &'a str,
    /// Whether it is optimized. One that works for less than a second is not: it is there in half the time.
    pub(super) optimized: bool,
    /// Whether it is compiled with its default features.
    pub(super) default_features: bool,
}

impl CargoTool<'_> {
    /// Returns the program, if it is there.
    pub(super) fn find(&self) -> Result<Option<PathBuf>> {
        self.with_tool(|tool| tool.find())
    }

    /// Returns the program, compiled if it is missing.
    pub(super) fn find_or_install(&self) -> Result<PathBuf> {
        self.with_tool(|tool| tool.find_or_install(|draft| self.compile_into(draft)))
    }

    /// Hands the tool with its names to `job`.
    fn with_tool<T>(&self, job: impl FnOnce(Tool<'_>) -> T) -> T {
        let Self { package, version, program, .. } = self;
        job(Tool {
            folder: &format!("{package}-{version}"),
            program: &Path::new("bin").join(process::executable(program)),
            announcement: &format!("installing {package} {version} (once; a few minutes)"),
        })
    }

    /// Compiles into a folder. It is outside the checkout, so that no setting of the workspace applies, and the crate's
    /// own lock file is not asked for: it may name versions that are no longer offered.
    ///
    /// Light optimization is enough, where there is any, and compiles in half the time.
    fn compile_into(&self, folder: &Path) -> Result<()> {
        let target = folder.join("target");
        let mut cargo = process::cargo();
        cargo.args(["install", self.package, "--version", self.version, "--bin", self.program, "--root"]);
        cargo.arg(folder).current_dir(folder).env("CARGO_TARGET_DIR", &target);
        if !self.default_features {
            cargo.arg("--no-default-features");
        }
        if !self.optimized {
            cargo.arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env_remove("CARGO_BUILD_TARGET");
        process::quiet(&mut cargo)?;
        fs::remove_dir_all(&target).context(format!("cannot remove `{}`", target.display()))
    }
}
