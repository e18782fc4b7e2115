//! What is written into documents, made by `yrs` before anything is measured: the changes of several writers at random
//! places, and those of one who types.

use yrs::updates::decoder::Decode;
use yrs::{Doc, GetString, Text, TextRef, Transact, Update};

use crate::Result;

/// The name of the text in a document.
const TEXT: &str = "text";

/// What is typed, again and again.
const LETTERS: &str = "the quick brown fox jumps over the lazy dog and writes about it ";

/// How many write at the same time.
const WRITERS: usize = 8;

/// Of how many changes one is a deletion.
const DELETION: u64 = 5;

/// A copy of a document.
pub(crate) struct Draft {
    doc: Doc,
    text: TextRef,
    /// Where the next letter is typed.
    place: u32,
    typed: usize,
}

impl Draft {
    /// Returns an empty copy of a client, whose numbers are never used twice in a room.
    pub(crate) fn new(client: u64) -> Self {
        let doc = Doc::with_client_id(client);
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text, place: 0, typed: 0 }
    }

    /// Returns a copy that has this update, with its cursor in the middle of the text.
    pub(crate) fn with(client: u64, update: &[u8]) -> Result<Self> {
        let mut draft = Self::new(client);
        draft.apply(update)?;
        draft.place = draft.len() / 2;
        Ok(draft)
    }

    /// Takes in a change.
    pub(crate) fn apply(&self, update: &[u8]) -> Result<()> {
        Ok(self.doc.transact_mut().apply_update(Update::decode_v1(update)?)?)
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    /// Types a letter. Returns the change.
    pub(crate) fn types(&mut self) -> Vec<u8> {
        let letter = LETTERS.chars().cycle().nth(self.typed % LETTERS.len()).unwrap_or(' ');
        let change = self.insert(self.place, letter);
        (self.place, self.typed) = (self.place + 1, self.typed + 1);
        change
    }

    fn insert(&self, place: u32, letter: char) -> Vec<u8> {
        let mut transaction = self.doc.transact_mut();
        self.text.insert(&mut transaction, place, letter.encode_utf8(&mut [0; 4]));
        transaction.encode_update_v1()
    }

    fn delete(&self, place: u32) -> Vec<u8> {
        let mut transaction = self.doc.transact_mut();
        self.text.remove_range(&mut transaction, place, 1);
        transaction.encode_update_v1()
    }

    fn len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// Inserts or deletes one letter at a random place.
    fn edits(&self, random: &mut Random) -> Vec<u8> {
        let len = u64::from(self.len());
        let is_deletion = random.below(DELETION) == 0 && len > 0;
        let place = |number: u64| u32::try_from(number).unwrap_or_default();
        if is_deletion {
            return self.delete(place(random.below(len)));
        }
        let letter = char::from(b'a' + u8::try_from(random.below(26)).unwrap_or_default());
        self.insert(place(random.below(len + 1)), letter)
    }
}

/// Returns changes of several writers in an order in which each change comes after those that it builds on. Each writes
/// one letter or deletes one, at the same time as the others, and then receives theirs.
pub(crate) fn edits(count: usize) -> Result<Vec<Vec<u8>>> {
    let writers: Vec<Draft> = (1..=WRITERS as u64).map(Draft::new).collect();
    let (all, mut random) = (Draft::new(0), Random(0x9e37_79b9_7f4a_7c15));
    let mut changes = Vec::with_capacity(count);
    while changes.len() < count {
        let together: Vec<_> =
            writers.iter().take(count - changes.len()).map(|writer| writer.edits(&mut random)).collect();
        for change in together {
            // Its author has it already, which does no harm.
            writers.iter().try_for_each(|writer| writer.apply(&change))?;
            let before = all.len();
            all.apply(&change)?;
            // A letter that somebody else has deleted as well: no room sends that on.
            if all.len() != before {
                changes.push(change);
            }
        }
    }
    Ok(changes)
}

/// Random numbers that are the same in every run: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_of_all_writers_give_one_text() {
        let changes = edits(100).unwrap();
        let reader = Draft::new(99);
        changes.iter().for_each(|change| reader.apply(change).unwrap());
        assert_eq!(changes.len(), 100);
        assert!(reader.len() > 40 && reader.len() < 100, "some were deleted: {}", reader.text());
        assert_eq!(edits(100).unwrap(), changes, "they are the same in every run");
    }

    #[test]
    fn a_typist_types_in_the_middle() {
        let mut typist = Draft::new(1);
        let changes: Vec<_> = (0..9).map(|_| typist.types()).collect();
        let reader = Draft::new(2);
        changes.iter().for_each(|change| reader.apply(change).unwrap());
        assert_eq!(reader.text(), "the quick");
        let mut other = Draft::with(3, &changes.first().cloned().unwrap()).unwrap();
        other.types();
        assert_eq!(other.text(), "tt");
    }
}
