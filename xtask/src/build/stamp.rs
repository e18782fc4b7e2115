//! Remembers from which inputs a product was made.
//!
//! The stamps lie in `build/`, that of the client too: all of `public/` is served to browsers.

use super::inputs::Inputs;
use crate::error::{Context, Result};
use crate::project;
use std::fs;
use std::path::PathBuf;

/// The memory of one product.
#[derive(Debug)]
pub(super) struct Stamp {
    /// Where it is kept.
    file: PathBuf,
    /// The inputs of now.
    digest: String,
}

impl Stamp {
    /// Returns the memory of a product, by its name, with the inputs of now.
    pub(super) fn new(product: &str, inputs: Inputs) -> Self {
        Self {
            file: project::path(format!("build/.{}.stamp", product.replace('/', "-"))),
            digest: inputs.digest(),
        }
    }

    /// Returns the digest of the present inputs.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns whether the product, with all its files, was made from just these inputs.
    pub(super) fn is_fresh(&self, files: &[impl AsRef<str>]) -> bool {
        let remembered = fs::read_to_string(&self.file).is_ok_and(|remembered| remembered == self.digest);
        remembered && files.iter().all(|file| project::path(file.as_ref()).is_file())
    }

    /// Makes the product, and remembers it only when that went well.
    pub(super) fn renew(&self, make: impl FnOnce() -> Result<()>) -> Result<()> {
        let _ = fs::remove_file(&self.file);
        make()?;
        fs::write(&self.file, &self.digest).context(format!("cannot write `{}`", project::shown(&self.file)))
    }
}
