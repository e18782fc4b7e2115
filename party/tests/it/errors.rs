//! Errors that the platform reports on a connection.

use std::time::Duration;

use party::testing::TestRoom;
use party::{Close, CloseCode, Connection, Error, Message, Props, Result, Room, Server};

use crate::support::{ROOM, told};

/// A room that notes the messages that it receives.
struct Nurse;

impl Server for Nurse {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
        from.close(CloseCode::app(4001), "as you wish");
        Ok(())
    }

    async fn on_error(&self, room: &Room, who: &Connection, error: Error) -> Result<()> {
        room.log(&format!("{}: {error}", who.id()));
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        if close.reason == "wait" {
            room.sleep(Duration::from_secs(1)).await;
        }
        room.log(&format!("{} {} of {}", who.id(), close.code, room.connections().len()));
        Ok(())
    }
}

#[test]
fn an_error_on_a_connection_is_told_and_ends_it() {
    for sleeps in [false, true] {
        let room = TestRoom::<Nurse>::new(ROOM);
        let (ada, bob) = (room.connect("ada"), room.connect("bob"));
        if sleeps {
            room.evict();
        }
        ada.fail("a frame is broken");
        let mut told = told(&room);
        told.retain(|line| line.starts_with("ada"));
        assert_eq!(told, ["ada: a frame is broken", "ada 1006 of 1"], "{sleeps}");
        assert!(!ada.is_open() && bob.is_open());
        ada.fail("again");
        bob.close(1000, "");
        assert_eq!(room.errors(), Vec::<String>::new(), "{sleeps}");
    }
}

#[test]
fn an_error_while_on_close_waits_is_not_a_second_end() {
    let room = TestRoom::<Nurse>::new(ROOM);
    let ada = room.connect("ada");
    ada.close(4000, "wait");
    ada.fail("the line is lost");
    room.advance(Duration::from_secs(1));
    assert_eq!(told(&room), ["ada 4000 of 0"]);
}

#[test]
fn a_connection_that_is_lost_while_it_closes_is_not_an_error() {
    let room = TestRoom::<Nurse>::new(ROOM);
    let ada = room.connect("ada");
    ada.defy();
    ada.send("close me");
    assert_eq!(told(&room), ["ada 4001 of 0"]);
    ada.fail("the line is lost");
    assert!(told(&room).is_empty() && room.errors().is_empty());
}
