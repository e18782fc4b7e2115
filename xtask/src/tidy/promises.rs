//! The guarantees in the documents name their tests: each of these tests must exist.

use crate::project;
use std::fs;

/// Where the promises are.
const PROMISES: &[&str] = &["docs/semantics.md", "docs/security.md"];

/// Returns every test or file that is named there and is not in the checkout.
pub(super) fn check() -> Vec<String> {
    let files = project::own_files();
    let of = |end: &str| {
        let sources = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == end));
        sources.filter_map(|path| fs::read_to_string(path).ok()).collect::<Vec<_>>()
    };
    let (rust, typescript) = (of("rs"), of("ts"));
    let is_there = |named: &str| match Named::of(named) {
        Named::Rust => rust.iter().any(|text| text.contains(&format!("fn {named}("))),
        Named::TypeScript => typescript.iter().any(|text| text.contains(&format!("\"{named}\""))),
        Named::File => project::path(named).exists(),
        Named::Nothing => true,
    };
    let of_document = |document| {
        let promises = fs::read_to_string(project::path(document)).unwrap_or_default();
        missing(document, &promises, is_there)
    };
    PROMISES.iter().copied().flat_map(of_document).collect()
}

/// Returns every test or file that is named and is not there.
fn missing(document: &str, promises: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = (1..).zip(promises.lines());
    let named = lines.flat_map(|(number, line)| quoted(line).map(move |name| (number, name)));
    named
        .filter(|(_, name)| !is_there(name))
        .map(|(number, name)| {
            format!("{document}:{number}: `{name}` is not there: name the test that holds it")
        })
        .collect()
}

/// Returns the texts between backticks in a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The kind of thing that a text between backticks names.
#[derive(Debug, Eq, PartialEq)]
enum Named {
    /// A test in Rust: a sentence with underscores.
    Rust,
    /// A test in TypeScript: a sentence.
    TypeScript,
    /// A file or folder.
    File,
    /// Something else.
    Nothing,
}

impl Named {
    fn of(name: &str) -> Self {
        match name {
            _ if name.matches(' ').count() > 4 => Self::TypeScript,
            _ if name.contains('/') => Self::File,
            _ if name.matches('_').count() > 2 => Self::Rust,
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_or_a_file_that_is_named_and_not_there_is_found() {
        let text =
            "1. **So.** `it_is_really_so`, `party/tests/it`\n2. `seq` and `it_is_not_so`\n`tests/none.rs`";
        let there = |name: &str| {
            ["it_is_really_so", "party/tests/it"].contains(&name) || Named::of(name) == Named::Nothing
        };
        let found = missing("docs/semantics.md", text, there);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("docs/semantics.md:2: `it_is_not_so`"), "{found:?}");
        assert!(found[1].starts_with("docs/semantics.md:3: `tests/none.rs`"), "{found:?}");
    }

    #[test]
    fn a_sentence_is_a_test_in_typescript() {
        assert_eq!(Named::of("a text of a room is read, or not"), Named::TypeScript);
        assert_eq!(Named::of("a_text_of_a_room"), Named::Rust);
        assert_eq!(Named::of("cargo xtask tidy"), Named::Nothing);
    }
}
