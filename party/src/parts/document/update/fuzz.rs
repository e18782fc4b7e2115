//! Fuzz target of the reader of updates: `yrs` reads and integrates whatever it accepts.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use yrs::updates::decoder::Decode;
use yrs::{Doc, ReadTxn, StateVector, Transact};

use super::super::known::Known;
use super::super::lib0::{write_bytes, write_varuint};
use super::{CLOCKS, read};
use crate::fuzz::documents::{FromYjs, empty, session, whole};
use crate::fuzz::{Input, for_each};

/// Far more than any update of these takes.
const LONG: Duration = Duration::from_secs(2);

/// The most bytes of an update that is changed here.
const MAX_BYTES: usize = 2_048;

/// Real updates.
static REAL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut updates: Vec<_> = FromYjs::all().iter().flat_map(FromYjs::updates).collect();
    for seed in 0..64_u64 {
        let bytes: Vec<u8> = (0..512_u64)
            .map(|at| (seed << 32 | at).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0])
            .collect();
        let session = session(&mut Input::new(&bytes), 12);
        session.settle();
        updates.push(whole(&session.docs[0]));
        updates.extend(session.updates);
    }
    updates.retain(|update| update.len() <= MAX_BYTES);
    updates.sort();
    updates.dedup();
    updates
});

fn real(input: &mut Input<'_>) -> Vec<u8> {
    REAL[input.below(REAL.len())].clone()
}

/// A real update with a few bytes changed, left out, put in, or taken from another one.
fn changed(input: &mut Input<'_>) -> Vec<u8> {
    let mut update = real(input);
    for _ in 0..=input.below(3) {
        let at = input.below(update.len() + 1);
        let until = at.saturating_add(input.below(4)).min(update.len());
        match input.below(5) {
            0 => drop(update.get_mut(at).map(|byte| *byte ^= 1 << input.below(8))),
            1 => drop(update.drain(at..until)),
            2 => drop(update.splice(at..until, number(input))),
            3 => {
                let other = real(input);
                let from = input.below(other.len());
                let to = from.saturating_add(input.below(40)).min(other.len());
                update.splice(at..until, other[from..to].iter().copied());
            }
            _ => drop(update.get_mut(at).map(|byte| *byte = input.below(256) as u8)),
        }
    }
    update
}

fn number(input: &mut Input<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_varuint(&mut bytes, if input.once_in(12) { input.number() } else { input.below(6) as u64 });
    bytes
}

/// An update that follows the grammar: few clients, low clocks, and ids that are often those of its own structs.
fn made(input: &mut Input<'_>) -> Vec<u8> {
    let mut clients = vec![1_u8, 2, 3];
    clients.truncate(input.below(3) + 1);
    let mut update = vec![clients.len() as u8];
    for client in clients {
        let structs = input.below(8) + 1;
        update.extend([structs as u8, client]);
        update.push(if input.once_in(4) { input.below(4) as u8 } else { 0 });
        for _ in 0..structs {
            made_struct(input, &mut update);
        }
    }
    made_deletes(input, &mut update);
    update
}

fn made_struct(input: &mut Input<'_>, update: &mut Vec<u8>) {
    match input.below(16) {
        0 => update.extend([0, input.below(4) as u8 + 1]),
        1 => update.extend([10, input.below(4) as u8 + 1]),
        _ => {
            let kind = input.one(&[1, 3, 4, 4, 4, 5, 6, 7, 7, 8, 9]);
            let flags = input.one(&[0, 0, 0x20, 0x20, 0x80, 0x80, 0x40, 0xc0, 0xa0, 0xe0]);
            update.push(flags | kind);
            for flag in [0x80, 0x40] {
                if flags & flag != 0 {
                    made_id(input, update);
                }
            }
            if flags & 0xc0 == 0 {
                match input.below(2) {
                    0 => update.extend([1, 1, input.one(b"ab")]),
                    _ => {
                        update.push(0);
                        made_id(input, update);
                    }
                }
                if flags & 0x20 != 0 {
                    update.extend([1, input.one(b"kl")]);
                }
            }
            made_content(input, update, kind);
        }
    }
}

