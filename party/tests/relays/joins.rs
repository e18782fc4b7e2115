//! How members come to a relay, and which one it is.

use std::collections::BTreeSet;
use std::time::Duration;

use party::parts::wire::{Action, ServerFrame};
use party::testing::{CallFaults, TestClient, TestMember};

use crate::chance::{Chance, each_seed};
use crate::hall::{Command, Gathering, Hall, Talk};

const LOBBY: (&str, &str) = ("hall", "lobby");

#[test]
fn a_join_asks_the_hub_nothing_and_stores_nothing() {
    let mut all = Gathering::of(12);
    all.members[0].append("hello".to_owned());
    all.settle();
    // Each relay has asked before whether everyone may join, and has read a page.
    all.members.iter_mut().for_each(TestMember::vanish);
    all.reconnect();
    for _ in 0..40 {
        all.one_joins();
    }
    for relay in all.relays() {
        all.world.hold_calls(("hall", &format!("lobby/~relay/{relay}")), LOBBY);
    }
    let before = all.members.len();
    for _ in 0..6 {
        all.one_joins();
    }
    let resumed = &mut all.members[3];
    resumed.vanish();
    all.reconnect();
    assert!(all.members[3].is_connected() && all.members[3].recovered);
    for member in &mut all.members[before..] {
        assert!(member.is_connected());
        assert_eq!(member.bodies(), ["n0: hello"]);
    }
    for relay in all.relays() {
        let tables: Vec<(String,)> =
            all.relay(relay).sql().query("SELECT name FROM sqlite_schema WHERE type = 'table'", ()).unwrap();
        assert!(tables.iter().all(|(name,)| name.starts_with("_cf_")), "{tables:?}");
    }
}

#[test]
fn all_devices_of_a_member_are_at_one_relay_and_a_connection_takes_over_the_one_with_its_id() {
    let mut all = Gathering::of(12);
    let mut devices: Vec<TestMember<Talk>> =
        (0..4).map(|number| all.members[5].on_another_device(&format!("d{number}"))).collect();
    for device in &mut devices {
        device.join(&all.hub);
        assert_eq!(device.member, all.members[5].member);
    }
    let homes: BTreeSet<String> =
        devices.iter().chain([&all.members[5]]).map(|device| device.socket().room_name()).collect();
    assert_eq!(homes.len(), 1);
    let mut again = all.members[5].on_another_device("d0");
    again.join(&all.hub);
    assert_eq!(devices[0].socket().closed().map(|close| close.code), Some(4409));
    all.settle();
    let members = all.members.len();
    assert_eq!(all.members[0].count, Some(members), "a member counts once");
}

#[test]
fn a_member_that_was_made_at_a_relay_comes_back_to_it() {
    let mut all = Gathering::of(12);
    for _ in 0..20 {
        all.one_joins();
    }
    all.settle();
    let homes: Vec<String> = all.members.iter().map(|member| member.socket().room_name()).collect();
    all.members.iter_mut().for_each(TestMember::vanish);
    all.reconnect();
    all.settle();
    let again: Vec<String> = all.members.iter().map(|member| member.socket().room_name()).collect();
    assert_eq!(again, homes);
}

#[test]
fn a_room_that_only_lets_some_in_does_so_at_every_relay() {
    let mut all = Gathering::of(12);
    all.members[0].command(Command::Close(true));
    all.settle();
    let hub = all.world.room::<Hall>("hall", "lobby");
    let try_join = |member: &TestMember<Talk>| {
        member.connecting(&hub).begin().finish().ok().map(|socket| socket.closed().map(|close| close.code))
    };
    for number in 0..12 {
        assert_eq!(try_join(&TestMember::new(&format!("x{number}"))), Some(Some(4403)), "{number}");
        assert_eq!(try_join(&TestMember::new(&format!("y{number}")).invited("vip")), Some(None), "{number}");
    }
    all.members[0].command(Command::Close(false));
    all.settle();
    assert_eq!(try_join(&TestMember::new("z")), Some(None));
}

#[test]
fn a_late_answer_does_not_open_a_room_that_was_closed_meanwhile() {
    each_seed(60, |seed| {
        let mut chance = Chance(seed);
        let mut all = Gathering::with_seed(seed);
        (0..12).for_each(|_| all.one_arrives());
        all.settle();
        // Long enough that the relays ask again whether everyone may join.
        all.world.advance(Duration::from_secs(15));
        all.world.set_call_faults(CallFaults::default().delay(0.7, Duration::from_secs(3)));
        let early: Vec<_> = (0..4)
            .map(|number| TestMember::<Talk>::new(&format!("e{number}")).connecting(&all.hub).begin())
            .collect();
        all.world.advance(Duration::from_millis(chance.below(1_500)));
        all.members[0].command(Command::Close(true));
        // All that was asked before is answered now, and all relays know that the room is closed.
        all.world.advance(Duration::from_secs(8));
        all.world.set_call_faults(CallFaults::default());
        drop(early);
        for number in 0..8 {
            let late = TestMember::<Talk>::new(&format!("l{number}")).connecting(&all.hub).begin();
            let closed = late.finish().unwrap().closed().map(|close| close.code);
            assert_eq!(closed, Some(4403), "{number}");
        }
    });
}

