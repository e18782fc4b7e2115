//! Saying what was being done when something failed.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;

use super::{Error, ErrorKind, Result};

/// Adds a context to any error, as in the crates `anyhow` and `jiff`.
///
/// # Example
///
/// ```
/// use party::{ErrorCode, Result, ResultExt};
///
/// fn points(text: &str) -> Result<u32> {
///     text.parse().context("reading the points of a player")
/// }
///
/// let error = points("many").unwrap_err();
/// assert_eq!(error.to_string(), "reading the points of a player");
/// assert_eq!(error.code(), ErrorCode::INTERNAL);
/// ```
pub trait ResultExt<T> {
    /// Turns any error into an [`Error`] whose text in the log is `text`, with the error as its source.
    ///
    /// An [`Error`] keeps what its client gets: only the text in the log changes.
    ///
    /// # Errors
    ///
    /// The error, with the context.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Error, Result, ResultExt};
    ///
    /// let failed: Result<()> = Err(Error::bad_message("a move has 4 bytes"));
    /// let error = failed.context("reading a move").unwrap_err();
    /// assert_eq!(error.to_string(), "reading a move");
    /// assert_eq!(error.public_text(), "a move has 4 bytes");
    /// ```
    fn context(self, text: impl Into<Cow<'static, str>>) -> Result<T>;
}

impl<T, E: StdError + Send + Sync + 'static> ResultExt<T> for std::result::Result<T, E> {
    fn context(self, text: impl Into<Cow<'static, str>>) -> Result<T> {
        self.map_err(|error| {
            let source: Box<dyn StdError + Send + Sync> = Box::new(error);
            match source.downcast::<Error>() {
                Ok(own) => {
                    let mut error = Error::clone(&own);
                    error.change(|inner| {
                        inner.text = text.into();
                        inner.source = Some(Arc::new(*own));
                    });
                    error
                }
                Err(foreign) => Error::build(ErrorKind::Other, text, None, Some(foreign.into())),
            }
        })
    }
}
