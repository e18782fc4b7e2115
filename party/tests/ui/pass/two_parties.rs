// One crate, several parties, side by side.
#![deny(warnings)]

use party::{Props, Result, Room, Server, party};

#[party]
pub struct Chat;

#[party]
pub struct Game;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

impl Server for Game {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
