//! `cargo xtask build`: a worker into its `build/`, its browser client into its `public/dist/`. It is what wrangler
//! runs before it serves or uploads, so it does nothing when nothing has changed.

mod client;
mod inputs;
mod profile;
mod slim;
mod stamp;
mod worker;

use crate::arguments::Arguments;
use crate::environment;
use crate::error::{Error, Result};
use crate::lock::Lock;
use crate::project;
use crate::workers::Worker;

pub(crate) use profile::Profile;

/// `cargo xtask build [--example NAME] [--dev]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let worker = Worker::asked(&mut arguments)?;
    let flag = arguments.flag("--dev").then_some(Profile::Dev);
    arguments.finish()?;
    let profile = flag.map_or_else(Profile::from_environment, Ok)?;
    build(&worker, profile).or_else(keep_serving)
}

/// Brings a worker and its client up to date. One build runs at a time.
pub(crate) fn build(worker: &Worker, profile: Profile) -> Result<()> {
    let lock = Lock::take(&project::path("build/.lock"), "another build")?;
    client::build(worker, profile)?;
    worker::build(worker, profile, &lock)
}

/// Under `cargo xtask dev`, a failed build is reported and does not stop the server: wrangler would stop serving, and
/// the next save is near.
fn keep_serving(error: Error) -> Result<()> {
    if environment::value(environment::KEEP_SERVING).is_none() {
        return Err(error);
    }
    eprintln!("error: {error}\nstill serving the last good build");
    Ok(())
}
