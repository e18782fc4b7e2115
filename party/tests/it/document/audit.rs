//! Changes that are refused, connections that are replaced, and documents that are used within their own use.

mod restored;
mod rows;
mod states;

use party::parts::document::yrs::{Doc, GetString, ReadTxn, StateVector, Text, Transact, WriteTxn};
use party::parts::document::{Access, Document, DocumentOptions};
use party::testing::{TestRoom, example};
use party::{Connection, ConnectionContext, Message, Props, Request, Response, Result, Room, Server, Tag};

use super::client::Client;
use super::{DOCUMENT_BYTES, Notes, room, settle, text};

/// Returns the update of a client that has written something before.
fn with_gap() -> Vec<u8> {
    let mut somebody = Client::new(7);
    somebody.push("first");
    let has = somebody.doc.transact().state_vector();
    somebody.push("second");
    somebody.doc.transact().encode_state_as_update_v1(&has)
}

#[test]
fn changes_that_are_refused_do_not_have_the_document_read_again() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    ada.push("milk");
    let mut eve = Client::joined(&room, 9);
    room.sql().execute("ALTER TABLE party_document_updates RENAME TO hidden", ()).unwrap();
    for _ in 0..3 {
        eve.send(&[0, 1], &with_gap());
        eve.send(&[0, 1], &[0; 100_001]);
    }
    eve.hear();
    room.sql().execute("ALTER TABLE hidden RENAME TO party_document_updates", ()).unwrap();
    assert_eq!(room.errors(), Vec::<String>::new());
    assert!(eve.is_connected());
    assert_eq!(eve.denied.len(), 6, "{:?}", eve.denied);
    assert_eq!(text(&room), "milk");
}

#[test]
fn a_connection_that_takes_the_place_of_one_that_has_not_answered_is_asked_again() {
    let room = room();
    let mut ada = Client::new(1);
    ada.push("milk");
    ada.connect(&room);
    let _silent = ada.unplug();
    ada.connect(&room);
    settle(&mut [&mut ada]);
    assert_eq!(text(&room), "milk");
}

#[test]
fn a_document_that_is_used_within_its_own_use_loses_nothing() {
    let _clients = example::hook(async |room, _ada| {
        let document = Document::open(room, DocumentOptions::default())?;
        let push = |word: &str| {
            document.change(|transaction| {
                transaction.get_or_insert_text("notes").push(transaction, word);
                Ok(())
            })
        };
        push("one ")?;
        let nested = document.read(|_| Ok(push("two ")))?;
        push("three ")?;
        let has_two = nested.is_ok();
        let expected = if has_two { "one two three " } else { "one three " };
        assert_eq!(document.text("notes")?, expected);
        document.read(|_| Ok(document.text("notes").map(drop)))?.ok();
        assert_eq!(document.text("notes")?, expected);
        Ok(())
    });
}

#[test]
fn a_version_of_any_number_can_be_asked_for() {
    let _clients = example::hook(async |room, _ada| {
        let document = Document::open(room, DocumentOptions::default())?;
        document.save_version("empty")?;
        assert_eq!(document.version(u64::MAX)?, None);
        assert!(!document.restore_version(u64::MAX)?);
        assert!(!document.delete_version(u64::MAX)?);
        Ok(())
    });
}

#[test]
fn a_client_whose_id_is_the_tag_of_the_document_is_sent_nothing_of_it() {
    let room = TestRoom::<Beside>::new("notes");
    let ada = room.connecting("ada").query("document", "").connect();
    let eve = room.connecting(Document::TAG.as_str()).try_connect();
    ada.send(vec![1, 6, 1, 1, 1, 2, b'{', b'}']);
    ada.send(vec![0, 2, 12, 1, 1, 1, 0, 4, 1, 1, b't', 2, b'h', b'i', 0]);
    assert_eq!(room.get("/parties/party/notes?text=t").text(), "hi");
    assert!(eve.map_or(true, |eve| eve.received().is_empty()));
}

/// A room in which only some connections are the document's.
struct Beside(Document);

