//! Tests of the reader.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

use yrs::Transact;
use yrs::updates::decoder::Decode;

use super::super::lib0::{Malformed, write_bytes, write_varuint};
use super::super::nesting::{Kind, Nested, Place};
use super::{Span, Update, read};
use crate::fuzz::documents::{FromYjs, empty, session, whole};
use crate::fuzz::for_each;

/// An update of one client's struct, and no deletes.
fn one_struct(bytes: &[u8]) -> Vec<u8> {
    [&[1, 1, 7, 0], bytes, &[0]].concat()
}

/// An item of the root type `t`, of this content.
fn item(content: u8, bytes: &[u8]) -> Vec<u8> {
    one_struct(&[&[content, 1, 1, b't'], bytes].concat())
}

fn text(content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_bytes(&mut bytes, content.as_bytes());
    bytes
}

fn len(update: &[u8]) -> u32 {
    read(update).unwrap().structs.iter().map(|span| span.end - span.start).sum()
}

#[track_caller]
fn assert_refused(update: &[u8], reason: &'static str) {
    assert_eq!(read(update), Err(Malformed(reason)));
}

/// Reads the update with `yrs`, if [`read`] accepts it, and integrates it into a new document.
fn check_with_yrs(bytes: &[u8]) {
    if read(bytes).is_ok() {
        let update = yrs::Update::decode_v1(bytes).unwrap();
        // An error is fine: the parent of an item may not be a type.
        drop(empty(77).transact_mut().apply_update(update));
    }
}

#[test]
fn updates_of_yjs_are_accepted() {
    for document in FromYjs::all() {
        for update in document.updates() {
            assert!(read(&update).is_ok(), "{}: {:?} {update:?}", document.name, read(&update));
        }
    }
}

#[test]
fn updates_of_yrs_are_accepted() {
    for_each(|input| {
        let session = session(input, 20);
        for update in &session.updates {
            assert!(read(update).is_ok(), "{:?} {update:?}", read(update));
        }
        session.settle();
        read(&whole(&session.docs[0])).unwrap();
        let some: Vec<_> = session.updates.iter().filter(|_| input.once_in(2)).collect();
        read(&yrs::merge_updates_v1(some).unwrap()).unwrap();
    });
}

#[test]
fn clocks_deletes_and_references_are_read() {
    // Client 9: a text of 3 units, a hole of 4, and 2 deleted ones between (300, 5) and (9, 1).
    let mut update = vec![2, 3, 9, 10, 4, 1, 1, b't'];
    update.extend(text("😀x"));
    update.extend([10, 4, 0xc1, 0xac, 2, 5, 9, 1, 2]);
    // Client 2: 5 clocks.
    update.extend([1, 2, 0, 0, 5]);
    let structs_end = update.len();
    update.extend([1, 9, 2, 0, 1, 4, 2]);
    let span = |client, start, end| Span { client, start, end };
    let place = |client, clock, of, kind| Place { from: (client, clock), of, kind };
    let expected = Update {
        structs: vec![span(2, 0, 5), span(9, 10, 13), span(9, 17, 19)],
        deletes: vec![span(9, 0, 1), span(9, 4, 6)],
        references: vec![(9, 1), (300, 5)],
        places: vec![
            place(2, 0, Nested::Outermost, Kind::Gone),
            place(9, 10, Nested::Outermost, Kind::Other),
            place(9, 17, Nested::Beside(Some((300, 5)), Some((9, 1))), Kind::Gone),
        ],
        structs_end,
    };
    assert_eq!(read(&update), Ok(expected));
}

#[test]
fn an_empty_update_is_accepted() {
    assert_eq!(read(&[0, 0]), Ok(Update { structs_end: 1, ..Update::default() }));
}

#[test]
fn a_text_is_as_long_as_javascript_counts_it() {
    for content in ["a", "é", "日本語", "😀", "x👩\u{200d}💻y", "\u{fffd}", "\u{10ffff}"] {
        assert_eq!(len(&item(4, &text(content))), content.encode_utf16().count() as u32, "{content}");
    }
}

