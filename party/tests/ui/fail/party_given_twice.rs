// One struct is one class.
use party::{Props, Result, Room, Server, party};

#[party]
#[party(class = "Talk")]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
