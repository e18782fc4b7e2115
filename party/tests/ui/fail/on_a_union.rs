// A union is no struct either.
use party::party;

#[party]
pub union Chat {
    number: u32,
}

fn main() {}
