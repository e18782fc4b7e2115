//! Rates, and the limits of a room; ephemeral events and batches, which are bounded in time.

use std::time::Duration;

use party::parts::batch::Batch;
use party::parts::ephemeral::{Ephemeral, EphemeralOptions};
use party::parts::limits::{Limits, LimitsOptions, Rate, Rates};
use party::parts::wire::{Json, ServerFrame};
use party::testing::{TestClient, TestRoom};
use party::{CloseCode, Connection, Error, Message, Props, Result, Room, Server, Timestamp};

use crate::support::{ROOM, member_of};

/// Returns a moment, in milliseconds.
fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn a_burst_is_taken_at_once_and_then_one_every_so_often() {
    let rates = Rates::new(Rate::new(3, Duration::from_millis(100)));
    let taken = |now| rates.take("ada", at(now)).map_err(|wait| wait.as_millis());
    assert_eq!((taken(1_000), taken(1_000), taken(1_000)), (Ok(()), Ok(()), Ok(())));
    assert_eq!(taken(1_000), Err(100));
    assert_eq!(taken(1_060), Err(40));
    assert_eq!((taken(1_100), taken(1_100)), (Ok(()), Err(100)));
    assert_eq!((taken(9_000), taken(9_000), taken(9_000), taken(9_000)), (Ok(()), Ok(()), Ok(()), Err(100)));
}

#[test]
fn several_are_taken_together_or_not_at_all_and_more_than_a_burst_from_a_full_bucket() {
    let rates = Rates::new(Rate::new(3, Duration::from_millis(100)));
    let taken = |count, now| rates.take_many("ada", count, at(now)).map_err(|wait| wait.as_millis());
    assert_eq!(taken(2, 1_000), Ok(()));
    assert_eq!(taken(2, 1_000), Err(100));
    assert_eq!(taken(1, 1_000), Ok(()));
    assert_eq!(taken(9, 1_000), Err(300));
    assert_eq!(taken(9, 1_300), Ok(()));
    assert_eq!(taken(1, 1_300), Err(700));
    assert_eq!(taken(1, 2_000), Ok(()));
}

#[test]
fn refusals_are_counted_until_something_is_taken_and_cost_nothing() {
    let rates = Rates::new(Rate::new(1, Duration::from_millis(100)));
    assert!(rates.take("ada", at(0)).is_ok());
    (0..50).for_each(|_| assert!(rates.take("ada", at(0)).is_err()));
    assert_eq!((rates.refused("ada"), rates.refused("bob")), (50, 0));
    assert!(rates.take("ada", at(100)).is_ok());
    assert_eq!(rates.refused("ada"), 0);
}

#[test]
fn buckets_that_are_full_again_are_forgotten_and_the_others_are_not() {
    let rates = Rates::new(Rate::new(1, Duration::from_secs(1)));
    assert!(rates.take("eve", at(10_000)).is_ok());
    (0..10_000).for_each(|n| assert!(rates.take(&n.to_string(), at(n)).is_ok()));
    assert!(rates.take("eve", at(10_500)).is_err());
}

/// Takes what it can, under tight limits, and sends on that somebody types.
struct Strict<const MEMBERS: usize = 2> {
    limits: Limits,
    ephemeral: Ephemeral,
    batch: Batch<String>,
}

/// Returns what a client can read in an error that ends its connection.
fn describe(error: Error) -> String {
    let again = error.retry_time().unwrap_or_default();
    let code = error.close_code().map_or(0, CloseCode::as_u16);
    format!("{}, again in {again:?}, closes with {code}", error.code())
}

