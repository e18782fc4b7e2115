//! All that a product is made from, as one number: it changes when a name or a content changes, and not with a mere
//! time of modification, so switching branches to and fro costs nothing.

use crate::project;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Gathers what a product is made from.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// What was gathered so far.
    hasher: DefaultHasher,
}

impl Inputs {
    /// Adds a setting.
    pub(super) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.hasher);
        self
    }

    /// Adds a file of the checkout; a missing one counts as such.
    pub(super) fn file(mut self, path: impl AsRef<Path>) -> Self {
        let path = project::path(path);
        project::shown(&path).hash(&mut self.hasher);
        fs::read(&path).ok().hash(&mut self.hasher);
        self
    }

    /// Adds all files below a folder of the checkout, except what programs have made and what lies in folders of the
    /// given names.
    pub(super) fn folder(self, folder: &str, except: &[&str]) -> Self {
        let enter = |path: &Path| !project::is_foreign(path) && !project::is_named(path, except);
        let files = project::files(&project::path(folder), &enter);
        files.into_iter().fold(self, Self::file)
    }

    /// Returns the number.
    pub(super) fn digest(self) -> String {
        format!("{:016x}", self.hasher.finish())
    }
}

#[cfg(test)]
mod tests;
