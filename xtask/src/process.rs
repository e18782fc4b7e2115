//! Running other programs: shown, silent, or in our place.

use crate::error::{Error, Result};
use crate::project;
use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Returns the cargo that runs us.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Runs a program whose output the reader sees.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(format!("`{}` failed ({status}); its own message stands above", line(command))))
}

/// Runs a program whose output is shown only when it fails.
pub(crate) fn quiet(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Returns what a program prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(failed(command, &output))
}

/// Returns whether a program can be started and succeeds, unheard.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok()
}

/// Becomes another program, so that signals reach it and nothing is left behind when it ends.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(cannot_start(command, &error))
}

/// Runs another program to its end: this system cannot replace a process.
#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> Result<()> {
    run(command)
}

/// Returns the program of that name in PATH or at that path, with the endings that programs have on this system.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    let folders = env::var_os("PATH").unwrap_or_default();
    let in_folder = |folder: PathBuf| {
        endings.iter().map(|ending| folder.join(format!("{name}{ending}"))).find(|path| path.is_file())
    };
    env::split_paths(&folders).find_map(in_folder)
}

/// Returns the file name of a program on this system.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// Returns a command as a reader would type it in the checkout, without the folder of the program.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| project::shown(Path::new(word))).collect::<Vec<_>>().join(" ")
}

/// Returns the error for a program that is not there.
pub(crate) fn cannot_start(command: &Command, error: &io::Error) -> Error {
    let program = command.get_program().to_string_lossy();
    Error::new(format!("cannot start `{program}`: {error}; install it, or add its folder to PATH"))
}

/// Returns the error of a program whose output was hidden, with all of its output.
fn failed(command: &Command, output: &Output) -> Error {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    Error::new(format!("`{}` failed ({}):\n{}", line(command), output.status, text.join("\n").trim()))
}