#[test]
fn bytes_after_the_end_and_too_few_bytes_are_refused() {
    assert_refused(&[0, 0, 0], "there are bytes after the end");
    assert_refused(&[], "the bytes end too early");
    let update = item(4, &text("hello"));
    for end in 0..update.len() {
        assert_refused(&update[..end], "the bytes end too early");
    }
}

#[test]
fn counts_that_the_bytes_cannot_hold_are_refused() {
    let huge = [0xff, 0xff, 0xff, 0x7f];
    for update in [
        huge.to_vec(),
        [&[1], &huge[..]].concat(),
        [&[0], &huge[..]].concat(),
        [&[0, 1, 1], &huge[..]].concat(),
        item(3, &huge),
        item(4, &huge),
        item(8, &huge),
        item(8, &[&[1, 117], &huge[..]].concat()),
        item(8, &[&[1, 118], &huge[..]].concat()),
    ] {
        assert_refused(&update, "the bytes end too early");
    }
}

#[test]
fn clocks_beyond_31_bits_are_refused() {
    let deleted = |len: u64| {
        let mut bytes = vec![0];
        write_varuint(&mut bytes, len);
        one_struct(&bytes)
    };
    assert_eq!(len(&deleted((1 << 31) - 1)), i32::MAX.unsigned_abs());
    for len in [1 << 31, 1 << 32, (1 << 32) + 1, (1 << 53) - 1] {
        assert_refused(&deleted(len), "a clock is too high");
    }
    assert_refused(&deleted(1 << 53), "a number is too large");
    assert_refused(&[1, 2, 7, 0, 0, 0xff, 0xff, 0xff, 0xff, 7, 0, 1, 0], "a clock is too high");
    assert_refused(&[0, 1, 7, 1, 0xff, 0xff, 0xff, 0xff, 7, 1], "a clock is too high");
}

#[test]
fn numbers_beyond_53_bits_and_longer_than_needed_are_refused() {
    let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let update = |client: &[u8]| [&[1, 1], client, &[0, 0, 1, 0]].concat();
    assert_eq!(read(&update(&most)).unwrap().structs[0].client, (1 << 53) - 1);
    assert_refused(&update(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]), "a number is too large");
    assert_refused(&update(&[0xff; 12]), "a number is too large");
    assert_refused(&update(&[0x81, 0]), "a number has more bytes than it needs");
}

#[test]
fn empty_structs_and_ranges_are_refused() {
    let reason = "a struct or a range is empty";
    for update in [
        one_struct(&[0, 0]),
        one_struct(&[10, 0]),
        item(1, &[0]),
        item(4, &[0]),
        item(8, &[0]),
        vec![0, 1, 7, 1, 3, 0],
    ] {
        assert_refused(&update, reason);
    }
    assert_refused(&[1, 0, 7, 0, 0], "a client has no structs");
}

#[test]
fn a_client_that_comes_twice_is_refused() {
    assert_refused(&[2, 1, 7, 0, 0, 1, 1, 7, 1, 0, 1, 0], "a client comes twice");
    assert_refused(&[3, 1, 7, 0, 0, 1, 1, 8, 0, 0, 1, 1, 7, 1, 0, 1, 0], "a client comes twice");
    assert_refused(&[0, 2, 7, 1, 0, 1, 7, 1, 4, 1], "a client comes twice");
}

#[test]
fn deleted_ranges_that_are_not_in_order_are_refused() {
    assert!(read(&[0, 1, 7, 2, 0, 2, 2, 1]).is_ok());
    for ranges in [[4, 1, 0, 1], [0, 2, 1, 2]] {
        assert_refused(&[&[0, 1, 7, 2], &ranges[..]].concat(), "the deleted ranges are not in order");
    }
}

#[test]
fn a_struct_that_refers_to_itself_or_to_a_later_one_is_refused() {
    let after = |clock| [&[1, 1, 7, 3, 0x84, 7, clock], &text("a")[..], &[0]].concat();
    assert!(read(&after(2)).is_ok());
    for clock in [3, 4] {
        assert_refused(&after(clock), "a struct refers to itself or to a later one of its client");
    }
}

