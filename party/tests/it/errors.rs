//! Errors that the platform reports on a connection.

use party::testing::TestRoom;
use party::{Connection, Error, Props, Result, Room, Server};

use crate::support::{ROOM, told};

/// A room that notes what it hears.
struct Nurse;

impl Server for Nurse {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_error(&self, room: &Room, who: &Connection, error: Error) -> Result<()> {
        room.log(&format!("{}: {error}", who.id()));
        Ok(())
    }
}

#[test]
fn an_error_on_an_open_connection_is_told_and_the_connection_stays() {
    let room = TestRoom::<Nurse>::new(ROOM);
    let ada = room.connect("ada");
    ada.fail("a frame is broken");
    assert!(told(&room).contains(&"ada: a frame is broken".to_owned()));
    assert!(ada.is_open());
}
