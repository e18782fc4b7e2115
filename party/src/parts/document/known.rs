//! What a document is known to contain, learned from its updates alone.
//!
//! A client that connects sends a whole delete set, and often structs that the document has already. [`Known::news`]
//! says what of an update is new: only that is stored and sent on.
//!
//! The memory is proportional to the bytes of the updates that were learned: a span has at least 2 bytes in an update,
//! and needs about 30 bytes here.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::lib0::{Malformed, Reader, write_varuint};
use super::nesting::{Depths, Id, Kind};
use super::update::{self, Span, Update};

/// The most documents in a document: each is one of its own for `yrs`, of some hundred bytes, from eight on.
const MAX_DOCUMENTS: usize = 1_000;

/// The structs and the deletes of a document.
#[derive(Debug, Default)]
pub(super) struct Known {
    structs: Spans,
    deletes: Spans,
    depths: Depths,
    /// The number of documents in the document.
    documents: usize,
}

/// What of an update is new.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct News<'a> {
    /// The update to store and to send: without the deleted ranges that were known, and without the structs if all of
    /// them were. It is never longer than the update. `None` if all of it was known.
    pub(super) update: Option<Cow<'a, [u8]>>,
    /// Whether something before it is missing: clocks of its clients before its own, or something that it refers to or
    /// deletes.
    pub(super) gap: bool,
}

impl Known {
    /// Returns what is new in an update, which was read from these bytes.
    pub(super) fn news<'a>(&self, update: &Update, bytes: &'a [u8]) -> News<'a> {
        let has_new_structs = update.structs.iter().any(|span| !self.structs.contain(*span));
        let structs = if has_new_structs { bytes.get(..update.structs_end).unwrap_or(bytes) } else { &[0] };
        // A range is kept whole: cut to what is new, a short update could become one of all the holes in what is known.
        let new = |span: &Span| !self.deletes.contain(*span);
        let deletes: Vec<Span> = update.deletes.iter().copied().filter(new).collect();
        let news = if !has_new_structs && deletes.is_empty() {
            None
        } else if structs.len() == update.structs_end && deletes == update.deletes {
            Some(Cow::Borrowed(bytes))
        } else {
            Some(Cow::Owned(with_deletes(structs, &deletes)))
        };
        News { update: news, gap: self.has_gap(update) }
    }

    /// Returns what some updates say, `None` if one of them cannot be read.
    pub(super) fn of<T: AsRef<[u8]>>(updates: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut known = Self::default();
        for bytes in updates {
            let update = update::read(bytes.as_ref()).ok()?;
            update.structs.iter().for_each(|span| known.structs.insert(*span));
            update.deletes.iter().for_each(|span| known.deletes.insert(*span));
        }
        Some(known)
    }

    /// Returns whether two have the same structs, and the same of them deleted.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.structs, &self.deletes) == (&other.structs, &other.deletes)
    }

    /// Returns an error for an update after which the document would be nested too deep, or have too many documents in
    /// it.
    pub(super) fn check(&self, update: &Update) -> Result<(), Malformed> {
        if self.documents.saturating_add(self.new_documents(update)) > MAX_DOCUMENTS {
            return Err(Malformed("a document has at most 1,000 documents in it"));
        }
        self.places(update).map(drop)
    }

    fn places(&self, update: &Update) -> Result<Vec<(Id, u16, Kind)>, Malformed> {
        self.depths.of(&update.places, |(client, clock)| {
            self.structs.contain(Span { client, start: clock, end: clock.saturating_add(1) })
        })
    }

    fn new_documents(&self, update: &Update) -> usize {
        let documents = update.places.iter().filter(|place| place.kind == Kind::Document);
        documents.filter(|place| place.from.1 >= self.structs.reach(place.from.0, 0)).count()
    }

    /// Adds an update to what is known, unless the document would be nested too deep.
    pub(super) fn learn(&mut self, update: &Update) -> Result<(), Malformed> {
        let depths = self.places(update)?;
        self.documents = self.documents.saturating_add(self.new_documents(update));
        self.depths.learn(depths, |client| self.structs.reach(client, 0));
        update.structs.iter().for_each(|span| self.structs.insert(*span));
        update.deletes.iter().for_each(|span| self.deletes.insert(*span));
        Ok(())
    }

    /// Returns whether this has all structs and deletes that another has.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.structs.cover(&other.structs) && self.deletes.cover(&other.deletes)
    }

    /// Returns the state vector: the clock of each client up to which nothing is missing, as Yjs writes it.
    pub(super) fn state_vector(&self) -> Vec<u8> {
        let clocks = || self.structs.0.iter().rev().filter(|((_, start), _)| *start == 0);
        let mut bytes = Vec::new();
        write_varuint(&mut bytes, clocks().count() as u64);
        for ((client, _), clock) in clocks() {
            write_varuint(&mut bytes, *client);
            write_varuint(&mut bytes, (*clock).into());
        }
        bytes
    }

    /// Returns how deep a struct is nested.
    #[cfg(test)]
    pub(super) fn depth(&self, id: Id) -> u16 {
        self.depths.known(id).0
    }

    /// Returns how many depths are noted.
    #[cfg(test)]
    pub(super) fn entries(&self) -> usize {
        self.depths.0.len()
    }

    fn has_gap(&self, update: &Update) -> bool {
        let is_beyond =
            |spans: &[Span]| spans.last().is_some_and(|last| last.end > self.reach(update, last.client));
        let is_unknown = |&(client, clock): &(u64, u32)| {
            self.structs.reach(client, 0) <= clock && self.reach(update, client) <= clock
        };
        update.references.iter().any(is_unknown)
            || update.structs.chunk_by(|a, b| a.client == b.client).any(is_beyond)
            || update.deletes.chunk_by(|a, b| a.client == b.client).any(is_beyond)
    }

    /// Returns the clock up to which nothing of a client is missing as soon as the update is there.
    fn reach(&self, update: &Update, client: u64) -> u32 {
        let mut reach = self.structs.reach(client, 0);
        let first = update.structs.partition_point(|span| span.client < client);
        let own = update.structs.iter().skip(first).take_while(|span| span.client == client);
        for span in own {
            if span.start > reach {
                break;
            }
            reach = self.structs.reach(client, reach.max(span.end));
        }
        reach
    }
}

