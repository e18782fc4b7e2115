//! Changes of items: edits and deletions, which are entries of the log themselves.

use serde::Serialize;

use super::{Log, Outcome, last_seq, millis, written};
use crate::error::Result;
use crate::parts::wire::{Entry, Json};

/// Who changes which item.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Chosen by the author, and used for nothing else: what is in the log already under this id is not done again.
    pub id: &'a str,
    /// Who changes it.
    ///
    /// **Security:** it must come from the room, as [`identity`](crate::parts::identity) knows it, and never from a frame.
    pub author: &'a str,
    /// When, in milliseconds since the Unix epoch: [`Room::now`](crate::Room::now).
    pub at: u64,
    /// The `seq` of the item.
    pub target: u64,
}

impl Log {
    /// Gives an item another body. `may` is asked whether the author may change it: it gets the item as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the body cannot be written as JSON,
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) when it is longer than [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES),
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is changed.
    ///
    /// # Example
    ///
    /// Everyone changes their own, and nobody another's:
    ///
    /// ```
    /// # use party::{Result, Room};
    /// # use party::parts::log::{Change, Log, Outcome};
    /// fn correct(log: &Log, room: &Room, author: &str, target: u64, text: &str) -> Result<Outcome> {
    ///     let change = Change { id: "unique", author, at: room.now(), target };
    ///     log.edit(change, text, |item| item.author == author)
    /// }
    /// ```
    pub fn edit<B: Serialize + ?Sized>(
        &self,
        change: Change<'_>,
        body: &B,
        may: impl FnOnce(&Entry) -> bool,
    ) -> Result<Outcome> {
        self.change(change, Some(written(body)?), may)
    }

    /// Deletes an item: its body is gone from the database, the entry stays without one. `may` is asked as by
    /// [`edit`](Self::edit).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is deleted.
    pub fn delete(&self, change: Change<'_>, may: impl FnOnce(&Entry) -> bool) -> Result<Outcome> {
        self.change(change, None, may)
    }

    fn change(
        &self,
        change: Change<'_>,
        body: Option<Json>,
        may: impl FnOnce(&Entry) -> bool,
    ) -> Result<Outcome> {
        let Change { id, author, at, target } = change;
        let known = self.owned("SELECT seq, author FROM party_log_changes WHERE id = ?", id, author)?;
        if let Some(known) = known {
            return Ok(known);
        }
        match self.item(target)? {
            Some(item) if item.body.is_some() => {
                if !may(&item) {
                    return Ok(Outcome::Forbidden);
                }
            }
            _ => return Ok(Outcome::NotFound),
        }
        let seq = self.sql.transaction(|| {
            const STATEMENT: &str = concat!(
                "INSERT INTO party_log_changes (seq, id, author, at, target) VALUES (",
                last_seq!(),
                " + 1, ?, ?, ?, ?) RETURNING seq"
            );
            let added: Option<(u64,)> =
                self.sql.query_one(STATEMENT, (id, author, millis(at), millis(target)))?;
            let seq = added.map_or(0, |(seq,)| seq);
            let statement = "UPDATE party_log SET body = ?, edited = ? WHERE seq = ?";
            self.sql.execute(statement, (body.as_ref().map(Json::as_str), millis(seq), millis(target)))?;
            Ok(seq)
        })?;
        self.reached(seq);
        let (id, author) = (id.to_owned(), author.to_owned());
        Ok(Outcome::New(Entry { seq, id, author, at, target: Some(target), edited: None, body }))
    }
}
