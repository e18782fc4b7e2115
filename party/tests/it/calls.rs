//! Remote calls: the requests of a worker to a room, and the answers.

use http::StatusCode;
use party::testing::TestRoom;
use party::{Call, Error, ErrorKind, Props, RemoteCall, Reply, Result, Room, Server, http};
use serde::{Deserialize, Serialize};

use crate::support::ROOM;

/// A room that keeps points.
struct Score;

#[derive(Serialize, Deserialize)]
enum Question {
    Add { points: u32 },
    Cheat,
    Break,
}

impl Call for Question {
    type Reply = u32;
}

impl Server for Score {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.log("started");
        Ok(Self)
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |question: Question| match question {
            Question::Add { points } => {
                let sum = room.storage().get::<u32>("sum")?.unwrap_or(0).saturating_add(points);
                room.storage().put("sum", &sum)?;
                Ok(sum)
            }
            Question::Cheat => Err(Error::refuse(StatusCode::FORBIDDEN, "no cheating")),
            Question::Break => Err(Error::other("db-7 is down")),
        })
        .await
    }
}

#[test]
fn a_call_starts_the_room_and_is_answered_with_its_own_type() {
    let room = TestRoom::<Score>::new(ROOM);
    assert_eq!(room.call(&Question::Add { points: 3 }).unwrap(), 3);
    room.evict();
    assert_eq!(room.call(&Question::Add { points: 4 }).unwrap(), 7);
    assert_eq!(room.log().iter().filter(|line| line.ends_with("started")).count(), 2);
}

#[test]
fn a_refusal_reaches_the_caller_with_its_status_and_text() {
    let error = TestRoom::<Score>::new(ROOM).call(&Question::Cheat).unwrap_err();
    assert_eq!((error.status(), error.public_text()), (StatusCode::FORBIDDEN, "no cheating"));
}

#[test]
fn of_a_failure_the_caller_learns_only_that_there_was_one() {
    let room = TestRoom::<Score>::new(ROOM);
    let error = room.call(&Question::Break).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(!error.to_string().contains("db-7"), "{error}");
    assert!(room.errors()[0].contains("db-7 is down"));
}

#[test]
fn a_call_of_another_shape_is_refused() {
    #[derive(Serialize, Deserialize)]
    struct Other;
    impl Call for Other {
        type Reply = ();
    }
    let error = TestRoom::<Score>::new(ROOM).call(&Other).unwrap_err();
    assert_eq!(error.status(), StatusCode::BAD_REQUEST);
}

#[test]
fn a_party_answers_no_calls_unless_it_says_so() {
    struct Deaf;
    impl Server for Deaf {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
    }
    let error = TestRoom::<Deaf>::new(ROOM).call(&Question::Cheat).unwrap_err();
    assert_eq!(error.status(), StatusCode::NOT_IMPLEMENTED);
}