impl Server for Beside {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self(Document::open(room, DocumentOptions::default())?))
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        who: &Connection,
        _context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        Ok(who.query("document").map(|_| Document::TAG).into_iter().collect())
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        match who.query("document") {
            Some(_) => self.0.connect(who, Access::Write),
            None => Ok(()),
        }
    }

    async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
        self.0.message(from, &message).await
    }

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.0.request(&request)
    }
}

fn stored(room: &TestRoom<Notes>) -> u64 {
    let bytes = "SELECT (SELECT coalesce(sum(length(data)), 0) FROM party_document_base)
        + (SELECT coalesce(sum(length(data)), 0) FROM party_document_updates)";
    room.sql().query_one::<(u64,)>(bytes, ()).unwrap().0
}

#[test]
fn from_a_document_that_is_full_to_the_last_byte_something_can_be_deleted() {
    let room = room();
    let (mut ada, mut bob) = (Client::joined(&room, 1), Client::joined(&room, 2));
    for _ in 0..3 {
        ada.push(&"x".repeat(90_000));
    }
    bob.hear();
    let mut eve = Client::joined(&room, 9);
    eve.push(&"y".repeat(50_000));
    let left = usize::try_from(DOCUMENT_BYTES - stored(&room)).unwrap();
    let fitting = (left - 60..left).map(|len| {
        let doc = Doc::with_client_id(u64::from(u32::MAX));
        doc.get_or_insert_text("more").push(&mut doc.transact_mut(), &"z".repeat(len));
        doc.transact().encode_state_as_update_v1(&StateVector::default())
    });
    let last = fitting.into_iter().find(|update| update.len() == left).unwrap();
    eve.send(&[0, 2], &last);
    assert_eq!(stored(&room), DOCUMENT_BYTES);
    bob.remove(0, 200_000);
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!(bob.denied, Vec::<String>::new());
    bob.push("!");
    settle(&mut [&mut ada, &mut bob]);
    assert_eq!((ada.text().len(), text(&room).len()), (70_001, 70_001));
    assert!(bob.doc.get_or_insert_text("notes").get_string(&bob.doc.transact()).ends_with('!'));
}

/// Writes until the document has some bytes less than it may have.
fn fill(room: &TestRoom<Notes>, writer: &mut Client) {
    for _ in 0..3 {
        writer.push(&"x".repeat(90_000));
    }
    writer.push(&"y".repeat(usize::try_from(DOCUMENT_BYTES - stored(room)).unwrap() - 60));
}

/// Counts how often the whole document is written from now on.
fn count_writes(room: &TestRoom<Notes>) {
    for statement in [
        "CREATE TABLE counted (n INTEGER)",
        "CREATE TRIGGER counts AFTER INSERT ON party_document_base BEGIN INSERT INTO counted VALUES (1); END",
    ] {
        room.sql().execute(statement, ()).unwrap();
    }
}

fn written(room: &TestRoom<Notes>) -> u64 {
    room.sql().query_one::<(u64,)>("SELECT count(*) FROM counted", ()).unwrap().0
}

#[test]
fn a_full_document_is_not_written_again_for_each_delete() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    fill(&room, &mut ada);
    count_writes(&room);
    for n in 0..100 {
        ada.remove(1_000 + 3 * n, 1);
    }
    assert!(written(&room) <= 1);
    // Each of them has made two pieces of one, with some bytes more.
    ada.remove(0, 10_000);
    ada.push("!");
    ada.hear();
    assert_eq!((ada.denied.len(), text(&room)), (0, ada.text()));
}

#[test]
fn a_change_for_which_a_full_document_is_written_again_counts_as_many() {
    let room = room();
    let mut ada = Client::joined(&room, 1);
    fill(&room, &mut ada);
    count_writes(&room);
    for _ in 0..200 {
        ada.remove(1_000, 40);
        ada.insert(1_000, &"z".repeat(40));
        if !ada.is_connected() {
            break;
        }
    }
    assert!(!ada.is_connected(), "the limit of 400 messages was reached");
    assert!(written(&room) < 100, "{} times", written(&room));
}
