//! Random schedules of all that can go wrong: in the end everyone has the same log, and what was acknowledged is in it,
//! once.

use std::collections::BTreeMap;
use std::time::Duration;

use party::testing::CallFaults;

use crate::chance::{Chance, each_seed};
use crate::hall::Gathering;

/// How many schedules are tried.
const SCHEDULES: u64 = 2_000;

/// How many steps one has.
const STEPS: u64 = 40;

#[test]
fn everyone_has_the_same_log_in_the_end_whatever_happens() {
    each_seed(SCHEDULES, schedule);
}

fn schedule(seed: u64) {
    let mut chance = Chance(seed);
    let mut all = Gathering::with_seed(seed);
    let first = 3 + chance.below(8);
    (0..first).for_each(|_| all.one_joins());
    for _ in 0..STEPS {
        step(&mut all, &mut chance);
    }
    all.world.set_call_faults(CallFaults::default());
    for _ in 0..3 {
        all.settle();
        all.members.iter().for_each(|member| member.resend());
    }
    all.settle();
    check(&mut all);
}

/// Does one thing.
fn step(all: &mut Gathering, chance: &mut Chance) {
    let count = all.members.len() as u64;
    let member = chance.below(count) as usize;
    match chance.below(24) {
        0..=7 => {
            all.members[member].append("a".to_owned());
        }
        8 => {
            let head = all.members[member].head;
            if head > 0 {
                all.members[member].edit(1 + chance.below(head), "edited".to_owned());
            }
        }
        9 => {
            let head = all.members[member].head;
            if head > 0 {
                all.members[member].delete(1 + chance.below(head));
            }
        }
        10..=12 => all.members[member].vanish(),
        13 => all.one_joins(),
        14 => all.some_relay(chance.below(4)).evict(),
        15 => all.some_relay(chance.below(4)).crash(),
        16 => all.hub.evict(),
        17 => all.hub.crash(),
        18 => all.deploy(),
        19..=20 => {
            let one = |chance: &mut Chance| chance.one(&[0.0, 0.05, 0.3]).unwrap_or_default();
            let faults = CallFaults::default()
                .lose(one(chance))
                .lose_answers(one(chance))
                .double(one(chance))
                .delay(one(chance), Duration::from_millis(200 + chance.below(8_000)))
                .hang(one(chance) / 3.0);
            all.world.set_call_faults(faults);
        }
        _ => {
            let time = chance.one(&[1, 30, 400, 3_000, 15_000]).unwrap_or_default();
            all.world.advance(Duration::from_millis(time));
        }
    }
    if chance.below(2) == 0 {
        all.reconnect();
    }
    all.members.iter_mut().for_each(|member| member.read());
}

fn check(all: &mut Gathering) {
    all.members.iter_mut().for_each(|member| member.read());
    let head = all.members[0].head;
    // Some have given up before the room has answered, and it does not know.
    let here = all.hub.connections() + (0..30).map(|relay| all.relay(relay).connections()).sum::<usize>();
    let log: BTreeMap<u64, String> = all.entries();
    for member in &all.members {
        assert!(member.is_connected(), "{} is connected", member.id);
        assert_eq!(member.head, head, "{} has all", member.id);
        let has: BTreeMap<u64, String> =
            member.items.iter().map(|(seq, item)| (*seq, format!("{} {:?}", item.id, item.body))).collect();
        assert_eq!(has, log, "{} has the room's log", member.id);
        let times = |id: &str| log.values().filter(|entry| entry.split(' ').next() == Some(id)).count();
        for (id, seq) in &member.acknowledged {
            if id.contains('a') && seq.is_some() {
                assert!(times(id) <= 1, "{id} is there once");
            }
        }
        assert!(member.outbox.is_empty(), "{} has an answer to all: {:?}", member.id, member.outbox.len());
        assert_eq!(member.count, Some(here), "{} knows how many they are", member.id);
    }
}
