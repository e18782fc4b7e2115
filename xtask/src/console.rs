//! The output of long jobs: the present step, and the time that it took.

use crate::error::Result;
use std::io::Write;
use std::time::{Duration, Instant};

/// Does a thing that may take long, under its name and with its time: `installing x (once) ... 12.3 s`.
pub(crate) fn timed<T>(what: &str, job: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("{what} ... ");
    flush();
    let started = Instant::now();
    let result = job();
    let outcome = if result.is_ok() { seconds(started.elapsed()) } else { "failed".to_owned() };
    println!("{outcome}");
    result
}

/// Prints the heading of a part of a long output.
pub(crate) fn heading(text: &str) {
    println!("\n=== {text}");
}

/// Returns a time as it is printed.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Shows what was printed without a line's end. A closed output is not a reason to stop the job.
fn flush() {
    let _ = std::io::stdout().flush();
}
