//! System packages, on systems of Debian's family: installed where we may, else named in an error.

use crate::console;
use crate::environment;
use crate::error::{Error, Result};
use crate::process;
use std::process::Command;

/// Installs packages, or says what for and how the user can.
pub(super) fn install(packages: &[&str], reason: &str) -> Result<()> {
    if !available() {
        let names = packages.join(" ");
        return Err(Error::new(format!(
            "{reason}: install it with `sudo apt-get install {names}`, or with your system's own package manager"
        )));
    }
    console::timed(&format!("installing the system packages {}", packages.join(", ")), || {
        process::quiet(apt_get().arg("update"))?;
        process::quiet(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
    })
}

/// Returns whether packages can be installed without asking anybody.
pub(super) fn available() -> bool {
    process::find("apt-get").is_some() && (is_root() || may_use_sudo())
}

/// Returns a run of apt-get that asks no question.
fn apt_get() -> Command {
    let mut command = Command::new(if is_root() { "apt-get" } else { "sudo" });
    if !is_root() {
        command.args(["-n", "apt-get"]);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Returns whether this process is root's.
fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Returns whether this is a machine of a CI service, where `sudo` surprises nobody.
fn may_use_sudo() -> bool {
    environment::value(environment::CI).is_some()
        && process::succeeds(Command::new("sudo").args(["-n", "true"]))
}