impl<const MEMBERS: usize> Server for Strict<MEMBERS> {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let member = Rate::new(3, Duration::from_secs(1));
        let address = Rate::new(5, Duration::from_secs(1));
        Ok(Self {
            limits: Limits::open(
                room,
                LimitsOptions::default()
                    .per_member(member)
                    .per_address(address)
                    .connects_per_member(Rate::new(1, Duration::from_secs(1)))
                    .patience(4)
                    .connections(3)
                    .members(MEMBERS),
            )?,
            ephemeral: Ephemeral::open(
                room,
                EphemeralOptions::default()
                    .ttl(Duration::from_secs(3))
                    .interval(Duration::from_secs(1))
                    .up_to(3),
            )?,
            batch: Batch::open(room, Duration::from_millis(5))?,
        })
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let (what, text): (String, String) = message.read_json()?;
        match what.as_str() {
            "type" | "point" | "end" => {
                let data = if text.is_empty() { None } else { Some(Json::of(&text)?) };
                let kind = if what == "point" { "pointing" } else { "typing" };
                self.ephemeral.relay(from, &member_of(from)?, kind, data, what == "end").map(drop)
            }
            "admit" => {
                let taken = text.parse().unwrap_or(0);
                let (limits, refusal) = (&self.limits, |admitted: Result<()>| admitted.err().map(describe));
                from.send_json(&[
                    refusal(limits.admit(taken)),
                    refusal(limits.admit_from_address(taken)),
                    refusal(limits.admit_connection(taken)),
                ])
            }
            "connect" => {
                let refused = self.limits.take_connect(&member_of(from)?, None).err();
                from.send_json(&refused.map(describe))
            }
            "batch" => match self.batch.gather(text).await {
                Some(together) => {
                    room.broadcast_json(&together)?.send();
                    Ok(())
                }
                None => Ok(()),
            },
            _ => {
                let address = from.query("from").map(|from| from.into_owned());
                let cost = text.parse().unwrap_or(1);
                let taken = self.limits.take(&member_of(from)?, address.as_deref(), cost);
                if let Err(error) = &taken
                    && let Some(code) = error.close_code()
                {
                    from.close(code, error.public_text());
                }
                from.send_json(&taken.map_err(|error| error.retry_time().map(|time| time.as_millis())))
            }
        }
    }
}

fn take(client: &TestClient, cost: &str) -> std::result::Result<(), Option<u64>> {
    client.send_json(&("take", cost));
    client.receive_json()
}

#[test]
fn a_member_over_its_rate_gets_a_retry_time_and_is_closed_if_it_goes_on() {
    let room = TestRoom::<Strict>::new(ROOM);
    let eve = room.connect("eve");
    (0..3).for_each(|_| assert_eq!(take(&eve, "1"), Ok(())));
    (0..4).for_each(|_| assert_eq!(take(&eve, "1"), Err(Some(1_000))));
    assert!(eve.is_open());
    eve.send_json(&("take", "1"));
    assert_eq!(eve.closed().unwrap().code, 4429);
}

#[test]
fn each_operation_in_a_frame_counts_towards_the_limit() {
    let room = TestRoom::<Strict>::new(ROOM);
    let eve = room.connect("eve");
    assert_eq!(take(&eve, "2"), Ok(()));
    assert_eq!(take(&eve, "2"), Err(Some(1_000)));
    assert_eq!(take(&eve, "1"), Ok(()));
    room.advance(Duration::from_secs(3));
    assert_eq!(take(&eve, "3"), Ok(()));
}

#[test]
fn members_of_one_address_share_its_rate() {
    let room = TestRoom::<Strict>::new(ROOM);
    let from = |id: &str, from: &str| room.connecting(id).query("from", from).connect();
    let (eve, twin, other) = (from("eve", "a"), from("twin", "a"), from("other", "b"));
    assert_eq!(take(&eve, "3"), Ok(()));
    assert_eq!(take(&twin, "2"), Ok(()));
    assert!(take(&twin, "1").is_err());
    assert_eq!(take(&other, "1"), Ok(()));
}

