//! Tests of what is known.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use yrs::types::text::YChange;
use yrs::types::{Attrs, ToJson};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Any, GetString, ReadTxn, StateVector, Text, Transact};

use super::super::update::{Span, read};
use super::{Known, News, read_state_vector};
use crate::fuzz::documents::{FromYjs, Session, apply, empty, session, whole};
use crate::fuzz::{Input, for_each};

/// An update of these clocks of clients, and of these deletes.
fn update(structs: &[(u8, u8, u8)], deletes: &[(u8, u8, u8)]) -> Vec<u8> {
    let mut bytes = vec![structs.len() as u8];
    for (client, start, end) in structs {
        bytes.extend([1, *client, *start, 0, end - start]);
    }
    bytes.push(deletes.len() as u8);
    for (client, start, end) in deletes {
        bytes.extend([*client, 1, *start, end - start]);
    }
    bytes
}

fn learn(known: &mut Known, bytes: &[u8]) {
    known.learn(&read(bytes).unwrap()).unwrap();
}

fn news<'a>(known: &Known, bytes: &'a [u8]) -> News<'a> {
    known.news(&read(bytes).unwrap(), bytes)
}

fn known(updates: &[Vec<u8>]) -> Known {
    let mut known = Known::default();
    updates.iter().for_each(|update| learn(&mut known, update));
    known
}

fn clocks(known: &Known) -> Vec<(u64, u32)> {
    read_state_vector(&known.state_vector()).unwrap()
}

/// Asserts that two documents have the same structs, deletes and content.
#[track_caller]
fn assert_same(a: &yrs::Doc, b: &yrs::Doc) {
    assert_eq!(a.transact().snapshot(), b.transact().snapshot());
    assert_eq!(contents(a), contents(b));
}

fn contents(doc: &yrs::Doc) -> (Any, Any, Any, String, String) {
    let (text, map) = (doc.get_or_insert_text("text"), doc.get_or_insert_map("map"));
    let (array, xml) = (doc.get_or_insert_array("array"), doc.get_or_insert_xml_fragment("xml"));
    let txn = doc.transact();
    let sorted = |formats: Box<Attrs>| formats.into_iter().collect::<BTreeMap<_, _>>();
    let formats: Vec<_> =
        text.diff(&txn, YChange::identity).into_iter().map(|part| part.attributes.map(sorted)).collect();
    (
        Any::from(text.get_string(&txn)),
        map.to_json(&txn),
        array.to_json(&txn),
        xml.get_string(&txn),
        format!("{formats:?}"),
    )
}

fn shuffle<T>(input: &mut Input<'_>, things: &mut [T]) {
    for end in (1..things.len()).rev() {
        things.swap(end, input.below(end + 1));
    }
}

/// Returns all updates of a session, and at last the whole document.
fn delivered(input: &mut Input<'_>, session: &mut Session) -> Vec<Vec<u8>> {
    session.settle();
    let mut updates = std::mem::take(&mut session.updates);
    updates.push(whole(&session.docs[0]));
    if input.once_in(2) {
        shuffle(input, &mut updates);
    }
    updates
}

#[test]
fn the_known_is_what_yrs_has_in_whatever_order_updates_come() {
    for_each(|input| {
        let mut session = session(input, 20);
        let mut known = Known::default();
        for bytes in delivered(input, &mut session) {
            learn(&mut known, &bytes);
        }
        let snapshot = session.docs[0].transact().snapshot();
        assert_eq!(StateVector::decode_v1(&known.state_vector()).unwrap(), snapshot.state_map);
        let deletes = with_deletes_of(&known);
        assert_eq!(yrs::Update::decode_v1(&deletes).unwrap().delete_set(), &snapshot.delete_set);
    });
}

fn with_deletes_of(known: &Known) -> Vec<u8> {
    let spans: Vec<_> =
        known.deletes.0.iter().map(|(&(client, start), &end)| Span { client, start, end }).collect();
    super::with_deletes(&[0], &spans)
}

#[test]
fn the_news_alone_make_the_same_document() {
    for_each(|input| {
        let mut session = session(input, 20);
        let mut known = Known::default();
        // Not the document of a client: an emoji that was cut in halves there, and only there, looks different.
        let (copy, full) = (empty(77), empty(78));
        for bytes in delivered(input, &mut session) {
            apply(&full, &bytes);
            let update = read(&bytes).unwrap();
            if let Some(news) = known.news(&update, &bytes).update {
                assert!(news.len() <= bytes.len());
                known.learn(&update).unwrap();
                let again = read(&news).unwrap();
                apply(&copy, &news);
                assert_eq!(known.news(&again, &news).update, None);
            }
            assert_eq!(known.news(&update, &bytes).update, None);
        }
        assert!(!news(&known, &whole(&session.docs[0])).gap);
        assert_eq!(copy.transact().snapshot(), session.docs[0].transact().snapshot());
        assert_same(&copy, &full);
    });
}

