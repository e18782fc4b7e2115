//! The text of a query: where its statements end, and what the embedded SQLite cannot read of it.

use std::borrow::Cow;
use std::ops::Range;

use super::authorizer::is_free;
use crate::error::{Error, ErrorKind, Result};

/// A query, cut into words and signs.
pub(super) struct Text<'a> {
    query: &'a str,
    tokens: Vec<Token>,
}

/// A word or sign of a query.
struct Token {
    at: Range<usize>,
    /// How many parentheses are open around it.
    depth: usize,
}

impl<'a> Text<'a> {
    pub(super) fn new(query: &'a str) -> Self {
        let (mut tokens, mut depth, mut at) = (Vec::new(), 0_usize, 0);
        while let Some(rest) = query.get(at..).filter(|rest| !rest.is_empty()) {
            let length = length_of_first(rest);
            let end = at.saturating_add(length);
            if rest.starts_with(')') {
                depth = depth.saturating_sub(1);
            }
            if !is_gap(rest) {
                tokens.push(Token { at: at..end, depth });
            }
            if rest.starts_with('(') {
                depth = depth.saturating_add(1);
            }
            at = end;
        }
        Self { query, tokens }
    }

    /// Checks that the query has a statement, and that nothing but space follows the semicolon of the last.
    ///
    /// The platform takes what follows a semicolon for another statement, also if it is a comment.
    pub(super) fn check_statements(&self) -> Result<()> {
        let last = self.tokens.iter().rposition(|token| self.word(token) != ";");
        let end = last.map(|last| self.tokens.get(last.saturating_add(1)));
        let is_whole = match end {
            None => false,
            Some(None) => true,
            Some(Some(semicolon)) => {
                self.query.get(semicolon.at.end..).is_some_and(|rest| rest.trim_ascii().is_empty())
            }
        };
        match is_whole {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Sql, "SQL code did not contain a statement")),
        }
    }

    /// Checks that no table is given a name of the platform's. The authorizer is not asked about the new name of a
    /// table.
    pub(super) fn check_new_names(&self) -> Result<()> {
        let takes = |words: &[Token]| match words {
            [rename, to, name] => {
                let name = self.word(name).trim_start_matches(['"', '\'', '`', '[']);
                self.is(rename, "RENAME") && self.is(to, "TO") && !is_free(name)
            }
            _ => false,
        };
        match self.tokens.windows(3).any(takes) {
            true => Err(Error::new(ErrorKind::Sql, "not authorized")),
            false => Ok(()),
        }
    }

    /// Returns the query with each `DELETE .. LIMIT` and `UPDATE .. LIMIT` written by a subquery. The platform's SQLite
    /// is built with these clauses, the embedded one is not.
    ///
    /// Left as they are, and so refused: those of tables without rowid, `UPDATE .. FROM`, and those that return rows
    /// made from parameters.
    pub(super) fn without_limits(&self) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(self.query);
        // From the end, so that what stands before keeps its place.
        for statement in self.tokens.rsplit(|token| self.word(token) == ";") {
            if let (Some(first), Some(last)) = (statement.first(), statement.last())
                && let Some(limited) = self.limited(statement)
            {
                text.to_mut().replace_range(first.at.start..last.at.end, &limited);
            }
        }
        text
    }

    /// Returns a statement that changes a limited number of rows, with a subquery in the place of the limit.
    fn limited(&self, statement: &[Token]) -> Option<String> {
        let verb = self.find(statement, 0, &["DELETE", "UPDATE"])?;
        let starts = verb == 0 || statement.first().is_some_and(|first| self.is(first, "WITH"));
        let limit = self.find(statement, verb, &["LIMIT"]).filter(|_| starts)?;
        let before = statement.get(..limit)?;
        let tail = self.find(before, verb, &["ORDER"]).unwrap_or(limit);
        let before = statement.get(..tail)?;
        let returning = self.find(before, verb, &["RETURNING"]).unwrap_or(tail);
        let condition = self.find(statement.get(..returning)?, verb, &["WHERE"]).unwrap_or(returning);
        let deletes = self.is(statement.get(verb)?, "DELETE");
        let set = self.find(statement.get(..condition)?, verb, &["SET"]);
        if !deletes && self.find(statement.get(..condition)?, set?, &["FROM"]).is_some() {
            return None;
        }
        let table = match (deletes, set) {
            (true, _) => verb.saturating_add(2)..condition,
            (false, Some(set)) if self.is(statement.get(verb.saturating_add(1))?, "OR") => {
                verb.saturating_add(3)..set
            }
            (false, set) => verb.saturating_add(1)..set?,
        };
        let part = |range: Range<usize>| Some(self.part(statement.get(range)?));
        let returned = part(returning..tail)?;
        if returned.contains('?') {
            return None;
        }
        let (head, table, condition) = (part(0..condition)?, part(table)?, part(condition..returning)?);
        let tail = part(tail..statement.len())?;
        Some(format!("{head} WHERE rowid IN (SELECT rowid FROM {table} {condition} {tail}) {returned}"))
    }

    /// Returns the place of the first of some words that stands outside of parentheses.
    fn find(&self, tokens: &[Token], from: usize, words: &[&str]) -> Option<usize> {
        let is_one = |token: &Token| token.depth == 0 && words.iter().any(|word| self.is(token, word));
        tokens.get(from..)?.iter().position(is_one).map(|place| place.saturating_add(from))
    }

    fn is(&self, token: &Token, word: &str) -> bool {
        self.word(token).eq_ignore_ascii_case(word)
    }

    fn word(&self, token: &Token) -> &'a str {
        self.query.get(token.at.clone()).unwrap_or_default()
    }

    fn part(&self, tokens: &[Token]) -> &'a str {
        let range = tokens.first().zip(tokens.last()).map(|(first, last)| first.at.start..last.at.end);
        range.and_then(|range| self.query.get(range)).unwrap_or_default()
    }
}

