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
    /// Whether it stands in a module of tests within the file.
    pub(super) in_tests: bool,
}

impl<'a> Source<'a> {
    /// A file with its text.
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text }
    }

    /// Its lines. A module of tests is the last thing in a file.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        let mut before = "";
        let mut in_tests = false;
        (1..).zip(self.text.lines()).map(move |(number, text)| {
            in_tests |= before == "#[cfg(test)]" && text.starts_with("mod ") && text.ends_with('{');
            before = text;
            Line { number, text, in_tests }
        })
    }

    /// Whether the whole file is a test, or a tool that only tests use.
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
    /// The line without its comment. Two slashes in a text, as in an address, are taken for one too, which hides no more
    /// than the rest of that line.
    pub(super) fn code(&self) -> &'a str {
        let code = self.text.split_once("//").map_or(self.text, |(code, _)| code);
        if code.trim_start().starts_with(['*', '#']) && !code.trim_start().starts_with("#[") {
            ""
        } else {
            code
        }
    }
}

/// Whether a text stands in a line as a word of its own, where it begins or ends like a word.
pub(super) fn contains_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let bounded = |neighbour: Option<char>, own: Option<char>| {
        !(neighbour.is_some_and(is_part) && own.is_some_and(is_part))
    };
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at.saturating_add(word.len())..).and_then(|after| after.chars().next());
        bounded(before, word.chars().next()) && bounded(after, word.chars().next_back())
    })
}
