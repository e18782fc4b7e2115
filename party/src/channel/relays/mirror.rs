//! What a relay has of the log: the last entries, in memory.

use std::collections::VecDeque;

use crate::parts::log::Position;
use crate::parts::wire::Entry;

/// The most entries that are kept, and their largest size together in bytes, about.
const MAX_ENTRIES: usize = 500;
const MAX_BYTES: usize = 256 * 1024;

/// The last entries of the log.
#[derive(Debug)]
pub(super) struct Mirror {
    /// The entry before the first that is kept.
    base: Position,
    entries: VecDeque<Entry>,
    bytes: usize,
}

/// What entries are to a mirror that it is given.
#[derive(Debug)]
pub(super) enum Extended {
    /// These are new.
    Fresh(Vec<Entry>),
    /// There are entries between, which it does not have.
    Gap,
    /// They are of another log, or of the same log after it was put back to an earlier moment.
    Broken,
}

/// What a mirror has for a client with a position.
#[derive(Debug)]
pub(super) enum Resume {
    /// All that the client has missed.
    Entries(Vec<Entry>),
    /// The client has more than the mirror.
    Ahead,
    /// The client has missed more than is kept, or knows another log.
    Elsewhere,
}

impl Mirror {
    /// Begins after an entry.
    pub(super) fn new(base: Position) -> Self {
        Self { base, entries: VecDeque::new(), bytes: 0 }
    }

    /// Returns the last entry.
    pub(super) fn end(&self) -> Position {
        self.entries.back().map_or_else(|| self.base.clone(), |last| self.position(last))
    }

    fn position(&self, entry: &Entry) -> Position {
        Position { epoch: self.base.epoch.clone(), seq: entry.seq, at: entry.at, id: entry.id.clone() }
    }

    /// Takes the entries after a position that it does not have.
    pub(super) fn extend(&mut self, after: &Position, entries: Vec<Entry>) -> Extended {
        let end = self.end().seq;
        let differs =
            |entry: &Entry| self.at(entry.seq).is_some_and(|own| own.id != entry.id || own.at != entry.at);
        if after.epoch != self.base.epoch || !self.agrees(after) || entries.iter().any(differs) {
            return Extended::Broken;
        }
        if after.seq > end {
            return Extended::Gap;
        }
        let fresh: Vec<Entry> = entries.into_iter().filter(|entry| entry.seq > end).collect();
        for entry in &fresh {
            self.push(entry.clone());
        }
        Extended::Fresh(fresh)
    }

    /// Returns whether a position is of this log, as far as is known.
    fn agrees(&self, position: &Position) -> bool {
        match self.at(position.seq) {
            Some(own) => own.id == position.id && own.at == position.at,
            None => position.seq != self.base.seq || *position == self.base,
        }
    }

    fn at(&self, seq: u64) -> Option<&Entry> {
        let index = seq.checked_sub(self.base.seq.saturating_add(1))?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    fn push(&mut self, entry: Entry) {
        if let Some(target) = entry.target {
            self.revise(target, &entry);
        }
        self.bytes = self.bytes.saturating_add(size(&entry));
        self.entries.push_back(entry);
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            let Some(first) = self.entries.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(size(&first));
            self.base = self.position(&first);
        }
    }

    /// Gives an item and its earlier changes the body that it has now, as the log does: what was deleted is sent to
    /// nobody any more.
    fn revise(&mut self, target: u64, change: &Entry) {
        for entry in &mut self.entries {
            let is_item = entry.seq == target;
            if !is_item && entry.target != Some(target) {
                continue;
            }
            self.bytes = self.bytes.saturating_sub(size(entry));
            entry.body.clone_from(&change.body);
            if is_item {
                entry.edited = Some(change.seq);
                entry.deleted_by = change.body.is_none().then(|| change.author.clone());
            }
            self.bytes = self.bytes.saturating_add(size(entry));
        }
    }

    /// Returns what a client has missed that has all up to a position.
    pub(super) fn resume(&self, from: &Position) -> Resume {
        let of_this_log = from.seq == 0 || from.epoch == self.base.epoch;
        if of_this_log && from.seq > self.end().seq {
            return Resume::Ahead;
        }
        let known = from.seq == 0 || from.seq >= self.base.seq && self.agrees(from);
        match self.after(from.seq) {
            Some(entries) if of_this_log && known => Resume::Entries(entries),
            _ => Resume::Elsewhere,
        }
    }

    /// Returns the entries after `seq`, if all of them are kept.
    pub(super) fn after(&self, seq: u64) -> Option<Vec<Entry>> {
        let skipped = usize::try_from(seq.checked_sub(self.base.seq)?).ok()?;
        Some(self.entries.iter().skip(skipped).cloned().collect())
    }
}

