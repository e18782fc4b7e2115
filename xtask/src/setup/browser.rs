//! The browsers of the browser tests.

use super::chromium;
use super::engine::{FIREFOX, WEBKIT};
use super::node::Node;
use super::packages::Packages;
use crate::environment;
use crate::error::{Error, Result};
use std::path::PathBuf;
use std::process::Command;

/// A program for each engine of browsers that this machine has.
pub(crate) struct Browsers {
    chromium: PathBuf,
    firefox: Option<PathBuf>,
    webkit: Option<PathBuf>,
}

impl Browsers {
    /// Finds the browsers, or installs them.
    pub(super) fn find_or_install(node: &Node, packages: &Packages) -> Result<Self> {
        Ok(Self {
            chromium: chromium::find_or_install(node, packages)?,
            firefox: FIREFOX.find_or_install()?,
            webkit: WEBKIT.find_or_install()?,
        })
    }

    /// Names the programs to the tests that a command runs. The name of one that is missing is empty.
    pub(crate) fn give_to(self, command: &mut Command) {
        command.env(environment::CHROMIUM, self.chromium);
        command.env(environment::FIREFOX, self.firefox.unwrap_or_default());
        command.env(environment::WEBKIT, self.webkit.unwrap_or_default());
    }

    /// Returns the programs.
    pub(super) fn programs(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.chromium].into_iter().chain(&self.firefox).chain(&self.webkit)
    }
}

/// Returns the program that the user has named by a variable, if there is one.
pub(super) fn named_by_user(variable: &str) -> Result<Option<PathBuf>> {
    let Some(program) = environment::value(variable).map(PathBuf::from) else { return Ok(None) };
    if program.is_file() {
        return Ok(Some(program));
    }
    let path = program.display();
    Err(Error::new(format!(
        "{variable} names `{path}`, which is not a file: correct it, or unset it to use the system's"
    )))
}
