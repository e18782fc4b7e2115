//! How well `party` is documented: two figures that may only rise. One is the share of public functions and methods
//! with an example of their own, the other the number of lines of documentation for each line of code in
//! files with public functions: what is behind them is not in the documentation.
//!
//! The files are read line by line. A function counts as public if its line begins with `pub`, or if it is a method of
//! a public trait: the lint `unreachable_pub` keeps other functions from being `pub`. Items that are not in the
//! documentation (`#[doc(hidden)]`) are left out, and so are tests.

use super::source::Source;
use crate::project;
use std::fs;

/// The least that is accepted, in percent: public functions with an example, and lines of documentation for 100 lines
/// of code.
const LEAST: Percent = Percent { examples: 97, lines: 125 };

/// How many percent points a figure may be above the least before the least has to follow.
const AHEAD: usize = 2;

/// Where the crate is, and its file in which the least stands.
const CRATE: &str = "party/src";
const HERE: &str = "xtask/src/tidy/documentation.rs";

/// Files whose public items are for code that a macro writes, and not in the documentation.
const HIDDEN: &[&str] = &["party/src/platform/workers/object.rs", "party/src/testing/example.rs"];

/// Both figures in percent, rounded down.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Percent {
    examples: usize,
    lines: usize,
}

/// The counts of some files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    /// Public functions and methods.
    functions: usize,
    /// Those of them that have an example.
    with_example: usize,
    /// Lines that are documentation.
    documentation: usize,
    /// Lines that are code: not empty, and not a comment.
    code: usize,
}

/// Returns a breach for each figure that has fallen, or has risen far above the least that is accepted.
pub(super) fn check() -> Vec<String> {
    breaches(count_crate(), LEAST)
}

/// Returns both figures with their counts, for the reader.
pub(super) fn figures() -> String {
    let counts = count_crate();
    let Percent { examples, lines } = counts.percent();
    let Counts { functions, with_example, documentation, code } = counts;
    format!(
        "party: {with_example} of {functions} public functions have an example ({examples} %), {documentation} lines \
         of documentation for {code} of code ({lines} %)"
    )
}

/// Returns what is wrong with these counts.
fn breaches(counts: Counts, least: Percent) -> Vec<String> {
    let Percent { examples, lines } = counts.percent();
    let of_examples = breach(examples, least.examples, "examples", || {
        format!(
            "{} of {} public functions of `party` have an example in their documentation: write one for each function \
             that you add",
            counts.with_example, counts.functions
        )
    });
    let of_lines = breach(lines, least.lines, "lines", || {
        format!(
            "`party` has {} lines of documentation for {} lines of code: document what you add, or write less code",
            counts.documentation, counts.code
        )
    });
    of_examples.into_iter().chain(of_lines).collect()
}

/// Returns what is wrong with one figure.
fn breach(is: usize, least: usize, field: &str, low: impl FnOnce() -> String) -> Option<String> {
    if is < least {
        return Some(format!("{HERE}:1: {}. That is {is} %, and the least is {least} %", low()));
    }
    (is >= least.saturating_add(AHEAD)).then(|| {
        format!("{HERE}:1: `{field}` has risen to {is} %: set it to {is} in `LEAST`, so that it stays")
    })
}

impl Counts {
    /// Returns both figures. A crate without functions or code is fully documented.
    fn percent(self) -> Percent {
        let share = |part: usize, all| part.saturating_mul(100).checked_div(all).unwrap_or(100);
        Percent {
            examples: share(self.with_example, self.functions),
            lines: share(self.documentation, self.code),
        }
    }

    /// Returns what counts of a file: nothing, if it has no public functions.
    fn of_public(self) -> Self {
        if self.functions == 0 { Self::default() } else { self }
    }

    /// Returns the sum of two counts.
    fn and(self, other: Self) -> Self {
        Self {
            functions: self.functions.saturating_add(other.functions),
            with_example: self.with_example.saturating_add(other.with_example),
            documentation: self.documentation.saturating_add(other.documentation),
            code: self.code.saturating_add(other.code),
        }
    }
}

/// Counts all files of the crate.
fn count_crate() -> Counts {
    let files = project::files(&project::path(CRATE), &|_| true);
    files.iter().fold(Counts::default(), |sum, path| {
        let shown = project::shown(path);
        match fs::read_to_string(path) {
            Ok(text) if shown.ends_with(".rs") => sum.and(count(&Source::new(&shown, &text)).of_public()),
            _ => sum,
        }
    })
}

/// Counts one file.
fn count(source: &Source<'_>) -> Counts {
    let mut counts = Counts::default();
    if is_test(source.path) {
        return counts;
    }
    let is_hidden_file = HIDDEN.contains(&source.path);
    let (mut in_trait, mut before) = (false, Before::default());
    for line in source.lines().filter(|line| !line.in_tests) {
        let text = line.text.trim_start();
        if text.starts_with("///") || text.starts_with("//!") {
            counts.documentation = counts.documentation.saturating_add(1);
            before.documentation(text);
            continue;
        }
        if text.is_empty() || text.starts_with("//") {
            continue;
        }
        counts.code = counts.code.saturating_add(1);
        in_trait = (in_trait || line.text.starts_with("pub trait ")) && line.text != "}";
        if text.starts_with("#[") {
            before.is_hidden |= text.starts_with("#[doc(hidden)]");
            continue;
        }
        if is_public_function(line.text, in_trait) && !before.is_hidden && !is_hidden_file {
            counts.functions = counts.functions.saturating_add(1);
            counts.with_example = counts.with_example.saturating_add(usize::from(before.has_example));
        }
        before = Before::default();
    }
    counts
}

/// What stands before an item.
#[derive(Debug, Default)]
struct Before {
    in_block: bool,
    has_example: bool,
    is_hidden: bool,
}

impl Before {
    /// Reads a line of documentation. A block of code in Rust is an example.
    fn documentation(&mut self, line: &str) {
        let Some(language) = line.strip_prefix("///").and_then(|line| line.trim().strip_prefix("```")) else {
            return;
        };
        self.in_block = !self.in_block;
        self.has_example |= self.in_block && ["", "rust", "no_run", "compile_fail"].contains(&language);
    }
}

/// Returns whether a file has only tests.
fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    ["tests.rs", "fuzz.rs", "doctests.rs"].contains(&name) || path.contains("/fuzz/")
}

/// Returns whether a public function begins in a line.
fn is_public_function(line: &str, in_trait: bool) -> bool {
    let line = match (line.trim_start().strip_prefix("pub "), in_trait) {
        (Some(rest), _) => rest,
        // A method of a trait stands one step in; what is in its body stands further in.
        (None, true) => match line.strip_prefix("    ") {
            Some(rest) => rest,
            None => return false,
        },
        (None, false) => return false,
    };
    let mut words = line.split(' ').skip_while(|word| ["const", "async"].contains(word));
    words.next() == Some("fn")
}

#[cfg(test)]
mod tests;
