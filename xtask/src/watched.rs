//! Runs a program under a time limit, keeps what it prints, and ends its whole process tree when the limit has passed:
//! a test that hangs has servers and browsers below it.

use crate::console;
use crate::error::Result;
use crate::process;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How long a grandchild that keeps the output open is listened to after the program itself has ended.
const LINGER: Duration = Duration::from_secs(2);

/// How often the limit is looked at.
const TICK: Duration = Duration::from_millis(50);

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Whether it ended well, in time.
    pub(crate) succeeded: bool,
    /// All it printed.
    pub(crate) text: String,
}

/// Runs a program; its lines are passed on as they come if `live`.
pub(crate) fn run(command: &mut Command, limit: Duration, live: bool) -> Result<Watched> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| process::cannot_start(command, &error))?;
    let mut text = String::new();
    let lines = listen(&mut child);
    let succeeded = follow(&mut child, &lines, limit, &mut |line| {
        if live {
            print!("{line}");
        }
        text.push_str(line);
    });
    Ok(Watched { succeeded, text })
}

/// Starts to read both outputs of a program.
fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        forward(output, sender.clone());
    }
    if let Some(output) = child.stderr.take() {
        forward(output, sender);
    }
    receiver
}

/// Sends the lines of one output until it ends.
fn forward(output: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// Hands on lines until the program has ended and its outputs too, or the limit has passed; whether it ended well.
fn follow(child: &mut Child, lines: &Receiver<String>, limit: Duration, hear: &mut dyn FnMut(&str)) -> bool {
    let started = Instant::now();
    let mut ended: Option<(bool, Instant)> = None;
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => hear(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) if ended.is_some() => break,
            Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
        }
        if ended.is_none() {
            ended = child.try_wait().ok().flatten().map(|status| (status.success(), Instant::now()));
        }
        if ended.is_some_and(|(_, at)| at.elapsed() > LINGER) {
            break;
        }
        if ended.is_none() && started.elapsed() > limit {
            end_tree(child);
            hear(&format!("killed: still running after {}\n", console::seconds(limit)));
            return false;
        }
    }
    ended.is_some_and(|(succeeded, _)| succeeded)
}

/// Ends a program and all that it has started.
fn end_tree(child: &mut Child) {
    for process in tree(child.id()) {
        let _ = process::quiet(Command::new("kill").args(["-KILL", &process.to_string()]));
    }
    if cfg!(windows) {
        let _ = process::quiet(Command::new("taskkill").args(["/T", "/F", "/PID", &child.id().to_string()]));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Returns a process and all below it, as `ps` knows them; parents go first, so that none can start another.
fn tree(root: u32) -> Vec<u32> {
    let table = process::output(Command::new("ps").args(["-A", "-o", "pid=,ppid="])).unwrap_or_default();
    let pairs: Vec<(u32, u32)> = table.lines().filter_map(pair).collect();
    descend(root, &pairs)
}

/// Returns the process and its parent in a line of `ps`.
fn pair(line: &str) -> Option<(u32, u32)> {
    let mut words = line.split_whitespace().map(|word| word.parse().ok());
    Some((words.next()??, words.next()??))
}

/// Returns a process and its descendants in pairs of process and parent.
fn descend(root: u32, pairs: &[(u32, u32)]) -> Vec<u32> {
    let children = pairs.iter().filter(|(process, parent)| *parent == root && *process != root);
    std::iter::once(root).chain(children.flat_map(|(process, _)| descend(*process, pairs))).collect()
}

#[cfg(test)]
mod tests;
