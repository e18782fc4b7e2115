//! Real updates, for tests: of clients that edit one document, as an input says.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use yrs::types::Attrs;
use yrs::types::text::TextPrelim;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, ClientID, Doc, Map, MapPrelim, MapRef, OffsetKind, Options, ReadTxn,
    StateVector, Text, TextRef, Transact, Update, WriteTxn, Xml, XmlElementPrelim, XmlFragment,
    XmlFragmentRef, XmlOut, XmlTextPrelim,
};

use crate::fuzz::Input;

/// Texts that count differently in bytes, characters and UTF-16 units.
const TEXTS: &[&str] = &["a", "hello ", "wörld", "日本語", "😀", "👩\u{200d}💻", "x😀y", "\n"];

const KEYS: &[&str] = &["a", "b", "", "key 😀"];

/// Clients that edit one document, and all updates that they have made.
pub(crate) struct Session {
    pub(crate) docs: Vec<Doc>,
    pub(crate) updates: Vec<Vec<u8>>,
}

/// A document with nothing in it. It counts as Yjs does: `yrs` loses count of bytes when an emoji is cut in halves.
pub(crate) fn empty(client: u64) -> Doc {
    let client_id = ClientID::new(client);
    Doc::with_options(Options { client_id, offset_kind: OffsetKind::Utf16, ..Options::default() })
}

/// Has a few clients edit a document. Now and then they receive what the others did.
pub(crate) fn session(input: &mut Input<'_>, edits: usize) -> Session {
    let ids = [1, 2, 130, 4_294_967_295, 9_007_199_254_740_991];
    let count = input.below(ids.len()).max(1);
    let docs: Vec<Doc> = ids.iter().take(count.saturating_add(1)).map(|id| empty(*id)).collect();
    let mut session = Session { docs, updates: Vec::new() };
    for _ in 0..edits {
        let doc = &session.docs[input.below(session.docs.len())];
        let mut txn = doc.transact_mut();
        for _ in 0..=input.below(3) {
            edit(input, &mut txn);
        }
        let update = txn.encode_update_v1();
        drop(txn);
        session.updates.push(update);
        if input.once_in(4) {
            session.exchange(input);
        }
    }
    session
}

impl Session {
    /// Has one client receive all that another one has.
    fn exchange(&mut self, input: &mut Input<'_>) {
        let (from, to) = (input.below(self.docs.len()), input.below(self.docs.len()));
        if from != to {
            let known = self.docs[to].transact().state_vector();
            let update = self.docs[from].transact().encode_state_as_update_v1(&known);
            apply(&self.docs[to], &update);
            self.updates.push(update);
        }
    }

    /// Has all clients receive everything.
    pub(crate) fn settle(&self) {
        for from in &self.docs {
            for to in &self.docs {
                if from.client_id() != to.client_id() {
                    let update = whole(from);
                    apply(to, &update);
                }
            }
        }
        for to in self.docs.iter().skip(1) {
            apply(&self.docs[0], &whole(to));
        }
    }
}

