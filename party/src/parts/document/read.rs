//! The document for the app: what is in it, and changes of its own.

use bytes::Bytes;
use yrs::types::ToJson;
use yrs::{Any, GetString, ReadTxn, Transact, Transaction, TransactionMut};

use super::Document;
use super::contents::busy;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::wire::Json;

impl Document {
    /// Reads the document.
    ///
    /// # Errors
    ///
    /// Those of `read`; [`ErrorKind::Sql`] when the database refuses. And within another use of
    /// the document, as in the function that [`change`](Self::change) is given.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Result;
    /// use party::parts::document::Document;
    /// use party::parts::document::yrs::{Map, ReadTxn};
    ///
    /// fn count(document: &Document) -> Result<u32> {
    ///     document.read(|transaction| Ok(transaction.get_map("tasks").map_or(0, |tasks| tasks.len(transaction))))
    /// }
    /// ```
    pub fn read<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.with_all(|contents| read(&contents.doc(&self.room)?.try_transact().map_err(busy)?))
    }

    /// Changes the document. The change is stored, and sent to everyone.
    ///
    /// # Errors
    ///
    /// Those of `change`, and then nothing has changed; [`ErrorCode::TOO_LARGE`](crate::ErrorCode::TOO_LARGE) when the
    /// document would become too large; [`ErrorKind::Sql`] when the database refuses. And within another use of the
    /// document, as in the function that [`read`](Self::read) is given.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::document::{Document, DocumentOptions};
    /// use party::parts::document::yrs::{Text, WriteTxn};
    ///
    /// let document = Document::open(room, DocumentOptions::default())?;
    /// document.change(|transaction| {
    ///     let notes = transaction.get_or_insert_text("notes");
    ///     notes.push(transaction, "milk");
    ///     Ok(())
    /// })?;
    /// assert_eq!(document.text("notes")?, "milk");
    /// # Ok(()) });
    /// ```
    pub fn change<T>(&self, change: impl FnOnce(&mut TransactionMut<'_>) -> Result<T>) -> Result<T> {
        self.with_all(|contents| {
            let doc = contents.doc(&self.room)?;
            let mut transaction = doc.try_transact_mut().map_err(busy)?;
            let changed = change(&mut transaction)?;
            transaction.commit();
            let update = transaction.encode_update_v1();
            drop(transaction);
            self.put(contents, &update)?;
            Ok(changed)
        })
    }

    /// Applies an update of Yjs, such as a document that was kept elsewhere before. What is new in it is stored, and
    /// sent to everyone.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`](crate::ErrorCode::INVALID) when it is none,
    /// [`ErrorCode::TOO_LARGE`](crate::ErrorCode::TOO_LARGE) when the document would become too large,
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// let document = Document::open(room, DocumentOptions::default())?;
    /// document.apply(&[0, 0])?; // an update that changes nothing
    /// assert!(document.apply(b"no update").is_err());
    /// # Ok(()) });
    /// ```
    pub fn apply(&self, update: &[u8]) -> Result<()> {
        self.with_all(|contents| self.put(contents, update))
    }

    /// Returns the whole document as one update of Yjs, for `Y.applyUpdate` and [`apply`](Self::apply).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// let document = Document::open(room, DocumentOptions::default())?;
    /// assert_eq!(document.encoded()?[..], [0, 0], "nothing");
    /// # Ok(()) });
    /// ```
    pub fn encoded(&self) -> Result<Bytes> {
        self.with_all(|contents| contents.whole(&self.room))
    }

    /// Returns the text of a name (`Y.Text`), empty if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions, yrs::Text, yrs::WriteTxn};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// document.change(|transaction| Ok(transaction.get_or_insert_text("notes").push(transaction, "milk")))?;
    /// assert_eq!(document.text("notes")?, "milk");
    /// # Ok(()) });
    /// ```
    pub fn text(&self, name: &str) -> Result<String> {
        self.read(|document| {
            Ok(document.get_text(name).map(|text| text.get_string(document)).unwrap_or_default())
        })
    }

    /// Returns the XML of a name (`Y.XmlFragment`, as of ProseMirror and Tiptap), empty if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// assert_eq!(document.xml("prosemirror")?, "");
    /// # Ok(()) });
    /// ```
    pub fn xml(&self, name: &str) -> Result<String> {
        self.read(|document| {
            Ok(document.get_xml_fragment(name).map(|xml| xml.get_string(document)).unwrap_or_default())
        })
    }

    /// Returns the map of a name (`Y.Map`) with all that is in it, empty if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions, yrs::Map, yrs::WriteTxn};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// document.change(|transaction| Ok(transaction.get_or_insert_map("lamp").insert(transaction, "on", true)))?;
    /// assert_eq!(document.map("lamp")?.as_str(), r#"{"on":true}"#);
    /// # Ok(()) });
    /// ```
    pub fn map(&self, name: &str) -> Result<Json> {
        let map = self.read(|document| Ok(document.get_map(name).map(|map| map.to_json(document))))?;
        map.map_or_else(|| Json::from_text("{}".to_owned()), |map| json(&map))
    }

    /// Returns the array of a name (`Y.Array`) with all that is in it, empty if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::document::{Document, DocumentOptions};
    /// # let document = Document::open(room, DocumentOptions::default())?;
    /// let todos: Vec<String> = document.array("todos")?.read()?;
    /// # assert!(todos.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn array(&self, name: &str) -> Result<Json> {
        let array =
            self.read(|document| Ok(document.get_array(name).map(|array| array.to_json(document))))?;
        array.map_or_else(|| Json::from_text("[]".to_owned()), |array| json(&array))
    }
}

/// Returns a value as JSON, the keys of maps in the order of the alphabet.
fn json(value: &Any) -> Result<Json> {
    let invalid = |error| Error::caused(ErrorKind::Json, "the document cannot be written as JSON", error);
    Json::of(&serde_json::to_value(value).map_err(invalid)?)
}
