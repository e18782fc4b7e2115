//! The number of members: right within two seconds, and again after any death.

use std::time::Duration;

use crate::hall::Gathering;

fn soon(all: &mut Gathering) {
    all.world.advance(Duration::from_secs(2));
    all.members.iter_mut().for_each(|member| member.read());
}

#[test]
fn members_that_have_just_moved_are_counted_once() {
    let mut all = Gathering::with_seed(1);
    (0..12).for_each(|_| all.one_joins());
    // Relays come, and then more of them.
    for _ in 0..12 {
        all.world.advance(Duration::from_millis(300));
        all.reconnect();
    }
    soon(&mut all);
    let counts: Vec<_> = all.members.iter().map(|member| member.count).collect();
    assert_eq!(counts, [Some(12); 12]);
}

#[test]
fn everyone_knows_how_many_there_are_within_two_seconds() {
    let mut all = Gathering::of(12);
    assert!(all.members.iter().all(|member| member.count == Some(12)));
    for _ in 0..3 {
        all.one_joins();
    }
    soon(&mut all);
    let counts: Vec<_> = all.members.iter().map(|member| member.count).collect();
    assert_eq!(counts, [Some(15); 15]);
    let mut gone: Vec<_> = all.members.drain(10..).collect();
    gone.iter_mut().for_each(|member| member.vanish());
    soon(&mut all);
    assert!(all.members.iter().all(|member| member.count == Some(10)));
    assert!(all.members.iter().all(|member| member.roster.is_empty()), "a large room has no roster");
}

#[test]
fn the_number_heals_after_the_death_of_a_relay_or_of_the_hub() {
    let mut all = Gathering::of(12);
    for relay in all.relays() {
        all.relay(relay).crash();
    }
    all.reconnect();
    soon(&mut all);
    soon(&mut all);
    assert!(all.members.iter().all(|member| member.count == Some(12)));
    all.hub.crash();
    all.members[0].append("hello".to_owned());
    soon(&mut all);
    assert!(all.members.iter().all(|member| member.count == Some(12)));
    // Members that die with their relay are missed when the hub asks.
    let dead = all.relays()[0];
    let name = format!("lobby/~relay/{dead}");
    let here = all.relay(dead).connections();
    let is_there =
        |member: &party::testing::TestMember<crate::hall::Talk>| member.socket().room_name() == name;
    all.members.retain(|member| !is_there(member));
    all.relay(dead).crash();
    all.world.advance(Duration::from_secs(65));
    all.members.iter_mut().for_each(|member| member.read());
    assert!(all.members.iter().all(|member| member.count == Some(12 - here)));
}
