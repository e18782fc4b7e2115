// A name does not begin with a digit.
use party::{Props, Result, Room, Server, party};

#[party(class = "2Chat")]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
