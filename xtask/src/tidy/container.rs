//! The container file follows the checkout: the files and commands that it names are there, its Rust is that of
//! `rust-toolchain.toml`, and the builder does not read what git ignores.

use crate::project;
use std::fs;

/// The container file, and the list of what its builder does not read.
const CONTAINER: &str = "Dockerfile";
const UNREAD: &str = ".dockerignore";

/// The checkout's folder in the container.
const HOME: &str = "/party/";

/// The folders that a build makes, which a fresh clone does not have.
const MADE: &[&str] = &["build", "node_modules"];

/// Returns what the container file names and the checkout does not have.
pub(super) fn check() -> Vec<String> {
    let read = |path| fs::read_to_string(project::path(path)).unwrap_or_default();
    let (container, toolchain) = (read(CONTAINER), read("rust-toolchain.toml"));
    let is_there = |path: &str| project::path(path).exists();
    missing(&container, is_there)
        .into_iter()
        .chain(other_rust(&container, &toolchain))
        .chain(read_by_the_builder(&read(".gitignore"), &read(UNREAD)))
        .collect()
}

/// Returns the files and commands that are named and are not there.
fn missing(container: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = (1..).zip(container.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'));
    let gone = |path: &&str| is_of_checkout(path, &is_there) && !is_there(path);
    let mut found = Vec::new();
    for (number, line) in lines {
        let paths = line.split_whitespace().map(|word| word.strip_prefix(HOME).unwrap_or(word)).filter(gone);
        let here = paths.chain(unknown_commands(line));
        found.extend(here.map(|name| format!("{CONTAINER}:{number}: `{name}` is not there: name what is")));
    }
    found
}

/// Returns whether a path is one in the checkout: it begins with a folder that is there, and no build makes it.
fn is_of_checkout(path: &str, is_there: impl Fn(&str) -> bool) -> bool {
    let (folder, _) = path.split_once('/').unwrap_or_default();
    !folder.is_empty() && !MADE.contains(&folder) && is_there(folder)
}

/// Returns the words after `with-rust.mjs` in a line that are not commands of `cargo xtask`.
fn unknown_commands(line: &str) -> impl Iterator<Item = &str> {
    let after = line.split("with-rust.mjs ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    after.filter(|word| crate::COMMANDS.iter().all(|command| command.name != *word))
}

/// Returns what is wrong with the Rust of the container file.
fn other_rust(container: &str, toolchain: &str) -> Option<String> {
    let channel = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'))?;
    let image = format!("/rust:{channel}-");
    (!container.contains(&image)).then(|| {
        format!("{CONTAINER}:1: it has another Rust than rust-toolchain.toml: build on an image `{image}...`")
    })
}

/// Returns the lines of `.gitignore` that the builder's list does not have.
fn read_by_the_builder(ignored: &str, unread: &str) -> Vec<String> {
    let left_out = |line: &&str| !unread.lines().any(|other| other == *line);
    let says = |line| format!("{UNREAD}:1: git ignores `{line}`, and the builder reads it: add the line");
    ignored.lines().filter(left_out).map(says).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether a path is in a small checkout.
    fn is_there(path: &str) -> bool {
        ["xtask", "xtask/with-rust.mjs", "xtask/serve.sh"].contains(&path)
    }

    #[test]
    fn files_and_commands_of_the_container_file_exist() {
        let good =
            "# xtask/gone.mjs\nRUN node xtask/with-rust.mjs build\nCOPY /party/xtask/serve.sh /party/\n";
        assert_eq!(missing(good, is_there), Vec::<String>::new());
        assert_eq!(missing("COPY /party/build/index.js /party/build/\n", is_there), Vec::<String>::new());
        let gone = missing("FROM scratch\nCOPY xtask/gone.mjs .\n", is_there);
        assert_eq!(gone, ["Dockerfile:2: `xtask/gone.mjs` is not there: name what is"]);
        let unknown = missing("RUN node xtask/with-rust.mjs bake\n", is_there);
        assert_eq!(unknown, ["Dockerfile:1: `bake` is not there: name what is"]);
    }

    #[test]
    fn the_container_file_has_the_pinned_rust() {
        let toolchain = "[toolchain]\nchannel = \"1.95.0\"\n";
        assert_eq!(other_rust("FROM docker.io/library/rust:1.95.0-slim-bookworm\n", toolchain), None);
        let other = other_rust("FROM docker.io/library/rust:1.94.0-slim-bookworm\n", toolchain);
        assert!(other.is_some_and(|says| says.contains("/rust:1.95.0-")));
    }

    #[test]
    fn the_builder_does_not_read_what_git_ignores() {
        assert_eq!(read_by_the_builder("/target\n", "# A list.\n/target\n/.git\n"), Vec::<String>::new());
        let read = read_by_the_builder("/target\n/.dev.vars\n", "/target\n");
        assert!(matches!(read.as_slice(), [says] if says.contains("/.dev.vars")), "{read:?}");
    }
}
