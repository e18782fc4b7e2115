//! `cargo xtask`: one word per job. Every job first sets up what it lacks, so a fresh clone needs no other instructions
//! and no other tools than cargo, rustup, node and npm.
//!
//! This is the table of commands; each command has its own file. The environment variables that the jobs obey are
//! listed in `environment.rs`, the pinned tools in `versions.rs`.

mod arguments;
mod bench;
mod book;
mod build;
mod chaos;
mod console;
mod deploy;
mod dev;
mod environment;
mod error;
mod fuzz;
mod lock;
mod lockfile;
mod markdown;
mod mutants;
mod new;
mod process;
mod project;
mod serve;
mod setup;
mod test;
mod tidy;
mod version;
mod versions;
mod watched;
mod workers;

use arguments::Arguments;
use error::{Error, Result};
use std::process::ExitCode;

/// One word that `cargo xtask` understands.
struct Command {
    /// The word.
    name: &'static str,
    /// What it takes after the word.
    takes: &'static str,
    /// What it does, in one line.
    help: &'static str,
    /// The job.
    run: fn(Arguments) -> Result<()>,
}

/// All commands, in the order in which a newcomer meets them.
const COMMANDS: &[Command] = &[
    Command {
        name: "dev",
        takes: "[--example NAME] [--port N] [--persist-to DIR] [--release] [-- wrangler's own]",
        help: "serve the app, or an example, on this machine and rebuild it on every change",
        run: dev::command,
    },
    Command {
        name: "build",
        takes: "[--example NAME] [--dev]",
        help: "build the worker into build/ and the browser client into public/dist/",
        run: build::command,
    },
    Command {
        name: "serve",
        takes: "[--example NAME] [--address HOST:PORT] [--state DIR] [--var NAME]",
        help: "serve the release build on a plain workerd, with the rooms on a disk",
        run: serve::command,
    },
    Command {
        name: "new",
        takes: "NAME [--into DIR]",
        help: "make a project of one's own beside the checkout: a room, a page, their tests",
        run: new::command,
    },
    Command {
        name: "test",
        takes: "[STEP ...]",
        help: "run every check and every test, or the named steps only",
        run: test::command,
    },
    Command {
        name: "check",
        takes: "",
        help: "run the checks alone: format, lints, rules, types, documentation",
        run: test::check,
    },
    Command {
        name: "bench",
        takes: "[--quick] [--only WORK]",
        help: "measure the chat beside others and write docs/benchmarks.md",
        run: bench::command,
    },
    Command {
        name: "chaos",
        takes: "[--short] [--seed N] [--only PART] [--keep]",
        help: "kill, halt and starve the chat under load, and check that its promises hold",
        run: chaos::command,
    },
    Command {
        name: "fuzz",
        takes: "[--cases N] [--seed SEED] [TARGET]",
        help: "run the fuzz targets, or those with TARGET in their name, with N inputs each (1,000,000)",
        run: fuzz::command,
    },
    Command {
        name: "book",
        takes: "[--open] [--repository URL]",
        help: "build the book in docs/book into target/book/html; links to sources lead to URL",
        run: book::command,
    },
    Command {
        name: "mutants",
        takes: "[party | client [cargo-mutants' or Stryker's own]]",
        help: "change the code in small ways, and check that the tests see each change",
        run: mutants::command,
    },
    Command { name: "tidy", takes: "", help: "check the rules that lints cannot see", run: tidy::command },
    Command {
        name: "deploy",
        takes: "[--example NAME] [wrangler's own]",
        help: "upload the app, or an example, to Cloudflare",
        run: deploy::command,
    },
    Command {
        name: "setup",
        takes: "",
        help: "install everything that the other commands would install when they need it",
        run: setup::command,
    },
    Command { name: "help", takes: "", help: "print this", run: help },
];

/// Runs the command that the first word names.
fn main() -> ExitCode {
    match run(Arguments::from_environment()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(message) = error.message() {
                eprintln!("error: {message}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Finds the command and hands it the words that follow.
fn run(mut arguments: Arguments) -> Result<()> {
    let word = arguments.next().unwrap_or_else(|| "help".to_owned());
    if matches!(word.as_str(), "--help" | "-h") {
        return help(arguments);
    }
    let command = COMMANDS.iter().find(|command| command.name == word).ok_or_else(|| unknown(&word))?;
    if arguments.ask_for_help() {
        println!("cargo xtask {} {}\n\n  {}", command.name, command.takes, command.help);
        return Ok(());
    }
    (command.run)(arguments)
}

/// Returns the error for an unknown command.
fn unknown(word: &str) -> Error {
    let names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
    Error::new(format!("`{word}` is not a command of `cargo xtask`: choose one of {}", names.join(", ")))
}

/// Prints the table of commands.
fn help(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    println!("cargo xtask COMMAND\n");
    for Command { name, takes, help, .. } in COMMANDS {
        println!("  {name:<8} {help}");
        if !takes.is_empty() {
            println!("           {takes}");
        }
    }
    println!("\nSteps of `test`, in order: {}", test::step_names());
    Ok(())
}
