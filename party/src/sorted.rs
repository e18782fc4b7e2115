//! Maps and sets in one sorted vector. Each type of `BTreeMap` is 8 KB more of code that is downloaded; one of these is
//! a few hundred bytes.
//!
//! To put something in, or to take it out, moves everything behind it: with the 32,768 sockets that an object can have,
//! and entries of 16 bytes, half a megabyte at most, which takes less time than it takes to answer a request. So
//! entries are small (what is large is boxed), and entries that come in order, as sockets do, are added at the end.

use std::borrow::Borrow;
use std::collections::BinaryHeap;

/// A map in one sorted vector.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V>(Vec<(K, V)>);

/// A set in one sorted vector.
pub(crate) type SortedSet<K> = Sorted<K, ()>;

impl<K: Ord, V> Sorted<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns the values, in the order of their keys, to change them.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Returns the entries in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Gives a key a value, in place of the one it had.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(place) => {
                if let Some((_, kept)) = self.0.get_mut(place) {
                    *kept = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// Takes a key's value away.
    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Keeps those entries alone whose value is as asked for.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.0.retain(|(_, value)| keep(value));
    }

    /// Returns where a key is, or where it would have to be.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(own, _)| own.borrow().cmp(key))
    }
}

impl<K: Ord> SortedSet<K> {
    /// Returns the keys from this one on.
    pub(crate) fn keys_from(&self, key: &K) -> impl Iterator<Item = &K> {
        let place = self.place(key).unwrap_or_else(|place| place);
        self.0.get(place..).unwrap_or_default().iter().map(|(key, ())| key)
    }
}

impl<K: Ord> FromIterator<K> for SortedSet<K> {
    /// Sorts with a heap: inserting each would take quadratic time, and `sort` has a lot of code.
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let heap: BinaryHeap<_> = keys.into_iter().map(|key| (key, ())).collect();
        let mut sorted = heap.into_sorted_vec();
        sorted.dedup();
        Self(sorted)
    }
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_map_whose_keys_are_in_order() {
        let mut map = Sorted::<String, u8>::default();
        assert!(map.is_empty());
        for (value, key) in (0..).zip(["m", "z", "a", "m"]) {
            map.insert(key.to_owned(), value);
        }
        let all: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        assert_eq!(all, [("a", 2), ("m", 3), ("z", 1)]);
        assert_eq!((map.get("z"), map.get("b"), map.len()), (Some(&1), None, 3));
        assert_eq!((map.remove("a"), map.remove("a")), (Some(2), None));
        if let Some(value) = map.get_mut("z") {
            *value = 4;
        }
        assert!(map.contains_key("z") && !map.contains_key("a"));
        map.retain(|value| *value == 4);
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_set_is_made_of_keys_in_any_order() {
        let set: SortedSet<u32> = [3, 1, 7, 3, 5, 1].into_iter().collect();
        assert_eq!(set.keys().copied().collect::<Vec<_>>(), [1, 3, 5, 7]);
        for (from, rest) in [(0, 4), (3, 3), (4, 2), (8, 0)] {
            assert_eq!(set.keys_from(&from).count(), rest, "from {from}");
        }
    }
}
