//! Installs the tools of a job, step by step: silently when all are there, and else with a line and a time for each
//! step.
//!
//! Nothing is installed outside the checkout, the tools folder and the Rust toolchain, except for system packages that
//! root or a CI service lacks.

mod apt;
mod browser;
mod cargo_mutants;
mod cargo_tool;
mod chromium;
mod engine;
mod mdbook;
mod node;
mod packages;
mod rust;
mod tools;
mod wasm_bindgen;
mod worker_build;

use crate::arguments::Arguments;
use crate::error::Result;
use crate::version::Version;
use crate::versions;
use std::path::PathBuf;

pub(crate) use browser::Browsers;
pub(crate) use cargo_mutants::command as cargo_mutants;
pub(crate) use mdbook::program as mdbook;
pub(crate) use node::Node;
pub(crate) use packages::Packages;
pub(crate) use rust::{WASM, components as rust_components};
pub(crate) use worker_build::{command as worker_build, wasm_opt};

/// `cargo xtask setup`: all at once, for a machine that will be offline later.
pub(crate) fn command(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    rust_components()?;
    let (node, packages) = javascript(versions::NODE_FOR_TESTS)?;
    worker_build(&node, &packages)?;
    let browsers = browsers(&node, &packages)?;
    let programs: Vec<_> = browsers.programs().map(|program| program.display().to_string()).collect();
    println!("all is set up; the browsers are {}", programs.join(", "));
    Ok(())
}

/// Returns a Node that is new enough, and the packages of `package-lock.json`.
pub(crate) fn javascript(at_least: Version) -> Result<(Node, Packages)> {
    let node = Node::at_least(at_least)?;
    let packages = Packages::installed_by(&node)?;
    Ok((node, packages))
}

/// Returns the same as [`javascript`], with the packages that only the benchmarks need.
pub(crate) fn javascript_of_bench(at_least: Version) -> Result<(Node, Packages)> {
    let node = Node::at_least(at_least)?;
    let packages = Packages::with_bench(&node)?;
    Ok((node, packages))
}

/// Returns the same as [`javascript`], with the packages that only the mutation tests of the client need.
pub(crate) fn javascript_of_mutants(at_least: Version) -> Result<(Node, Packages)> {
    let node = Node::at_least(at_least)?;
    let packages = Packages::with_mutants(&node)?;
    Ok((node, packages))
}

/// Returns the browsers for the browser tests.
pub(crate) fn browsers(node: &Node, packages: &Packages) -> Result<Browsers> {
    Browsers::find_or_install(node, packages)
}

/// Returns the browser in which most is tested and measured.
pub(crate) fn chromium(node: &Node, packages: &Packages) -> Result<PathBuf> {
    chromium::find_or_install(node, packages)
}
