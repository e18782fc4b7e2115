//! `cargo xtask build`: the browser client into `public/dist/`, the worker into `build/`. It is what wrangler runs before
//! it serves or uploads, so it does nothing when nothing has changed.

mod client;
mod inputs;
mod profile;
mod stamp;
mod worker;

use crate::arguments::Arguments;
use crate::environment;
use crate::error::{Error, Result};
use crate::lock::Lock;
use crate::project;

pub(crate) use profile::Profile;

/// `cargo xtask build [--dev]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let flag = arguments.flag("--dev").then_some(Profile::Dev);
    arguments.finish()?;
    let profile = flag.map_or_else(Profile::from_environment, Ok)?;
    build(profile).or_else(keep_serving)
}

/// Brings the client and the worker up to date.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let lock = lock()?;
    client::build(profile)?;
    worker::APP.build(profile, &lock)
}

/// Brings the worker up to date that only tests serve.
pub(crate) fn build_probe() -> Result<()> {
    worker::PROBE.build(Profile::Release, &lock()?)
}

/// Held while anything is built.
fn lock() -> Result<Lock> {
    Lock::take(&project::path("build/.lock"), "another build")
}

/// Under `cargo xtask dev`, a failed build is told and forgiven: wrangler would stop serving, and the next save is near.
fn keep_serving(error: Error) -> Result<()> {
    if environment::value(environment::KEEP_SERVING).is_none() {
        return Err(error);
    }
    eprintln!("error: {error}\nstill serving the last good build");
    Ok(())
}
