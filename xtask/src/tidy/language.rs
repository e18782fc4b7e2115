//! The language of prose: words that are hard to understand, names of tests that have no subject, and lines that are
//! too wide.

use super::rules::is_generated;
use super::source::{Source, at_words};

/// The files that people read.
const TEXTS: &[&str] = &[".rs", ".ts", ".tsx", ".md"];

/// This file names what it forbids.
const EXCEPT: &[&str] = &["xtask/src/tidy/language.rs"];

/// How many columns a line of prose or of a comment may have.
const WIDTH: usize = 120;

/// Words that a reader who learned English at school may not know, or knows with another meaning.
const WORDS: &[Word] = &[
    word("whom", "name it, as in \"a member that ..\""),
    word("anew", "write \"again\" or \"from scratch\""),
    word("nor", "write \"or\", or begin a new sentence"),
    word("shown out", "write \"removed\""),
    Word { is_meant: |_, after| !after.starts_with(" reason"), ..word("for good", "write \"permanently\"") },
    Word {
        is_meant: |before, _| ends_clause(before),
        ..word("be it", "write \"for example\", or name both")
    },
    Word {
        is_meant: |_, after| !after.contains(" that "),
        ..word("so many", "name the number, or write \"many\"")
    },
    Word { is_meant: |_, after| !begins_word(after), ..word("all the same", "write \"anyway\"") },
    Word { is_meant: |before, _| !has_any(before, &["not ", "for "]), ..word("but for", "write \"except\"") },
];

/// What a test must not begin with.
const HEADLESS: &[&str] = &["whoever", "whatever", "whose", "whom", "who", "what"];

/// A word, or several, with its plain form.
struct Word {
    text: &'static str,
    advice: &'static str,
    /// Returns whether it is used as a reader may not know it. It gets the text before and after the word.
    is_meant: fn(&str, &str) -> bool,
}

const fn word(text: &'static str, advice: &'static str) -> Word {
    Word { text, advice, is_meant: |_, _| true }
}

/// Returns every breach in a file, as `path:line: what`.
pub(super) fn breaches(source: &Source<'_>) -> Vec<String> {
    let is_read = TEXTS.iter().any(|ending| source.path.ends_with(ending));
    if !is_read || EXCEPT.iter().any(|path| source.path.starts_with(path)) || is_generated(source) {
        return Vec::new();
    }
    let mut is_code = false;
    let following = source.text.lines().skip(1).chain([""]);
    let lines = (1..).zip(source.text.lines().zip(following)).flat_map(|(number, (line, next))| {
        let fence = prose(source, line).is_some_and(|prose| prose.trim_start().starts_with("```"));
        is_code ^= fence;
        let wide = if is_code || fence { None } else { width(source, line) };
        let sentence = joined(source, line, next);
        let advice = words(&sentence, line.len()).chain(test_name(line)).chain(wide).collect::<Vec<_>>();
        advice.into_iter().map(move |advice| (number, advice))
    });
    lines.map(|(number, advice)| format!("{}:{number}: {advice}", source.path)).collect()
}

/// Returns a line with the next one, where both are prose: words may be parted by the end of a line.
fn joined(source: &Source<'_>, line: &str, next: &str) -> String {
    match (prose(source, line), prose(source, next)) {
        (Some(_), Some(next)) => format!("{line} {}", next.trim_start()),
        _ => line.to_owned(),
    }
}

/// Returns what is to be said about the words that begin within the first bytes of a text.
fn words(text: &str, bytes: usize) -> impl Iterator<Item = String> {
    let text = text.to_ascii_lowercase();
    let of_words = WORDS.iter().filter(|word| word.begins_in(&text, bytes));
    let mut found: Vec<_> =
        of_words.map(|word| format!("`{}` is hard to understand: {}", word.text, word.advice)).collect();
    if has_no_which(&text, bytes) {
        found.push("`is no .. that` is hard to understand: write \"is not a ..\" or \"cannot\"".to_owned());
    }
    found.into_iter()
}

impl Word {
    fn begins_in(&self, text: &str, bytes: usize) -> bool {
        let mut uses = at_words(text, self.text).filter(|(before, _)| before.len() < bytes);
        uses.any(|(before, after)| (self.is_meant)(before, after))
    }
}

/// Returns whether a text has `is no`, one word, and then `that` or `which`.
fn has_no_which(text: &str, bytes: usize) -> bool {
    at_words(text, "is no").filter(|(before, _)| before.len() < bytes).any(|(_, after)| {
        let mut next = after.split_whitespace();
        let is_word = next.next().is_some_and(|word| word.chars().all(char::is_alphabetic));
        is_word && matches!(next.next(), Some("that" | "which"))
    })
}

/// Returns whether a clause ends here, or the line has only begun.
fn ends_clause(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with([',', ';']) || !before.contains(char::is_alphanumeric)
}

