// Rust takes more letters than the platform does.
use party::{Props, Result, Room, Server, party};

#[party]
pub struct Café;

impl Server for Café {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