#[test]
fn a_client_that_cannot_be_admitted_now_is_told_to_come_again() {
    let all = Gathering::of(12);
    let relay = all.relays()[0];
    let name = format!("lobby/~relay/{relay}");
    all.relay(relay).crash();
    all.world.set_call_faults(CallFaults::default().lose(1.0));
    let hub = all.world.room::<Hall>("hall", "lobby");
    let mut refused = None;
    for number in 0..40 {
        let member = TestMember::<Talk>::new(&format!("x{number}"));
        let socket = member.connecting(&hub).begin().finish().unwrap();
        if socket.room_name() == name {
            refused = Some(socket);
            break;
        }
    }
    let refused = refused.unwrap();
    all.world.set_call_faults(CallFaults::default());
    assert_eq!(refused.closed().map(|close| close.code), Some(1013));
    let mut member = TestMember::<Talk>::new("again");
    member.join(&hub);
    all.world.advance(Duration::from_secs(1));
    assert!(member.is_connected());
}

#[test]
fn a_member_that_joins_with_a_page_ahead_of_its_relay_receives_no_entry_twice() {
    let mut all = Gathering::of(12);
    // Relays that have slept have read no page, and those who resume need none.
    for relay in all.relays() {
        all.relay(relay).evict();
    }
    all.members.iter_mut().for_each(TestMember::vanish);
    all.reconnect();
    let relays: Vec<String> = all.relays().iter().map(|relay| format!("lobby/~relay/{relay}")).collect();
    relays.iter().for_each(|relay| all.world.hold_calls(LOBBY, ("hall", relay)));
    all.members[0].append("late".to_owned());
    let before = all.members.len();
    for number in 0..8 {
        let mut member = TestMember::new(&format!("late {number}")).introduced(&"late".to_owned());
        member.join(&all.hub);
        all.members.push(member);
    }
    relays.iter().for_each(|relay| all.world.release_calls(LOBBY, ("hall", relay)));
    all.world.advance(Duration::from_secs(1));
    for member in &mut all.members[before..] {
        while let Some(frame) = member.next_frame() {
            if let ServerFrame::Entry(entry) = &frame {
                assert_eq!(entry.seq, member.head + 1, "{}", member.id);
            }
            member.apply(frame);
        }
        assert_eq!(member.bodies(), ["n0: late"]);
    }
}

/// Returns a member that is at another relay than the first one, and its relay.
fn far_from_the_first(all: &Gathering) -> (usize, String) {
    let first = all.members[0].socket().room_name();
    let of = |number: usize| all.members[number].socket().room_name();
    let far = (1..all.members.len()).find(|number| of(*number) != first).unwrap();
    (far, of(far))
}

#[test]
fn a_member_that_is_banned_while_it_joins_stays_out() {
    let mut all = Gathering::of(12);
    let (late, relay) = far_from_the_first(&all);
    all.members[late].vanish();
    // The relay asks again whether everyone is let in.
    all.world.advance(Duration::from_secs(11));
    all.world.hold_calls(("hall", &relay), LOBBY);
    let pending = all.members[late].connecting(&all.hub).begin();
    assert!(!pending.is_answered());
    let member = all.members[late].member.clone();
    all.members[0].moderate(Action::Ban, &member, None);
    all.world.advance(Duration::from_secs(2));
    all.world.release_calls(("hall", &relay), LOBBY);
    all.world.advance(Duration::from_secs(2));
    assert_eq!(pending.finish().unwrap().closed().map(|close| close.code), Some(4403));
}

#[test]
fn a_member_has_no_more_connections_than_it_may_have_although_they_come_while_the_hub_is_slow() {
    let mut all = Gathering::of(12);
    let (member, relay) = far_from_the_first(&all);
    all.members[member].vanish();
    all.world.advance(Duration::from_secs(11));
    all.world.hold_calls(("hall", &relay), LOBBY);
    let devices: Vec<TestMember<Talk>> =
        (0..150).map(|number| all.members[member].on_another_device(&format!("d{number}"))).collect();
    let pending: Vec<_> = devices.iter().map(|device| device.connecting(&all.hub).begin()).collect();
    assert!(pending.iter().all(|one| !one.is_answered()));
    all.world.release_calls(("hall", &relay), LOBBY);
    // Before the room has more relays.
    all.world.advance(Duration::from_millis(500));
    let sockets = pending.into_iter().filter_map(|one| one.finish().ok());
    assert_eq!(sockets.filter(TestClient::is_open).count(), 128);
}

#[test]
fn a_moderator_has_a_place_in_a_room_that_is_full_and_others_have_none() {
    let mut all = Gathering::with_seed(0);
    all.hub.set_secret("MEMBERS", "12");
    (0..12).for_each(|_| all.one_joins());
    all.settle();
    all.members[0].vanish();
    all.world.advance(Duration::from_secs(3));
    let mut other = TestMember::<Talk>::new("other");
    other.join(&all.hub);
    all.world.advance(Duration::from_secs(3));
    let late = TestMember::<Talk>::new("late").connecting(&all.hub).begin().finish().unwrap();
    assert!(!late.is_open(), "the room is full");
    all.reconnect();
    assert!(all.members[0].is_connected(), "but not for its founder");
}
