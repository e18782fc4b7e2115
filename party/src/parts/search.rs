//! Search: the items of the [log](super::log) that contain some words, the newest first.
//!
//! It fits a [query](crate::channel::Rules::query) of a channel: the rule calls [`Search::find`], and the client gets
//! what was [`Found`].
//!
//! # Example
//!
//! ```
//! use party::channel::{Channel, Context, Rules, channel_hooks};
//! use party::parts::search::{Found, Search};
//! use party::parts::wire::{Entry, Json};
//! use party::testing::{TestMember, TestRoom};
//! use party::{Props, Result, Room, Server};
//!
//! struct Notes {
//!     channel: Channel<Texts>,
//! }
//!
//! impl Server for Notes {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { channel: Channel::open(room, Texts { search: Search::open(room)? })? })
//!     }
//!
//!     channel_hooks!(channel);
//! }
//!
//! struct Texts {
//!     search: Search,
//! }
//!
//! impl Rules for Texts {
//!     type Draft = String;
//!     type Body = String;
//!     type Introduction = ();
//!     type Profile = ();
//!     type Command = party::channel::NoCommand;
//!
//!     fn profile(&self, _by: &Context<'_, Self>, _introduction: Option<()>) -> Result<()> {
//!         Ok(())
//!     }
//!
//!     fn body(&self, _by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
//!         Ok(draft)
//!     }
//!
//!     fn query(&self, _by: &Context<'_, Self>, query: Json) -> Result<Json> {
//!         let (words, before): (String, Option<u64>) = query.read_input()?;
//!         Json::of(&self.search.find(&words, before, |item: &Entry| item.read_body().map(Some))?)
//!     }
//! }
//!
//! let room = TestRoom::<Notes>::new("notes");
//! let mut ada = TestMember::<Texts>::new("ada");
//! ada.join(&room);
//! ada.append("Two cafés in one street".to_owned());
//! ada.append("buy milk".to_owned());
//! let answer = ada.ask(&("STREET cafe", None::<u64>)).unwrap();
//! let found: Found = answer.read()?;
//! assert_eq!(found.items[0].seq, 1);
//! # assert_eq!((found.items.len(), found.next), (1, None));
//! # Ok::<(), party::Error>(())
//! ```

mod index;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};

use self::index::Index;
use super::log::Log;
use super::wire::{Entry, Json};
use crate::Room;
use crate::error::Result;

/// The number of items that a search returns.
const FOUND_ITEMS: usize = 20;

/// Their size together in bytes, about. The first is returned however large it is.
const FOUND_BYTES: usize = 64 * 1024;

/// The items that a search has found. An app can send it as it is: `party-client` has the same type.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Found<B = Json> {
    /// The items as they are now, the newest first, at most 20.
    pub items: Vec<Entry<B>>,
    /// Where the search goes on: the `before` of the next call. Without it, the whole log was searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub next: Option<u64>,
    /// Whether the whole log is in the index. While it is not, a search may return few items or none and still have a
    /// `next`: each call takes more of the log into the index.
    pub complete: bool,
}

/// The search in a room's [log](super::log).
///
/// # Which items are found
///
/// Those that contain all words of the query. A word of two letters or more also finds the words that begin with it:
/// `cafe` finds "Cafeteria". Upper and lower case are the same, and so are letters with and without accents, where
/// Unicode has them as one letter: `cafe` finds "Café". A word with signs in it is what is between them, in this order:
/// `foo-bar` finds "foo bar". In texts without spaces between words, as in Chinese, Japanese and Thai, a word is found
/// anywhere. Other signs and emoji are not searched. A query has no syntax: each sign stands for itself.
///
/// # The index
///
/// It is SQLite's [FTS5](https://www.sqlite.org/fts5.html), in a table that has no texts. A room in which nobody
/// searches has none: the first search makes it. Each search takes in what is new since the last one, then what is
/// older, from the newest to the oldest: at most 2,000 entries, or about 256 KiB. So in a long log the first searches
/// are not [complete](Found::complete), and find the newest items first. There is no job that goes on with it: whoever
/// wants to search further back calls again.
///
/// Deleted and [removed](super::log::Retention) items, and those of a log that was [cleared](Log::clear), are never
/// found.
///
/// # Costs
///
/// A search reads about one row for each item that it returns, and four more; it writes none if nothing is new. 2,000
/// entries of 12 words are taken in in about 10 ms, and use 60 bytes each; a text of random words needs up to twice its
/// own size. In an index of 500,000 items of 12 words, a search takes less than 5 ms, unless its words have two letters
/// or are in nearly all of them.
#[derive(Clone, Debug)]
pub struct Search {
    index: Index,
}

impl Search {
    /// Opens the search of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::search::Search;
    ///
    /// let search = Search::open(room)?;
    /// assert!(search.find("milk", None, |_| Ok(None))?.items.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { index: Index::new(room.sql().clone(), Log::open(room)?) })
    }

    #[cfg(test)]
    fn of_entries(self, entries: u32) -> Self {
        Self { index: self.index.of_entries(entries) }
    }

    /// Returns the newest items before a `seq`, or of all, that contain all words of a query.
    ///
    /// `text_of` returns the text of an item that can be found, or `None` for an item that is never found. It must
    /// depend on the item alone. An item for which it fails makes the search fail.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::EMPTY`](crate::ErrorCode::EMPTY) when the query has no letter or digit,
    /// [`ErrorCode::TOO_LARGE`](crate::ErrorCode::TOO_LARGE) when it has more than 256 characters or 16 words,
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses, and the errors of `text_of`.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # use party::parts::search::Search;
    /// # let (log, search) = (Log::open(room)?, Search::open(room)?);
    /// for (id, text) in [("1", "buy milk"), ("2", "milk and tea")] {
    ///     let _new = log.append(Append { id, author: "ada", at: room.now() }, text)?;
    /// }
    /// let found = search.find("milk", None, |item| item.read_body().map(Some))?;
    /// assert_eq!(found.items.iter().map(|item| item.seq).collect::<Vec<_>>(), [2, 1]);
    /// let older = search.find("milk", Some(2), |item| item.read_body().map(Some))?;
    /// assert_eq!(older.items[0].seq, 1);
    /// # Ok(()) });
    /// ```
    pub fn find(
        &self,
        query: &str,
        before: Option<u64>,
        text_of: impl Fn(&Entry) -> Result<Option<String>>,
    ) -> Result<Found> {
        let words = words::expression(query)?;
        let Some(indexed) = self.index.update(before, &text_of)? else {
            return Ok(Found { items: Vec::new(), next: None, complete: true });
        };
        let mut items = self.index.matches(&words, &indexed, FOUND_ITEMS.saturating_add(1))?;
        let found = items.len();
        items.truncate(fitting(&items));
        let next = match items.last() {
            Some(last) if items.len() < found => Some(last.seq),
            _ => indexed.rest,
        };
        Ok(Found { items, next, complete: indexed.complete })
    }
}

/// Returns how many of the items are returned.
fn fitting(items: &[Entry]) -> usize {
    let mut bytes = 0_usize;
    let fitting = items.iter().take(FOUND_ITEMS).take_while(|item| {
        let first = bytes == 0;
        bytes = bytes.saturating_add(item.body.as_ref().map_or(0, |body| body.as_str().len()));
        first || bytes <= FOUND_BYTES
    });
    fitting.count()
}