/// Returns how many bytes an entry takes, about.
fn size(entry: &Entry) -> usize {
    let body = entry.body.as_ref().map_or(0, |body| body.as_str().len());
    [body, entry.id.len(), entry.author.len(), 64].iter().fold(0, |sum, part| sum.saturating_add(*part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::parts::wire::Json;

    fn position(seq: u64) -> Position {
        let id = if seq == 0 { String::new() } else { format!("e{seq}") };
        Position { epoch: "a".to_owned(), seq, at: Timestamp::from_millis(seq), id }
    }

    fn entry(seq: u64) -> Entry {
        let Position { at, id, .. } = position(seq);
        let body = Some(Json::of(&format!("text {seq}")).unwrap());
        Entry { seq, id, author: "ada".to_owned(), at, target: None, edited: None, deleted_by: None, body }
    }

    fn entries(seqs: impl IntoIterator<Item = u64>) -> Vec<Entry> {
        seqs.into_iter().map(entry).collect()
    }

    fn seqs(entries: &[Entry]) -> Vec<u64> {
        entries.iter().map(|entry| entry.seq).collect()
    }

    fn fresh(extended: &Extended) -> Vec<u64> {
        match extended {
            Extended::Fresh(entries) => seqs(entries),
            other => panic!("{other:?}"),
        }
    }

    fn mirror(base: u64, end: u64) -> Mirror {
        let mut mirror = Mirror::new(position(base));
        mirror.extend(&position(base), entries((base..=end).skip(1)));
        mirror
    }

    #[test]
    fn entries_that_continue_are_taken_and_those_it_has_are_not() {
        let mut mirror = mirror(2, 4);
        assert_eq!(fresh(&mirror.extend(&position(4), entries([5]))), [5]);
        assert_eq!(fresh(&mirror.extend(&position(3), entries([4, 5, 6]))), [6]);
        assert!(fresh(&mirror.extend(&position(1), entries([2, 3]))).is_empty());
        assert!(matches!(mirror.extend(&position(7), entries([8])), Extended::Gap));
        assert_eq!(mirror.end(), position(6));
    }

    #[test]
    fn another_log_is_noticed_by_its_epoch_its_positions_and_its_entries() {
        let mut mirror = mirror(2, 4);
        let other = Position { epoch: "b".to_owned(), ..position(4) };
        assert!(matches!(mirror.extend(&other, entries([5])), Extended::Broken));
        let renamed = Position { id: "x".to_owned(), ..position(4) };
        assert!(matches!(mirror.extend(&renamed, entries([5])), Extended::Broken));
        let at_base = Position { id: "x".to_owned(), ..position(2) };
        assert!(matches!(mirror.extend(&at_base, entries([3])), Extended::Broken));
        let mut again = entries([4, 5]);
        again[0].id = "x".to_owned();
        assert!(matches!(mirror.extend(&position(3), again), Extended::Broken));
        assert_eq!(mirror.end(), position(4));
    }

    #[test]
    fn a_client_is_sent_what_it_missed_if_that_is_kept() {
        let mirror = mirror(2, 5);
        let missed = |from: &Position| match mirror.resume(from) {
            Resume::Entries(entries) => Some(seqs(&entries)),
            _ => None,
        };
        assert_eq!(missed(&position(2)), Some(vec![3, 4, 5]));
        assert_eq!(missed(&position(4)), Some(vec![5]));
        assert_eq!(missed(&position(5)), Some(vec![]));
        assert!(matches!(mirror.resume(&position(6)), Resume::Ahead));
        for from in [position(1), position(0), Position { epoch: "b".to_owned(), ..position(4) }] {
            assert!(matches!(mirror.resume(&from), Resume::Elsewhere), "{from}");
        }
        let renamed = Position { id: "x".to_owned(), ..position(4) };
        assert!(matches!(mirror.resume(&renamed), Resume::Elsewhere));
        let nothing = Position { epoch: "b".to_owned(), ..position(0) };
        let all = Mirror::new(position(0));
        assert!(matches!(all.resume(&nothing), Resume::Entries(entries) if entries.is_empty()));
    }

    #[test]
    fn only_the_last_entries_are_kept() {
        let mut mirror = mirror(0, 600);
        assert_eq!((mirror.base.seq, mirror.end().seq), (100, 600));
        assert!(mirror.after(99).is_none());
        let mut large = entry(601);
        large.body = Some(Json::of(&"x".repeat(200_000)).unwrap());
        mirror.extend(&position(600), vec![large.clone()]);
        large.seq = 602;
        mirror.extend(&position(601), vec![large]);
        assert!(mirror.entries.len() <= 2 && mirror.bytes <= MAX_BYTES);
    }

    #[test]
    fn a_deleted_body_is_not_sent_again() {
        let mut mirror = mirror(0, 3);
        let change = |seq, body: Option<&str>| {
            let body = body.map(|body| Json::of(body).unwrap());
            Entry { target: Some(2), author: "bob".to_owned(), body, ..entry(seq) }
        };
        mirror.extend(&position(3), vec![change(4, Some("edited"))]);
        mirror.extend(&position(4), vec![change(5, None)]);
        let kept = mirror.after(0).unwrap();
        assert_eq!(seqs(&kept), [1, 2, 3, 4, 5]);
        assert!(kept[1].body.is_none() && kept[3].body.is_none() && kept[4].body.is_none());
        assert_eq!((kept[1].edited, kept[1].deleted_by.as_deref()), (Some(5), Some("bob")));
        assert!(kept[0].body.is_some() && kept[2].body.is_some());
    }
}
