//! Clients that write at random, with sleeps, crashes, lost connections, a full disk and bytes that do harm: all become
//! the same, and nothing that another has seen is missing.

use std::time::Duration;

use party::parts::document::yrs::{Map, MapPrelim, ReadTxn, Text, Transact};
use party::testing::TestRoom;

use super::client::Client;
use super::reading::post;
use super::{GATHERING, Notes, assert_all_become_the_same, room, text};
use crate::chance::{Chance, each_seed};

const CLIENTS: u64 = 4;

#[test]
fn all_clients_become_the_same_whatever_happens_and_what_was_seen_stays() {
    each_seed(150, schedule);
}

fn schedule(seed: u64) {
    let (mut chance, room) =
        (Chance(seed), TestRoom::new(if seed.is_multiple_of(2) { GATHERING } else { "notes" }));
    let mut clients: Vec<Client> = (1..=CLIENTS).map(|id| Client::joined(&room, id)).collect();
    let mut word = 0;
    for _ in 0..chance.below(150) + 20 {
        let at = usize::try_from(chance.below(CLIENTS)).unwrap();
        let len = u32::try_from(clients[at].text().encode_utf16().count()).unwrap();
        let place = u32::try_from(chance.below(u64::from(len) + 1)).unwrap();
        match chance.below(20) {
            0..=5 => {
                word += 1;
                clients[at].insert(place, &format!("<{word}>"));
            }
            6 | 7 => clients[at].remove(place, (len - place).min(3)),
            8 | 9 => {
                clients[at].hear();
            }
            10 if clients[at].is_connected() => clients[at].unplug().vanish(),
            11 if !clients[at].is_connected() => clients[at].connect(&room),
            12 => sleep(&room),
            13 => crash(&room, &mut clients),
            14 => room.advance(Duration::from_secs(chance.below(20))),
            15 if clients[at].is_connected() => do_harm(&clients[at], &mut chance),
            16 => room.advance(Duration::from_millis(chance.below(30))),
            17 => drop(text(&room)),
            18 => drop(post(&room, "?append", "<app>")),
            19 => room.fill_disk(chance.below(2) == 0),
            _ => {}
        }
    }
    room.fill_disk(false);
    assert_all_become_the_same(&room, clients);
}

/// Has the room sleep: it does so some time after the last of its hooks has ended.
fn sleep(room: &TestRoom<Notes>) {
    room.advance(Duration::from_secs(10));
    room.evict();
}

/// Ends the room's memory and all connections. All that a client has heard of the others is there after it.
fn crash(room: &TestRoom<Notes>, clients: &mut [Client]) {
    clients.iter_mut().for_each(|client| {
        client.hear();
    });
    room.crash();
    let kept = Client::joined(room, 98).doc.transact().state_vector();
    for client in clients.iter() {
        let seen = client.doc.transact().state_vector();
        for (author, clock) in seen.iter().filter(|(author, _)| author.get() != client.id) {
            assert!(
                kept.get(author) >= *clock,
                "{author:?} is at {}, {} has seen {clock}",
                kept.get(author),
                client.id
            );
        }
    }
}

/// Sends an update with some bytes changed: it is refused, or is one like any other.
fn do_harm(client: &Client, chance: &mut Chance) {
    let mut bytes = vec![0, 2, 12, 1, 1, 9, 0, 4, 1, 1, b'x', 2, b'h', b'i', 0];
    let at = usize::try_from(chance.below(12)).unwrap() + 3;
    bytes[at] = u8::try_from(chance.below(256)).unwrap();
    client.socket().send(bytes);
}

/// A writer that sends updates of its own with bytes changed, taken out or doubled.
#[test]
fn the_room_and_those_who_watch_have_the_same_whatever_a_writer_sends() {
    each_seed(100, harm);
}

fn harm(seed: u64) {
    let (mut chance, room) = (Chance(seed), room());
    let mut watching = [Client::joined(&room, 1), Client::joined(&room, 2)];
    let mut eve = Client::new(66);
    // What she makes offline, piece by piece.
    let mut made: Vec<Vec<u8>> = Vec::new();
    for n in 0..60 {
        let has = eve.doc.transact().state_vector();
        make(&mut eve, &mut chance, n);
        made.push(eve.doc.transact().encode_state_as_update_v1(&has));
    }
    for update in &made {
        for times in 0..chance.below(4) {
            if !eve.is_connected() {
                room.advance(Duration::from_secs(10));
                eve.connect(&room);
            }
            let bytes = if times == 0 { update.clone() } else { changed(update, &mut chance) };
            eve.send(&[0, if chance.below(2) == 0 { 1 } else { 2 }], &bytes);
            if chance.below(20) == 0 {
                room.evict();
            }
        }
    }
    let all = text(&room);
    for kind in ["xml", "map", "array"] {
        assert_eq!(room.get(&format!("/parties/party/notes?{kind}=notes")).status(), 200);
    }
    room.evict();
    let newcomer = Client::joined(&room, 3);
    assert_eq!(newcomer.text(), all);
    for client in &mut watching {
        client.hear();
        assert_eq!(client.text(), all);
    }
    assert_eq!(room.errors(), Vec::<String>::new());
}

/// Writes something: text, values, types within types; or deletes.
fn make(client: &mut Client, chance: &mut Chance, n: u32) {
    let (notes, doc) = (client.doc.get_or_insert_text("notes"), &client.doc);
    let len = notes.len(&doc.transact());
    let at = u32::try_from(chance.below(u64::from(len) + 1)).unwrap();
    let map = doc.get_or_insert_map("map");
    let mut transaction = doc.transact_mut();
    match chance.below(6) {
        0 | 1 => notes.insert(&mut transaction, at, &format!("<{n}>")),
        2 => notes.remove_range(&mut transaction, at, (len - at).min(4)),
        3 => drop(map.insert(&mut transaction, format!("k{}", n % 5), f64::from(n))),
        4 => {
            let inner = map.insert(&mut transaction, "in", MapPrelim::from([("n", n)]));
            inner.insert(&mut transaction, "more", MapPrelim::from([("n", n)]));
        }
        _ => drop(map.remove(&mut transaction, "in")),
    }
}

fn changed(update: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = update.to_vec();
    for _ in 0..chance.below(3) + 1 {
        let at = usize::try_from(chance.below(u64::try_from(bytes.len()).unwrap().max(1))).unwrap();
        match chance.below(4) {
            _ if bytes.is_empty() => {}
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, u8::try_from(chance.below(256)).unwrap()),
            2 => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
            _ => bytes[at] ^= 1 << chance.below(8),
        }
    }
    bytes
}
