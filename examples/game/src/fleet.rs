//! Fleets: where ships may lie, and how they are dealt.

use crate::dice::Dice;

/// The cells of a side of the sea. Cells count from 0, row by row.
pub const SIZE: u8 = 8;

/// The cells of the sea.
pub const CELLS: u8 = SIZE * SIZE;

/// The ships of a fleet, by their lengths.
pub const LENGTHS: [u8; 4] = [4, 3, 3, 2];

/// The cells of a ship.
pub type Ship = Vec<u8>;

/// Returns a fleet where chance puts it. Ships lie straight, and do not touch, not even by a corner.
pub fn deal(dice: &mut Dice) -> Vec<Ship> {
    loop {
        let fleet = try_to_deal(dice);
        if fleet.len() == LENGTHS.len() {
            return fleet;
        }
    }
}

/// Returns one ship after the other, each at one of the places that are left. The last may have none, then there are
/// fewer.
fn try_to_deal(dice: &mut Dice) -> Vec<Ship> {
    let mut fleet: Vec<Ship> = Vec::new();
    for length in LENGTHS {
        let mut places = places(length);
        places.retain(|place| !fleet.iter().any(|ship| touch(ship, place)));
        fleet.extend(dice.pick(&places));
    }
    fleet
}

/// Returns every place in an empty sea for a ship of this length.
fn places(length: u8) -> Vec<Ship> {
    let last = SIZE.saturating_sub(length);
    let mut places = Vec::new();
    for across in 0..SIZE {
        for along in 0..=last {
            let end = along.saturating_add(length);
            places.push((along..end).map(|column| cell(column, across)).collect());
            places.push((along..end).map(|row| cell(across, row)).collect());
        }
    }
    places
}

fn cell(column: u8, row: u8) -> u8 {
    row.saturating_mul(SIZE).saturating_add(column)
}

/// Returns whether two ships share a cell, or lie side by side or corner to corner.
fn touch(one: &[u8], other: &[u8]) -> bool {
    one.iter().any(|&a| {
        other.iter().any(|&b| {
            let (columns, rows) = ((a % SIZE).abs_diff(b % SIZE), (a / SIZE).abs_diff(b / SIZE));
            columns <= 1 && rows <= 1
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fleet_is_whole_straight_in_the_sea_and_touches_nowhere() {
        for seed in 0..500 {
            let fleet = deal(&mut Dice::new(seed));
            assert_eq!(fleet.iter().map(|ship| ship.len() as u8).collect::<Vec<_>>(), LENGTHS);
            for (n, ship) in fleet.iter().enumerate() {
                assert!(ship.iter().all(|&cell| cell < CELLS), "seed {seed}");
                let steps: Vec<u8> = ship.windows(2).map(|pair| pair[1] - pair[0]).collect();
                assert!(steps.iter().all(|&step| step == steps[0] && [1, SIZE].contains(&step)));
                let row = ship[0] / SIZE;
                assert!(steps[0] == SIZE || ship.iter().all(|&cell| cell / SIZE == row), "seed {seed}");
                assert!(!fleet[n + 1..].iter().any(|other| touch(ship, other)), "seed {seed}");
            }
        }
    }

    #[test]
    fn chance_reaches_every_cell_of_the_sea() {
        let mut seen = [false; CELLS as usize];
        for seed in 0..500 {
            deal(&mut Dice::new(seed)).concat().iter().for_each(|&cell| seen[usize::from(cell)] = true);
        }
        assert!(seen.iter().all(|&seen| seen));
    }
}
