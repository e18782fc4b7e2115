// A party is a struct: an enum has no one shape that a room could be made in.
use party::party;

#[party]
pub enum Chat {
    Lobby,
}

fn main() {}
