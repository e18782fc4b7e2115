//! What fails: relays and the hub sleep, crash and are replaced, and what was acknowledged stays.

use std::time::Duration;

use party::parts::wire::Action;
use party::testing::{CallFault, CallFaults};

use crate::chance::{Chance, each_seed};
use crate::hall::Gathering;

#[test]
fn sleeping_objects_go_on_where_they_were() {
    let mut all = Gathering::of(12);
    all.members[0].append("one".to_owned());
    all.settle();
    for relay in all.relays() {
        all.relay(relay).evict();
    }
    all.hub.evict();
    all.members[5].append("two".to_owned());
    all.world.advance(Duration::from_secs(1));
    assert!(all.members.iter_mut().all(|member| member.is_connected()), "nobody has to connect again");
    all.expect(&["n0: one", "n5: two"]);
}

#[test]
fn a_relay_that_has_slept_lets_nobody_in_by_what_it_was_only_told() {
    let mut all = Gathering::of(12);
    let banned = all.members[6].member.clone();
    all.members[0].moderate(Action::Ban, &banned, None);
    all.settle();
    for relay in all.relays() {
        all.relay(relay).evict();
    }
    for text in ["one", "two", "three"] {
        all.members[5].append(text.to_owned());
        all.world.advance(Duration::from_secs(1));
    }
    all.reconnect();
    assert!(!all.members[6].is_connected(), "the ban holds");
    let known = all.members[7].member.clone();
    all.members[7].vanish();
    all.reconnect();
    assert_eq!(all.members[7].bodies(), ["n5: one", "n5: two", "n5: three"]);
    assert_eq!(all.members[7].member, known, "its secret is known");
}

#[test]
fn a_ban_holds_in_whichever_order_calls_arrive() {
    each_seed(100, |seed| {
        let mut chance = Chance(seed);
        let mut all = Gathering::with_seed(seed);
        (0..12).for_each(|_| all.one_arrives());
        all.settle();
        all.world.set_call_faults(CallFaults::default().double(0.3).delay(0.6, Duration::from_secs(3)));
        for banned in 2..6 {
            let relays = all.relays();
            relays.iter().for_each(|relay| all.relay(*relay).evict());
            let member = all.members[banned].member.clone();
            let first = chance.below(2);
            for action in [first, 1 - first] {
                match action {
                    // Its relay asks the hub for all that it must know.
                    0 => drop(all.members[banned].connecting(&all.hub).begin()),
                    _ => {
                        all.members[0].moderate(Action::Ban, &member, None);
                    }
                }
                all.world.advance(Duration::from_millis(chance.below(1_500)));
            }
            all.world.advance(Duration::from_secs(10));
            all.reconnect_with_patience();
            assert!(!all.members[banned].is_connected(), "{}", all.members[banned].id);
        }
    });
}

#[test]
fn a_hub_that_crashes_before_it_has_told_its_relays_tells_them_later() {
    let mut all = Gathering::of(12);
    for relay in all.relays() {
        all.world.hold_calls(("hall", "lobby"), ("hall", &format!("lobby/~relay/{relay}")));
    }
    all.members[5].append("stored".to_owned());
    all.hub.crash();
    for relay in all.relays() {
        all.world.release_calls(("hall", "lobby"), ("hall", &format!("lobby/~relay/{relay}")));
    }
    // Its alarm wakes it: nobody else does anything.
    all.world.advance(Duration::from_secs(10));
    assert!(all.members.iter_mut().all(|member| member.is_connected()));
    all.expect(&["n5: stored"]);
}

#[test]
fn a_call_that_is_lost_or_never_answered_is_made_again_and_done_once() {
    for fault in [CallFault::Lose, CallFault::LoseAnswer, CallFault::Double, CallFault::Hang] {
        let mut all = Gathering::of(12);
        all.world.fault_next_call(("hall", "lobby"), fault);
        all.members[5].append("hello".to_owned());
        all.world.advance(Duration::from_secs(30));
        all.expect(&["n5: hello"]);
        assert!(all.members[5].outbox.is_empty(), "{fault:?}");
    }
}

