//! Clients that write so much that their changes become one, again and again.

use std::time::Duration;

use super::super::client::Client;
use super::super::{assert_all_become_the_same, room, settle};
use crate::chance::{Chance, each_seed};

const CLIENTS: u64 = 3;

#[test]
fn many_changes_of_several_clients_become_one_and_nothing_is_missing() {
    each_seed(12, run);
}

fn run(seed: u64) {
    let (mut chance, room) = (Chance(seed), room());
    let mut clients: Vec<Client> = (1..=CLIENTS).map(|id| Client::joined(&room, id)).collect();
    if seed.is_multiple_of(2) {
        // So much that the changes after it are few beside it.
        clients[0].push(&"🥛".repeat(20_000));
        settle(&mut clients.iter_mut().collect::<Vec<_>>());
        for _ in 0..260 {
            room.advance(Duration::from_secs(1));
            clients[0].push("x");
        }
        clients[1].hear();
    }
    for word in 0..1_200 {
        let at = usize::try_from(chance.below(CLIENTS)).unwrap();
        room.advance(Duration::from_millis(50));
        let len = u32::try_from(clients[at].text().encode_utf16().count()).unwrap();
        let place = u32::try_from(chance.below(u64::from(len) + 1)).unwrap();
        match chance.below(20) {
            0..=9 => clients[at].insert(len.min(place) / 2 * 2, if word % 3 == 0 { "🥛" } else { "ab" }),
            10..=12 => clients[at].remove(place, (len - place).min(3)),
            13..=15 => {
                clients[at].hear();
            }
            16 if clients[at].is_connected() => clients[at].unplug().vanish(),
            17 | 18 if !clients[at].is_connected() => clients[at].connect(&room),
            19 if chance.below(10) == 0 => room.evict(),
            _ => {}
        }
    }
    assert_all_become_the_same(&room, clients);
}
