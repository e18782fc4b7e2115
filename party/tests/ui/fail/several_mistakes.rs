// All mistakes are reported at once.
use party::party;

#[party(class = "chat room", hibernate)]
#[party]
pub struct Chat<'a, T> {
    kept: &'a T,
}

fn main() {}
