//! The processor time and memory of a process, as Linux reports them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Result;

/// The length of a tick of `/proc/{pid}/stat`: `USER_HZ`, which is 100 on every Linux of today.
const TICK: Duration = Duration::from_millis(10);

/// Refuses systems on which nothing can be measured.
pub(crate) fn check_system() -> Result<()> {
    if cfg!(target_os = "linux") {
        return Ok(());
    }
    Err("processor time and memory are read from `/proc`, which is Linux's: run `cargo xtask bench` there, in a container for instance".into())
}

/// Returns the processor time that a process has used, of all its threads.
///
/// The scheduler counts in nanoseconds, but only for the threads that are there; those of workerd stay. Where the
/// scheduler's count is switched off, that of ticks has to do.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let tasks = Path::new("/proc").join(pid.to_string()).join("task");
    let mut total = Duration::ZERO;
    for task in fs::read_dir(tasks)? {
        match fs::read_to_string(task?.path().join("schedstat")) {
            Ok(text) => total += on_processor(&text).ok_or("a `schedstat` that cannot be read")?,
            Err(_) => return ticks(pid),
        }
    }
    Ok(total)
}

/// Returns the processor time by ticks.
fn ticks(pid: u32) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    Ok(user_and_system(&text).ok_or("a `stat` that cannot be read")?)
}

/// Returns the memory of a process that is in use, in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(resident_of(&text).ok_or("a `status` that cannot be read")?)
}

/// Returns the first number of a `schedstat`.
fn on_processor(text: &str) -> Option<Duration> {
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Fields 14 and 15 of a `stat`. The second field is the program's name, which may contain anything but is in brackets.
fn user_and_system(text: &str) -> Option<Duration> {
    let (_, fields) = text.rsplit_once(')')?;
    let ticks: Vec<u32> =
        fields.split_whitespace().skip(11).take(2).map_while(|field| field.parse().ok()).collect();
    (ticks.len() == 2).then(|| TICK * ticks.iter().sum::<u32>())
}

/// Returns `VmRSS` of a `status`, which is in KiB.
fn resident_of(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedulers_count_is_read_in_nanoseconds() {
        assert_eq!(on_processor("1500000 79439 12\n"), Some(Duration::from_micros(1_500)));
        assert_eq!(on_processor(""), None);
    }

    #[test]
    fn ticks_are_read_behind_a_name_that_contains_anything() {
        let text = "7 (a) b (c)) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 476281";
        assert_eq!(user_and_system(text), Some(Duration::from_secs(3)));
        assert_eq!(user_and_system("7 (a) S 1"), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(resident_of("Name:\tworkerd\nVmRSS:\t    2048 kB\n"), Some(2_097_152));
        assert_eq!(resident_of("Name:\tworkerd\n"), None);
    }
}
