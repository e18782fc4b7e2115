//! Random numbers that a seed decides, and tests that try many seeds.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

use std::panic::{AssertUnwindSafe, catch_unwind};

/// In how many threads seeds are tried.
const THREADS: u64 = 4;

/// The random numbers of a seed (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Returns a number that is less than `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// Returns one of these, if there is one.
    pub(crate) fn one<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = self.below(u64::try_from(choices.len()).unwrap().max(1));
        choices.get(usize::try_from(index).unwrap()).copied()
    }
}

/// Tries as many seeds, or only the one that the variable `SEED` names.
pub(crate) fn each_seed(seeds: u64, run: fn(u64)) {
    let only: Option<u64> = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    if let Some(seed) = only {
        return run(seed);
    }
    let part = |thread: u64| {
        for seed in (0..seeds).filter(|seed| seed % THREADS == thread) {
            if catch_unwind(AssertUnwindSafe(|| run(seed))).is_err() {
                panic!("seed {seed} failed: run it alone with SEED={seed}");
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|thread| drop(scope.spawn(move || part(thread)))));
}
