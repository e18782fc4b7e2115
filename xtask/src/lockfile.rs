//! Reads versions out of `Cargo.lock` and out of npm's lock files, both of which are written by programs, line by line.

use std::collections::BTreeMap;

/// Returns the version of a crate in the text of a `Cargo.lock`.
pub(crate) fn cargo_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| toml_value(line, "name") == Some(name))?;
    lines.find_map(|line| toml_value(line, "version"))
}

/// Returns the text of `key = "text"`.
fn toml_value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

/// A package in one of npm's lock files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NpmPackage {
    /// The version that is wanted, or there.
    version: String,
    /// Whether it may be missing: a binary for another system.
    optional: bool,
}

/// Returns the packages of a lock file by their folder, `node_modules/name`.
pub(crate) fn npm_packages(lock: &str) -> BTreeMap<String, NpmPackage> {
    let mut packages = BTreeMap::new();
    let mut folder = None;
    for line in lock.lines() {
        if let Some(key) = line.strip_prefix("    \"") {
            folder =
                key.strip_suffix("\": {").filter(|key| key.starts_with("node_modules/")).map(str::to_owned);
        }
        if let Some(folder) = &folder {
            note(packages.entry(folder.clone()).or_default(), line);
        }
    }
    packages
}

/// Returns the version of a package in the text of one of npm's lock files.
pub(crate) fn npm_version(lock: &str, name: &str) -> Option<String> {
    npm_packages(lock).remove(&format!("node_modules/{name}")).map(|package| package.version)
}

/// Notes what a line says about its package.
fn note(package: &mut NpmPackage, line: &str) {
    if let Some(version) = line.strip_prefix("      \"version\": \"") {
        version.trim_end_matches(['"', ',']).clone_into(&mut package.version);
    }
    package.optional |= line.starts_with("      \"optional\": true");
}

/// Returns whether what npm says it has installed is what the lock file wants.
///
/// npm keeps its own record in `node_modules/.package-lock.json`, so a tree made by `npm install` counts as well as one
/// made by `npm ci`.
pub(crate) fn npm_matches(wanted: &str, installed: &str) -> bool {
    let installed = npm_packages(installed);
    npm_packages(wanted).iter().all(|(folder, package)| match installed.get(folder) {
        Some(there) => there.version == package.version,
        None => package.optional,
    })
}

#[cfg(test)]
mod tests;
