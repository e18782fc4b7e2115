//! The load generator of `cargo xtask bench`: it serves each contestant with a workerd of its own, has the works
//! measure them in turns, and writes the report.
//!
//! - [`contestant`] says who is compared, [`wire`] how one talks to each;
//! - [`server`] is a running workerd, [`usage`] what it uses;
//! - [`crowd`] is many clients in one room, in this process and on one thread; [`audience`] is very many, which come
//!   back by themselves;
//! - [`editors`] is clients of a document, [`yjs`] their protocol, [`draft`] what they write, [`weight`] how it is
//!   counted;
//! - [`works`] has what is measured, a file each;
//! - [`stats`], [`figure`], [`report`] and [`plot`] make numbers readable.
//!
//! `cargo xtask bench` builds what is served and starts this program; it is of no use by itself.

#![expect(clippy::arithmetic_side_effects, reason = "a benchmark that overflows has failed")]

mod audience;
mod contestant;
mod crowd;
mod draft;
mod editors;
mod figure;
mod http;
mod machine;
mod plot;
mod report;
mod server;
mod setup;
mod stats;
mod usage;
mod weight;
mod wire;
mod works;
mod yjs;

use std::process::ExitCode;

use tokio::task::LocalSet;

use crate::setup::Setup;

/// What every fallible function here gives.
type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything on one thread: the other processor is the server's.
fn run() -> Result<()> {
    let setup = Setup::from_arguments(std::env::args().skip(1))?;
    usage::check_system()?;
    setup.raise_limits()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = LocalSet::new().block_on(&runtime, works::measure(&setup))?;
    report::write(&setup, &measured)
}
