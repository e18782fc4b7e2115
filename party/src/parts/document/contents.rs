//! What a document contains: what is stored, what is known of it, and the document itself where it is needed.

use bytes::Bytes;
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, OffsetKind, Options, ReadTxn, StateVector, Transact, Update};

use super::known::Known;
use super::{store, update};
use crate::error::{Error, Result};
use crate::{Room, Sql};

/// From how many rows of updates on they become one.
const MAX_ROWS: u64 = 256;

/// From how many bytes of updates on they become one, if the base is smaller.
const MAX_BYTES: u64 = 1 << 20;

/// After how many more rows it is tried again.
const AGAIN: u64 = 32;

/// What share of the document the updates may have without being written to its base, as a divisor: a large document is
/// not written again for each handful of keystrokes.
const SMALL: u64 = 4;

/// The contents of a document, as read from the database. A cache.
pub(super) struct Contents {
    pub(super) known: Known,
    base_bytes: u64,
    update_bytes: u64,
    rows: u64,
    /// The number of rows from which on it is tried to make one of them.
    tidy_from: u64,
    /// The id of the next row.
    next: u64,
    doc: Option<Doc>,
    /// What is not in `doc` yet.
    waiting: Vec<Vec<u8>>,
    /// The whole document as one update, unless it has changed since.
    whole: Option<Bytes>,
    /// Whether something that is stored could not be read: then nothing is put in its place.
    is_broken: bool,
}

impl Contents {
    /// Reads what is stored.
    pub(super) fn read(room: &Room) -> Result<Self> {
        let stored = store::read(room.sql())?;
        let mut contents = Self {
            known: Known::default(),
            base_bytes: stored.base.as_deref().map_or(0, size),
            update_bytes: stored.updates.iter().map(|update| size(update)).sum(),
            rows: stored.rows,
            tidy_from: 0,
            next: stored.next,
            doc: None,
            waiting: stored.base.into_iter().chain(stored.updates).collect(),
            whole: None,
            is_broken: false,
        };
        for bytes in &contents.waiting {
            if let Err(error) = update::read(bytes).and_then(|update| contents.known.learn(&update)) {
                contents.is_broken |= log(room, &error.to_string());
            }
        }
        Ok(contents)
    }

    /// Returns how many bytes are stored.
    pub(super) fn bytes(&self) -> u64 {
        self.base_bytes.saturating_add(self.update_bytes)
    }

    /// Returns how many bytes are written again by a [`compact`](Self::compact): none, if nothing came after the base.
    pub(super) fn compactable_bytes(&self) -> u64 {
        if self.update_bytes == 0 { 0 } else { self.bytes() }
    }

    /// Stores an update.
    pub(super) fn append(&mut self, sql: &Sql, bytes: Vec<u8>) -> Result<()> {
        let rows = store::append(sql, self.next, &bytes)?;
        self.rows = self.rows.saturating_add(rows);
        self.next = self.next.saturating_add(rows);
        self.update_bytes = self.update_bytes.saturating_add(size(&bytes));
        self.waiting.push(bytes);
        self.whole = None;
        Ok(())
    }

    /// Makes one of many updates when it is time. When that fails, all stays as it is until there are some more.
    pub(super) fn tidy(&mut self, room: &Room) {
        let has_many = self.rows >= MAX_ROWS || self.update_bytes >= MAX_BYTES.max(self.base_bytes);
        if !has_many || self.rows < self.tidy_from {
            return;
        }
        let tidied = match self.update_bytes.saturating_mul(SMALL) < self.base_bytes {
            true => self.fold(room),
            false => self.compact(room),
        };
        if let Err(error) = tidied {
            let _logged = room.logged("document", None, error);
        }
        self.tidy_from = if self.rows < MAX_ROWS { 0 } else { self.rows.saturating_add(AGAIN) };
    }

    /// Makes one update of all that came after the base.
    fn fold(&mut self, room: &Room) -> Result<()> {
        let updates = store::read_updates(room.sql())?;
        let Some(folded) = join(&updates).filter(|_| !self.is_broken) else { return Ok(()) };
        self.rows = store::fold(room.sql(), self.next, &folded)?;
        self.next = self.next.saturating_add(self.rows);
        self.update_bytes = size(&folded);
        Ok(())
    }