fn has_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

fn begins_word(after: &str) -> bool {
    after.trim_start().starts_with(char::is_alphanumeric)
}

/// Returns what is to be said about the name of a test that begins in a line.
fn test_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    let in_rust = line.strip_prefix("fn ").map(|name| (name, '_'));
    let in_typescript = ["test(\"", "test(`", "test('"]
        .iter()
        .find_map(|start| line.strip_prefix(start))
        .map(|name| (name, ' '));
    let (name, blank) = in_rust.or(in_typescript)?;
    let (first, _) = name.split_once(blank)?;
    HEADLESS.contains(&first).then(|| {
        format!("a test's name begins with `{first}`: say subject, verb, outcome, as in `a_banned_member_cannot_rejoin`")
    })
}

/// Returns what is to be said about the width of a line. A table, a comment of HTML and what cannot be broken may be
/// wide.
fn width(source: &Source<'_>, line: &str) -> Option<String> {
    let prose = prose(source, line)?.trim();
    let text = prose.trim_start_matches(['-', '*', '>', ' ']);
    let is_free = text.starts_with(['|', '<']) || !text.contains(' ');
    (line.chars().count() > WIDTH && !is_free)
        .then(|| format!("prose has at most {WIDTH} columns: break the line"))
}

/// Returns the prose of a line: all of a line of Markdown, and a comment that has the line for itself.
fn prose<'a>(source: &Source<'_>, line: &'a str) -> Option<&'a str> {
    if source.path.ends_with(".md") {
        return Some(line);
    }
    let line = line.trim_start();
    ["///", "//!", "//", "/**", "/*", "* "].iter().find_map(|mark| line.strip_prefix(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the breaches in a text, without its path.
    fn found(path: &str, text: &str) -> Vec<String> {
        let found = breaches(&Source::new(path, text));
        found.iter().map(|breach| breach.trim_start_matches(path).to_owned()).collect()
    }

    /// Fails unless a text has one breach, in its second line, with these words.
    fn broken(path: &str, text: &str, words: &str) {
        let found = found(path, &format!("\n{text}\n"));
        let [only] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert!(only.starts_with(":2: ") && only.contains(words), "{only}");
    }

    fn plain(path: &str, text: &str) {
        assert_eq!(found(path, text), Vec::<String>::new(), "{text}");
    }

    #[test]
    fn hard_words_are_found_in_prose_comments_and_texts() {
        broken("README.md", "Whom it knows, it lets in.", "name it");
        broken("party/src/a.rs", "/// Is loaded anew.", "again");
        broken("chat/client/a.tsx", "  label: \"Mute for good\",", "permanently");
        broken("docs/a.md", "No text, nor a number", "or");
        broken("docs/a.md", "It is no frame that we know", "is not a");
        broken("party/src/a.rs", "/// It is closed for\n/// good.", "permanently");
        plain("party/src/a.rs", "/// It is made for\nlet good = 1;");
        plain("party/src/a.rs", "fn norm(manor: u8) {}");
        plain("chat/style.css", "/* whom */");
        plain("bindings/a.ts", "// generated\n// whom");
    }

    #[test]
    fn a_word_with_a_plain_meaning_is_free() {
        for (hard, easy) in [
            ("what is kept, be it a text", "nobody else can be it"),
            ("takes so many tokens", "sends so many frames that it waits"),
            ("is sent all the same.", "are all the same size"),
            ("all but for the first", "it is not for one but for all"),
            ("is closed for good", "for good reasons"),
            ("it is no frame that we know", "there is no limit, that is all"),
        ] {
            assert_eq!(found("a.md", hard).len(), 1, "{hard}");
            plain("a.md", easy);
        }
    }

    #[test]
    fn a_test_begins_with_a_subject() {
        broken("party/tests/it/a.rs", "    fn who_is_banned_cannot_rejoin() {", "`who`");
        broken("tests/a.test.ts", "  test(`what is written is sent`, () => {", "`what`");
        plain("party/tests/it/a.rs", "fn a_banned_member_cannot_rejoin() {\nfn whole() {\nfn who() {");
        plain("tests/a.test.ts", "test(\"a message is sent\", () => {");
    }

    #[test]
    fn prose_has_one_width() {
        let long = "word ".repeat(25);
        broken("docs/a.md", &format!("- {long}"), "120");
        broken("party/src/a.rs", &format!("    /// {long}"), "120");
        broken("chat/client/a.ts", &format!(" * {long}"), "120");
        plain("docs/a.md", &format!("| {long} |\n```\n{long}\n```\n- [a](https://{})", "x".repeat(120)));
        plain("docs/book/src/a.md", &format!("<!-- with: {long} -->"));
        plain("party/src/a.rs", &format!("/// ```\n/// {long}\n/// ```\nlet a = \"{long}\";"));
    }
}
