//! The end of a test run: a table of the steps, and a last line with the totals.

use super::counts::Counts;
use crate::console;
use std::fmt;
use std::time::Duration;

/// How the steps went.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Each step with its counts and its time.
    steps: Vec<(&'static str, Counts, Duration)>,
}

impl Summary {
    /// Adds a step.
    pub(super) fn add(&mut self, name: &'static str, counts: Counts, time: Duration) {
        self.steps.push((name, counts, time));
    }

    /// Returns whether no test failed.
    pub(super) fn all_passed(&self) -> bool {
        self.total().failed == 0
    }

    /// Returns the counts of all steps together.
    fn total(&self) -> Counts {
        self.steps.iter().map(|(_, counts, _)| *counts).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<10}{:>8}{:>8}{:>9}{:>12}", "step", "passed", "failed", "skipped", "time")?;
        for (name, Counts { passed, failed, skipped }, time) in &self.steps {
            writeln!(out, "{name:<10}{passed:>8}{failed:>8}{skipped:>9}{:>12}", console::seconds(*time))?;
        }
        let total = self.total();
        write!(out, "\n{} passed, {} failed", total.passed, total.failed)
    }
}

#[cfg(test)]
mod tests;
