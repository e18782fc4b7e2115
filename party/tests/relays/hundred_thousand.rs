//! One room with 100,000 members on its relays: joins, a storm, deaths, a hundred messages; everyone has the same log.

use std::time::Duration;

use party::testing::{TestClient, TestRoom, TestWorld};

use crate::hall::Crowd;

/// How many members there are, unless the variable `MEMBERS` says it. A relay has at most 2,500 of them.
const MEMBERS: usize = 12_000;

/// How many messages are written.
const MESSAGES: u64 = 100;

/// A client that only looks at the numbers of the entries.
struct Listener {
    number: usize,
    secret: Option<String>,
    position: Option<String>,
    socket: TestClient,
    /// The last entry that it has.
    head: u64,
}

impl Listener {
    fn joins(hub: &TestRoom<Crowd>, number: usize) -> Self {
        let socket = connect(hub, number, None, None);
        let mut listener = Self { number, secret: None, position: None, socket, head: 0 };
        listener.read();
        listener
    }

    fn comes_back(&mut self, hub: &TestRoom<Crowd>) {
        self.socket = connect(hub, self.number, self.secret.as_deref(), self.position.as_deref());
        self.read();
    }

    /// Reads what has arrived: entries come in their order, each once, after those that it has.
    fn read(&mut self) {
        while let Some(message) = self.socket.try_receive() {
            let text = message.as_text().unwrap();
            let frames: Vec<Frame> = match text.starts_with('[') {
                true => serde_json::from_str(text).unwrap(),
                false => vec![serde_json::from_str(text).unwrap()],
            };
            frames.into_iter().for_each(|frame| self.take(frame));
        }
    }

    fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Welcome { you, head, position, entries } => {
                self.secret = you.secret.or(self.secret.take());
                self.position = Some(position);
                if self.head == 0 {
                    self.head = head;
                }
                entries.iter().for_each(|entry| self.follow(entry));
            }
            Frame::Entry(entry) => self.follow(&entry),
            Frame::Other => {}
        }
    }

    fn follow(&mut self, entry: &Entry) {
        if entry.seq <= self.head {
            return;
        }
        assert_eq!(entry.seq, self.head + 1, "{} sees a gap", self.number);
        self.head = entry.seq;
        if let Some(position) = &mut self.position {
            let epoch = position.split('.').next().unwrap_or_default();
            *position = format!("{epoch}.{}.{}.{}", entry.seq, entry.at, entry.id);
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Frame {
    Welcome {
        you: You,
        head: u64,
        position: String,
        entries: Vec<Entry>,
    },
    Entry(Entry),
    #[serde(other)]
    Other,
}

#[derive(serde::Deserialize)]
struct You {
    secret: Option<String>,
}

#[derive(serde::Deserialize)]
struct Entry {
    seq: u64,
    at: u64,
    id: String,
}

fn connect(hub: &TestRoom<Crowd>, number: usize, secret: Option<&str>, position: Option<&str>) -> TestClient {
    let mut connecting = hub.connecting(&format!("c{number}")).query("wire", "2").query("batch", "1");
    if let Some(position) = position {
        connecting = connecting.query("position", position);
    }
    match secret {
        Some(secret) => connecting.bearer(secret).connect(),
        None => connecting.connect(),
    }
}

#[test]
fn a_hundred_thousand_members_have_the_same_log() {
    let world = TestWorld::new().party::<Crowd>("crowd");
    let hub = world.room::<Crowd>("crowd", "lobby");
    let members = std::env::var("MEMBERS").map_or(MEMBERS, |members| members.parse().unwrap());
    let mut all: Vec<Listener> = Vec::with_capacity(members);
    for number in 0..members {
        all.push(Listener::joins(&hub, number));
        if number % 1_000 == 0 {
            world.advance(Duration::from_millis(100));
            back(&hub, &mut all);
        }
    }
    settle(&world, &hub, &mut all);
    let relays: Vec<String> = world.names("crowd").into_iter().filter(|name| name != "lobby").collect();
    assert!(relays.len() >= members / 2_500, "{relays:?}");
    for message in 0..MESSAGES {
        let frame = format!(r#"{{"type":"append","id":"m{message}","body":"text {message}"}}"#);
        all[(message * 991) as usize % members].socket.send(frame.as_str());
        match message {
            // Some relays die, and the hub; then everyone comes back at once.
            20 => relays.iter().step_by(7).for_each(|relay| world.room::<Crowd>("crowd", relay).crash()),
            50 => hub.crash(),
            70 => relays.iter().for_each(|relay| world.room::<Crowd>("crowd", relay).evict()),
            80 => relays.iter().for_each(|relay| world.room::<Crowd>("crowd", relay).crash()),
            _ => {}
        }
        world.advance(Duration::from_millis(50));
        all.iter_mut().for_each(Listener::read);
        back(&hub, &mut all);
    }
    settle(&world, &hub, &mut all);
    let heads: std::collections::BTreeSet<u64> = all.iter().map(|listener| listener.head).collect();
    assert_eq!(heads.into_iter().collect::<Vec<_>>(), [stored(&hub)]);
}

/// Returns how many entries there are.
fn stored(hub: &TestRoom<Crowd>) -> u64 {
    hub.sql().query_one::<(u64,)>("SELECT count(*) FROM party_log", ()).unwrap().0
}

fn settle(world: &TestWorld, hub: &TestRoom<Crowd>, all: &mut [Listener]) {
    for _ in 0..12 {
        world.advance(Duration::from_secs(2));
        all.iter_mut().for_each(Listener::read);
        back(hub, all);
    }
}

/// Brings back those whose connection has closed.
fn back(hub: &TestRoom<Crowd>, all: &mut [Listener]) {
    for listener in all.iter_mut().filter(|listener| !listener.socket.is_open()) {
        listener.comes_back(hub);
    }
}
