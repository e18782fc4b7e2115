//! What `docs/semantics.md` promises is held by the tests that it names: each of them is there.

use crate::project;
use std::fs;

/// Where the promises are.
const PROMISES: &str = "docs/semantics.md";

/// Every test or file that is named there and is not in the checkout.
pub(super) fn check() -> Vec<String> {
    let Ok(promises) = fs::read_to_string(project::path(PROMISES)) else { return Vec::new() };
    let rust =
        project::own_files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let code: Vec<String> = rust.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let is_there = |named: &str| match is_test(named) {
        true => code.iter().any(|text| text.contains(&format!("fn {named}("))),
        false => project::path(named).exists(),
    };
    missing(&promises, is_there)
}

/// Every test or file that is named and is not there.
fn missing(promises: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = (1..).zip(promises.lines());
    let named = lines.flat_map(|(number, line)| names(line).map(move |name| (number, name)));
    named
        .filter(|(_, name)| !is_there(name))
        .map(|(number, name)| {
            format!("{PROMISES}:{number}: `{name}` is not there: name the test that holds it")
        })
        .collect()
}

/// The tests and files that a line names.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|word| is_test(word) || word.contains('/'))
}

/// Whether a word is the name of a test, which is a sentence.
fn is_test(word: &str) -> bool {
    word.matches('_').count() > 2 && !word.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_or_a_file_that_is_named_and_not_there_is_found() {
        let text =
            "1. **So.** `it_is_really_so`, `party/tests/it`\n2. `seq` and `it_is_not_so`\n`tests/none.rs`";
        let there = |name: &str| ["it_is_really_so", "party/tests/it"].contains(&name);
        let found = missing(text, there);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("docs/semantics.md:2: `it_is_not_so`"), "{found:?}");
        assert!(found[1].starts_with("docs/semantics.md:3: `tests/none.rs`"), "{found:?}");
    }
}
