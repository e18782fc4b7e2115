//! Where things lie in the checkout.

use std::env;
use std::path::{Path, PathBuf};

/// Returns a path below the root of the checkout.
pub(crate) fn path(below: impl AsRef<Path>) -> PathBuf {
    root().join(below)
}

/// Returns the root of the checkout.
///
/// Cargo's variable goes before the path of compile time: a checkout that was moved is not compiled again.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map_or_else(compiled_in, PathBuf::from);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Returns where this crate lay when it was compiled.
fn compiled_in() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns where cargo keeps the sources of dependencies.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    set.or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Folders whose content is made by programs, or is nobody's but the reader's.
const FOREIGN: &[&str] = &["node_modules", "target", "dist", "wip", ".git", ".wrangler"];

/// Returns every file of the checkout that people keep.
pub(crate) fn own_files() -> Vec<PathBuf> {
    files(&root(), &|folder| !is_foreign(folder))
}

/// Returns whether a folder is none of ours. A folder `build` beside a `Cargo.toml` is what worker-build has made of
/// that crate.
pub(crate) fn is_foreign(folder: &Path) -> bool {
    let beside_manifest = || folder.with_file_name("Cargo.toml").is_file();
    is_named(folder, FOREIGN) || (is_named(folder, &["build"]) && beside_manifest())
}

/// Returns whether the last part of a path is one of these names.
pub(crate) fn is_named(path: &Path, names: &[&str]) -> bool {
    path.file_name().is_some_and(|name| names.iter().any(|other| name == *other))
}

/// Returns every file below a folder, sorted; nothing for a folder that does not exist. `enter` says which folders to
/// look into.
pub(crate) fn files(folder: &Path, enter: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, enter, &mut found);
    found.sort();
    found
}

/// Adds the files of one folder and of those within it.
fn collect(folder: &Path, enter: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && enter(&path) => collect(&path, enter, found),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => {}
        }
    }
}

/// Returns a path as it is written in messages: below the root, with forward slashes on every system.
pub(crate) fn shown(path: &Path) -> String {
    let below = path.strip_prefix(root()).unwrap_or(path);
    below.to_string_lossy().replace('\\', "/")
}
