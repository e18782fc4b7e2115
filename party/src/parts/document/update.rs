//! The bytes of an update, checked before anything else sees them.
//!
//! An update is what Yjs writes in its format v1: structs of each client, one after the other, and the set of deleted
//! ranges. [`read`] goes through all of it, integrates nothing, and returns which clocks the update has and which it
//! refers to. What it accepts can be read by the clients of Yjs and by `yrs`, in time that is proportional to its
//! bytes. So it refuses what no client of Yjs writes, and the little that the readers do not read alike; each refusal
//! says why where it is made.

mod content;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use super::lib0::{Malformed, Reader};
use super::nesting::{Id, Kind, Nested, Place};

/// One more than the highest clock: `yrs` computes with 32 bits and a sign.
const CLOCKS: u64 = 1 << 31;

/// Struct: something that was deleted, and whose content is gone.
const GC: u8 = 0;

/// Struct: clocks that the update does not have.
const SKIP: u8 = 10;

/// Flag of an item: it has a left neighbour.
const HAS_ORIGIN: u8 = 0b1000_0000;

/// Flag of an item: it has a right neighbour.
const HAS_RIGHT_ORIGIN: u8 = 0b0100_0000;

/// Flag of an item: it is the value of a key.
const HAS_PARENT_SUB: u8 = 0b0010_0000;

/// The bits of an item that say what its content is.
const CONTENT: u8 = 0b0001_1111;

/// Clocks of a client, from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) client: u64,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What an update has, and what it needs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Update {
    /// The clocks of its structs, in order; neighbours are one span. A skip is a hole.
    pub(super) structs: Vec<Span>,
    /// The clocks that it deletes, in order. No two of them overlap.
    pub(super) deletes: Vec<Span>,
    /// Of each client that its structs refer to, the highest clock, in order of the clients.
    pub(super) references: Vec<(u64, u32)>,
    /// Where its structs are in the document, in order.
    pub(super) places: Vec<Place>,
    /// Where the bytes of the delete set begin.
    pub(super) structs_end: usize,
}

/// Reads all of an update. Its bytes end with it.
pub(super) fn read(bytes: &[u8]) -> Result<Update, Malformed> {
    let mut walk = Walk { reader: Reader::new(bytes), update: Update::default() };
    walk.structs()?;
    walk.update.structs_end = walk.reader.position();
    walk.deletes()?;
    walk.reader.end()?;
    walk.update.structs.sort_unstable();
    walk.update.deletes.sort_unstable();
    walk.update.places.sort_unstable_by_key(|place| place.from);
    compact(&mut walk.update.references);
    Ok(walk.update)
}

/// Keeps the highest clock of each client.
fn compact(references: &mut Vec<(u64, u32)>) {
    references.sort_unstable_by(|a, b| b.cmp(a));
    references.dedup_by_key(|(client, _)| *client);
    references.reverse();
}

/// Adds one span, as part of the last one if it follows it at once.
fn push(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.client == span.client && last.end == span.start => last.end = span.end,
        _ => spans.push(span),
    }
}

/// Refuses a client that has two sections: Yjs writes one, and its readers do not agree on what two of them mean.
fn distinct(mut clients: Vec<u64>) -> Result<(), Malformed> {
    clients.sort_unstable();
    if clients.is_sorted_by(|a, b| a < b) { Ok(()) } else { Err(Malformed("a client comes twice")) }
}

struct Walk<'a> {
    reader: Reader<'a>,
    update: Update,
}

