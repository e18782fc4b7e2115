//! The room's name, also of an object that was not addressed by one.

use std::time::Duration;

use party::testing::TestRoom;
use party::{Body, Error, Props, Request, Response, Result, Room, Server};

/// A room that says its name.
struct Named;

impl Server for Named {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.log(&format!("start of {}", room.name()));
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        if request.uri().path().ends_with("/fail") {
            return Err(Error::other("db-7 is down"));
        }
        room.alarm().set_after(Duration::from_secs(60))?;
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

#[test]
fn another_name_is_refused_while_the_room_is_in_memory_too() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("lobby");
    room.get("/");
    room.tell_name("cellar");
    assert_eq!(room.get("/").status(), 500);
    room.tell_name("lobby");
    assert_eq!(room.get("/").text(), "lobby");
}

#[test]
fn an_event_after_a_wrong_name_finds_the_room_as_it_was() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("lobby");
    room.get("/");
    room.evict();
    room.tell_name("cellar");
    assert_eq!(room.get("/").status(), 500);
    room.log();
    room.advance(Duration::from_secs(60));
    assert_eq!(room.log(), ["[lobby] start of lobby", "[lobby] alarm of lobby"]);
}

#[test]
fn a_told_name_may_hold_any_unicode() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("größer 日本 🎌");
    assert_eq!(room.get("/").text(), "größer 日本 🎌");
}

#[test]
fn a_told_name_that_no_room_can_have_is_not_kept() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name(&"x".repeat(1025));
    assert_eq!(room.get("/").status(), 500);
    room.tell_name("lobby");
    assert_eq!(room.get("/").text(), "lobby");
}

#[test]
fn the_log_has_the_name_that_was_told() {
    let room = TestRoom::<Named>::unnamed();
    room.tell_name("lobby");
    room.get("/fail");
    assert!(room.errors()[0].starts_with("[lobby] on_request failed"), "{:?}", room.errors());
}

#[test]
fn the_name_that_partyserver_has_kept_is_the_rooms() {
    let room = TestRoom::<Named>::unnamed();
    room.storage().put("__ps_name", "lobby").unwrap();
    assert_eq!(room.get("/").text(), "lobby");
    room.evict();
    room.advance(Duration::from_secs(60));
    assert!(room.log().contains(&"[lobby] alarm of lobby".to_owned()));
}
