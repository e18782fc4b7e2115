//! Words: how a text is put into the index, and the expression of FTS5 that a query becomes.

use crate::error::{Error, ErrorCode, Result};

/// The most characters and words of a query.
const MAX_QUERY_CHARS: usize = 256;
const MAX_WORDS: usize = 16;

/// Returns the expression that finds the texts with all words of a query. What a client has written is only ever within
/// quotes.
///
/// A word of one letter finds only itself: to find all words that begin with it, most of the index would be read.
pub(super) fn expression(query: &str) -> Result<String> {
    if query.chars().nth(MAX_QUERY_CHARS).is_some() {
        let text = format!("a search has at most {MAX_QUERY_CHARS} characters");
        return Err(Error::client(ErrorCode::TOO_LARGE, text));
    }
    let words = query.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<String> = words.filter(|word| word.contains(char::is_alphanumeric)).map(phrase).collect();
    match words.len() {
        0 => Err(Error::client(ErrorCode::EMPTY, "a search needs a letter or a digit")),
        1..=MAX_WORDS => Ok(words.join(" ")),
        _ => Err(Error::client(ErrorCode::TOO_LARGE, format!("a search has at most {MAX_WORDS} words"))),
    }
}

/// Returns the expression of a word.
fn phrase(word: &str) -> String {
    let word = word.trim_end_matches(is_sign);
    let last = word.chars().rev().take_while(|char| !is_sign(*char) && !is_apart(*char)).count();
    let prefix = if last > 1 { "*" } else { "" };
    format!("\"{}\"{prefix}", separated(word).replace('"', "\"\""))
}

/// Returns a text with each character of a script without spaces as a word of its own. A word of such a script is then
/// found by the order of its characters, wherever it stands.
pub(super) fn separated(text: &str) -> String {
    let mut separated = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            // To SQLite, a text can end here.
            '\0' => separated.push(' '),
            char if is_apart(char) => separated.extend([' ', char, ' ']),
            char => separated.push(char),
        }
    }
    separated
}

/// Returns whether a character belongs to a script that has no spaces between words: Chinese, Japanese, Thai, Lao,
/// Burmese and Khmer.
fn is_apart(char: char) -> bool {
    matches!(char,
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' | '\u{1000}'..='\u{103f}'
        | '\u{1780}'..='\u{17d3}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns whether a character is a sign between words. (Marks on letters are none: they are part of a word.)
fn is_sign(char: char) -> bool {
    !char.is_alphanumeric()
        && matches!(char, ..'\u{300}' | '\u{2000}'..='\u{2e7f}' | '\u{3000}'..='\u{303f}' | '\u{1f000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_a_query_is_quoted_and_finds_what_begins_with_it() {
        for (query, expected) in [
            ("milk", r#""milk"*"#),
            ("  oat\tmilk ", r#""oat"* "milk"*"#),
            ("a b1", r#""a" "b1"*"#),
            ("foo-bar", r#""foo-bar"*"#),
            ("foo-b", r#""foo-b""#),
            ("foo*", r#""foo"*"#),
            ("NEAR(a OR b, 2)", r#""NEAR(a" "OR"* "b" "2""#),
            ("text:milk", r#""text:milk"*"#),
            (r#"say "hello"#, r#""say"* """hello"*"#),
            ("\"", ""),
            ("- * : ^ ( ) 🎉", ""),
            ("mil\0k", r#""mil"* "k""#),
            ("手机", "\" 手  机 \""),
            ("iPhone手机", "\"iPhone 手  机 \""),
            ("手机iPhone", "\" 手  机 iPhone\"*"),
            ("cafe\u{301}!", "\"cafe\u{301}\"*"),
            ("अच्छा", "\"अच्छा\"*"),
        ] {
            assert_eq!(expression(query).unwrap_or_default(), expected, "{query:?}");
        }
    }

    #[test]
    fn a_query_is_bounded_and_has_a_word() {
        let code = |query: &str| expression(query).map_err(|error| error.code().clone());
        assert!(code(&"a".repeat(256)).is_ok());
        assert_eq!(code(&"é".repeat(257)), Err(ErrorCode::TOO_LARGE));
        assert!(code(&"a ".repeat(16)).is_ok());
        assert_eq!(code(&"a ".repeat(17)), Err(ErrorCode::TOO_LARGE));
        assert_eq!(code(&"word ".repeat(1_000)), Err(ErrorCode::TOO_LARGE));
        assert_eq!(code(""), Err(ErrorCode::EMPTY));
    }
}
