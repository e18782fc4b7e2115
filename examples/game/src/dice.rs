//! Chance that can be repeated: the same seed gives the same game.

/// Dice: SplitMix64, which is quick and good enough for ships. Secrets are not made of it.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Returns dice that start from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns one of `choices`, each as likely as the others; `None` if there is none.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        let count = u64::try_from(choices.len()).ok()?;
        let index = self.next().checked_rem(count)?;
        choices.get(usize::try_from(index).ok()?).cloned()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
