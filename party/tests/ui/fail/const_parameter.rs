// The platform makes objects of one class: it cannot choose a number.
use party::party;

#[party]
pub struct Chat<const SEATS: usize> {
    seats: [u8; SEATS],
}

fn main() {}
