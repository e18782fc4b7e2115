//! `cargo xtask serve`: the release build on a plain workerd, with the rooms on a disk, as on a server of one's own.

use crate::arguments::Arguments;
use crate::build::{self, Profile};
use crate::error::{Context, Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;
use std::fs;
use std::process::Command;

/// Where it listens unless `--address` says otherwise: a proxy in front of it looks after TLS.
const ADDRESS: &str = "127.0.0.1:8787";

/// Where the rooms are unless `--state` says otherwise, in the checkout.
const STATE: &str = "state";

/// `cargo xtask serve [--example NAME] [--address HOST:PORT] [--state FOLDER] [--var NAME]...`
///
/// It becomes workerd, so that signals reach it: a SIGTERM lets it end once its connections have, a SIGKILL loses
/// nothing that was acknowledged.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let worker = Worker::asked(&mut arguments)?;
    let address = arguments.option("--address")?.unwrap_or_else(|| ADDRESS.to_owned());
    let state = project::path(arguments.option("--state")?.unwrap_or_else(|| STATE.to_owned()));
    let mut variables = Vec::new();
    while let Some(name) = arguments.option("--var")? {
        variables.push(name);
    }
    arguments.finish()?;
    if !address.contains(':') {
        return Err(Error::new(format!("`--address {address}` is not a host and port, such as {ADDRESS}")));
    }
    let (node, packages) = setup::javascript(versions::NODE_FOR_WRANGLER)?;
    build::build(&worker, Profile::Release)?;
    fs::create_dir_all(&state).context(format!("cannot make `{}`", state.display()))?;
    let mut write = node.script("xtask/serve-config.mjs");
    write.arg(worker.home().join("wrangler.toml")).arg(&state).args(&variables);
    process::run(&mut write)?;
    let mut workerd = Command::new(packages.workerd());
    workerd.args(["serve", "--experimental", "--socket-addr", &format!("http={address}"), "wrangler.jsonc"]);
    workerd.current_dir(&state);
    println!("serving `{}` on http://{address}, its rooms are in {}", worker.name(), state.display());
    process::become_program(&mut workerd)
}
