// The class may have another name than the struct, a trailing comma is nothing special.
#![deny(warnings)]

use party::{Props, Result, Room, Server, party};

#[party(class = "ChatRoom_2",)]
pub struct Chat;

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
