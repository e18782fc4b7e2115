//! Nonsense: clients that send anything, in both protocols, beside one that only wants to talk. Whatever they send,
//! each error is sent to the client that made it and is never the room's own failure, and all members end with the same
//! log.

use party::testing::TestClient;
use serde_json::{Value as Json, json};

use super::chance::{self, Chance};
use super::*;
use crate::original::ServerFrame as OldFrame;

/// How many rooms are tried, and how much happens in each.
const SEEDS: u64 = 120;
const STEPS: u32 = 60;

const TYPES: &[&str] = &[
    "append",
    "edit",
    "delete",
    "history",
    "command",
    "ephemeral",
    "presence",
    "moderate",
    "token",
    "add",
    "update",
    "all",
    "entry",
    "",
    "welcome",
];

const FIELDS: &[&str] = &[
    "id", "body", "target", "before", "after", "kind", "data", "end", "action", "member", "seconds", "token",
    "content", "user", "role", "name", "messages",
];

/// Fields that a frame of this type has to have.
const FITTING: &[(&str, &[&str])] = &[
    ("append", &["id", "body"]),
    ("edit", &["id", "target", "body"]),
    ("delete", &["id", "target"]),
    ("command", &["id", "data"]),
    ("history", &["id"]),
    ("ephemeral", &["kind"]),
    ("presence", &["id", "data"]),
    ("moderate", &["id", "action", "member"]),
    ("token", &["id", "token"]),
    ("add", &["id", "content", "user", "role"]),
    ("update", &["id", "content", "user", "role"]),
];

struct Nonsense {
    chance: Chance,
    room: TestRoom<Chat>,
    /// The member that only wants to talk.
    ada: Guest,
    eve: Guest,
    old: TestClient,
}

impl Nonsense {
    fn new(seed: u64) -> Self {
        let room = TestRoom::<Chat>::with_seed("lobby", seed);
        let (mut ada, mut eve) = (Guest::new("Ada").batching(), Guest::new("Eve").batching());
        let mut chance = Chance(seed);
        // The first member may moderate.
        let founders: [&mut Guest; 2] =
            if chance.below(2) == 0 { [&mut ada, &mut eve] } else { [&mut eve, &mut ada] };
        founders.into_iter().for_each(|guest| guest.join(&room));
        let old = room.connect("old");
        Self { chance, room, ada, eve, old }
    }

    fn step(&mut self) {
        match self.chance.below(12) {
            0 => drop(self.ada.say("hello")),
            1 => self.room.advance(Duration::from_millis(self.chance.below(3_000))),
            2 => self.come_back(),
            3 => self.room.evict(),
            4..=8 => {
                let frame = self.frame();
                self.eve.socket().send(&frame);
            }
            _ => {
                let frame = self.frame();
                self.old.send(&frame);
            }
        }
        // All frames to Ada must be valid for her.
        self.ada.read();
        self.look();
    }

    /// Rejoins after a removal, as another member if the old one is blocked.
    fn come_back(&mut self) {
        if !self.eve.is_connected() {
            self.eve = Guest::new("Eve").batching();
            match self.eve.connecting(&self.room).try_connect() {
                Ok(socket) => self.eve.adopt(socket),
                Err(response) => panic!("refused: {}", response.text()),
            }
        }
        if !self.old.is_open() {
            self.old = self.room.connect("old");
        }
    }

    /// Checks that the room has not failed.
    fn look(&mut self) {
        while let Some(message) = self.eve.socket().try_receive() {
            if message.as_text() == Some("pong") {
                continue;
            }
            let frames: Vec<guest::Frame> = match message.as_text().is_some_and(|text| text.starts_with('['))
            {
                true => message.read_json().unwrap(),
                false => vec![message.read_json().unwrap()],
            };
            for frame in frames {
                if let ServerFrame::Error(error) = frame {
                    assert_ne!(error.code, ErrorCode::INTERNAL, "{error:?}");
                }
            }
        }
        while let Some(message) = self.old.try_receive() {
            if let Ok(OldFrame::Error(refusal)) = message.read_json() {
                assert_ne!(refusal.error.code, ErrorCode::INTERNAL, "{refusal:?}");
            }
        }
        assert_eq!(self.room.errors(), Vec::<String>::new());
    }

    /// Returns a message to send.
    fn frame(&mut self) -> Message {
        match self.chance.below(12) {
            0 => Message::Binary(self.text().into_bytes()),
            1 => Message::Text(self.text()),
            2 => self.damaged(),
            3 | 4 => {
                let frames: Vec<Json> = (0..self.chance.below(70)).map(|_| self.object()).collect();
                Message::Text(json!(frames).to_string())
            }
            _ => Message::Text(self.object().to_string()),
        }
    }

