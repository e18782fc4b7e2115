//! The last step to a small upload. worker-build keeps the names of all functions, which are a quarter of a module; an
//! upload does without.

use crate::error::{Context, Result};
use crate::process;
use crate::setup::{self, Node, Packages};
use std::fs;
use std::path::Path;

/// What the compiler uses of WebAssembly beyond its first version; worker-build names the same to its own run.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For size; then functions of like names beside each other, where gzip sees that they are alike; then without the
/// names.
pub(super) const PASSES: &[&str] = &[
    "-Oz",
    "--coalesce-locals-learning",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
];

/// Makes a module as small as it becomes.
pub(super) fn slim(module: &Path, node: &Node, packages: &Packages) -> Result<()> {
    let draft = module.with_extension("draft");
    let mut wasm_opt = setup::wasm_opt(node, packages);
    process::quiet(wasm_opt.arg(module).args(FEATURES).args(PASSES).arg("--output").arg(&draft))?;
    fs::rename(&draft, module).context(format!("cannot write `{}`", module.display()))
}
