//! The error of every job: one sentence with the problem and the solution.

use std::fmt;

/// What every fallible function here gives.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a job stopped.
#[derive(Debug)]
pub(crate) enum Error {
    /// A sentence to print.
    Said(String),
    /// The reader has seen the reason already, in a table or in the output of another program.
    Shown,
}

impl Error {
    /// Returns an error with its sentence.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Said(message.into())
    }

    /// Returns the sentence, if it is still to be printed.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Said(message) => Some(message),
            Self::Shown => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.message().unwrap_or("see above"))
    }
}

/// Adds to an error of the standard library what we were about to do.
pub(crate) trait Context<T> {
    /// Turns the error into `{doing}: {the error}`.
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Error::new(format!("{doing}: {error}")))
    }
}
