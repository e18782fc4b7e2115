//! A client of the wire of parts, as small as it can be: it applies what it gets in order, keeps what is not acknowledged, and
//! panics when it sees a gap.

use std::collections::BTreeMap;

use party::parts::wire::{self, ClientFrame, Fault, ServerFrame, Welcome};
use party::testing::{Connecting, TestClient, TestRoom};

use crate::protocol::{Line, Name, Profile, Said};
use crate::room::Chat;

pub(super) type Frame = ServerFrame<Line, Profile>;
pub(super) type Item = wire::Entry<Line>;

/// Somebody in a room.
#[derive(Default)]
pub(super) struct Guest {
    name: String,
    /// The id of its connections.
    pub(super) id: String,
    batching: bool,
    secret: Option<String>,
    pub(super) member: String,
    socket: Option<TestClient>,
    welcomed: bool,
    /// Frames that came in an array and were not looked at yet.
    waiting: std::collections::VecDeque<Frame>,
    pub(super) epoch: String,
    pub(super) head: u64,
    pub(super) items: BTreeMap<u64, Item>,
    pub(super) older: bool,
    pub(super) recovered: bool,
    /// How many entries the last welcome had.
    pub(super) caught: usize,
    pub(super) roster: BTreeMap<String, Profile>,
    /// What is not acknowledged, in order.
    pub(super) outbox: Vec<(String, ClientFrame<Said, Name>)>,
    /// What was acknowledged, and where it stands.
    pub(super) acknowledged: BTreeMap<String, u64>,
    pub(super) faults: Vec<Fault>,
    sent: usize,
}

pub(super) fn said(content: &str) -> Said {
    Said { content: content.into() }
}