impl Walk<'_> {
    fn structs(&mut self) -> Result<(), Malformed> {
        let mut clients = Vec::new();
        for _ in 0..self.reader.count()? {
            let structs = self.reader.count()?;
            let client = self.reader.varuint()?;
            let mut clock = self.clock()?;
            if structs == 0 {
                return Err(Malformed("a client has no structs"));
            }
            for _ in 0..structs {
                let (has_content, len) = self.one(client, clock)?;
                let end = after(clock, len)?;
                if has_content {
                    push(&mut self.update.structs, Span { client, start: clock, end });
                }
                clock = end;
            }
            clients.push(client);
        }
        distinct(clients)
    }

    /// Reads one struct. Returns whether it is more than a hole, and how many clocks it has.
    fn one(&mut self, client: u64, clock: u32) -> Result<(bool, u64), Malformed> {
        match self.reader.u8()? {
            GC => {
                self.place((client, clock), Nested::Outermost, Kind::Gone);
                Ok((true, self.reader.varuint()?))
            }
            SKIP => Ok((false, self.reader.varuint()?)),
            info => Ok((true, self.item(info, client, clock)?)),
        }
    }

    /// Reads an item: its neighbours, or if it has none its parent, and its content.
    fn item(&mut self, info: u8, client: u64, clock: u32) -> Result<u64, Malformed> {
        let mut neighbour =
            |flag| if info & flag != 0 { self.reference(client, clock).map(Some) } else { Ok(None) };
        let mut nested = Nested::Beside(neighbour(HAS_ORIGIN)?, neighbour(HAS_RIGHT_ORIGIN)?);
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            nested = match self.reader.varuint()? {
                0 => Nested::Within(self.reference(client, clock)?),
                1 => {
                    content::name(&mut self.reader)?;
                    Nested::Outermost
                }
                _ => return Err(Malformed("the parent of an item is of no known kind")),
            };
            if info & HAS_PARENT_SUB != 0 {
                content::name(&mut self.reader)?;
            }
        }
        let kind = match info & CONTENT {
            content::DELETED => Kind::Gone,
            content::TYPE => Kind::Type,
            content::DOCUMENT => Kind::Document,
            _ => Kind::Other,
        };
        self.place((client, clock), nested, kind);
        content::read(&mut self.reader, info & CONTENT)
    }

    /// Notes where a struct is, unless it is where the one before it is.
    fn place(&mut self, from: Id, of: Nested, kind: Kind) {
        let last = self.update.places.last().filter(|last| last.from.0 == from.0 && last.from < from);
        let is_same = !kind.is_single()
            && last.filter(|last| last.kind == kind).is_some_and(|last| match of {
                // As when somebody types: to the right of what was there before, nothing is asked.
                Nested::Beside(Some(left), None) => left.0 == from.0 && left >= last.from,
                of => of == last.of,
            });
        if !is_same {
            self.update.places.push(Place { from, of, kind });
        }
    }

    /// Reads the id of another struct. Those of the same client came before.
    fn reference(&mut self, client: u64, clock: u32) -> Result<Id, Malformed> {
        let to = (self.reader.varuint()?, self.clock()?);
        if to.0 == client && to.1 >= clock {
            return Err(Malformed("a struct refers to itself or to a later one of its client"));
        }
        let references = &mut self.update.references;
        match references.last_mut() {
            Some(last) if last.0 == to.0 => last.1 = last.1.max(to.1),
            _ => {
                if references.len() == references.capacity() {
                    compact(references);
                }
                references.push(to);
            }
        }
        Ok(to)
    }

    /// Reads the delete set. The ranges of a client are in order and do not overlap: `yrs` relies on that, and Yjs
    /// writes them so.
    fn deletes(&mut self) -> Result<(), Malformed> {
        let mut clients = Vec::new();
        for _ in 0..self.reader.count()? {
            let client = self.reader.varuint()?;
            let mut least = 0;
            for _ in 0..self.reader.count()? {
                let start = self.clock()?;
                let end = after(start, self.reader.varuint()?)?;
                if start < least {
                    return Err(Malformed("the deleted ranges are not in order"));
                }
                self.update.deletes.push(Span { client, start, end });
                least = end;
            }
            clients.push(client);
        }
        distinct(clients)
    }

    fn clock(&mut self) -> Result<u32, Malformed> {
        let clock = self.reader.varuint()?;
        after(0, clock.saturating_add(1))?.checked_sub(1).ok_or(Malformed("a clock is too high"))
    }
}

/// Returns the clock after `len` more clocks, of which there is at least one.
fn after(clock: u32, len: u64) -> Result<u32, Malformed> {
    if len == 0 {
        return Err(Malformed("a struct or a range is empty"));
    }
    match u64::from(clock).saturating_add(len) {
        end @ ..CLOCKS => u32::try_from(end).map_err(|_| Malformed("a clock is too high")),
        _ => Err(Malformed("a clock is too high")),
    }
}
