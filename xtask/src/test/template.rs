//! The template of a project of one's own, copied out of the workspace and used as its README says.

use super::COMPILING;
use super::counts::Counts;
use crate::error::Result;
use crate::new;
use crate::project;
use crate::setup::{self, Node, Packages};
use crate::versions;
use crate::watched;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What is done with it, by npm.
const WORDS: &[&[&str]] = &[
    &["install", "--no-audit", "--no-fund", "--prefer-offline"],
    &["run", "check"],
    &["test"],
    &["exec", "--", "wrangler", "deploy", "--dry-run"],
];

/// Makes a project and tests it.
pub(super) fn run() -> Result<Counts> {
    let (node, packages) = setup::javascript(versions::NODE_FOR_TESTS)?;
    let folder = env::temp_dir().join(format!("party-template-{}", std::process::id()));
    let counts = new::make("my-wall", &folder, &node).and_then(|()| used(&folder, &node, &packages));
    let _ = fs::remove_dir_all(&folder);
    counts
}

fn used(folder: &Path, node: &Node, packages: &Packages) -> Result<Counts> {
    let mut counts = Counts::default();
    for words in WORDS {
        let mut npm = node.npm();
        let run =
            watched::run(with_tools(npm.args(*words).current_dir(folder), node, packages)?, COMPILING, true)?;
        counts = counts.and(Counts::one(run.succeeded));
        if !run.succeeded {
            break;
        }
    }
    Ok(counts)
}

/// Returns the tools that are here already, so that nothing is fetched twice; and a target folder that stays.
fn with_tools<'a>(command: &'a mut Command, node: &Node, packages: &Packages) -> Result<&'a mut Command> {
    let worker_build = setup::worker_build(node, packages)?;
    for (name, value) in worker_build.get_envs() {
        if let Some(value) = value.filter(|_| name != "PATH") {
            command.env(name, value);
        }
    }
    let program = Path::new(worker_build.get_program()).parent().map(Path::to_path_buf);
    let path = worker_build.get_envs().find_map(|(name, value)| value.filter(|_| name == "PATH"));
    let folders = program.into_iter().chain(env::split_paths(path.unwrap_or_default()));
    command.env("PATH", env::join_paths(folders).unwrap_or_default());
    command.env("CARGO_TARGET_DIR", project::path("target/template")).env("WRANGLER_SEND_METRICS", "false");
    Ok(command)
}