fn made_id(input: &mut Input<'_>, update: &mut Vec<u8>) {
    update.extend([input.below(3) as u8 + 1, input.below(8) as u8]);
}

fn made_content(input: &mut Input<'_>, update: &mut Vec<u8>, kind: u8) {
    match kind {
        1 => update.push(input.below(4) as u8 + 1),
        3 => write_bytes(update, b"buffer"),
        4 => write_bytes(update, input.one(&["a", "bc", "😀", "é😀x", "hello world"]).as_bytes()),
        5 => write_bytes(update, input.json().to_string().as_bytes()),
        6 => {
            write_bytes(update, input.one(&["bold", "link"]).as_bytes());
            write_bytes(update, input.one(&["null", "true", "{}", "1"]).as_bytes());
        }
        7 => match input.below(6) {
            0 => update.extend([3, 1, b'p']),
            1 => update.push(6),
            other => update.push(other as u8 - 2 + u8::from(other == 5)),
        },
        8 => {
            let values = input.below(3) + 1;
            update.push(values as u8);
            for _ in 0..values {
                update.extend_from_slice(input.one(&[
                    &[126_u8][..],
                    &[125, 1],
                    &[118, 1, 0, 120],
                    &[117, 1, 127],
                ]));
            }
        }
        _ => {
            write_bytes(update, b"guid");
            update.extend([118, 0]);
        }
    }
}

fn made_deletes(input: &mut Input<'_>, update: &mut Vec<u8>) {
    let clients = input.below(3);
    update.push(clients as u8);
    for client in 0..clients {
        let ranges = input.below(3);
        update.extend([client as u8 + 1, ranges as u8]);
        let mut clock = 0;
        for _ in 0..ranges {
            clock += input.below(4) as u8;
            let len = input.below(4) as u8 + 1;
            update.extend([clock, len]);
            clock += len;
        }
    }
}

/// Has `yrs` read and integrate an update into what it has. Returns all of it then, or `None` if it is refused.
fn integrated(doc: &Doc, bytes: &[u8]) -> Option<Vec<u8>> {
    let update = yrs::Update::decode_v1(bytes).unwrap();
    doc.transact_mut().apply_update(update).ok()?;
    Some(whole(doc))
}

/// Checks what holds for each update that is accepted.
fn check(bytes: &[u8]) {
    let start = Instant::now();
    let Ok(update) = read(bytes) else { return };
    let (all, ends) = (|| update.structs.iter().chain(&update.deletes), update.structs_end);
    assert!(all().all(|span| span.start < span.end && u64::from(span.end) < CLOCKS));
    assert!(update.structs.is_sorted() && update.deletes.is_sorted() && update.references.is_sorted());
    assert!(all().count() + update.references.len() <= bytes.len() && ends < bytes.len());

    let mut known = Known::default();
    match known.news(&update, bytes).update {
        Some(news) if !update.structs.is_empty() => assert_eq!(news, bytes),
        Some(news) => assert!(news == bytes || news.len() < bytes.len()),
        None => assert!(update.structs.is_empty() && update.deletes.is_empty()),
    }
    if known.learn(&update).is_err() {
        return;
    }
    assert_eq!(known.news(&update, bytes).update, None);

    let again = integrated(&empty(77), bytes);
    // Only with a gap is there something that a room would refuse, too.
    assert!(again.is_some() || Known::default().news(&update, bytes).gap, "{bytes:?}");
    if let Some(again) = again {
        let reread = read(&again).unwrap_or_else(|error| panic!("{error}: {again:?} of {bytes:?}"));
        if !known.news(&update, bytes).gap {
            known.learn(&reread).unwrap();
        }
        let copy = empty(78);
        integrated(&copy, &again).unwrap();
        // A second time, which changes nothing.
        integrated(&copy, &again).unwrap();
        let known = copy.transact().state_vector();
        copy.transact().encode_diff_v1(&known);
        copy.transact().encode_diff_v1(&StateVector::default());
    }
    assert!(start.elapsed() < LONG, "{:?} for {bytes:?}", start.elapsed());
}

#[test]
fn an_update_that_is_accepted_can_be_integrated_written_and_read_again() {
    for_each(|input| {
        let update = if input.once_in(2) { made(input) } else { changed(input) };
        check(&update);
    });
}
