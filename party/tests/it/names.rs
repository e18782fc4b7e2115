//! The room's name, also of an object that was not addressed by one.

use party::testing::TestRoom;
use party::{Body, Props, Request, Response, Result, Room, Server};

/// A room that says its name.
struct Named;

impl Server for Named {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.log(&format!("start of {}", room.name()));
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
        Ok(Response::new(Body::from(room.name().to_string())))
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.log(&format!("alarm of {}", room.name()));
        Ok(())
    }
}

#[test]
fn a_room_without_a_name_cannot_start_and_the_log_says_why() {
    let room = TestRoom::<Named>::unnamed();
    let response = room.get("/");
    assert_eq!(response.status(), 500);
    assert!(room.errors()[0].contains("x-partykit-room"), "{:?}", room.errors());
}

#[test]
fn a_name_that_is_told_is_kept_for_the_next_life() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("lobby");
    assert_eq!(room.get("/").text(), "lobby");
    room.evict();
    room.tell_name("lobby");
    assert_eq!(room.get("/").text(), "lobby");
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn another_name_than_the_one_that_is_kept_is_refused() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("lobby");
    room.get("/");
    room.evict();
    room.tell_name("cellar");
    assert_eq!(room.get("/").status(), 500);
    assert!(room.errors()[0].contains("cannot be named"), "{:?}", room.errors());
}

#[test]
fn the_name_that_an_object_was_addressed_by_goes_before_any_that_is_told() {
    let room = TestRoom::<Named>::new("lobby");
    room.tell_name("cellar");
    assert_eq!(room.get("/").text(), "lobby");
}
