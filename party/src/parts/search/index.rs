//! The index: which entries of the log it has taken in, and what is in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::words::separated;
use crate::Sql;
use crate::error::Result;
use crate::parts::log::Log;
use crate::parts::wire::{Entry, Json};

/// The index. It has no texts: with `contentless_delete`, a row is replaced and deleted without them. Marks are letters
/// in it, for without them words of Hindi and others would be cut.
const INDEX: &str = "party_search";
const INDEX_TABLE: &str =
    "CREATE VIRTUAL TABLE party_search USING fts5 (text, content = '', contentless_delete = 1,
     tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'\")";

/// How far the index has come, in its only row.
const STATE: &str = "party_search_state";
const STATE_TABLE: &str =
    "CREATE TABLE party_search_state (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL)";

/// The most entries that one search takes in, and about the most bytes of their bodies.
const ENTRIES: u32 = 2_000;
const BYTES: usize = 256 * 1024;

/// The number of items that are read at once; and of changes, each of whose items can have 512 KiB.
const CHUNK: u32 = 250;
const CHUNK_OF_CHANGES: u32 = 32;

/// The number of gaps that are kept apart.
const MAX_GAPS: usize = 16;

/// The index of a room's log.
#[derive(Clone, Debug)]
pub(super) struct Index {
    sql: Sql,
    log: Log,
    /// The most entries that one search takes in.
    entries: u32,
}

/// The part of the log that a search can answer for.
pub(super) struct Indexed {
    /// The items after this `seq` and before `before` are in the index, as they are now.
    after: u64,
    before: u64,
    /// Where the part ends that is not searched yet: `None` if there is none.
    pub(super) rest: Option<u64>,
    /// Whether the index has the whole log.
    pub(super) complete: bool,
}

/// How far the index has come.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
struct State {
    /// The epoch of the log.
    epoch: String,
    /// The last entry that is in the index or in a gap.
    seen: u64,
    /// The last change that was taken in.
    changed: u64,
    /// The number of the change after that.
    next_change: u64,
    /// The items that are not in the index, in ascending order: after the first `seq`, up to the second.
    gaps: Vec<(u64, u64)>,
    /// Nothing up to this `seq` is in the index.
    removed: u64,
}

/// What one search may still take in.
struct Budget {
    entries: u32,
    bytes: usize,
}

/// Returns the text of an item, or `None` for an item that is never found.
type TextOf<'a> = dyn Fn(&Entry) -> Result<Option<String>> + 'a;

impl Index {
    pub(super) fn new(sql: Sql, log: Log) -> Self {
        Self { sql, log, entries: ENTRIES }
    }

    #[cfg(test)]
    pub(super) fn of_entries(self, entries: u32) -> Self {
        Self { entries, ..self }
    }

    /// Takes in a bounded number of entries. Returns the part of the log before a `seq` that can be searched now, or
    /// `None` if the log has no entry.
    pub(super) fn update(&self, before: Option<u64>, text_of: &TextOf<'_>) -> Result<Option<Indexed>> {
        let Some((epoch, head)) = self.log.extent()?.filter(|(_, head)| *head > 0) else { return Ok(None) };
        let oldest = self.log.oldest()?;
        let state = self.sql.transaction(|| {
            let known = self.state()?;
            let mut state = match &known {
                Some(known) if self.can_go_on(known, &epoch)? => known.clone(),
                _ => self.begin(epoch, head, oldest)?,
            };
            self.advance(&mut state, head, oldest, text_of)?;
            if known.as_ref() != Some(&state) {
                self.set_state(&state)?;
            }
            Ok(state)
        })?;
        let before = before.unwrap_or(u64::MAX).min(head.saturating_add(1));
        Ok(Some(state.indexed(before, head, oldest)))
    }

