// An option is a name and a value.
use party::{Props, Result, Room, Server, party};

#[party("ChatRoom")]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