#[test]
fn state_vectors_are_those_that_yjs_has_written() {
    for document in FromYjs::all() {
        let updates: Vec<_> = document.updates().collect();
        let mut expected = read_state_vector(&document.state_vector()).unwrap();
        expected.sort_by(|a, b| b.cmp(a));
        assert_eq!(clocks(&known(&updates)), expected, "{}", document.name);
        let copy = empty(77);
        updates.iter().for_each(|update| apply(&copy, update));
        assert_eq!(clocks(&known(&updates)).len(), copy.transact().state_vector().len(), "{}", document.name);
    }
}

#[test]
fn an_update_that_is_all_new_is_kept_as_it_came() {
    for bytes in [update(&[(7, 0, 3)], &[(7, 1, 2)]), update(&[(7, 0, 3)], &[]), update(&[], &[(7, 1, 2)])] {
        assert_eq!(news(&Known::default(), &bytes).update, Some(Cow::Borrowed(&bytes[..])));
    }
    assert_eq!(news(&Known::default(), &[0, 0]), News { update: None, gap: false });
}

#[test]
fn deleted_ranges_that_are_known_are_left_out() {
    let known = known(&[update(&[(7, 0, 20)], &[(7, 4, 6), (8, 0, 1)])]);
    let bytes = update(&[(7, 20, 21)], &[(7, 2, 9), (8, 0, 1)]);
    let expected = update(&[(7, 20, 21)], &[(7, 2, 9)]);
    assert_eq!(news(&known, &bytes).update, Some(Cow::Owned(expected)));
}

#[test]
fn structs_that_are_known_are_left_out() {
    let known = known(&[update(&[(7, 0, 20), (3, 0, 5)], &[])]);
    let bytes = update(&[(7, 5, 9), (3, 0, 5)], &[(7, 2, 9)]);
    assert_eq!(news(&known, &bytes).update, Some(Cow::Owned(update(&[], &[(7, 2, 9)]))));
    assert_eq!(news(&known, &update(&[(7, 5, 9)], &[])), News { update: None, gap: false });
    let partly = update(&[(7, 18, 21)], &[]);
    assert_eq!(news(&known, &partly).update, Some(Cow::Borrowed(&partly[..])));
}

#[test]
fn clocks_after_a_gap_count_as_soon_as_it_is_filled() {
    let (first, second, third) =
        (update(&[(7, 0, 3)], &[]), update(&[(7, 3, 5)], &[]), update(&[(7, 5, 9)], &[]));
    let mut known = Known::default();
    learn(&mut known, &third);
    assert_eq!(clocks(&known), []);
    assert_eq!(news(&known, &third), News { update: None, gap: true });
    learn(&mut known, &first);
    assert_eq!(clocks(&known), [(7, 3)]);
    assert!(!news(&known, &second).gap);
    learn(&mut known, &second);
    assert_eq!(clocks(&known), [(7, 9)]);
    assert_eq!(known.structs.0.len(), 1);
}

#[test]
fn a_missing_clock_is_a_gap() {
    let known = known(&[update(&[(7, 0, 5)], &[])]);
    let gap = |bytes: &[u8]| news(&known, bytes).gap;
    assert!(!gap(&update(&[(7, 5, 6)], &[(7, 5, 6)])));
    assert!(gap(&update(&[(7, 6, 7)], &[])));
    assert!(gap(&update(&[], &[(7, 5, 6)])));
    assert!(gap(&update(&[], &[(8, 0, 1)])));
    // A hole in the midst of an update, which what is known fills or not.
    assert!(!gap(&[1, 3, 7, 0, 0, 1, 10, 4, 0, 3, 0]));
    assert!(gap(&[1, 3, 7, 0, 0, 1, 10, 5, 0, 3, 0]));
    // An item of client 8 after one of client 7, or of 9 in the same update.
    let after = |client, clock| vec![2, 1, 9, 0, 0, 2, 1, 8, 0, 0x84, client, clock, 1, b'a', 0];
    assert!(!gap(&after(7, 4)));
    assert!(gap(&after(7, 5)));
    assert!(!gap(&after(9, 1)));
    assert!(gap(&after(9, 2)));
    assert!(gap(&after(10, 0)));
}

#[test]
fn spans_are_merged() {
    for_each(|input| {
        let mut spans = super::Spans::default();
        let mut model = [[false; 40]; 2];
        for _ in 0..12 {
            let client = input.below(2);
            let start = input.below(38);
            let end = start + 1 + input.below(39 - start);
            let span = Span { client: client as u64, start: start as u32, end: end as u32 };
            assert_eq!(spans.contain(span), !model[client][start..end].contains(&false));
            spans.insert(span);
            model[client][start..end].fill(true);
        }
        let runs = model.map(|clocks| clocks.chunk_by(|a, b| a == b).filter(|run| run[0]).count());
        assert_eq!(spans.0.len(), runs.iter().sum::<usize>());
    });
}

#[test]
fn state_vectors_are_read_as_they_are_written_by_yrs() {
    let vector = StateVector::from_iter([(yrs::ClientID::new(7), 300)]);
    assert_eq!(read_state_vector(&vector.encode_v1()), Ok(vec![(7, 300)]));
    for bytes in
        [&[][..], &[1], &[2, 7, 1], &[0, 0], &[0xff, 0xff, 0xff, 0x7f], &[1, 7, 0x80, 0x80, 0x80, 0x80, 8]]
    {
        assert!(read_state_vector(bytes).is_err(), "{bytes:?}");
    }
}
