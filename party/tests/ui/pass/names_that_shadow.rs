// The expansion stands on full paths: names of the user's own do not reach into it.
#![deny(warnings)]

use party::{Props, Room, Server, party};

#[party]
pub struct Chat;

#[allow(dead_code)]
type Result<T> = Option<T>;
#[allow(dead_code)]
struct String;
#[allow(dead_code)]
struct Object;
#[allow(dead_code)]
mod core {}
#[allow(dead_code)]
mod std {}

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> party::Result<Self> {
        party::Result::Ok(Self)
    }
}

fn main() {}
