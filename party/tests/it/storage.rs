//! Values by key.

use party::testing::TestRoom;
use party::{Error, ErrorKind, Props, Request, Response, Result, Room, Server, http};
use serde_json::{Value as Json, json};

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

#[test]
fn a_transaction_that_fails_undoes_what_it_wrote_by_key() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    let storage = room.storage();
    storage.put("jam", "plum").unwrap();
    let undone = room.sql().transaction(|| {
        storage.put("jam", "cherry")?;
        storage.put("tea", "green")?;
        Err::<(), _>(Error::bad_message("undo"))
    });
    assert!(undone.is_err());
    assert_eq!(storage.list::<String>("").unwrap(), [("jam".to_owned(), "plum".to_owned())]);
}

#[test]
fn a_value_comes_back_as_javascript_has_it() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    let storage = room.storage();
    storage.put("half", &json!({"whole": 5.0, "half": 0.5, "list": [true, null, "x"]})).unwrap();
    let read: Json = storage.get("half").unwrap().unwrap();
    assert_eq!(read, json!({"whole": 5, "half": 0.5, "list": [true, null, "x"]}));
}

#[test]
fn an_integer_that_javascript_would_round_is_refused() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    let storage = room.storage();
    storage.put("largest", &((1_u64 << 53) - 1)).unwrap();
    assert_eq!(storage.put("rounded", &(1_u64 << 53)).unwrap_err().kind(), ErrorKind::Json);
    assert_eq!(storage.get::<u64>("largest").unwrap(), Some((1 << 53) - 1));
    assert_eq!(storage.get::<u64>("rounded").unwrap(), None);
}

#[test]
fn a_rooms_own_statements_cannot_use_the_table_of_the_values() {
    let room = TestRoom::<Cupboard>::new(ROOM);
    for query in ["SELECT * FROM _cf_KV", "DELETE FROM _cf_KV", "INSERT INTO _cf_KV VALUES ('a', '1')"] {
        assert_eq!(room.sql().execute(query, ()).unwrap_err().kind(), ErrorKind::Sql, "{query}");
    }
}
