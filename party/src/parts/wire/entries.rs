//! Many entries, kept as the text that they are.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Entry, Json};
use crate::error::Result;

/// Entries in ascending order: the JSON array that they are on the wire. The database writes it and clients read it; in
/// between nobody takes it apart, unless an app wants to know what is in it.
///
/// # Example
///
/// ```
/// use party::Result;
/// use party::parts::log::{Direction, Log, PageSize};
///
/// fn newest_texts(log: &Log) -> Result<Vec<String>> {
///     let entries = log.page(Direction::Newest, PageSize::default())?.entries.read()?;
///     entries.iter().filter_map(|entry| entry.body.as_ref()).map(|body| body.read()).collect()
/// }
/// ```
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent, bound = "")]
pub struct Entries<B = Json>(Json, #[serde(skip)] PhantomData<B>);

impl<B> Entries<B> {
    /// Entries that are JSON already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json), never in practice.
    pub(crate) fn of(entries: &[Entry]) -> Result<Self> {
        Ok(Self(Json::of(entries)?, PhantomData))
    }

    pub(crate) fn of_texts(texts: &[&RawValue]) -> Result<Self> {
        Ok(Self(Json::of(texts)?, PhantomData))
    }

    /// Returns the text of the array.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Direction, Log, PageSize};
    /// let page = Log::open(room)?.page(Direction::Newest, PageSize::default())?;
    /// assert_eq!(page.entries.as_str(), "[]");
    /// # Ok(()) });
    /// ```
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<B: DeserializeOwned> Entries<B> {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when a body is not a `B`.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Direction, Log, PageSize};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "1", author: "ada", at: room.now() }, "milk")?;
    /// let page = log.page(Direction::Newest, PageSize::default())?;
    /// assert_eq!(page.entries.read()?[0].author, "ada");
    /// # Ok(()) });
    /// ```
    pub fn read(&self) -> Result<Vec<Entry<B>>> {
        self.0.read()
    }
}

impl<B> fmt::Debug for Entries<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
