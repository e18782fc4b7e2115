//! Reading the log: its head, its epoch, single items.

use super::row::{self, item_columns};
use super::{Log, MAX_SEQ};
use crate::error::Result;
use crate::parts::wire::Entry;

impl Log {
    /// Returns the last `seq`; 0 if there is no entry yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// assert_eq!(log.head()?, 0);
    /// let _new = log.append(Append { id: "7f3a", author: "ada", at: room.now() }, "milk")?;
    /// assert_eq!(log.head()?, 1);
    /// # Ok(()) });
    /// ```
    pub fn head(&self) -> Result<u64> {
        self.known(|state| state.head)
    }

    /// Returns the epoch of the log: 22 random characters.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let log = party::parts::log::Log::open(room)?;
    /// let epoch = log.epoch()?;
    /// assert_eq!(epoch.len(), 22);
    /// log.clear()?;
    /// assert_ne!(log.epoch()?, epoch);
    /// # Ok(()) });
    /// ```
    pub fn epoch(&self) -> Result<String> {
        self.known(|state| state.epoch.clone())
    }

    /// Returns an item as it is now: `None` if there is none at this `seq`; without a body if it is deleted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "7f3a", author: "ada", at: room.now() }, "milk")?;
    /// let item = log.item(1)?.unwrap();
    /// assert_eq!((item.author.as_str(), item.read_body::<String>()?.as_str()), ("ada", "milk"));
    /// assert!(log.item(2)?.is_none());
    /// # Ok(()) });
    /// ```
    pub fn item(&self, seq: u64) -> Result<Option<Entry>> {
        // A client can send any value: the database refuses one that is too large, and with it all that is done
        // together.
        if seq > MAX_SEQ {
            return Ok(None);
        }
        let query = concat!("SELECT ", item_columns!(), " FROM party_log WHERE seq = ?");
        self.sql()?.query_opt::<row::Item>(query, (seq,))?.map(row::Item::entry).transpose()
    }

    /// Returns how many items there are after a `seq`, without those that are deleted. It counts to `most`,
    /// and reads the rows that it counts and those of the deleted items between them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// for id in ["1", "2", "3"] {
    ///     let _new = log.append(Append { id, author: "ada", at: room.now() }, "milk")?;
    /// }
    /// assert_eq!((log.count_after(1, 100)?, log.count_after(0, 2)?), (2, 2));
    /// # Ok(()) });
    /// ```
    pub fn count_after(&self, seq: u64, most: u32) -> Result<u32> {
        let query =
            "SELECT count(*) FROM (SELECT 1 FROM party_log WHERE seq > ? AND body IS NOT NULL LIMIT ?)";
        let (count,) = self.sql()?.query_one::<(u32,)>(query, (seq.min(MAX_SEQ), most))?;
        Ok(count)
    }

    /// Returns the newest item with this id.
    ///
    /// The body is as it is now. A change has no item of its own: [`find`](Self::find) finds changes, too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "7f3a", author: "ada", at: room.now() }, "milk")?;
    /// assert_eq!(log.item_by_id("7f3a")?.unwrap().seq, 1);
    /// # Ok(()) });
    /// ```
    pub fn item_by_id(&self, id: &str) -> Result<Option<Entry>> {
        let query = concat!("SELECT ", item_columns!(), " FROM party_log WHERE id = ?");
        self.sql()?.query_opt::<row::Item>(query, (id,))?.map(row::Item::entry).transpose()
    }

    /// Returns the `seq` of the entry with this id, an item or a change. Returns `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::CONFLICT`](crate::ErrorCode::CONFLICT) when the entry is another author's,
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::ErrorCode;
    /// # use party::parts::log::{Append, Log};
    /// # let log = Log::open(room)?;
    /// let _new = log.append(Append { id: "7f3a", author: "ada", at: room.now() }, "milk")?;
    /// assert_eq!(log.find("7f3a", "ada")?, Some(1));
    /// assert_eq!(log.find("other", "ada")?, None);
    /// assert_eq!(log.find("7f3a", "bob").unwrap_err().code(), ErrorCode::CONFLICT);
    /// # Ok(()) });
    /// ```
    pub fn find(&self, id: &str, author: &str) -> Result<Option<u64>> {
        let query = "SELECT seq, author FROM party_log WHERE id = ?1
                     UNION ALL SELECT seq, author FROM party_log_changes WHERE id = ?1";
        self.existing(query, id, author)
    }
}
