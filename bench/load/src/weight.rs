//! How much an update of a document changes. A room may send several changes in one frame, or each in a frame of its
//! own: by the weight of what a client has received it is known which changes it has.

use std::cell::RefCell;

use yrs::Update;
use yrs::updates::decoder::Decode;

use crate::Result;

/// Returns how many units an update inserts and deletes: a letter of a text is one unit.
///
/// Several updates that were merged into one weigh as much as all of them, if no two of them delete the same.
pub(crate) fn weight(update: &[u8]) -> Result<u64> {
    let update = Update::decode_v1(update)?;
    let (inserted, deleted) = (update.insertions(true), update.delete_set());
    let ranges = inserted.iter().chain(deleted.iter()).flat_map(|(_, ranges)| ranges);
    Ok(ranges.map(|range| u64::from(range.end - range.start)).sum())
}

/// Weighs updates. All receivers get the same bytes, most of the time one right after the other: they are read once.
#[derive(Debug, Default)]
pub(crate) struct Scales {
    /// The last update, and its weight.
    last: RefCell<(Vec<u8>, u64)>,
}

impl Scales {
    /// Returns the [`weight`] of an update.
    pub(crate) fn weigh(&self, update: &[u8]) -> Result<u64> {
        let mut last = self.last.borrow_mut();
        if last.0 != update {
            *last = (update.to_vec(), weight(update)?);
        }
        Ok(last.1)
    }
}

/// How far a client has come in receiving the changes of another, which are sent on in their order.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    weight: u64,
    changes: usize,
}

impl Progress {
    /// Takes in an update of some weight. Returns those changes that the client has from then on, and had not before.
    ///
    /// `sent` are all changes that were sent, each with the weight of itself and all changes before it.
    ///
    /// # Errors
    ///
    /// When more has come than was sent. An update that comes twice counts twice, so that is how it is noticed.
    pub(crate) fn advance<'a, T>(&mut self, weight: u64, sent: &'a [(u64, T)]) -> Result<&'a [(u64, T)]> {
        self.weight += weight;
        let all = sent.last().map_or(0, |change| change.0);
        if self.weight > all {
            return Err(format!("of changes that weigh {all}, a client has received {}", self.weight).into());
        }
        let before = self.changes;
        self.changes = sent.partition_point(|change| change.0 <= self.weight);
        Ok(sent.get(before..self.changes).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{self, Draft};
    use crate::yjs::EMPTY;

    /// Gives each change the weight of itself and all before it, and its number.
    fn sent(changes: &[Vec<u8>]) -> Vec<(u64, usize)> {
        let sums = changes.iter().scan(0, |sum, change| {
            *sum += weight(change).unwrap();
            Some(*sum)
        });
        sums.zip(0..).collect()
    }

    /// Returns the numbers of the changes that each frame completes.
    fn received(frames: &[Vec<u8>], sent: &[(u64, usize)]) -> Vec<Vec<usize>> {
        let (scales, mut progress) = (Scales::default(), Progress::default());
        let numbers = |frame: &Vec<u8>| {
            let new = progress.advance(scales.weigh(frame).unwrap(), sent).unwrap();
            new.iter().map(|change| change.1).collect()
        };
        frames.iter().map(numbers).collect()
    }

    fn typed(letters: usize) -> Vec<Vec<u8>> {
        let mut typist = Draft::new(1);
        (0..letters).map(|_| typist.types()).collect()
    }

    #[test]
    fn a_letter_weighs_one_whether_it_is_inserted_or_deleted() {
        for change in draft::edits(100).unwrap() {
            assert_eq!(weight(&change).unwrap(), 1);
        }
        assert_eq!(weight(EMPTY).unwrap(), 0);
        assert!(weight(&[1]).is_err());
    }

    #[test]
    fn each_change_in_a_frame_of_its_own_is_received_with_it() {
        let changes = typed(3);
        assert_eq!(received(&changes, &sent(&changes)), [[0], [1], [2]]);
    }

    #[test]
    fn all_changes_of_a_frame_are_received_with_it() {
        let changes = typed(7);
        let frames: Vec<_> =
            [0..1, 1..5, 5..7].map(|some| yrs::merge_updates_v1(&changes[some]).unwrap()).to_vec();
        assert_eq!(received(&frames, &sent(&changes)), [vec![0], vec![1, 2, 3, 4], vec![5, 6]]);
    }

    #[test]
    fn inserts_and_deletes_of_several_writers_count_also_when_they_are_merged() {
        let changes = draft::edits(1_000).unwrap();
        let frames: Vec<_> = changes.chunks(9).map(|some| yrs::merge_updates_v1(some).unwrap()).collect();
        let numbers: Vec<_> = (0..1_000).collect();
        let expected: Vec<_> = numbers.chunks(9).map(<[usize]>::to_vec).collect();
        assert_eq!(received(&frames, &sent(&changes)), expected);
    }

    #[test]
    fn a_change_of_which_a_part_is_missing_is_not_received() {
        let letters = typed(4);
        let changes = [&letters[..2], &letters[2..]].map(|two| yrs::merge_updates_v1(two).unwrap());
        assert_eq!(weight(&changes[0]).unwrap(), 2);
        assert_eq!(received(&letters, &sent(&changes)), [vec![], vec![0], vec![], vec![1]]);
    }

    #[test]
    fn a_change_without_weight_is_received_with_the_one_before_it() {
        let [one, two] = [typed(2)[0].clone(), typed(2)[1].clone()];
        let sent = sent(&[one.clone(), EMPTY.to_vec(), two.clone()]);
        assert_eq!(received(&[one, two], &sent), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn an_update_that_comes_twice_counts_twice_and_is_an_error_when_all_is_there() {
        let changes = typed(2);
        let (sent, mut progress) = (sent(&changes), Progress::default());
        for number in 0..2 {
            let new = progress.advance(weight(&changes[0]).unwrap(), &sent).unwrap();
            assert_eq!(new, [(number as u64 + 1, number)]);
        }
        let error = progress.advance(weight(&changes[1]).unwrap(), &sent).unwrap_err();
        assert_eq!(error.to_string(), "of changes that weigh 2, a client has received 3");
    }
}
