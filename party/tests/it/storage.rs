//! Values by key.

use party::testing::TestRoom;
use party::{ErrorKind, Props, Request, Response, Result, Room, Server, http};

use crate::support::ROOM;

/// A room that does with its storage what a request's path says.
struct Cupboard;

impl Server for Cupboard {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        let storage = room.storage();
        let steps: Vec<&str> = request.uri().path().split('/').skip(4).collect();
        let told = match steps.as_slice() {
            ["put", key, value] => format!("{:?}", storage.put(key, value)?),
            ["get", key] => format!("{:?}", storage.get::<String>(key)?),
            ["delete", key] => format!("{:?}", storage.delete(key)?),
            ["list", prefix] => format!("{:?}", storage.list::<String>(prefix)?),
            ["number", key] => format!("{:?}", storage.get::<u32>(key).map_err(|error| error.kind())),
            _ => String::new(),
        };
        Ok(http::Response::new(told.into()))
    }
}

#[test]
fn a_value_is_kept_by_its_key_over_sleep_and_crash() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    assert_eq!(room.get("/get/jam").text(), "None");
    room.get("/put/jam/plum");
    room.evict();
    assert_eq!(room.get("/get/jam").text(), r#"Some("plum")"#);
    room.get("/put/jam/cherry");
    room.crash();
    assert_eq!(room.get("/get/jam").text(), r#"Some("cherry")"#);
    assert_eq!(room.get("/delete/jam").text(), "true");
    assert_eq!(room.get("/delete/jam").text(), "false");
    assert_eq!(room.get("/get/jam").text(), "None");
}

#[test]
fn keys_are_listed_by_their_beginning_in_order() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    for key in ["b2", "a", "b1", "c", "b%"] {
        room.get(&format!("/put/{key}/x"));
    }
    assert_eq!(room.get("/list/b").text(), r#"[("b%", "x"), ("b1", "x"), ("b2", "x")]"#);
    assert_eq!(room.get("/list/b%").text(), r#"[("b%", "x")]"#);
}

#[test]
fn a_value_of_another_shape_is_an_error_and_no_guess() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    room.get("/put/jam/plum");
    assert_eq!(room.get("/number/jam").text(), format!("Err({:?})", ErrorKind::Json));
}
