// The attribute belongs on the struct, not on what it does.
use party::{Props, Result, Room, Server, party};

#[party]
pub struct Chat;

#[party]
impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
