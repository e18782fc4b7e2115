// The least that a party is; a user's crate needs no `unsafe` and no crate but `party`.
#![forbid(unsafe_code)]
#![deny(warnings)]

use party::{Props, Result, Room, Server, party};

#[party]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
