//! Rooms that lose their memory while they answer a call, or wait for an answer.

use std::time::Duration;

use party::testing::{CallFault, TestRoom, TestWorld};
use party::{Props, RemoteCall, Reply, Result, Room, Server};

use super::{Ask, Node, ask, asks, client, counted, node, world};

const B: (&str, &str) = ("node", "b");

/// The next build of [`Node`]: it answers every call in another way.
struct Next;

impl Server for Next {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_call(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |_: Ask| Ok("the next build".to_owned())).await
    }
}

/// Has a room call another one that answers after two seconds, resets that one after a second, and returns what the
/// caller got.
fn reset_meanwhile(reset: impl FnOnce(TestRoom<Node>)) -> (TestWorld, String) {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(asks(&ada, ask(B, Ask::CountAfter(2))), None);
    world.advance(Duration::from_secs(1));
    let storage = node(&world, "b").storage();
    reset(node(&world, "b"));
    let error = ada.receive_text();
    world.advance(Duration::from_secs(10));
    assert_eq!((storage.get::<u32>("count").unwrap(), ada.try_receive()), (None, None));
    (world, error)
}

#[test]
fn the_caller_of_a_room_that_is_reset_while_it_answers_gets_an_error() {
    let error = "Platform: the room b cannot be reached: it was reset before it has answered";
    assert_eq!(reset_meanwhile(|room| room.evict()).1, error);
    assert_eq!(reset_meanwhile(|room| room.crash()).1, error);
    let (world, text) = reset_meanwhile(|room| drop(room.deploy::<Next>()));
    assert_eq!(text, error);
    assert_eq!(world.room::<Next>("node", "b").call(&Ask::Count).unwrap(), "the next build");
    assert_eq!(asks(&client(&world, "a"), ask(B, Ask::Count)).unwrap(), "the next build");
}

#[test]
fn an_answer_to_a_room_that_was_reset_meanwhile_goes_nowhere() {
    for reset in [TestRoom::<Node>::evict, TestRoom::crash] {
        let world = world();
        let ada = client(&world, "a");
        assert_eq!(asks(&ada, ask(B, Ask::CountAfter(2))), None);
        reset(&node(&world, "a"));
        world.advance(Duration::from_secs(2));
        assert_eq!((counted(&world, "b"), ada.try_receive()), (1, None));
        let ada = client(&world, "a");
        assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "2");
    }
}

#[test]
fn a_call_that_is_on_its_way_reaches_the_room_after_a_reset() {
    let world = world();
    let ada = client(&world, "a");
    asks(&ada, ask(B, Ask::Count));
    world.fault_next_call(B, CallFault::Delay(Duration::from_secs(1)));
    assert_eq!(asks(&ada, ask(B, Ask::Count)), None);
    node(&world, "b").crash();
    world.advance(Duration::from_secs(1));
    assert_eq!(ada.receive_text(), "2");
}

#[test]
fn an_error_goes_back_along_a_chain_of_calls() {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(asks(&ada, ask(B, ask(("other", "c"), Ask::CountAfter(2)))), None);
    world.room::<Node>("other", "c").evict();
    let error = ada.receive_text();
    assert!(error.starts_with("Other: the room failed"), "b has failed, since c was reset: {error}");
    assert!(world.errors().iter().any(|line| line.contains("[b] ") && line.contains("it was reset")));
}

#[test]
fn a_cycle_of_calls_ends_when_one_of_its_rooms_is_reset() {
    let world = world();
    let ada = client(&world, "a");
    assert_eq!(asks(&ada, ask(B, ask(("node", "a"), Ask::CountAfter(2)))), None);
    node(&world, "a").evict();
    world.advance(Duration::from_secs(10));
    assert_eq!((counted(&world, "a"), ada.try_receive()), (0, None));
    assert_eq!(asks(&ada, ask(B, ask(("node", "a"), Ask::Count))).unwrap(), "1");
}

#[test]
fn a_room_of_a_world_keeps_and_restores_its_stored_data_alone() {
    let world = world();
    let ada = client(&world, "a");
    asks(&ada, ask(B, Ask::Count));
    let kept = node(&world, "b").snapshot().unwrap();
    asks(&ada, ask(B, Ask::Count));
    asks(&ada, Ask::Count);
    node(&world, "b").restore(&kept).unwrap();
    assert_eq!((counted(&world, "a"), counted(&world, "b")), (1, 1));
    assert!(ada.is_open());
    assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "2");
}
