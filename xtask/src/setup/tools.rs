//! The folder for installed tools: outside the checkout, so that a fresh clone finds what an older one has compiled.

use crate::console;
use crate::environment;
use crate::error::{Context, Error, Result};
use crate::lock::Lock;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A tool: a folder of its own in the tools folder, with a program in it.
#[derive(Debug)]
pub(super) struct Tool<'a> {
    /// The folder's name, with the version.
    pub(super) folder: &'a str,
    /// The program's path in the folder.
    pub(super) program: &'a Path,
    /// What is said while it is installed.
    pub(super) announcement: &'a str,
}

impl Tool<'_> {
    /// Returns the program, if it is installed.
    pub(super) fn find(&self) -> Result<Option<PathBuf>> {
        let program = folder()?.join(self.folder).join(self.program);
        Ok(program.is_file().then_some(program))
    }

    /// Returns the program, installed by `fill` if it is missing.
    ///
    /// `fill` gets a fresh folder that takes its place only when it is complete: an installation that was broken off is
    /// never mistaken for a tool, and of two processes one waits for the other.
    pub(super) fn find_or_install(&self, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        if let Some(program) = self.find()? {
            return Ok(program);
        }
        let _lock = lock()?;
        if self.find()?.is_none() {
            console::timed(self.announcement, || self.install(fill))?;
        }
        self.find()?
            .ok_or_else(|| Error::new(format!("`{}` was installed, but has no program in it", self.folder)))
    }

    /// Fills a draft and puts it in its place.
    fn install(&self, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let place = folder()?.join(self.folder);
        let draft = folder()?.join(format!("{}.draft", self.folder));
        remove(&draft)?;
        fs::create_dir_all(&draft).context(format!("cannot make `{}`", draft.display()))?;
        fill(&draft)?;
        remove(&place)?;
        fs::rename(&draft, &place).context(format!("cannot make `{}`", place.display()))
    }
}

/// Returns the lock that is held while something is installed.
pub(super) fn lock() -> Result<Lock> {
    Lock::take(&folder()?.join("lock"), "another set-up")
}

/// Returns the folder for installed tools.
pub(super) fn folder() -> Result<PathBuf> {
    match environment::value(environment::TOOLS) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(caches()?.join("party-tools")),
    }
}

/// Returns the system's folder for caches.
pub(super) fn caches() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    folder.ok_or_else(|| {
        Error::new(format!(
            "this system names no folder for caches: set {} to a folder for tools",
            environment::TOOLS
        ))
    })
}

/// Removes a folder that may not exist.
fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).context(format!("cannot remove `{}`", folder.display()))?;
    }
    Ok(())
}
