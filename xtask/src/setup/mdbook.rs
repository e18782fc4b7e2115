//! mdBook, which makes pages of the book.

use super::cargo_tool::CargoTool;
use crate::error::Result;
use crate::versions;
use std::path::PathBuf;

/// Returns mdBook, compiled if it is missing.
pub(crate) fn program() -> Result<PathBuf> {
    CargoTool {
        package: "mdbook",
        version: versions::MDBOOK,
        program: "mdbook",
        optimized: true,
        default_features: true,
    }
    .find_or_install()
}
