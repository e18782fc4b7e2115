//! `cargo xtask deploy`: uploads the app or an example to Cloudflare. Wrangler runs the build itself, as
//! `wrangler.toml` tells it.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::process;
use crate::setup;
use crate::versions;
use crate::workers::Worker;

/// `cargo xtask deploy [--example NAME]`; all further words are wrangler's.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let worker = Worker::asked(&mut arguments)?;
    let (node, packages) = setup::javascript(versions::NODE_FOR_WRANGLER)?;
    let mut wrangler = node.script(packages.wrangler());
    wrangler.current_dir(worker.home());
    process::become_program(wrangler.arg("deploy").args(arguments.rest()))
}