#[test]
fn a_cleared_history_makes_everyone_begin_again() {
    let mut all = Gathering::of(12);
    all.members[5].append("old".to_owned());
    all.settle();
    all.hub.call(&crate::hall::Work::Clear).unwrap();
    all.settle();
    all.members[3].append("new".to_owned());
    all.settle();
    all.expect(&["n3: new"]);
}

#[test]
fn objects_of_another_build_go_on() {
    let mut all = Gathering::of(12);
    all.members[5].append("one".to_owned());
    all.settle();
    all.deploy();
    all.members[6].append("two".to_owned());
    all.settle();
    all.expect(&["n5: one", "n6: two"]);
}

#[test]
fn a_hub_that_crashes_while_it_gives_up_its_relays_still_takes_their_members_back() {
    let mut all = Gathering::of(12);
    all.members.drain(2..).for_each(|mut member| member.vanish());
    all.world.advance(Duration::from_secs(58));
    for relay in 0..12 {
        all.world.hold_calls(("hall", "lobby"), ("hall", &format!("lobby/~relay/{relay}")));
    }
    all.world.advance(Duration::from_secs(62));
    assert_eq!((all.kept_relays(), all.hub.connections()), (0, 0), "its relays do not know yet");
    all.hub.crash();
    for relay in 0..12 {
        all.world.release_calls(("hall", "lobby"), ("hall", &format!("lobby/~relay/{relay}")));
    }
    for _ in 0..5 {
        all.settle();
    }
    assert_eq!(all.relays(), Vec::<u64>::new());
    assert_eq!(all.hub.connections(), 2);
}

#[test]
fn a_room_that_was_put_back_to_when_it_was_small_takes_its_members_back() {
    let mut all = Gathering::of(3);
    all.members[0].append("small".to_owned());
    let small = all.hub.snapshot().unwrap();
    (0..9).for_each(|_| all.one_joins());
    all.settle();
    all.members[0].append("large".to_owned());
    all.settle();
    all.hub.restore(&small).unwrap();
    // Each relay asks when somebody comes, goes or writes.
    (0..all.members.len()).for_each(|member| drop(all.members[member].append("again".to_owned())));
    all.settle();
    all.settle();
    let entries = all.entries();
    for member in &mut all.members {
        member.read();
        assert!(member.is_connected());
        assert_eq!(member.items.len(), entries.len(), "{}", member.id);
    }
}

#[test]
fn a_room_that_was_deleted_closes_the_members_of_its_relays_and_begins_again() {
    let mut all = Gathering::of(12);
    all.members[0].append("old".to_owned());
    all.settle();
    assert_eq!(all.operate("DELETE", "").status(), 204);
    all.world.advance(Duration::from_secs(1));
    all.members.iter_mut().for_each(|member| member.read());
    let connected: Vec<_> = all.members.iter().filter(|member| member.is_connected()).collect();
    assert!(connected.is_empty(), "{}", connected.len());
    all.settle();
    all.members[3].append("new".to_owned());
    all.settle();
    all.expect(&["n3: new"]);
    let known = all.members[7].member.clone();
    all.members[7].vanish();
    all.reconnect();
    assert_eq!(all.members[7].member, known, "relays know the key that the room has now");
}

#[test]
fn a_relay_that_has_slept_is_heard_although_the_clock_was_put_back() {
    let mut all = Gathering::of(12);
    let relay = all.relays()[0];
    all.relay(relay).evict();
    all.hub.set_clock_back(Duration::from_secs(3_600));
    let home = format!("lobby/~relay/{relay}");
    let gone = all.members.iter().position(|member| member.socket().room_name() == home).unwrap();
    all.members.remove(gone).vanish();
    all.world.advance(Duration::from_secs(4));
    all.members.iter_mut().for_each(|member| member.read());
    assert!(all.members.iter().all(|member| member.count == Some(11)));
}
