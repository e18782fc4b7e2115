//! `cargo xtask dev`: serves the app or an example on this machine. Wrangler watches the sources and runs the build on
//! every change.

use crate::arguments::Arguments;
use crate::build::{self, Profile};
use crate::environment;
use crate::error::{Context, Error, Result};
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

/// The port that wrangler's users know.
const PORT: u16 = 8787;

/// The configuration of the app on this machine, at its `wrangler.toml`: beside that are the secrets for development.
const CONFIG: &str = "wrangler.local.json";

/// The app's bucket for files, which its `wrangler.toml` need not have.
const BUCKET: &str = "FILES";

/// `cargo xtask dev`.
///
/// The first build runs here, so that a mistake is reported in the compiler's own words and nothing is served. Of later
/// ones the server survives a failure.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let worker = Worker::asked(&mut arguments)?;
    let port = port(arguments.option("--port")?)?;
    let persist_to = arguments.option("--persist-to")?;
    let profile = if arguments.flag("--release") { Profile::Release } else { Profile::Dev };
    let (node, packages) = setup::javascript(versions::NODE_FOR_WRANGLER)?;
    build::build(&worker, profile)?;
    let is_app = worker == Worker::app();
    if is_app {
        let mut write = node.script("xtask/local-config.mjs");
        write.arg(project::path("wrangler.toml")).arg(project::path(CONFIG)).arg(BUCKET);
        process::run(&mut write)?;
    }
    let mut wrangler = node.script(packages.wrangler());
    wrangler.args(["dev", "--port", &port.to_string(), "--inspector-port", &free_port()?.to_string()]);
    wrangler.args(is_app.then_some(["--config", CONFIG]).iter().flatten());
    wrangler.args(persist_to.iter().flat_map(|folder| ["--persist-to", folder])).args(arguments.rest());
    wrangler.current_dir(worker.home());
    wrangler.env(environment::PROFILE, profile.name()).env(environment::KEEP_SERVING, "1");
    println!("starting `{}` on http://localhost:{port}; stop it with Ctrl-C", worker.name());
    process::become_program(&mut wrangler)
}

/// Returns the port to serve on: the one asked for, or the usual one, if it is free.
fn port(asked: Option<String>) -> Result<u16> {
    let port = match asked {
        None => PORT,
        Some(text) => text
            .parse()
            .map_err(|_| Error::new(format!("`--port {text}` is not a port: give a number up to 65535")))?,
    };
    if is_free(port) {
        return Ok(port);
    }
    let next = port.checked_add(1).unwrap_or(PORT);
    Err(Error::new(format!(
        "port {port} is taken: stop the program that uses it, or run `cargo xtask dev --port {next}`"
    )))
}

/// Returns whether nobody listens on a port. A system without IPv6 is asked about IPv4 alone.
fn is_free(port: u16) -> bool {
    let over_ipv4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    over_ipv4 && (!has_ipv6 || TcpListener::bind((Ipv6Addr::LOCALHOST, port)).is_ok())
}

/// Returns a port for the inspector, so that several servers can run side by side.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port")?;
    listener.local_addr().map(|address| address.port()).context("cannot find a free port")
}

#[cfg(test)]
mod tests;