/// Returns all of a document as one update.
pub(crate) fn whole(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// Applies an update that is right.
pub(crate) fn apply(doc: &Doc, update: &[u8]) {
    doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
}

fn edit(input: &mut Input<'_>, txn: &mut yrs::TransactionMut<'_>) {
    match input.below(8) {
        0..=2 => {
            let text = txn.get_or_insert_text("text");
            edit_text(input, txn, &text);
        }
        3 | 4 => {
            let map = txn.get_or_insert_map("map");
            edit_map(input, txn, &map);
        }
        5 => {
            let array = txn.get_or_insert_array("array");
            edit_array(input, txn, &array);
        }
        6 => {
            let fragment = txn.get_or_insert_xml_fragment("xml");
            edit_xml(input, txn, &fragment);
        }
        _ => {
            let array = txn.get_or_insert_array("array");
            let nested = array.iter(txn).find_map(|value| value.cast::<TextRef>().ok());
            match nested {
                Some(text) => edit_text(input, txn, &text),
                None => drop(array.push_back(txn, TextPrelim::new("nested"))),
            }
        }
    }
}

fn place(input: &mut Input<'_>, len: u32) -> u32 {
    input.below(len as usize + 1) as u32
}

fn edit_text(input: &mut Input<'_>, txn: &mut yrs::TransactionMut<'_>, text: &TextRef) {
    let len = text.len(txn);
    let at = place(input, len);
    let rest = place(input, (len - at).min(6));
    match input.below(8) {
        0..=3 => text.insert(txn, at, input.one(TEXTS)),
        4 => text.insert_with_attributes(txn, at, input.one(TEXTS), attributes(input)),
        5 => drop(text.insert_embed(txn, at, value(input, 2))),
        6 => text.format(txn, at, rest, attributes(input)),
        _ => text.remove_range(txn, at, rest),
    }
}

fn attributes(input: &mut Input<'_>) -> Attrs {
    let value = if input.once_in(2) { Any::Null } else { json_value(input) };
    Attrs::from([(input.one(&["bold", "link"]).into(), value)])
}

fn edit_map(input: &mut Input<'_>, txn: &mut yrs::TransactionMut<'_>, map: &MapRef) {
    let key = input.one(KEYS);
    match input.below(6) {
        0..=2 => drop(map.insert(txn, key, value(input, 3))),
        3 => drop(map.remove(txn, key)),
        4 => drop(map.insert(txn, key, MapPrelim::from([("in", value(input, 2))]))),
        _ => drop(map.insert(txn, key, Doc::with_client_id(5))),
    }
}

fn edit_array(input: &mut Input<'_>, txn: &mut yrs::TransactionMut<'_>, array: &ArrayRef) {
    let len = array.len(txn);
    let at = place(input, len);
    match input.below(5) {
        0 => array.insert_range(txn, at, [value(input, 2), value(input, 2)]),
        1 => drop(array.insert(txn, at, vec![1_u8, 2, 3])),
        2 => drop(array.insert(txn, at, ArrayPrelim::from([1, 2]))),
        3 if at < len => array.remove(txn, at),
        _ => drop(array.insert(txn, at, value(input, 2))),
    }
}

fn edit_xml(input: &mut Input<'_>, txn: &mut yrs::TransactionMut<'_>, xml: &XmlFragmentRef) {
    let len = xml.len(txn);
    let at = place(input, len);
    match (input.below(5), xml.get(txn, at)) {
        (0, _) => drop(xml.insert(txn, at, XmlTextPrelim::new(input.one(TEXTS)))),
        (1, Some(_)) => xml.remove(txn, at),
        (2, Some(XmlOut::Element(element))) => drop(element.insert_attribute(txn, "level", input.one(TEXTS))),
        (3, Some(XmlOut::Element(element))) => {
            element.insert(txn, 0, XmlElementPrelim::empty("image"));
        }
        (_, Some(XmlOut::Text(text))) => text.insert(txn, 0, input.one(TEXTS)),
        _ => drop(xml.insert(txn, at, XmlElementPrelim::empty("paragraph"))),
    }
}

/// A value that JSON also has.
fn json_value(input: &mut Input<'_>) -> Any {
    match input.below(5) {
        0 => Any::Bool(true),
        1 => Any::from(input.one(&[0.5, -1.0, 1e21])),
        2 => Any::from(i64::from(i32::MAX)),
        3 => Any::from(vec![Any::Null, Any::from("in")]),
        _ => Any::from(input.one(TEXTS)),
    }
}

fn value(input: &mut Input<'_>, depth: usize) -> Any {
    match input.below(7) {
        0 => Any::Undefined,
        1 => Any::from(input.number().cast_signed()),
        2 if depth > 0 => Any::from(vec![value(input, depth - 1)]),
        3 if depth > 0 => Any::from(HashMap::from([(input.one(KEYS).to_owned(), value(input, depth - 1))])),
        4 => Any::from(vec![0_u8, 255]),
        _ => json_value(input),
    }
}

/// Updates that Yjs itself made, of one document each.
#[derive(Deserialize)]
pub(crate) struct FromYjs {
    pub(crate) name: String,
    updates: Vec<String>,
    state_vector: String,
}

impl FromYjs {
    pub(crate) fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<FromYjs>> = LazyLock::new(|| {
            serde_json::from_str(include_str!("../../../tests/fixtures/yjs-updates.json")).unwrap()
        });
        &ALL
    }

    pub(crate) fn updates(&self) -> impl Iterator<Item = Vec<u8>> {
        self.updates.iter().map(|update| bytes(update))
    }

    pub(crate) fn state_vector(&self) -> Vec<u8> {
        bytes(&self.state_vector)
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