    /// Returns a frame that has lost its end, or has one thing in place of another.
    fn damaged(&mut self) -> Message {
        let whole: Vec<char> = self.object().to_string().chars().collect();
        let place = usize::try_from(self.chance.below(whole.len() as u64)).unwrap();
        let rest: String = whole.iter().skip(place + 1).filter(|_| self.chance.below(9) > 0).collect();
        let middle = self.chance.of(&["", "\u{0}", "\\", "\"", "{", "]", "1e999"]);
        Message::Text(whole.iter().take(place).collect::<String>() + middle + &rest)
    }

    fn object(&mut self) -> Json {
        let kind = self.chance.of(TYPES);
        let fitting =
            FITTING.iter().find(|(of, _)| *of == kind).map_or(&[] as &[&str], |(_, fields)| *fields);
        let mut fields: Vec<&str> = fitting.to_vec();
        for _ in 0..self.chance.below(3) {
            fields.push(self.chance.of(FIELDS));
        }
        if self.chance.below(8) == 0 {
            fields.pop();
        }
        let mut object = serde_json::Map::new();
        object.insert("type".into(), json!(kind));
        for field in fields {
            let value = if self.chance.below(5) == 0 { self.anything() } else { self.fitting(field) };
            object.insert(field.into(), value);
        }
        Json::Object(object)
    }

    /// Returns a value as this field may have it, or nearly.
    fn fitting(&mut self, field: &str) -> Json {
        match field {
            "target" | "before" | "after" | "seconds" => self.number(),
            "body" => json!({ "content": self.text() }),
            "data" | "name" => json!({ "name": self.text() }),
            "end" => json!(self.chance.below(2) == 0),
            "role" => json!(self.chance.of(&["user", "assistant", "moderator"])),
            "action" => {
                json!(self.chance.of(&["kick", "ban", "unban", "mute", "unmute", "appoint", "dismiss"]))
            }
            "member" => match self.chance.below(3) {
                0 => json!(self.eve.member),
                _ => json!(self.text()),
            },
            _ => json!(self.text()),
        }
    }

    fn anything(&mut self) -> Json {
        match self.chance.below(6) {
            0 => Json::Null,
            1 => json!(true),
            2 => self.number(),
            3 => json!([self.text()]),
            4 => (0..self.chance.below(200)).fold(json!(0), |inner, _| json!([inner])),
            _ => json!(self.text()),
        }
    }

    fn number(&mut self) -> Json {
        let edges = [0, 1, 2, 9_007_199_254_740_991, 9_007_199_254_740_992, i64::MAX as u64, u64::MAX];
        match self.chance.below(10) {
            0 => json!(-1),
            1 => json!(1.5),
            2 => json!(1e300),
            _ => json!(edges[usize::try_from(self.chance.below(7)).unwrap()]),
        }
    }

    fn text(&mut self) -> String {
        let known: Vec<&str> = self.ada.items.values().map(|item| item.id.as_str()).collect();
        let choices = [
            "",
            " ",
            "x",
            "1",
            "hello",
            "\u{0}",
            "\u{202e}",
            "é",
            "😀",
            "\n",
            "\"\\",
            "null",
            "__proto__",
            "m",
        ];
        match self.chance.below(20) {
            0 => "x".repeat(usize::try_from(self.chance.below(300)).unwrap()),
            1 => "\u{1}".repeat(8_192),
            2 => "é".repeat(usize::try_from(self.chance.below(70_000)).unwrap()),
            3 if !known.is_empty() => self.chance.of(&known).to_owned(),
            _ => self.chance.of(&choices).to_owned(),
        }
    }
}

pub(crate) fn run(seed: u64) {
    let mut nonsense = Nonsense::new(seed);
    (0..STEPS).for_each(|_| nonsense.step());
    let Nonsense { room, mut ada, .. } = nonsense;
    for _ in 0..20 {
        room.advance(Duration::from_secs(5));
        ada.read();
        if ada.outbox.is_empty() {
            break;
        }
        ada.join(&room);
    }
    assert!(ada.outbox.is_empty() && ada.errors.is_empty(), "{:?} {:?}", ada.outbox, ada.errors);
    let mut witness = Guest::new("Witness");
    witness.join(&room);
    while witness.older {
        witness.load_older();
    }
    while ada.older {
        ada.load_older();
    }
    let shown =
        |guest: &Guest| guest.items.values().map(|item| (item.seq, item.body.clone())).collect::<Vec<_>>();
    assert_eq!(shown(&ada), shown(&witness));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn the_room_does_not_fail_whatever_clients_send() {
    chance::each_seed(SEEDS, run);
}
