//! One process at a time: wrangler's build and a test may want the same folder at once.

use crate::error::{Context, Result};
use crate::project;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::process::Stdio;

/// Held until it is dropped. The system frees it even when the process is killed, so it never goes stale.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The locked file; closing it unlocks.
    file: File,
}

impl Lock {
    /// Waits until no other process holds the lock, saying so once.
    pub(crate) fn take(path: &Path, other: &str) -> Result<Self> {
        let doing = || format!("cannot lock `{}`", project::shown(path));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context(doing())?;
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).context(doing())?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            println!("waiting for {other} to finish");
            file.lock().context(doing())?;
        }
        Ok(Self { file })
    }

    /// Returns an input for a program that reads none, so that it holds the lock too: it may outlive us when we are
    /// killed.
    pub(crate) fn shared(&self) -> Result<Stdio> {
        self.file.try_clone().map(Stdio::from).context("cannot share a lock")
    }
}
