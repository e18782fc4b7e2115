// A union is not a struct either.
use party::party;

#[party]
pub union Chat {
    number: u32,
}

fn main() {}
