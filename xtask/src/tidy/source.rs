//! A file as the rules see it: lines, of which some are comments and some are tests.

/// A text file of the checkout.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// Its path from the root, with forward slashes.
    pub(super) path: &'a str,
    /// All of it.
    pub(super) text: &'a str,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Counted from one.
    pub(super) number: usize,
    /// All of it.
    pub(super) text: &'a str,
    /// Whether it is in a module of tests within the file.
    pub(super) in_tests: bool,
}

impl<'a> Source<'a> {
    /// Returns a file with its text.
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text }
    }

    /// Returns its lines. A module of tests is the last thing in a file.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        let mut before = "";
        let mut in_tests = false;
        (1..).zip(self.text.lines()).map(move |(number, text)| {
            in_tests |= before == "#[cfg(test)]" && text.starts_with("mod ") && text.ends_with('{');
            before = text;
            Line { number, text, in_tests }
        })
    }

    /// Returns whether the whole file is a test, or a tool that only tests use.
    pub(super) fn is_test(&self) -> bool {
        let tools = ["party/src/testing", "party/src/platform/memory", "party/src/fuzz", "chat/src/fuzz"];
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let in_folder = self.path.starts_with("tests/") || self.path.contains("/tests/");
        in_folder
            || ["tests.rs", "fuzz.rs"].contains(&name)
            || name.contains(".test.")
            || tools.iter().any(|tool| self.path.starts_with(tool))
    }
}

impl<'a> Line<'a> {
    /// Returns the line without its comment. Two slashes in a text, as in an address, are also taken for one, which
    /// hides no more than the rest of that line.
    pub(super) fn code(&self) -> &'a str {
        let code = self.text.split_once("//").map_or(self.text, |(code, _)| code);
        if code.trim_start().starts_with(['*', '#']) && !code.trim_start().starts_with("#[") {
            ""
        } else {
            code
        }
    }
}

/// Returns whether a text is in a line as a word of its own, where it begins or ends like a word.
pub(super) fn contains_word(line: &str, word: &str) -> bool {
    at_words(line, word).next().is_some()
}

/// Returns the line before and after each place where a text is a word of its own.
pub(super) fn at_words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let bounded = move |neighbour: Option<char>, own: Option<char>| {
        !(neighbour.is_some_and(is_part) && own.is_some_and(is_part))
    };
    let around = move |at: usize| Some((line.get(..at)?, line.get(at.saturating_add(word.len())..)?));
    line.match_indices(word).filter_map(move |(at, _)| around(at)).filter(move |(before, after)| {
        bounded(before.chars().next_back(), word.chars().next())
            && bounded(after.chars().next(), word.chars().next_back())
    })
}