/// Returns whether a text begins with what separates words: space, or a comment.
fn is_gap(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_whitespace() || first == '\x0b')
        || text.starts_with("--")
        || text.starts_with("/*")
}

/// Returns the length of the first word, sign, space or comment of a text that is not empty.
fn length_of_first(text: &str) -> usize {
    let through = |end: &str, skip: usize| {
        let found = text.get(skip..).and_then(|rest| rest.find(end));
        found.map_or(text.len(), |place| place.saturating_add(skip).saturating_add(end.len()))
    };
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    match first {
        '\'' => through("'", 1),
        '"' => through("\"", 1),
        '`' => through("`", 1),
        '[' => through("]", 1),
        '-' if text.starts_with("--") => through("\n", 2),
        '/' if text.starts_with("/*") => through("*/", 2),
        _ if is_of_a_word(first) => text.find(|other| !is_of_a_word(other)).unwrap_or(text.len()),
        _ => first.len_utf8(),
    }
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(query: &str) -> String {
        Text::new(query).without_limits().into_owned()
    }

    #[test]
    fn a_statement_is_missing_where_something_but_space_follows_the_last_semicolon() {
        for query in [
            "SELECT 1",
            "SELECT 1;\t\n",
            "/* c */ SELECT 1 -- c",
            "; SELECT 1;; SELECT ';--'; SELECT \";\" /* ; */",
        ] {
            assert!(Text::new(query).check_statements().is_ok(), "{query}");
        }
        for query in ["", " ", ";", "-- c", "SELECT 1;;", "SELECT 1; -- c", "SELECT 1; /* c */"] {
            assert!(Text::new(query).check_statements().is_err(), "{query}");
        }
    }

    #[test]
    fn a_table_gets_no_name_of_the_platforms() {
        assert!(Text::new("ALTER TABLE t RENAME TO \"_cf_t\"").check_new_names().is_err());
        assert!(Text::new("ALTER TABLE t RENAME TO u; SELECT 'RENAME TO _cf_t'").check_new_names().is_ok());
    }

    #[test]
    fn a_limit_of_changed_rows_becomes_a_subquery() {
        assert_eq!(
            limited("DELETE FROM t AS x WHERE x.a > (SELECT 1 LIMIT 1) ORDER BY a LIMIT ?;"),
            "DELETE FROM t AS x WHERE rowid IN (SELECT rowid FROM t AS x WHERE x.a > (SELECT 1 LIMIT 1) ORDER BY a LIMIT ?) ;"
        );
        assert_eq!(
            limited("WITH w AS (SELECT 1) UPDATE OR IGNORE t SET a = 'LIMIT' RETURNING a LIMIT 1"),
            "WITH w AS (SELECT 1) UPDATE OR IGNORE t SET a = 'LIMIT' WHERE rowid IN (SELECT rowid FROM t  LIMIT 1) RETURNING a"
        );
    }

    #[test]
    fn other_statements_are_left_as_they_are() {
        for query in [
            "SELECT * FROM t LIMIT 1",
            "DELETE FROM t WHERE a IN (SELECT a FROM t LIMIT 1)",
            "DELETE FROM t RETURNING ? LIMIT 1",
            "UPDATE t SET a = 1 FROM u LIMIT 1",
            "INSERT INTO t SELECT 1 LIMIT 1",
            "CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM t; END",
        ] {
            assert_eq!(limited(query), query);
        }
    }
}
