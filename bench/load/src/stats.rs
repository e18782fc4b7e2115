//! Percentiles, medians and spreads.

use std::time::Duration;

/// What several rounds have given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Returns the spread of some numbers; `None` of none.
    pub(crate) fn of(numbers: &[f64]) -> Option<Self> {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Self { median: median(&sorted)?, least: *sorted.first()?, most: *sorted.last()? })
    }

    /// Returns the spread of what one is to the other. Numbers of the same round are compared with each other, since
    /// the machine was then in the same mood; where there are not as many of both, all are compared with the other's
    /// median. `None` where the other is nothing.
    pub(crate) fn of_ratios(numbers: &[f64], to: &[f64]) -> Option<Self> {
        let ratios: Vec<f64> = if numbers.len() == to.len() {
            numbers.iter().zip(to).map(|(one, other)| one / other).collect()
        } else {
            let other = Self::of(to)?.median;
            numbers.iter().map(|one| one / other).collect()
        };
        ratios.iter().all(|ratio| ratio.is_finite()).then(|| Self::of(&ratios))?
    }
}

/// Returns the median of sorted numbers.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    match sorted.len() % 2 {
        0 => Some((sorted.get(middle - 1)? + upper) / 2.0),
        _ => Some(upper),
    }
}

/// Returns the smallest number that at least `percent` percent of all do not exceed, for 1 to 100.
pub(crate) fn percentile(numbers: &mut [u32], percent: usize) -> Option<u32> {
    numbers.sort_unstable();
    let rank = (numbers.len() * percent).div_ceil(100);
    numbers.get(rank.checked_sub(1)?).copied()
}

/// Returns a time divided by `things`, in microseconds.
pub(crate) fn micros_each(time: Duration, things: usize) -> f64 {
    time.as_secs_f64() * 1e6 / things as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_between_the_two_in_the_middle() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(spread, Some(Spread { median: 2.5, least: 1.0, most: 4.0 }));
        assert_eq!(Spread::of(&[5.0]).map(|spread| spread.median), Some(5.0));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn ratios_are_those_of_the_same_round() {
        let spread = Spread::of_ratios(&[1.0, 20.0, 3.0], &[2.0, 40.0, 3.0]);
        assert_eq!(spread, Some(Spread { median: 0.5, least: 0.5, most: 1.0 }));
        let spread = Spread::of_ratios(&[1.0, 2.0], &[2.0]);
        assert_eq!(spread, Some(Spread { median: 0.75, least: 0.5, most: 1.0 }));
        assert_eq!(Spread::of_ratios(&[1.0], &[0.0]), None);
    }

    #[test]
    fn a_percentile_is_one_of_the_numbers() {
        let mut numbers: Vec<u32> = (1..=200).rev().collect();
        assert_eq!(percentile(&mut numbers, 50), Some(100));
        assert_eq!(percentile(&mut numbers, 99), Some(198));
        assert_eq!(percentile(&mut numbers, 100), Some(200));
        assert_eq!(percentile(&mut [], 50), None);
    }

    #[test]
    fn a_time_is_shared_out() {
        assert_eq!(micros_each(Duration::from_millis(3), 2), 1_500.0);
    }
}
