// There is one option, and this is not it.
use party::{Props, Result, Room, Server, party};

#[party(hibernate = true)]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
