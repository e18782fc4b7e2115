// A room's memory is its fields, of whatever types.
#![deny(warnings)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use party::{Connection, Message, Props, Result, Room, Server, party};

/// A room that remembers.
#[party]
#[derive(Debug, Default)]
pub struct Chat {
    /// How many messages there were.
    pub heard: Cell<u64>,
    last: RefCell<Option<Rc<str>>>,
}

impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self::default())
    }

    async fn on_message(&self, _room: &Room, _from: &Connection, message: Message) -> Result<()> {
        self.heard.set(self.heard.get() + 1);
        self.last.replace(message.as_text().map(Rc::from));
        Ok(())
    }
}

fn main() {}
