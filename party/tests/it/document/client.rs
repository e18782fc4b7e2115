//! A client of Yjs, as the providers of npm are: it says what it has, answers what it is asked, and sends what it
//! writes.

use std::collections::BTreeMap;

use party::Message;
use party::parts::document::yrs::encoding::read::{Cursor, Read};
use party::parts::document::yrs::encoding::write::Write;
use party::parts::document::yrs::updates::decoder::Decode;
use party::parts::document::yrs::updates::encoder::Encode;
use party::parts::document::yrs::{
    ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, Update,
};
use party::testing::{TestClient, TestRoom};

use super::Notes;

/// A client with a document of its own.
pub(super) struct Client {
    pub(super) doc: Doc,
    pub(super) id: u64,
    socket: Option<TestClient>,
    /// The clock of its own state.
    pub(super) clock: u64,
    /// What others say of themselves: the clock, and the state while there is one.
    pub(super) others: BTreeMap<u64, (u64, Option<String>)>,
    /// Why something was not done.
    pub(super) denied: Vec<String>,
    pub(super) texts: Vec<String>,
    /// Whether it was sent all that the room had.
    pub(super) is_synced: bool,
    /// How many updates it was sent, and the bytes of the last.
    pub(super) updates: usize,
    pub(super) last: Vec<u8>,
    pub(super) asked: usize,
}

impl Client {
    pub(super) fn new(id: u64) -> Self {
        let mut options = Options::with_guid_and_client_id("client".into(), ClientID::new(id));
        options.offset_kind = OffsetKind::Utf16;
        Self {
            doc: Doc::with_options(options),
            id,
            socket: None,
            clock: 0,
            others: BTreeMap::new(),
            denied: Vec::new(),
            texts: Vec::new(),
            is_synced: false,
            updates: 0,
            last: Vec::new(),
            asked: 0,
        }
    }

    /// Returns a client that is connected and has all that the room has.
    pub(super) fn joined(room: &TestRoom<Notes>, id: u64) -> Self {
        let mut client = Self::new(id);
        client.connect(room);
        client.hear();
        client
    }

    /// Connects, and says what it has.
    pub(super) fn connect(&mut self, room: &TestRoom<Notes>) {
        self.begin(room.connecting(&format!("c{}", self.id)).connect());
    }

    /// Connects as one that may only read.
    pub(super) fn view(&mut self, room: &TestRoom<Notes>) {
        self.begin(room.connecting(&format!("c{}", self.id)).query("view", "1").connect());
    }

    fn begin(&mut self, socket: TestClient) {
        self.socket = Some(socket);
        self.is_synced = false;
        self.others.clear();
        let have = self.doc.transact().state_vector().encode_v1();
        self.send(&[0, 0], &have);
    }

    /// Takes the socket away: nothing more is sent or heard. Returns it, for a test that goes on with it.
    pub(super) fn unplug(&mut self) -> TestClient {
        self.socket.take().unwrap()
    }

    pub(super) fn socket(&self) -> &TestClient {
        self.socket.as_ref().unwrap()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(TestClient::is_open)
    }

    /// Writes at the end of the text.
    pub(super) fn push(&mut self, text: &str) {
        let at = self.doc.get_or_insert_text("notes").len(&self.doc.transact());
        self.insert(at, text);
    }

    pub(super) fn insert(&mut self, at: u32, text: &str) {
        let notes = self.doc.get_or_insert_text("notes");
        let mut transaction = self.doc.transact_mut();
        notes.insert(&mut transaction, at, text);
        self.send_change(transaction.encode_update_v1());
    }

    pub(super) fn remove(&mut self, at: u32, len: u32) {
        let notes = self.doc.get_or_insert_text("notes");
        let mut transaction = self.doc.transact_mut();
        notes.remove_range(&mut transaction, at, len);
        self.send_change(transaction.encode_update_v1());
    }

    fn send_change(&self, update: Vec<u8>) {
        if self.is_connected() {
            self.send(&[0, 2], &update);
        }
    }

    /// Says something of itself.
    pub(super) fn say(&mut self, state: &str) {
        self.clock += 1;
        self.say_of(&[(self.id, self.clock, state)]);
    }

    pub(super) fn say_of(&self, states: &[(u64, u64, &str)]) {
        let mut bytes = Vec::new();
        bytes.write_var(states.len() as u64);
        for (client, clock, state) in states {
            bytes.write_var(*client);
            bytes.write_var(*clock);
            bytes.write_string(state);
        }
        self.send(&[1], &bytes);
    }

    pub(super) fn send(&self, kinds: &[u8], content: &[u8]) {
        let mut message = kinds.to_vec();
        message.write_buf(content);
        self.socket().send(message);
    }

    /// Hears all that has arrived. Returns whether there was anything.
    pub(super) fn hear(&mut self) -> bool {
        let Some(socket) = &self.socket else { return false };
        let heard = socket.received();
        for message in &heard {
            match message {
                Message::Text(text) => self.texts.push(text.clone()),
                Message::Binary(bytes) => self.hear_one(bytes),
            }
        }
        !heard.is_empty()
    }

    fn hear_one(&mut self, bytes: &[u8]) {
        let mut cursor = Cursor::new(bytes);
        match (cursor.read_var::<u32>().unwrap(), bytes.get(1)) {
            (0, Some(0)) => {
                self.asked += 1;
                let has = StateVector::decode_v1(Self::content(&mut cursor)).unwrap();
                let lacking = self.doc.transact().encode_state_as_update_v1(&has);
                if self.is_connected() {
                    self.send(&[0, 1], &lacking);
                }
            }
            (0, Some(kind)) => {
                let update = Self::content(&mut cursor);
                self.is_synced |= *kind == 1;
                self.updates += usize::from(*kind == 2);
                self.last = update.to_vec();
                self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
            }
            (1, _) => {
                let mut states = Cursor::new(cursor.read_buf().unwrap());
                for _ in 0..states.read_var::<u32>().unwrap() {
                    let (client, clock): (u64, u64) =
                        (states.read_var().unwrap(), states.read_var().unwrap());
                    let state = states.read_string().unwrap();
                    self.take_state(client, clock, state);
                }
            }
            (2, _) => self.denied.push(String::from_utf8(Self::content(&mut cursor).to_vec()).unwrap()),
            other => panic!("an unknown message: {other:?}"),
        }
    }

    /// Skips the second kind of a message, and returns what follows.
    fn content<'a>(cursor: &'a mut Cursor<'_>) -> &'a [u8] {
        let _kind: u32 = cursor.read_var().unwrap();
        cursor.read_buf().unwrap()
    }

    /// Does as `applyAwarenessUpdate` of Yjs does.
    fn take_state(&mut self, client: u64, clock: u64, state: &str) {
        let known = self.others.get(&client);
        let is_newer = known.is_none_or(|(known, _)| *known < clock);
        let ends = state == "null" && known.is_some_and(|(known, state)| *known == clock && state.is_some());
        if client != self.id && (is_newer || ends) {
            self.others.insert(client, (clock, (state != "null").then(|| state.to_owned())));
        }
    }

    /// Returns the clients that say something of themselves.
    pub(super) fn present(&self) -> Vec<u64> {
        self.others.iter().filter(|(_, (_, state))| state.is_some()).map(|(client, _)| *client).collect()
    }

    pub(super) fn text(&self) -> String {
        let notes = self.doc.get_or_insert_text("notes");
        notes.get_string(&self.doc.transact())
    }
}
