// A reserved word of JavaScript is not a valid name.
use party::{Props, Result, Room, Server, party};

#[party(class = "class")]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
