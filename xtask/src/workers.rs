//! The workers of the checkout: the app, the tests' own, and one for each example. Examples are found, not listed: a
//! folder in `examples` with a `Cargo.toml` is one.

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::project;
use std::fs;
use std::path::PathBuf;

/// The folder of the examples.
const EXAMPLES: &str = "examples";

/// The names that the module may have which a page starts.
const ENTRIES: &[&str] = &["main.ts", "main.tsx"];

/// Beside that one: the module of all that the page loads later, and the style sheet that brings all others together.
const LATER: &str = "lazy-bundle.ts";
const STYLE: &str = "style.css";

/// The folder of modules that are scripts of their own, which the page loads when somebody needs them.
const ON_DEMAND: &str = "on-demand";

/// The folder of the texts of a client, with a folder for each language.
const TEXTS: &str = "texts";

/// A crate that becomes a worker, and perhaps has a page with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Worker {
    /// The crate's folder, its client in `client` within it.
    folder: String,
    /// The folder that `wrangler.toml`, `build` and `public` lie in: with a slash at its end, or empty for the root.
    home: String,
}

impl Worker {
    /// Returns the app, which the root's `wrangler.toml` serves and uploads.
    pub(crate) fn app() -> Self {
        Self { folder: "chat".to_owned(), home: String::new() }
    }

    /// Returns the subject of the conformance tests.
    fn probe() -> Self {
        Self::at("tests/probe".to_owned())
    }

    /// Returns the worker in Rust with which the benchmarks compare the app.
    pub(crate) fn by_hand() -> Self {
        Self::at("bench/by-hand".to_owned())
    }

    /// Returns the worker with a document, which the benchmarks compare with that of npm's `y-partyserver`.
    pub(crate) fn document() -> Self {
        Self::at("bench/document".to_owned())
    }

    /// Returns the examples, by their names.
    fn examples() -> Vec<Self> {
        let folders = fs::read_dir(project::path(EXAMPLES)).into_iter().flatten().flatten();
        let crates = folders.filter(|folder| folder.path().join("Cargo.toml").is_file());
        let mut names: Vec<_> =
            crates.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names.iter().map(|name| Self::at(format!("{EXAMPLES}/{name}"))).collect()
    }

    /// Returns a worker whose crate is its home.
    fn at(folder: String) -> Self {
        Self { home: format!("{folder}/"), folder }
    }

    /// Returns all of them.
    pub(crate) fn all() -> Vec<Self> {
        [Self::app(), Self::probe()].into_iter().chain(Self::examples()).collect()
    }

    /// Returns those that wrangler can upload.
    pub(crate) fn deployable() -> Vec<Self> {
        let has_settings = |worker: &Self| worker.home().join("wrangler.toml").is_file();
        Self::all().into_iter().filter(has_settings).collect()
    }

    /// Returns the one that `--example NAME` asks for, or the app.
    pub(crate) fn asked(arguments: &mut Arguments) -> Result<Self> {
        match arguments.option("--example")? {
            None => Ok(Self::app()),
            Some(name) => Self::example(&name),
        }
    }

    /// Returns the example of that name.
    fn example(name: &str) -> Result<Self> {
        let examples = Self::examples();
        let names: Vec<_> = examples.iter().map(|example| example.name().to_owned()).collect();
        examples.into_iter().find(|example| example.name() == name).ok_or_else(|| {
            Error::new(format!("`{name}` is not an example: choose one of {}", names.join(", ")))
        })
    }

    /// Returns the name of its crate, which is that of the folder.
    pub(crate) fn name(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or(&self.folder)
    }

    /// Returns the crate's folder, from the root.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// Returns the folder in which wrangler runs.
    pub(crate) fn home(&self) -> PathBuf {
        project::path(&self.home)
    }

    /// Returns the folder for what worker-build makes of it, from the root.
    pub(crate) fn output(&self) -> String {
        format!("{}build", self.home)
    }

    /// Returns the folder of the browser client, from the root.
    pub(crate) fn client(&self) -> String {
        format!("{}/client", self.folder)
    }

    /// Returns the module that the page starts, if there is a client, from the root.
    pub(crate) fn entry(&self) -> Option<String> {
        ENTRIES.iter().find_map(|name| self.of_client(name))
    }

    /// Returns the module of what the page loads later, if there is one, from the root.
    pub(crate) fn later(&self) -> Option<String> {
        self.of_client(LATER)
    }

    /// Returns the style sheet that is bundled with the client, if there is one, from the root.
    pub(crate) fn style(&self) -> Option<String> {
        self.of_client(STYLE)
    }

    /// Returns the names of the scripts of its own that the page loads on demand, in their order.
    pub(crate) fn on_demand(&self) -> Vec<String> {
        let modules = self.names_in(ON_DEMAND);
        modules.iter().filter_map(|name| name.strip_suffix(".ts").map(str::to_owned)).collect()
    }

    /// Returns the module of such a script, from the root.
    pub(crate) fn module_on_demand(&self, name: &str) -> String {
        format!("{}/{ON_DEMAND}/{name}.ts", self.client())
    }

    /// Returns the languages of the client, in their order; none if it has no texts of its own.
    pub(crate) fn languages(&self) -> Vec<String> {
        self.names_in(TEXTS).into_iter().filter(|name| !name.contains('.')).collect()
    }

    /// Returns the names in a folder of the client, in their order.
    fn names_in(&self, folder: &str) -> Vec<String> {
        let folder = project::path(format!("{}/{folder}", self.client()));
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Returns a file of the client, if there is one of that name.
    fn of_client(&self, name: &str) -> Option<String> {
        let file = format!("{}/{name}", self.client());
        project::path(&file).is_file().then_some(file)
    }

    /// Returns the folder of what is bundled for the page, from the root.
    pub(crate) fn bundles(&self) -> String {
        format!("{}public/dist", self.home)
    }
}

#[cfg(test)]
mod tests;
