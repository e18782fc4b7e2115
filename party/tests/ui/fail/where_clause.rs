// There is nothing that could be bounded.
use party::{Props, Result, Room, Server, party};

#[party]
pub struct Chat
where
    String: Clone;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
