//! Documents with content of each type, that are changed at random and become what they were.

use std::rc::Rc;

use party::Result;
use party::parts::document::yrs::types::text::YChange;
use party::parts::document::yrs::types::{Attrs, ToJson};
use party::parts::document::yrs::updates::decoder::Decode;
use party::parts::document::yrs::{
    Any, Array, ArrayPrelim, ClientID, Doc, GetString, Map, MapPrelim, OffsetKind, Options, ReadTxn,
    StateVector, Text, TextPrelim, Transact, TransactionMut, Update, Xml, XmlElementPrelim, XmlFragment,
    XmlTextPrelim,
};
use party::parts::document::{Document, DocumentOptions};
use party::testing::example;

use crate::chance::{Chance, each_seed};

#[test]
fn a_restored_version_has_what_it_had_of_each_type() {
    each_seed(100, restore);
}

fn restore(seed: u64) {
    let chance = Rc::new(std::cell::RefCell::new(Chance(seed)));
    let _clients = example::hook(async move |room, _ada| {
        let chance = &mut *chance.borrow_mut();
        let document = Document::open(room, DocumentOptions::default())?;
        let docs: Vec<Doc> = (1..4).map(client).collect();
        write(&document, &docs, chance)?;
        let before = of_room(&document)?;
        let version = document.save_version("before")?;
        write(&document, &docs, chance)?;
        assert!(document.restore_version(version.id)?);
        assert_eq!(of_room(&document)?, before, "the room");
        for (n, doc) in docs.iter().enumerate() {
            take(doc, &document)?;
            assert_eq!(seen(doc), before, "client {n}");
        }
        let fresh = client(99);
        take(&fresh, &document)?;
        assert_eq!(seen(&fresh), before, "a newcomer");
        Ok(())
    });
}

fn client(id: u64) -> Doc {
    let mut options = Options::with_guid_and_client_id("client".into(), ClientID::new(id));
    options.offset_kind = OffsetKind::Utf16;
    let doc = Doc::with_options(options);
    let _text = doc.get_or_insert_text("t");
    let _map = doc.get_or_insert_map("m");
    let _array = doc.get_or_insert_array("a");
    let _xml = doc.get_or_insert_xml_fragment("x");
    doc
}

fn take(doc: &Doc, document: &Document) -> Result<()> {
    let update = Update::decode_v1(&document.encoded()?).unwrap();
    doc.transact_mut().apply_update(update).unwrap();
    Ok(())
}

fn seen(doc: &Doc) -> String {
    state(&doc.transact())
}

fn of_room(document: &Document) -> Result<String> {
    let doc = client(98);
    take(&doc, document)?;
    Ok(seen(&doc))
}

fn state(txn: &impl ReadTxn) -> String {
    let text = txn.get_text("t").map(|text| {
        text.diff(txn, YChange::identity)
            .into_iter()
            .map(|diff| {
                let mut attributes: Vec<_> = diff
                    .attributes
                    .into_iter()
                    .flat_map(|all| *all)
                    .map(|(name, value)| format!("{name}={value:?}"))
                    .collect();
                attributes.sort();
                format!("{}{attributes:?}", diff.insert.to_string(txn))
            })
            .collect::<Vec<_>>()
    });
    format!(
        "{text:?}\n{}\n{}\n{}",
        json(&txn.get_map("m").unwrap().to_json(txn)),
        json(&txn.get_array("a").unwrap().to_json(txn)),
        txn.get_xml_fragment("x").unwrap().get_string(txn)
    )
}

fn json(any: &Any) -> String {
    serde_json::to_value(any).unwrap().to_string()
}

fn write(document: &Document, docs: &[Doc], chance: &mut Chance) -> Result<()> {
    for n in 0..chance.below(40) {
        let doc = &docs[usize::try_from(chance.below(3)).unwrap()];
        if chance.below(3) == 0 {
            take(doc, document)?;
        }
        let mut transaction = doc.transact_mut();
        change(&mut transaction, chance, n);
        let update = transaction.encode_update_v1();
        drop(transaction);
        if document.apply(&update).is_err() {
            let all = doc.transact().encode_state_as_update_v1(&StateVector::default());
            document.apply(&all)?;
        }
    }
    Ok(())
}

fn change(txn: &mut TransactionMut<'_>, chance: &mut Chance, n: u64) {
    let text = txn.get_text("t").unwrap();
    let map = txn.get_map("m").unwrap();
    let array = txn.get_array("a").unwrap();
    let xml = txn.get_xml_fragment("x").unwrap();
    let mut at = |len: u32| u32::try_from(chance.below(u64::from(len) + 1)).unwrap();
    let key = format!("k{}", n % 3);
    match at(13) {
        0..=2 => text.insert(txn, at(text.len(txn)), &format!("<{n}>")),
        3 => {
            let from = at(text.len(txn));
            let len = (text.len(txn) - from).min(at(5));
            text.remove_range(txn, from, len);
        }
        4 => {
            let from = at(text.len(txn));
            let len = (text.len(txn) - from).min(3);
            if len > 0 {
                text.format(txn, from, len, Attrs::from([("b".into(), Any::Bool(at(1) == 0))]));
            }
        }
        5 => drop(map.insert(txn, key, n as f64)),
        6 => drop(map.insert(txn, key, MapPrelim::from([("in", TextPrelim::new(format!("t{n}")))]))),
        7 => drop(map.remove(txn, &key)),
        8 => drop(array.insert(txn, at(array.len(txn)), n as f64)),
        9 => drop(array.insert(txn, at(array.len(txn)), ArrayPrelim::from([1.0, n as f64]))),
        10 if array.len(txn) > 0 => array.remove(txn, at(array.len(txn) - 1)),
        11 => {
            let element = xml.insert(txn, at(xml.len(txn)), XmlElementPrelim::empty("p"));
            element.insert_attribute(txn, "n", n.to_string());
            element.insert(txn, 0, XmlTextPrelim::new(format!("x{n}")));
        }
        12 if xml.len(txn) > 0 => xml.remove_range(txn, at(xml.len(txn) - 1), 1),
        13 if xml.len(txn) > 0 => {
            let child = at(xml.len(txn) - 1);
            if let Some(element) = xml.get(txn, child).and_then(|node| node.into_xml_element()) {
                element.insert_attribute(txn, "n", format!("again {n}"));
                element.insert(txn, at(element.len(txn)), XmlTextPrelim::new(format!("y{n}")));
            }
        }
        _ => {}
    }
}
