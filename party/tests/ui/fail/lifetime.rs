// A room borrows from nothing: it lives as long as the platform wants.
use party::party;

#[party]
pub struct Chat<'a> {
    title: &'a str,
}

fn main() {}
