//! `cargo xtask deploy`: uploads the app to Cloudflare. Wrangler runs the build itself, as `wrangler.toml` tells it.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::process;
use crate::setup;
use crate::versions;

/// `cargo xtask deploy`; all further words are wrangler's.
pub(crate) fn command(arguments: Arguments) -> Result<()> {
    let (node, packages) = setup::javascript(versions::NODE_FOR_WRANGLER)?;
    let mut wrangler = node.script(packages.wrangler());
    process::become_program(wrangler.arg("deploy").args(arguments.rest()))
}
