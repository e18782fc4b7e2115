//! How many tests passed and failed, read from what test programs print.

use std::iter::Sum;

/// The counts of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Tests that passed.
    pub(super) passed: usize,
    /// Tests that failed, were broken off, or could not begin.
    pub(super) failed: usize,
    /// Tests that their authors have left out.
    pub(super) skipped: usize,
}

impl Counts {
    /// Returns one test.
    pub(super) fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    /// Returns the sum of two counts.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }

    /// Counts a failed test for a program that failed without naming one, such as a compiler.
    pub(super) fn of_program(self, succeeded: bool) -> Self {
        if succeeded || self.failed > 0 { self } else { self.and(Self::one(false)) }
    }

    /// Reads the results of `cargo test`: one line for each program,
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; ...`.
    pub(super) fn from_libtest(text: &str) -> Self {
        let results = text.lines().filter_map(|line| line.trim_start().strip_prefix("test result: "));
        results
            .map(|result| Self {
                passed: number_before(result, " passed"),
                failed: number_before(result, " failed"),
                skipped: number_before(result, " ignored"),
            })
            .sum()
    }

    /// Reads trybuild's own lines, one for each file: `test tests/ui/fail/x.rs ... ok`.
    pub(super) fn from_trybuild(text: &str) -> Self {
        let plain = without_colors(text);
        let files = plain.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(".rs ... "));
        files.map(|(_, outcome)| Self::one(outcome.trim() == "ok")).sum()
    }

    /// Reads the summary of `node --test`: `ℹ pass 3`, or `# pass 3`. The last one counts; a test may print the like.
    pub(super) fn from_node(text: &str) -> Self {
        let plain = without_colors(text);
        let number = |key: &str| {
            let values = plain.lines().rev().filter_map(|line| {
                let line = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
                line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse::<usize>().ok()
            });
            values.take(1).sum::<usize>()
        };
        let failed = number("fail").saturating_add(number("cancelled"));
        Self { passed: number("pass"), failed, skipped: number("skipped").saturating_add(number("todo")) }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::and)
    }
}

/// Returns the number that stands right before a word.
fn number_before(text: &str, word: &str) -> usize {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Returns a text without the sequences that colour it on a terminal.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests;
