// A party is a struct, not the function that answers its requests.
use party::party;

#[party]
pub async fn chat() {}

fn main() {}
