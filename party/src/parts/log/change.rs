//! Changes of items: edits and deletions, which are entries of the log themselves.

use serde::Serialize;

use super::{Log, Outcome, encode_body, last_seq};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::wire::{Entry, Json};

/// The author, target and id of a change.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The id, chosen by the author for this change alone: a change whose id is in the log already is not applied
    /// again.
    pub id: &'a str,
    /// The author of the change.
    ///
    /// **Security:** it must come from the room, as [`identity`](crate::parts::identity) knows it, and never from a
    /// frame.
    pub author: &'a str,
    /// The time: [`Room::now`](crate::Room::now).
    pub at: crate::Timestamp,
    /// The `seq` of the item.
    pub target: u64,
    /// The author that everybody sees, if it is another: an empty text keeps the author private.
    pub shown: Option<&'a str>,
}

/// The effect on an item.
#[derive(Clone, Debug)]
pub enum Revision {
    /// It gets this body.
    Body(Json),
    /// It is deleted.
    Delete,
}

impl Revision {
    /// Makes the revision that gives an item another body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the body cannot be written as JSON,
    /// [`ErrorCode::TOO_LARGE`] when it is longer than [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES).
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::log::Revision;
    ///
    /// assert!(Revision::body("oat milk").is_ok());
    /// assert!(Revision::body(&"x".repeat(600_000)).is_err(), "a body has at most 512 KiB");
    /// ```
    pub fn body<B: Serialize + ?Sized>(body: &B) -> Result<Self> {
        encode_body(body).map(Self::Body)
    }
}

impl Log {
    /// Gives an item another body. `may` receives the item as it is, and returns whether the author may change it.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update) and [`Revision::body`]; [`ErrorCode::FORBIDDEN`] when `may` returns `false`. Then
    /// nothing is changed.
    ///
    /// # Example
    ///
    /// Every author changes their own items, and nobody changes another's:
    ///
    /// ```
    /// # use party::{Result, Room};
    /// # use party::parts::log::{Change, Log, Outcome};
    /// fn correct(log: &Log, room: &Room, author: &str, target: u64, text: &str) -> Result<Outcome> {
    ///     let change = Change { id: "unique", author, at: room.now(), target, shown: None };
    ///     log.edit(change, text, |item| item.author == author)
    /// }
    /// ```
    pub fn edit<B: Serialize + ?Sized>(
        &self,
        change: Change<'_>,
        body: &B,
        may: impl FnOnce(&Entry) -> bool,
    ) -> Result<Outcome> {
        self.update(change, |item| if may(item) { Revision::body(body) } else { Err(not_theirs()) })
    }

    /// Deletes an item: its body is gone from the database, the entry stays without one. `may` is called as by
    /// [`edit`](Self::edit).
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update); [`ErrorCode::FORBIDDEN`] when `may` returns `false`. Then nothing is deleted.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Change, Log};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "1", author: "ada", at: room.now() }, "milk")?;
    /// let change = Change { id: "2", author: "ada", at: room.now(), target: 1, shown: None };
    /// let _gone = log.delete(change, |item| item.author == "ada")?;
    /// assert!(log.item(1)?.unwrap().body.is_none());
    /// # Ok(()) });
    /// ```
    pub fn delete(&self, change: Change<'_>, may: impl FnOnce(&Entry) -> bool) -> Result<Outcome> {
        self.update(change, |item| if may(item) { Ok(Revision::Delete) } else { Err(not_theirs()) })
    }

    /// Changes an item as `revise` returns, which receives the item as it is.
    ///
    /// `revise` is not called for a change whose id is in the log already, also if its item is deleted by now. So a
    /// change that depends on the item, such as one vote more, is applied once, however often it is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::CONFLICT`] when the id belongs to another author's change, [`ErrorCode::NOT_FOUND`] when there is
    /// no such item or it is deleted, the error of `revise`, [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the
    /// database refuses. Then nothing is changed.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// # use party::parts::log::{Change, Log, Outcome, Revision};
    /// fn count_up(log: &Log, room: &Room, id: &str, author: &str, target: u64) -> Result<Outcome> {
    ///     log.update(Change { id, author, at: room.now(), target, shown: None }, |item| {
    ///         let count: u32 = item.read_body()?;
    ///         Revision::body(&(count + 1))
    ///     })
    /// }
    /// ```
    pub fn update(
        &self,
        change: Change<'_>,
        revise: impl FnOnce(&Entry) -> Result<Revision>,
    ) -> Result<Outcome> {
        let Change { id, author, target, .. } = change;
        if let Some(seq) =
            self.existing("SELECT seq, author FROM party_log_changes WHERE id = ?", id, author)?
        {
            return Ok(Outcome::Known(seq));
        }
        let item = self.item(target)?.filter(|item| item.body.is_some());
        let item =
            item.ok_or_else(|| Error::client(ErrorCode::NOT_FOUND, "there is no such item any more"))?;
        let body = match revise(&item)? {
            Revision::Body(body) => Some(body),
            Revision::Delete => None,
        };
        self.change(change, body)
    }

    fn change(&self, change: Change<'_>, body: Option<Json>) -> Result<Outcome> {
        let Change { id, author, at, target, shown } = change;
        let shown = shown.filter(|shown| *shown != author);
        let seq = self.sql()?.transaction(|| {
            const STATEMENT: &str = concat!(
                "INSERT INTO party_log_changes (seq, id, author, at, target, shown, nth) VALUES (",
                last_seq!(),
                " + 1, ?, ?, ?, ?, ?, coalesce((SELECT nth FROM party_log_changes ORDER BY seq DESC LIMIT 1), \
                 (SELECT changes_removed FROM party_log_meta)) + 1) RETURNING seq"
            );
            let (seq,): (u64,) = self.sql()?.query_one(STATEMENT, (id, author, at, target, shown))?;
            let statement = "UPDATE party_log SET body = ?, edited = ? WHERE seq = ?";
            self.sql()?.execute(statement, (body.as_ref().map(Json::as_str), seq, target))?;
            Ok(seq)
        })?;
        self.set_head(seq, id, at);
        let (id, author) = (id.to_owned(), shown.unwrap_or(author).to_owned());
        let (target, edited, deleted_by) = (Some(target), None, None);
        Ok(Outcome::New(Entry { seq, id, author, at, target, edited, deleted_by, body }))
    }
}

/// Returns the error for an item that the author may not change.
fn not_theirs() -> Error {
    Error::client(ErrorCode::FORBIDDEN, "the item is another member's")
}