#[test]
fn contents_of_no_known_kind_are_refused() {
    for kind in [10, 11, 15, 17, 20, 24, 31] {
        assert_refused(&item(kind | 0x20, &[1, b'k', 1]), "a content is of no known kind");
    }
    assert_refused(&one_struct(&[0x80, 6, 1, 1]), "a content is of no known kind");
    assert_refused(&one_struct(&[4, 2, 1, b't', 1, b'a']), "the parent of an item is of no known kind");
    assert_refused(
        &item(2, &[1, 4, b'n', b'u', b'l', b'l']),
        "a content is of a kind that only old versions of Yjs wrote",
    );
    for kind in [5, 7, 8, 9, 15, 255] {
        assert_refused(&item(7, &[kind, 1, b'h']), "a shared type is of no known kind");
    }
    assert_refused(&item(8, &[1, 115]), "a value is of no known kind");
    assert_refused(&item(9, &[1, b'g', 126]), "the options of a subdocument are not an object");
}

#[test]
fn texts_that_are_not_utf_8_are_refused() {
    let reason = "a text is not valid UTF-8";
    for bytes in [&[0xff][..], &[0xed, 0xa0, 0x80], &[0xf0, 0x9f]] {
        let mut content = Vec::new();
        write_bytes(&mut content, bytes);
        assert_refused(&item(4, &content), reason);
        assert_refused(&item(7, &[&[3], &content[..]].concat()), reason);
        assert_refused(&item(8, &[&[1, 119], &content[..]].concat()), reason);
    }
}

#[test]
fn json_that_yrs_cannot_read_is_refused() {
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    for json in ["", "undefined", "{", "1 2", "1e999", "\"\\ud800\"", "9223372036854775808", "NaN", &deep(65)]
    {
        assert_refused(&item(5, &text(json)), "a text is not valid JSON, or is nested too deep");
        assert_refused(
            &item(6, &[text("bold"), text(json)].concat()),
            "a text is not valid JSON, or is nested too deep",
        );
    }
    for json in [
        "1e300",
        "-1",
        "\"\\ud83d\\ude00\"",
        "{\"a\":[{\"\":null}]}",
        "9223372036854775807",
        " true ",
        &deep(64),
    ] {
        assert!(read(&item(5, &text(json))).is_ok(), "{json}");
        check_with_yrs(&item(5, &text(json)));
    }
}

#[test]
fn values_that_are_nested_too_deep_are_refused() {
    let arrays = |depth: usize| [&[1][..], &[117, 1].repeat(depth), &[126]].concat();
    assert!(read(&item(8, &arrays(64))).is_ok());
    assert_refused(&item(8, &arrays(65)), "a value is nested too deep");
    assert_refused(&item(8, &arrays(100_000)), "a value is nested too deep");
    let objects = [&[1][..], &[118, 1, 0].repeat(65), &[126]].concat();
    assert_refused(&item(8, &objects), "a value is nested too deep");
}

#[test]
fn names_that_are_too_long_are_refused() {
    let name = |len| text(&"n".repeat(len));
    let root = |len| one_struct(&[&[4, 1], &name(len)[..], &[1, b'a']].concat());
    let key = |len| one_struct(&[&[0x24, 1, 1, b't'], &name(len)[..], &[1, b'a']].concat());
    assert!(read(&root(65_536)).is_ok() && read(&key(65_536)).is_ok());
    assert_refused(&root(65_537), "a name is too long");
    assert_refused(&key(65_537), "a name is too long");
}

#[test]
fn real_updates_that_were_cut_or_changed_do_no_harm() {
    for document in FromYjs::all() {
        for update in document.updates().filter(|update| update.len() < 200).take(6) {
            for end in 0..update.len() {
                assert!(read(&update[..end]).is_err(), "{}", document.name);
            }
            for at in 0..update.len() {
                for bit in 0..8 {
                    let mut changed = update.clone();
                    changed[at] ^= 1 << bit;
                    check_with_yrs(&changed);
                }
            }
        }
    }
}
