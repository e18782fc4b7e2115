//! How long the buckets of a rate are kept, and what a clock that is set back does to them.

use super::rates::KEPT;
use super::*;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn full_buckets_are_forgotten_only_when_there_are_many() {
    let rates = Rates::new(Rate::new(1, Duration::from_secs(1)));
    for n in 0..KEPT {
        assert!(rates.take(&n.to_string(), at(0)).is_ok());
    }
    assert_eq!(rates.kept(), KEPT);
    // One that is known needs no place.
    assert!(rates.take("0", at(1_000)).is_ok());
    assert_eq!(rates.kept(), KEPT);
    // All others have just become full.
    assert!(rates.take("new", at(1_000)).is_ok());
    assert_eq!(rates.kept(), 2);
}

#[test]
fn few_buckets_are_kept_also_when_they_are_full() {
    let rates = Rates::new(Rate::new(1, Duration::from_secs(1)));
    assert!(rates.take("ada", at(0)).is_ok() && rates.take("bob", at(60_000)).is_ok());
    assert_eq!(rates.kept(), 2);
}

#[test]
fn a_wait_counts_from_the_last_refusal_when_the_clock_is_set_back() {
    let rates = Rates::new(Rate::new(1, Duration::from_secs(1)));
    assert!(rates.take("ada", at(10_000)).is_ok());
    assert_eq!(rates.take("ada", at(10_600)), Err(Duration::from_millis(400)));
    assert_eq!(rates.take("ada", at(10_100)), Err(Duration::from_millis(400)));
    assert_eq!(rates.take("ada", at(5_000)), Err(Duration::from_millis(400)));
    assert!(rates.take("ada", at(5_400)).is_ok());
}

#[test]
fn each_limit_keeps_its_value_when_others_follow() {
    let rate = |burst| Rate::new(burst, Duration::from_secs(1));
    let options = LimitsOptions::default()
        .frame_bytes(1)
        .members(2)
        .connections(3)
        .per_member(rate(4))
        .per_address(rate(5))
        .connects_per_member(rate(6))
        .connects_per_address(rate(7))
        .patience(8);
    assert_eq!((options.frame_bytes, options.members, options.connections), (1, 2, 3));
    let rates =
        [options.per_member, options.per_address, options.connects_per_member, options.connects_per_address];
    assert_eq!((rates, options.patience), ([4, 5, 6, 7].map(rate), 8));
}
