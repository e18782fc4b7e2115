// The platform makes objects of one class: it cannot choose a type.
use party::party;

#[party]
pub struct Chat<T> {
    kept: T,
}

fn main() {}
