//! The machine and the date of a measurement.

use std::fs;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the processor, how many there are, and the system.
pub(crate) fn describe() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let model = model(&read("/proc/cpuinfo")).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let memory =
        memory(&read("/proc/meminfo")).map_or_else(String::new, |gib| format!(", {gib} GiB of memory"));
    let release = read("/proc/sys/kernel/osrelease");
    let release = release.split('-').next().unwrap_or_default().trim();
    format!("{processors} processors of the kind {model}{memory}, Linux {release}")
}

/// Returns the date of today, as in `2026-11-24`, in UTC.
pub(crate) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    date(seconds / 86_400)
}

/// Returns the model of the first processor.
fn model(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, model)| model.trim().to_owned())
}

/// Returns all memory, in GiB.
fn memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| (kib + 524_288) / 1_048_576)
}

/// Returns the date `days` days after 1970-01-01.
fn date(mut days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let dates = [0, 58, 59, 11_016, 19_782, 20_453].map(date);
        assert_eq!(
            dates,
            ["1970-01-01", "1970-02-28", "1970-03-01", "2000-02-29", "2024-02-29", "2025-12-31"]
        );
    }

    #[test]
    fn the_processor_and_the_memory_are_read() {
        assert_eq!(model("processor: 0\nmodel name\t: AMD EPYC\n").as_deref(), Some("AMD EPYC"));
        assert_eq!(memory("MemTotal:       25165824 kB\n"), Some(24));
    }
}