    /// Returns the items of a part of the log that an expression of FTS5 finds.
    pub(super) fn matches(&self, words: &str, part: &Indexed, limit: usize) -> Result<Vec<Entry>> {
        // FTS5 takes no number with a fraction as a bound, and the platform's numbers are all such.
        let query = "SELECT log.seq, id, author, at, edited, body
             FROM party_search AS found CROSS JOIN party_log AS log ON log.seq = found.rowid
             WHERE party_search MATCH ?1 AND found.rowid > CAST(?2 AS INTEGER) AND found.rowid < CAST(?3 AS INTEGER)
                 AND body IS NOT NULL ORDER BY found.rowid DESC LIMIT ?4 + 0";
        self.log.items_of(query, (words, part.after, part.before, limit))
    }

    fn state(&self) -> Result<Option<State>> {
        if !self.sql.has_table(STATE)? {
            return Ok(None);
        }
        let state: Option<(String,)> = self.sql.query_opt("SELECT state FROM party_search_state", ())?;
        state.map(|(state,)| Json::from_text(state)?.read()).transpose()
    }

    fn set_state(&self, state: &State) -> Result<()> {
        let statement = "INSERT OR REPLACE INTO party_search_state (one, state) VALUES (1, ?)";
        self.sql.execute(statement, (Json::of(state)?.as_str(),))
    }

    /// Returns whether the index is one of this log, which still has all changes that are new to it.
    fn can_go_on(&self, state: &State, epoch: &str) -> Result<bool> {
        Ok(state.epoch == epoch && self.log.change_number_after(state.changed)? == state.next_change)
    }

    /// Begins the index of a log: with nothing in it, and all of the log as a gap.
    fn begin(&self, epoch: String, head: u64, oldest: u64) -> Result<State> {
        self.sql.ensure_table(STATE, STATE_TABLE)?;
        if !self.sql.ensure_table(INDEX, INDEX_TABLE)? {
            self.sql.execute("INSERT INTO party_search (party_search) VALUES ('delete-all')", ())?;
        }
        let removed = oldest.saturating_sub(1);
        let next_change = self.log.change_number_after(head)?;
        Ok(State { epoch, seen: head, changed: head, next_change, gaps: vec![(removed, head)], removed })
    }

    /// Takes in entries: first the changes of items that are in the index, then items, the newest first. Removes what
    /// the log no longer has.
    fn advance(&self, state: &mut State, head: u64, oldest: u64, text_of: &TextOf<'_>) -> Result<()> {
        let mut budget = Budget { entries: self.entries, bytes: BYTES };
        state.see(head, oldest);
        self.remove_old(state, oldest)?;
        self.take_changes(state, head, &mut budget, text_of)?;
        while budget.is_left()
            && let Some((low, high)) = state.gaps.pop()
        {
            let items = self.log.items_within(low, high, CHUNK.min(budget.entries))?;
            let seqs: Vec<u64> = items.iter().map(|item| item.seq).collect();
            let Some(last) = seqs.last() else { continue };
            if last.saturating_sub(low) > 1 {
                state.gaps.push((low, last.saturating_sub(1)));
            }
            budget.take(seqs.len(), self.put(&seqs, &items, text_of)?);
        }
        Ok(())
    }

    /// Takes in the changes of items that are not in a gap.
    fn take_changes(
        &self,
        state: &mut State,
        head: u64,
        budget: &mut Budget,
        text_of: &TextOf<'_>,
    ) -> Result<()> {
        let mut taken = BTreeSet::new();
        while state.changed < head && budget.is_left() {
            let changes = self.log.changes_after(state.changed, CHUNK_OF_CHANGES.min(budget.entries))?;
            let targets = changes.iter().map(|(_, target)| *target);
            let targets: Vec<u64> =
                targets.filter(|target| state.has(*target) && taken.insert(*target)).collect();
            let bytes = self.put(&targets, &self.log.items_at(&targets)?, text_of)?;
            budget.take(changes.len(), bytes);
            state.changed = changes.last().map_or(head, |(seq, _)| *seq);
            let count = u64::try_from(changes.len()).unwrap_or(u64::MAX);
            state.next_change = state.next_change.saturating_add(count);
        }
        Ok(())
    }

