//! How deep the types of a document are nested.
//!
//! A map can be in a map, and so on without an end. Whoever deletes or reads the outermost goes through all of them by
//! recursion, `yrs` and Yjs alike, and at some depth their stack overflows: for a room that ends the memory of all
//! rooms of the isolate. So no update is accepted that nests deeper than [`MAX_DEPTH`].
//!
//! What is known of each struct is only its depth and whether it is a type, and neighbours of which the same is known
//! are one entry: a text of a million characters has one for each client. A struct within another that is no type is
//! refused, too: `yrs` does not read on after it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::lib0::Malformed;

/// How deep types may be nested. Documents of editors have ten or twenty levels.
const MAX_DEPTH: u16 = 200;

/// The number of a struct: its client, and its clock.
pub(super) type Id = (u64, u32);

/// Where structs of an update are in the document: from a clock of a client on, up to the next place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) from: Id,
    pub(super) of: Nested,
    pub(super) kind: Kind,
}

/// Whether structs are types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One is: others can be within it.
    Type,
    /// One is a document of its own.
    Document,
    /// They were deleted, and nobody can tell any more.
    Gone,
    /// They are not.
    Other,
}

/// What a place is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nested {
    /// In a type of the document's own, or nowhere any more.
    Outermost,
    /// In the type that this struct is.
    Within(Id),
    /// In the type that its neighbours are in.
    Beside(Option<Id>, Option<Id>),
}

/// The depths of what is known, and the kinds.
#[derive(Debug, Default)]
pub(super) struct Depths(pub(super) BTreeMap<Id, (u16, Kind)>);

/// How far the depth of a place is known.
#[derive(Clone, Copy)]
enum Depth {
    Unknown,
    Asked,
    Known(u16),
}

impl Depths {
    /// Returns the depths of an update's places, which are in order.
    ///
    /// # Errors
    ///
    /// When they are nested too deep, go round in a circle, or are within what is no type.
    pub(super) fn of(
        &self,
        places: &[Place],
        is_known: impl Fn(Id) -> bool,
    ) -> Result<Vec<(Id, u16, Kind)>, Malformed> {
        let mut depths = vec![Depth::Unknown; places.len()];
        for start in 0..places.len() {
            let mut open = vec![start];
            while let Some(&at) = open.last() {
                let (Some(place), Some(depth)) = (places.get(at), depths.get(at).copied()) else { break };
                let (first, second) = place.of.references();
                let indices = || [first, second].into_iter().flatten().filter_map(|id| index(places, id));
                match depth {
                    Depth::Known(_) => drop(open.pop()),
                    Depth::Unknown => {
                        set(&mut depths, at, Depth::Asked);
                        for next in indices() {
                            match depths.get(next) {
                                Some(Depth::Unknown) => open.push(next),
                                Some(Depth::Asked) => {
                                    return Err(Malformed("structs refer to each other in a circle"));
                                }
                                _ => {}
                            }
                        }
                    }
                    Depth::Asked => {
                        let known = |id: Id| match index(places, id).and_then(|index| depths.get(index)) {
                            Some(Depth::Known(depth)) => *depth,
                            _ => self.known(id).0,
                        };
                        let deepest = first.map_or(0, known).max(second.map_or(0, known));
                        if let Nested::Within(id) = place.of
                            && (index(places, id).is_some() || is_known(id))
                            && matches!(self.kind(places, id), Kind::Other | Kind::Document)
                        {
                            return Err(Malformed("the parent of a struct is no type"));
                        }
                        let depth = match place.of {
                            Nested::Outermost => 0,
                            Nested::Within(_) => deepest.saturating_add(1),
                            Nested::Beside(..) => deepest,
                        };
                        if depth > MAX_DEPTH {
                            return Err(Malformed("types are nested too deep"));
                        }
                        set(&mut depths, at, Depth::Known(depth));
                    }
                }
            }
        }
        let known = depths.iter().map(|depth| if let Depth::Known(depth) = depth { *depth } else { 0 });
        Ok(places.iter().zip(known).map(|(place, depth)| (place.from, depth, place.kind)).collect())
    }

    fn kind(&self, places: &[Place], id: Id) -> Kind {
        match index(places, id).and_then(|index| places.get(index)) {
            Some(place) => place.kind,
            None => self.known(id).1,
        }
    }

    /// Adds what an update says. `reach` is the clock of a client up to which all is known: about that, an update can
    /// say nothing new.
    pub(super) fn learn(&mut self, depths: Vec<(Id, u16, Kind)>, reach: impl Fn(u64) -> u32) {
        for ((client, clock), depth, kind) in depths {
            // What begins before, goes on.
            let from = (client, clock.max(reach(client)));
            if self.entry(from) != Some((depth, kind)) || kind.is_single() {
                self.0.insert(from, (depth, kind));
            }
        }
    }

    /// Returns the depth of a struct and its kind. What is not known is no type.
    pub(super) fn known(&self, id: Id) -> (u16, Kind) {
        self.entry(id).unwrap_or((0, Kind::Other))
    }

    fn entry(&self, (client, clock): Id) -> Option<(u16, Kind)> {
        self.0.range((client, 0)..=(client, clock)).next_back().map(|(_, entry)| *entry)
    }
}

impl Kind {
    /// Returns whether each struct of this kind is noted by itself.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Self::Type | Self::Document)
    }
}

impl Nested {
    fn references(self) -> (Option<Id>, Option<Id>) {
        match self {
            Self::Outermost => (None, None),
            Self::Within(id) => (Some(id), None),
            Self::Beside(left, right) => (left, right),
        }
    }
}

/// Returns the place that a struct of the update is in.
fn index(places: &[Place], id: Id) -> Option<usize> {
    let index = places.partition_point(|place| place.from <= id).checked_sub(1)?;
    places.get(index).filter(|place| place.from.0 == id.0).map(|_| index)
}

fn set(depths: &mut [Depth], at: usize, depth: Depth) {
    if let Some(place) = depths.get_mut(at) {
        *place = depth;
    }
}