#[test]
fn a_client_that_keeps_exceeding_its_address_limit_is_closed() {
    let room = TestRoom::<Strict>::new(ROOM);
    let from = |id: &str| room.connecting(id).query("from", "a").connect();
    let (eve, twin, other) = (from("eve"), from("twin"), from("other"));
    assert_eq!((take(&eve, "3"), take(&twin, "2")), (Ok(()), Ok(())));
    (0..4).for_each(|_| assert_eq!(take(&other, "1"), Err(Some(1_000))));
    assert!(other.is_open());
    room.advance(Duration::from_secs(1));
    assert_eq!(take(&other, "1"), Ok(()));
    (0..4).for_each(|_| assert_eq!(take(&other, "1"), Err(Some(1_000))));
    assert!(other.is_open());
    other.send_json(&("take", "1"));
    assert_eq!(other.closed().unwrap().code, 4429);
    assert!(eve.is_open() && twin.is_open());
}

#[test]
fn a_member_that_connects_too_often_is_closed_and_if_it_goes_on_it_gets_no_socket() {
    let room = TestRoom::<Strict>::new(ROOM);
    let eve = room.connect("eve");
    let connects = || -> Option<String> {
        eve.send_json(&("connect", ""));
        eve.receive_json()
    };
    assert_eq!(connects(), None);
    for _ in 0..4 {
        assert_eq!(connects().as_deref(), Some("slow_down, again in 1s, closes with 4429"));
    }
    assert_eq!(connects().as_deref(), Some("slow_down, again in 1s, closes with 0"));
}

#[test]
fn a_room_is_full_when_it_has_as_many_members_as_it_may() {
    let room = TestRoom::<Strict>::new(ROOM);
    let eve = room.connect("eve");
    let admits = |members: &str| -> [Option<String>; 3] {
        eve.send_json(&("admit", members));
        eve.receive_json()
    };
    let full = || Some("room_full, again in 30s, closes with 4503".to_owned());
    // As a member, from one address, with one more connection.
    assert_eq!(admits("0"), [None, None, None]);
    assert_eq!(admits("1"), [None, full(), None]);
    assert_eq!(admits("2"), [full(), full(), None]);
    assert_eq!(admits("3"), [full(), full(), full()]);
    let room = TestRoom::<Strict<1>>::new(ROOM);
    let ada = room.connect("ada");
    ada.send_json(&("admit", "0"));
    assert_eq!(ada.receive_json::<[Option<String>; 3]>(), [None, None, None], "one address has one place");
}

fn events(client: &TestClient) -> Vec<(String, u64)> {
    let read = |message: &Message| match message.read_json().unwrap() {
        ServerFrame::<(), ()>::Ephemeral(event) => (event.from, event.ttl),
        other => panic!("expected an ephemeral event, got {other:?}"),
    };
    client.received().iter().map(read).collect()
}

#[test]
fn an_ephemeral_event_is_rate_limited_and_its_end_is_not() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    (0..5).for_each(|_| ada.send_json(&("type", "")));
    assert_eq!(events(&bob), [("ada".to_owned(), 3_000)]);
    assert!(ada.received().is_empty());
    ada.send_json(&("end", ""));
    ada.send_json(&("end", ""));
    assert_eq!(events(&bob), [("ada".to_owned(), 0)]);
    ada.send_json(&("type", ""));
    assert_eq!(events(&bob).len(), 1);
    room.advance(Duration::from_secs(1));
    ada.send_json(&("type", ""));
    assert_eq!(events(&bob).len(), 1);
}

#[test]
fn an_event_that_others_have_followed_can_still_be_ended() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob, cy) = (room.connect("ada"), room.connect("bob"), room.connect("cy"));
    ada.send_json(&("type", ""));
    room.advance(Duration::from_secs(2));
    bob.send_json(&("type", ""));
    events(&cy);
    ada.send_json(&("end", ""));
    assert_eq!(events(&cy), [("ada".to_owned(), 0)]);
}