    /// Puts items into the index as they are now, in place of what it has at these `seq`s. Returns the size of their
    /// texts in bytes.
    fn put(&self, seqs: &[u64], items: &[Entry], text_of: &TextOf<'_>) -> Result<usize> {
        let mut texts: Vec<(u64, String)> = Vec::with_capacity(items.len());
        for item in items.iter().filter(|item| item.body.is_some()) {
            if let Some(text) = text_of(item)? {
                texts.push((item.seq, separated(&text)));
            }
        }
        let found: BTreeSet<u64> = texts.iter().map(|(seq, _)| *seq).collect();
        let others: Vec<u64> = seqs.iter().copied().filter(|seq| !found.contains(seq)).collect();
        if !others.is_empty() {
            let statement = "DELETE FROM party_search WHERE rowid IN (SELECT value FROM json_each(?))";
            self.sql.execute(statement, (Json::of(&others)?.as_str(),))?;
        }
        if !texts.is_empty() {
            let statement = "INSERT OR REPLACE INTO party_search (rowid, text)
                 SELECT value ->> 0, value ->> 1 FROM json_each(?)";
            self.sql.execute(statement, (Json::of(&texts)?.as_str(),))?;
        }
        let sizes = items.iter().filter_map(|item| item.body.as_ref()).map(|body| body.as_str().len());
        Ok(sizes.fold(0, usize::saturating_add))
    }

    /// Removes items that the log no longer has from the index.
    fn remove_old(&self, state: &mut State, oldest: u64) -> Result<()> {
        let last = oldest.saturating_sub(1).min(state.removed.saturating_add(u64::from(self.entries)));
        if last > state.removed {
            let statement = "DELETE FROM party_search
                 WHERE rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)";
            self.sql.execute(statement, (state.removed, last))?;
            state.removed = last;
        }
        Ok(())
    }
}

impl State {
    /// Takes note of entries that are new in the log, and of items that it no longer has.
    fn see(&mut self, head: u64, oldest: u64) {
        if head > self.seen {
            self.gaps.push((self.seen, head));
            self.seen = head;
        }
        let before = oldest.saturating_sub(1);
        self.gaps.retain_mut(|(low, high)| {
            *low = before.max(*low);
            low < high
        });
        if let [(low, _), (_, high), rest @ ..] = &self.gaps[..]
            && rest.len() > MAX_GAPS
        {
            self.gaps = std::iter::once((*low, *high)).chain(rest.iter().copied()).collect();
        }
    }

    /// Returns whether the index has the item at this `seq`, if the log does.
    fn has(&self, seq: u64) -> bool {
        !self.gaps.iter().any(|(low, high)| seq > *low && seq <= *high)
    }

    /// Returns the part of the log before a `seq` that can be searched.
    fn indexed(&self, before: u64, head: u64, oldest: u64) -> Indexed {
        let has_changes = self.changed == head;
        let gap = self.gaps.iter().rev().find(|(low, _)| low.saturating_add(1) < before);
        let last = before.saturating_sub(1);
        let after = match gap {
            _ if !has_changes => Some(last),
            Some((_, high)) => Some(last.min(*high)),
            None => None,
        };
        Indexed {
            after: after.unwrap_or_else(|| oldest.saturating_sub(1)),
            before,
            rest: after.map(|after| after.saturating_add(1)),
            complete: has_changes && self.gaps.is_empty(),
        }
    }
}

impl Budget {
    fn is_left(&self) -> bool {
        self.entries > 0 && self.bytes > 0
    }

    fn take(&mut self, entries: usize, bytes: usize) {
        self.entries = self.entries.saturating_sub(u32::try_from(entries).unwrap_or(u32::MAX));
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}
