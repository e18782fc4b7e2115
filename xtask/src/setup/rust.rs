//! The parts of the Rust toolchain beyond the compiler. They are asked for by name, because a machine may have rustup's
//! own installation of missing parts switched off.

use super::tools;
use crate::console;
use crate::error::{Error, Result};
use crate::process;
use crate::project;
use std::path::PathBuf;
use std::process::Command;

/// The target that workers are compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure of the standard library for the worker's target.
pub(crate) fn wasm_target() -> Result<()> {
    let there = |sysroot: PathBuf| sysroot.join("lib/rustlib").join(WASM).join("lib").is_dir();
    add(&["target", "add", WASM], there)
}

/// Makes sure of the formatter and the linter, and of the worker's target, for which we lint too.
pub(crate) fn components() -> Result<()> {
    let there = |sysroot: PathBuf| {
        let has = |program| sysroot.join("bin").join(process::executable(program)).is_file();
        has("cargo-fmt") && has("cargo-clippy")
    };
    add(&["component", "add", "clippy", "rustfmt"], there)?;
    wasm_target()
}

/// Has rustup add something to the toolchain if it is not there.
fn add(words: &[&str], there: impl Fn(PathBuf) -> bool) -> Result<()> {
    if there(sysroot()?) {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        let what = words.get(2..).unwrap_or_default().join(" and ");
        return Err(Error::new(format!(
            "this Rust lacks {what}: install it as you installed Rust, or use rustup (https://rustup.rs)"
        )));
    }
    let _lock = tools::lock()?;
    let mut rustup = Command::new("rustup");
    rustup.args(words).current_dir(project::root());
    console::timed(&process::line(&rustup), || process::quiet(&mut rustup))
}

/// Returns where the toolchain lies that compiles us.
fn sysroot() -> Result<PathBuf> {
    let printed =
        process::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(project::root()))?;
    Ok(PathBuf::from(printed.trim()))
}
