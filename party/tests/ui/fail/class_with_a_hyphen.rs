// The name of an address is not the name of a class.
use party::{Props, Result, Room, Server, party};

#[party(class = "chat-room")]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
