//! The number of members: right within two seconds, and again after any death.

use std::time::Duration;

use party::testing::CallFaults;

use crate::chance::{Chance, each_seed};
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

/// Faults of calls that arrive late, in another order, and some of them twice.
fn disorder() -> CallFaults {
    CallFaults::default().double(0.2).delay(0.5, Duration::from_millis(300))
}

#[test]
fn the_number_does_not_fall_while_members_move() {
    each_seed(100, |seed| {
        let mut chance = Chance(seed);
        let mut all = Gathering::with_seed(seed);
        for joined in 1..=24 {
            all.one_arrives();
            // A number is two seconds old at most.
            let before = joined - 1;
            for _ in 0..5 {
                all.world.advance(Duration::from_millis(400 + chance.below(200)));
                all.reconnect_with_patience();
                let shown = all.members.iter().filter_map(|member| member.count);
                let (least, most) = (shown.clone().min().unwrap(), shown.max().unwrap());
                assert!(least >= before, "{least} where there were {before}");
                assert!(most <= joined, "{most} of {joined}");
            }
        }
    });
}

#[test]
fn the_number_never_falls_while_members_join_in_a_rush() {
    each_seed(100, |seed| {
        let mut chance = Chance(seed);
        let mut all = Gathering::with_seed(seed);
        let mut had = Vec::new();
        for step in 0..60 {
            if step < 24 {
                all.one_arrives();
                had.push(0);
            }
            all.world.advance(Duration::from_millis(chance.below(if step < 24 { 60 } else { 300 })));
            all.reconnect_with_patience();
            for (member, had) in all.members.iter().zip(&mut had) {
                let count = member.count.unwrap_or_default();
                assert!(count >= *had, "{} has {count} after {had}", member.id);
                *had = count;
            }
        }
        assert_eq!(had, [24; 24]);
    });
}

#[test]
fn the_number_is_right_in_whichever_order_calls_arrive() {
    each_seed(100, |seed| {
        let mut chance = Chance(seed);
        let mut all = Gathering::with_seed(seed);
        (0..8).for_each(|_| all.one_arrives());
        all.world.set_call_faults(disorder());
        for _ in 0..6 {
            for _ in 0..chance.below(12) {
                match chance.below(5) {
                    0..=1 => all.one_arrives(),
                    2..=3 => {
                        let member = chance.below(all.members.len() as u64) as usize;
                        all.members[member].vanish();
                    }
                    _ => all.reconnect_with_patience(),
                }
                all.world.advance(Duration::from_millis(chance.below(300)));
            }
            for _ in 0..8 {
                all.reconnect_with_patience();
                all.world.advance(Duration::from_millis(1_000));
            }
            all.members.iter_mut().for_each(|member| member.read());
            let here = all.members.len();
            for member in &all.members {
                assert_eq!(member.count, Some(here), "{}", member.id);
            }
        }
    });
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

#[test]
fn a_client_that_has_died_at_a_relay_is_not_counted() {
    let mut all = Gathering::of(12);
    let dead = all.members.remove(5);
    dead.socket().fall_silent();
    for _ in 0..30 {
        all.world.advance(Duration::from_secs(10));
        all.members.iter().for_each(|member| member.socket().send("ping"));
    }
    all.members.iter_mut().for_each(|member| member.read());
    assert!(all.members.iter().all(|member| member.is_connected()));
    let counts: Vec<_> = all.members.iter().map(|member| member.count).collect();
    assert_eq!(counts, [Some(11); 11]);
    for relay in all.relays() {
        let tables: Vec<(String,)> =
            all.relay(relay).sql().query("SELECT name FROM sqlite_schema WHERE type = 'table'", ()).unwrap();
        assert!(tables.iter().all(|(name,)| name.starts_with("_cf_")), "{tables:?}");
    }
}

#[test]
fn the_number_is_right_although_all_have_slept_and_the_clock_was_put_back() {
    let mut all = Gathering::of(12);
    (0..30).for_each(|_| all.one_joins());
    all.settle();
    // The room has just got more relays.
    (0..40).for_each(|_| all.one_joins());
    all.hub.set_clock_back(Duration::from_secs(3_600));
    // What waits, waits until the clock is there again.
    for relay in all.relays() {
        all.relay(relay).evict();
    }
    all.hub.evict();
    all.settle();
    all.members.drain(20..).for_each(|mut member| member.vanish());
    all.settle();
    assert!(all.members.iter().all(|member| member.count == Some(20)), "{:?}", all.members[0].count);
}

#[test]
fn an_operator_sees_how_many_members_the_whole_room_has() {
    #[derive(serde::Deserialize)]
    struct Inspected {
        channel: Counted,
    }
    #[derive(serde::Deserialize)]
    struct Counted {
        members: usize,
    }
    let all = Gathering::of(12);
    let inspected: Inspected = all.operate("GET", "inspection").read_json();
    assert_eq!(inspected.channel.members, 12);
}
