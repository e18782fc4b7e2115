//! Secrets and variables of the worker.

use party::testing::TestRoom;
use party::{Body, Props, Request, Response, Result, Room, Server};

/// A room that shows its secret.
struct Teller;

impl Server for Teller {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
        Ok(Response::new(Body::from(room.secret("KEY")?)))
    }
}

#[test]
fn a_secret_that_is_missing_or_empty_is_an_error_that_names_it_in_the_log_only() {
    let room = TestRoom::<Teller>::new("lobby");
    for set in [None, Some("")] {
        if let Some(text) = set {
            room.set_secret("KEY", text);
        }
        let response = room.get("/");
        assert_eq!(response.status(), 500);
        assert!(!response.text().contains("KEY"), "{}", response.text());
        assert!(room.log().concat().contains("no secret or variable `KEY`"));
    }
    room.set_secret("KEY", "sesame");
    room.evict();
    assert_eq!(room.get("/").text(), "sesame");
}
