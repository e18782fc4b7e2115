//! `cargo xtask tidy`: the rules of this repository that no lint can see. The rules are a table in `tidy/rules.rs`.

mod container;
mod documentation;
mod language;
mod links;
mod promises;
mod rules;
mod source;

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::project;
use source::Source;
use std::fs;
use std::path::Path;

/// `cargo xtask tidy`.
pub(crate) fn command(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    let found = check();
    if found.is_empty() {
        println!("{}\ntidy", documentation::figures());
        return Ok(());
    }
    println!("{}", found.join("\n"));
    Err(Error::new(format!("{} of these are to be put right", found.len())))
}

/// Returns every breach of a rule in the checkout, as `path:line: what`.
pub(crate) fn check() -> Vec<String> {
    let in_files = project::own_files();
    let of_files = in_files.iter().flat_map(|path| check_file(path));
    let of_documents = promises::check().into_iter().chain(links::check()).chain(documentation::check());
    of_files.chain(of_documents).chain(container::check()).collect()
}

/// Returns every breach in one file; a file that is not text has none.
fn check_file(path: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(path) else { return Vec::new() };
    let path = project::shown(path);
    let source = Source::new(&path, &text);
    breaches(&source).into_iter().chain(language::breaches(&source)).collect()
}

/// Returns every breach in a text.
fn breaches(source: &Source<'_>) -> Vec<String> {
    let of_rule = |rule: &'static rules::Rule| {
        let found = rule.breaches(source).into_iter();
        found.map(move |line| format!("{}:{line}: {}", source.path, rule.says))
    };
    rules::RULES.iter().flat_map(of_rule).collect()
}

#[cfg(test)]
mod tests;
