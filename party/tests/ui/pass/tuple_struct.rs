// Fields need no names.
#![deny(warnings)]

use std::cell::Cell;

use party::{Props, Request, Response, Result, Room, Server, party};

#[party]
pub struct Chat(Cell<u32>, Room);

impl Server for Chat {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self(Cell::new(0), room.clone()))
    }

    async fn on_request(&self, _room: &Room, _request: Request) -> Result<Response> {
        self.0.set(self.1.connections().len().try_into().unwrap_or(u32::MAX));
        Ok(Response::default())
    }
}

fn main() {}
