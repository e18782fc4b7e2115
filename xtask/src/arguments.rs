//! The words after `cargo xtask`: flags and options are taken out by name; the rest is an error or for another program.

use crate::error::{Error, Result};

/// The words not yet understood.
#[derive(Debug, Default)]
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    /// Returns the words of this process.
    pub(crate) fn from_environment() -> Self {
        Self(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect())
    }

    /// Takes the first word.
    pub(crate) fn next(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Returns whether somebody asks for help; after `--`, another program is asked.
    pub(crate) fn ask_for_help(&self) -> bool {
        self.0.iter().take_while(|word| *word != "--").any(|word| word == "--help" || word == "-h")
    }

    /// Takes `--name`; whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Takes `--name value` or `--name=value`.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>> {
        let is_it = |word: &String| word == name || inline_value(word, name).is_some();
        let Some(at) = self.0.iter().position(is_it) else { return Ok(None) };
        let word = self.0.remove(at);
        if let Some(value) = inline_value(&word, name) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.0.len() {
            return Ok(Some(self.0.remove(at)));
        }
        Err(Error::new(format!("`{name}` wants a value after it")))
    }

    /// Returns all words that are left, without the `--` that may part them from ours.
    pub(crate) fn rest(mut self) -> Vec<String> {
        self.flag("--");
        self.0
    }

    /// Refuses words that nobody has taken.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Error::new(format!("`{word}` is not understood here: see `cargo xtask help`"))),
        }
    }
}

/// Returns the value of `--name=value`.
fn inline_value<'a>(word: &'a str, name: &str) -> Option<&'a str> {
    word.strip_prefix(name)?.strip_prefix('=')
}

#[cfg(test)]
mod tests;