impl Guest {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into(), id: format!("{name} 1"), ..Self::default() }
    }

    pub(super) fn batching(self) -> Self {
        Self { batching: true, ..self }
    }

    /// The same person once more.
    pub(super) fn another_tab(&self) -> Self {
        let id = format!("{} 2", self.name);
        Self { name: self.name.clone(), id, secret: self.secret.clone(), ..Self::default() }
    }

    /// How it connects.
    pub(super) fn connecting(&self, room: &TestRoom<Chat>) -> Connecting {
        let mut connecting = room.connecting(&self.id).query("wire", "2").query("name", &self.name);
        if self.batching {
            connecting = connecting.query("batch", "1");
        }
        if !self.epoch.is_empty() {
            connecting = connecting.query("epoch", &self.epoch).query("seq", &self.head.to_string());
        }
        match &self.secret {
            Some(secret) => connecting.bearer(secret),
            None => connecting.header("sec-websocket-protocol", "party"),
        }
    }

    /// Connects, and sends what is not acknowledged.
    pub(super) fn join(&mut self, room: &TestRoom<Chat>) {
        let socket = self.connecting(room).connect();
        assert_eq!(socket.subprotocol(), Some("party"));
        self.adopt(socket);
    }

    /// Goes on with a connection.
    pub(super) fn adopt(&mut self, socket: TestClient) {
        self.socket = Some(socket);
        self.welcomed = false;
        self.waiting.clear();
        self.read();
    }

    pub(super) fn socket(&self) -> &TestClient {
        self.socket.as_ref().unwrap()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(TestClient::is_open)
    }

    /// The line breaks; what was under way is lost.
    pub(super) fn vanish(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.vanish();
        }
    }

    pub(super) fn send(&self, frame: &ClientFrame<Said, Name>) {
        if let Some(socket) = &self.socket {
            socket.send_json(frame);
        }
    }

    /// Says something; its id.
    pub(super) fn say(&mut self, content: &str) -> String {
        self.put(|id| ClientFrame::Append { id, body: said(content) })
    }

    pub(super) fn edit(&mut self, target: u64, content: &str) -> String {
        self.put(|id| ClientFrame::Edit { id, target, body: said(content) })
    }

    pub(super) fn delete(&mut self, target: u64) -> String {
        self.put(|id| ClientFrame::Delete { id, target })
    }

    fn put(&mut self, frame: impl FnOnce(String) -> ClientFrame<Said, Name>) -> String {
        self.sent += 1;
        let id = format!("{}-{}", self.id, self.sent);
        self.outbox.push((id.clone(), frame(id.clone())));
        if self.welcomed
            && let Some((_, frame)) = self.outbox.last()
        {
            self.send(frame);
        }
        id
    }

    /// Asks for what stands before what it knows.
    pub(super) fn load_older(&mut self) {
        let before = self.items.keys().next().copied();
        self.send(&ClientFrame::History { before, after: None });
        self.read();
    }

    /// The next frame, which is not applied.
    pub(super) fn next(&mut self) -> Option<Frame> {
        if let Some(frame) = self.waiting.pop_front() {
            return Some(frame);
        }
        let socket = self.socket.as_ref()?;
        let message =
            std::iter::from_fn(|| socket.try_receive()).find(|message| message.as_text() != Some("pong"))?;
        if message.as_text()?.starts_with('[') {
            self.waiting = message.json().unwrap();
            return self.waiting.pop_front();
        }
        Some(message.json().unwrap())
    }

    /// The next fault, after what came before it.
    pub(super) fn fault(&mut self) -> Fault {
        loop {
            match self.next() {
                Some(ServerFrame::Error(fault)) => return fault,
                Some(frame) => self.apply(frame),
                None => panic!("nobody has found fault with anything"),
            }
        }
    }

    /// Applies all that has come.
    pub(super) fn read(&mut self) {
        while let Some(frame) = self.next() {
            self.apply(frame);
        }
    }

    pub(super) fn apply(&mut self, frame: Frame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(welcome),
            ServerFrame::Error(fault) => {
                if let Some(id) = fault.id.as_ref().filter(|_| fault.retry_after.is_none()) {
                    self.outbox.retain(|(other, _)| other != id);
                }
                self.faults.push(fault);
            }
            _ if !self.welcomed => {}
            ServerFrame::Entry(entry) => self.follow(entry),
            ServerFrame::Ack(ack) => self.acknowledge(&ack.id, ack.seq),
            ServerFrame::Page(page) => {
                self.older = page.more;
                self.items.extend(page.entries.read().unwrap().into_iter().map(|item| (item.seq, item)));
            }
            ServerFrame::Presence(roster) => self.apply_roster(roster),
            ServerFrame::Ephemeral(_) | ServerFrame::You(_) => {}
        }
    }

    fn welcomed(&mut self, welcome: Welcome<Line, Profile>) {
        if let Some(secret) = welcome.you.secret {
            self.secret = Some(secret);
        }
        self.member = welcome.you.member;
        self.welcomed = true;
        self.recovered = welcome.recovered;
        let entries = welcome.entries.read().unwrap();
        self.caught = entries.len();
        if welcome.recovered {
            assert_eq!(welcome.epoch, self.epoch);
            entries.into_iter().for_each(|entry| self.follow(entry));
            assert_eq!(self.head, welcome.head);
        } else {
            (self.epoch, self.head, self.older) = (welcome.epoch, welcome.head, welcome.older);
            self.items = entries.into_iter().map(|item| (item.seq, item)).collect();
            let known: Vec<(String, u64)> =
                self.items.values().map(|item| (item.id.clone(), item.seq)).collect();
            known.iter().for_each(|(id, seq)| self.acknowledge(id, *seq));
        }
        if let Some(roster) = welcome.presence {
            self.roster.clear();
            self.apply_roster(roster);
        }
        for (_, frame) in &self.outbox {
            self.send(frame);
        }
    }

    /// One more entry.
    fn follow(&mut self, entry: Item) {
        if entry.seq <= self.head {
            return;
        }
        assert_eq!(entry.seq, self.head + 1, "a gap");
        self.head = entry.seq;
        self.acknowledge(&entry.id, entry.seq);
        match entry.target {
            None => drop(self.items.insert(entry.seq, entry)),
            Some(target) => {
                if let Some(item) = self.items.get_mut(&target) {
                    item.body = entry.body;
                    item.edited = Some(entry.seq);
                }
            }
        }
    }

    fn acknowledge(&mut self, id: &str, seq: u64) {
        let before = self.outbox.len();
        self.outbox.retain(|(other, _)| other != id);
        if self.outbox.len() < before {
            self.acknowledged.insert(id.to_owned(), seq);
        }
    }

    fn apply_roster(&mut self, roster: wire::Roster<Profile>) {
        if let Some(all) = roster.members {
            self.roster = all.into_iter().map(|member| (member.member, member.data)).collect();
        }
        for member in roster.join.into_iter().flatten() {
            self.roster.insert(member.member, member.data);
        }
        for member in roster.leave.into_iter().flatten() {
            self.roster.remove(&member);
        }
    }

    /// The texts of all messages, in their order.
    pub(super) fn texts(&self) -> Vec<String> {
        self.items.values().filter_map(|item| Some(item.body.as_ref()?.content.clone())).collect()
    }

    /// The names of all who are here, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.roster.values().map(|profile| profile.name.clone()).collect();
        names.sort();
        names
    }
}