    /// Writes the document as a whole, without the content that was deleted.
    pub(super) fn compact(&mut self, room: &Room) -> Result<()> {
        let whole = self.encoded(room)?;
        if self.is_broken || self.update_bytes == 0 || !self.is_same(&whole) {
            return Ok(());
        }
        store::rebase(room.sql(), &whole)?;
        (self.base_bytes, self.update_bytes, self.rows) = (size(&whole), 0, 0);
        Ok(())
    }

    /// Returns whether an encoding of the document can be read again, and is of this one.
    fn is_same(&self, whole: &[u8]) -> bool {
        let is_same =
            |known: Known| known.covers(&self.known) && known.state_vector() == self.known.state_vector();
        Known::of([whole]).is_some_and(is_same) && Update::decode_v1(whole).is_ok()
    }

    /// Returns the whole document as one update. As long as nothing else is asked, its updates are only put together:
    /// the document is not loaded for a client that has nothing.
    pub(super) fn whole(&mut self, room: &Room) -> Result<Bytes> {
        if self.whole.is_none() && self.doc.is_none() && !self.is_broken {
            self.whole = join(&self.waiting).map(Bytes::from);
            if let Some(whole) = &self.whole {
                self.waiting = vec![whole.to_vec()];
            }
        }
        match &self.whole {
            Some(whole) => Ok(whole.clone()),
            None => {
                let whole = self.encoded(room)?;
                self.whole = Some(whole.clone());
                Ok(whole)
            }
        }
    }

    /// Returns the whole document as one update, without the content that was deleted.
    fn encoded(&mut self, room: &Room) -> Result<Bytes> {
        let doc = self.doc(room)?.try_transact().map_err(busy)?;
        Ok(doc.encode_state_as_update_v1(&StateVector::default()).into())
    }

    /// Returns what a client lacks that has this state vector.
    pub(super) fn since(&mut self, room: &Room, state_vector: &[u8]) -> Result<Vec<u8>> {
        let state_vector = StateVector::decode_v1(state_vector).map_err(Error::other)?;
        let doc = self.doc(room)?;
        Ok(doc.try_transact().map_err(busy)?.encode_state_as_update_v1(&state_vector))
    }

    /// Returns the document, with all that is stored in it.
    pub(super) fn doc(&mut self, room: &Room) -> Result<&Doc> {
        let doc = self.doc.get_or_insert_with(|| new(room));
        if !self.waiting.is_empty() {
            let mut transaction = doc.try_transact_mut().map_err(busy)?;
            for bytes in self.waiting.drain(..) {
                let applied = Update::decode_v1(&bytes).map_err(|error| error.to_string());
                let applied = applied
                    .and_then(|update| transaction.apply_update(update).map_err(|error| error.to_string()));
                if let Err(error) = applied {
                    self.is_broken |= log(room, &error);
                }
            }
        }
        Ok(doc)
    }
}

/// Returns updates as one, `None` if it would not be the same.
pub(super) fn join(updates: &[Vec<u8>]) -> Option<Vec<u8>> {
    match updates {
        [] => Some(vec![0, 0]),
        [one] => Some(one.clone()),
        several => {
            let one = yrs::merge_updates_v1(several).ok()?;
            Known::of(several)?.is_same(&Known::of([&one])?).then_some(one)
        }
    }
}

/// Returns an empty document that makes no changes by itself.
pub(super) fn new(room: &Room) -> Doc {
    // As long as those of clients in browsers, which have 32 bits. Two of the same would be one author to Yjs.
    let mut id = [0; 4];
    room.random(&mut id);
    let id = ClientID::new(u64::from(u32::from_le_bytes(id)));
    let mut options = Options::with_guid_and_client_id("room".into(), id);
    options.offset_kind = OffsetKind::Utf16;
    Doc::with_options(options)
}

pub(super) fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Logs that something that is stored cannot be read.
fn log(room: &Room, error: &str) -> bool {
    let text = format!("an update of the document is stored and cannot be read, it is left out: {error}");
    let _logged = room.logged("document", None, Error::other(text));
    true
}

pub(super) fn busy(error: impl std::fmt::Display) -> Error {
    Error::other(format!("the document is in use: {error}"))
}
