//! Clients that do not read what they are sent.

use party::parts::backlog::{Backlog, BacklogOptions};
use party::testing::TestRoom;
use party::{Connection, Error, Message, Props, Result, Room, Server};

use crate::support::{ROOM, told};

/// Sends a client as many bytes as it asks for, and then looks for clients to probe.
struct Feed {
    backlog: Backlog,
}

impl Server for Feed {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { backlog: Backlog::open(room, BacklogOptions::default().ask_after(400))? })
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let bytes = message.as_text().unwrap_or_default().parse().map_err(Error::other)?;
        from.send("x".repeat(bytes));
        self.backlog.check(|client, _| {
            room.log(&format!("asked {}", client.id()));
            true
        });
        Ok(())
    }
}

#[test]
fn a_client_is_probed_once_the_room_has_sent_a_quarter_more() {
    let room = TestRoom::<Feed>::new(ROOM);
    let ada = room.connect("ada");
    // After 399 bytes there is nothing to ask. The next look comes 100 bytes later.
    for bytes in ["399", "1", "98"] {
        ada.send(bytes);
        assert_eq!(told(&room), Vec::<String>::new(), "{bytes}");
    }
    ada.send("1");
    assert_eq!(told(&room), ["asked ada"]);
}