#[test]
fn ephemeral_events_are_limited_for_each_member_and_kind() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob, cy) = (room.connect("ada"), room.connect("bob"), room.connect("cy"));
    for (client, what) in [(&ada, "type"), (&ada, "point"), (&bob, "type"), (&ada, "type"), (&ada, "point")] {
        client.send_json(&(what, ""));
    }
    assert_eq!(events(&cy), ["ada", "ada", "bob"].map(|member| (member.to_owned(), 3_000)));
}

#[test]
fn ephemeral_events_are_not_stored() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    let kept = || serde_json::to_value(room.snapshot().unwrap()).unwrap();
    let before = kept();
    ["type", "point", "end"].iter().for_each(|what| ada.send_json(&(what, "")));
    assert_eq!(events(&bob).len(), 3);
    assert_eq!(kept(), before);
    // A life that knows of no event has none to end.
    ada.send_json(&("type", ""));
    assert_eq!(events(&bob).len(), 1);
    room.evict();
    ada.send_json(&("end", ""));
    assert!(events(&bob).is_empty());
}

#[test]
fn an_ephemeral_event_that_is_too_large_or_in_a_large_room_is_dropped() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send_json(&("type", &"x".repeat(511)));
    assert!(events(&bob).is_empty());
    ada.send_json(&("type", &"x".repeat(510)));
    assert_eq!(events(&bob).len(), 1);
    let _others = [room.connect("cy"), room.connect("dan")];
    room.advance(Duration::from_secs(1));
    ada.send_json(&("type", ""));
    assert!(events(&bob).is_empty());
}

fn batches(client: &TestClient) -> Vec<Vec<String>> {
    client.received().iter().map(|message| message.read_json().unwrap()).collect()
}

#[test]
fn a_quiet_room_commits_at_once_and_a_busy_one_in_batches() {
    let room = TestRoom::<Strict>::new(ROOM);
    let ada = room.connect("ada");
    ["1", "2", "3"].iter().for_each(|text| ada.send_json(&("batch", text)));
    assert_eq!(batches(&ada), [["1"]]);
    room.advance(Duration::from_millis(4));
    assert!(batches(&ada).is_empty());
    room.advance(Duration::from_millis(1));
    assert_eq!(batches(&ada), [["2", "3"]]);
    ada.send_json(&("batch", "4"));
    assert!(batches(&ada).is_empty());
    room.advance(Duration::from_millis(5));
    assert_eq!(batches(&ada), [["4"]]);
    room.advance(Duration::from_millis(5));
    ada.send_json(&("batch", "5"));
    assert_eq!(batches(&ada), [["5"]]);
}

#[test]
fn nobody_waits_behind_more_than_512() {
    let room = TestRoom::<Strict>::new(ROOM);
    let ada = room.connect("ada");
    (0..514).for_each(|n| ada.send_json(&("batch", n.to_string())));
    assert_eq!(batches(&ada).iter().map(Vec::len).collect::<Vec<_>>(), [1, 512]);
    room.advance(Duration::from_millis(5));
    assert_eq!(batches(&ada).iter().map(Vec::len).sum::<usize>(), 1);
}

#[test]
fn those_who_come_after_a_batch_wait_for_their_own_window_and_not_for_the_one_before() {
    let room = TestRoom::<Strict>::new(ROOM);
    let ada = room.connect("ada");
    let send = |n: u32| ada.send_json(&("batch", n.to_string()));
    (0..2).for_each(send);
    room.advance(Duration::from_millis(3));
    (2..513).for_each(send);
    assert_eq!(batches(&ada).iter().map(Vec::len).collect::<Vec<_>>(), [1, 512]);
    send(513);
    room.advance(Duration::from_millis(2));
    assert!(batches(&ada).is_empty(), "the window of the first has ended");
    room.advance(Duration::from_millis(3));
    assert_eq!(batches(&ada), [["513"]]);
}