/// Writes an update of these bytes of structs and these deletes.
fn with_deletes(structs: &[u8], deletes: &[Span]) -> Vec<u8> {
    let clients = || deletes.chunk_by(|a, b| a.client == b.client);
    let mut bytes = structs.to_vec();
    write_varuint(&mut bytes, clients().count() as u64);
    // Yjs writes the highest client first.
    for spans in clients().rev() {
        for (index, span) in spans.iter().enumerate() {
            if index == 0 {
                write_varuint(&mut bytes, span.client);
                write_varuint(&mut bytes, spans.len() as u64);
            }
            write_varuint(&mut bytes, span.start.into());
            write_varuint(&mut bytes, span.end.saturating_sub(span.start).into());
        }
    }
    bytes
}

/// Reads a state vector: the clock of each client up to which its sender has everything.
pub(super) fn read_state_vector(bytes: &[u8]) -> Result<Vec<(u64, u32)>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut clocks = Vec::new();
    for _ in 0..reader.count()? {
        let client = reader.varuint()?;
        let clock = i32::try_from(reader.varuint()?).map_err(|_| Malformed("a clock is too high"))?;
        clocks.push((client, clock.unsigned_abs()));
    }
    reader.end()?;
    Ok(clocks)
}

/// Spans that do not overlap or touch: the ends by the clients and the starts.
#[derive(Debug, Default, Eq, PartialEq)]
struct Spans(BTreeMap<(u64, u32), u32>);

impl Spans {
    /// Returns the end of the span that a clock is in or follows at once, or the clock itself.
    fn reach(&self, client: u64, clock: u32) -> u32 {
        self.until(client, clock).map_or(clock, |(_, end)| end.max(clock))
    }

    /// Returns the last span that begins at this clock or before it.
    fn until(&self, client: u64, clock: u32) -> Option<(u32, u32)> {
        let (&(_, start), &end) = self.0.range((client, 0)..=(client, clock)).next_back()?;
        Some((start, end))
    }

    fn contain(&self, span: Span) -> bool {
        self.until(span.client, span.start).is_some_and(|(_, end)| end >= span.end)
    }

    fn cover(&self, other: &Self) -> bool {
        other.0.iter().all(|(&(client, start), &end)| self.contain(Span { client, start, end }))
    }

    fn insert(&mut self, span: Span) {
        let Span { client, mut start, mut end } = span;
        if let Some((before, reach)) = self.until(client, start).filter(|(_, reach)| *reach >= start) {
            if reach >= end {
                return;
            }
            start = before;
        }
        // What begins within the span, or follows it at once, becomes part of it.
        while let Some((next, reach)) = self.until(client, end).filter(|(next, _)| *next > start) {
            self.0.remove(&(client, next));
            end = end.max(reach);
        }
        self.0.insert((client, start), end);
    }
}
