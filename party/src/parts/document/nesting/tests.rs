//! Types within types.

use yrs::updates::decoder::Decode;
use yrs::{Doc, Map, MapPrelim, MapRef, ReadTxn, StateVector, Text, Transact, WriteTxn};

use super::super::known::Known;
use super::super::lib0::{write_bytes, write_varuint};
use super::super::update;
use super::*;

/// Returns an update of maps, each in the one before it. The first is in a struct of another client, if there is one.
fn maps(client: u64, count: u32, first: Option<Id>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in [1, u64::from(count), client, 0] {
        write_varuint(&mut bytes, number);
    }
    for clock in 0..count {
        bytes.push(7 | 0b0010_0000);
        let within = clock.checked_sub(1).map(|clock| (client, clock)).or(first);
        match within {
            Some((client, clock)) => {
                for number in [0, client, u64::from(clock)] {
                    write_varuint(&mut bytes, number);
                }
            }
            None => {
                write_varuint(&mut bytes, 1);
                write_bytes(&mut bytes, b"root");
            }
        }
        write_bytes(&mut bytes, b"in");
        write_varuint(&mut bytes, 1);
    }
    bytes.push(0);
    bytes
}

/// Learns an update as a room does.
fn learn(known: &mut Known, bytes: &[u8]) -> Result<(), Malformed> {
    let update = update::read(bytes)?;
    known.check(&update)?;
    known.learn(&update)
}

#[test]
fn maps_are_nested_200_deep_and_no_deeper() {
    assert_eq!(learn(&mut Known::default(), &maps(1, 201, None)), Ok(()));
    assert!(learn(&mut Known::default(), &maps(1, 202, None)).is_err());
    assert!(learn(&mut Known::default(), &maps(1, 100_000, None)).is_err());
}

#[test]
fn levels_of_one_update_after_another_are_counted_together() {
    let mut known = Known::default();
    learn(&mut known, &maps(1, 150, None)).unwrap();
    assert!(learn(&mut known, &maps(2, 60, Some((1, 149)))).is_err());
    learn(&mut known, &maps(2, 40, Some((1, 149)))).unwrap();
    assert!(learn(&mut known, &maps(3, 40, Some((2, 39)))).is_err());
    // The same again changes nothing.
    learn(&mut known, &maps(1, 150, None)).unwrap();
    assert!(learn(&mut known, &maps(3, 12, Some((2, 39)))).is_err());
    learn(&mut known, &maps(3, 10, Some((2, 39)))).unwrap();
}

#[test]
fn structs_of_two_clients_that_are_within_each_other_are_refused() {
    let (mut one, mut other) = (maps(1, 1, Some((2, 0))), maps(2, 1, Some((1, 0))));
    one.pop();
    other.pop();
    let mut both = vec![2];
    both.extend(&one[1..]);
    both.extend(&other[1..]);
    both.push(0);
    assert_eq!(
        learn(&mut Known::default(), &both),
        Err(Malformed("structs refer to each other in a circle"))
    );
}

#[test]
fn a_struct_within_what_is_no_type_is_refused() {
    // A text of client 1, and a map of client 2 within its second character.
    let mut known = Known::default();
    let text = [1, 1, 1, 0, 4, 1, 1, b't', 2, b'h', b'i', 0];
    learn(&mut known, &text).unwrap();
    assert_eq!(
        learn(&mut known, &maps(2, 1, Some((1, 1)))),
        Err(Malformed("the parent of a struct is no type"))
    );
    // Within what was deleted by then, it is deleted, too.
    let gone = [1, 1, 1, 2, 0, 3, 0];
    learn(&mut known, &gone).unwrap();
    learn(&mut known, &maps(2, 1, Some((1, 3)))).unwrap();
}

#[test]
fn a_document_has_at_most_1_000_documents_in_it() {
    let documents = |client: u64, count: u64| {
        let mut bytes = Vec::new();
        for number in [1, count, client, 0] {
            write_varuint(&mut bytes, number);
        }
        for clock in 0..count {
            match clock.checked_sub(1) {
                Some(before) => {
                    bytes.push(9 | 0b1000_0000);
                    write_varuint(&mut bytes, client);
                    write_varuint(&mut bytes, before);
                }
                None => bytes.extend([9, 1, 1, b'a']),
            }
            bytes.extend([1, b'g', 118, 0]);
        }
        bytes.push(0);
        bytes
    };
    let mut known = Known::default();
    learn(&mut known, &documents(1, 600)).unwrap();
    learn(&mut known, &documents(1, 600)).unwrap();
    assert!(learn(&mut known, &documents(2, 401)).is_err());
    learn(&mut known, &documents(2, 400)).unwrap();
    assert!(learn(&mut known, &documents(3, 1)).is_err());
}

#[test]
fn neighbours_are_as_deep_as_what_they_are_beside() {
    let doc = Doc::with_client_id(7);
    let mut transaction = doc.transact_mut();
    let mut map: MapRef = transaction.get_or_insert_map("root");
    for _ in 0..150 {
        map = map.insert(&mut transaction, "in", MapPrelim::default());
    }
    drop(transaction);
    let mut known = Known::default();
    learn(&mut known, &whole(&doc)).unwrap();

    // Others write into the innermost, which has the depth of all that is beside it.
    let text = map.insert(&mut doc.transact_mut(), "text", yrs::TextPrelim::new("ab"));
    let other = Doc::with_client_id(8);
    other.transact_mut().apply_update(yrs::Update::decode_v1(&whole(&doc)).unwrap()).unwrap();
    for n in 0..20 {
        text.insert(&mut doc.transact_mut(), n % 2, "c");
    }
    learn(&mut known, &whole(&doc)).unwrap();
    let clock = doc.transact().state_vector().get(&yrs::ClientID::new(7));
    assert_eq!(known.depth((7, clock - 1)), 151);
    assert!(learn(&mut known, &maps(9, 50, Some((7, clock - 1)))).is_err());
    assert!(known.entries() < 200, "{} entries", known.entries());
}

fn whole(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}
