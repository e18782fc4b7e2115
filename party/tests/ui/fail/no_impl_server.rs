// A party says what its rooms do.
use party::party;

#[party]
pub struct Chat;

fn main() {}
