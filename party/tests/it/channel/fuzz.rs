//! A whole room, with any input that a client can send: texts and frames of every kind, positions, ids, addresses,
//! closes, evictions.
//!
//! Whatever it is, the room does not fail, its sender is answered, and nobody else notices.

#[path = "../../../src/fuzz/input.rs"]
mod input;
mod requests;

use std::time::Duration;

use party::parts::wire::{self, ClientFrame, Json, ServerFrame};
use party::testing::{TestClient, TestRoom};
use party::{ErrorCode, Message};
use serde_json::{Value, json};

use super::board::{Board, Command, Member, Mode, join, room, texts};
use super::schedules;
use input::{Input, for_each};

/// The types of version 2, with their fields.
const TYPES: &[(&str, &[&str])] = &[
    ("append", &["id", "body"]),
    ("append", &["id", "body"]),
    ("edit", &["id", "target", "body"]),
    ("delete", &["id", "target"]),
    ("command", &["id", "data"]),
    ("command", &["id", "data"]),
    ("history", &["id", "before"]),
    ("history", &["id", "after"]),
    ("ephemeral", &["id", "kind", "data", "end"]),
    ("presence", &["id", "data"]),
    ("moderate", &["id", "action", "member", "seconds"]),
    ("token", &["id", "token"]),
    ("probe", &["id"]),
    ("entry", &["id"]),
];

/// What happens in a room of one input.
const STEPS: usize = 24;

struct World {
    room: TestRoom<Board>,
    /// A member that only wants to talk, and that founded the room.
    ada: Member,
    eve: TestClient,
    lines: TestClient,
    /// Who Eve is to the room.
    member: String,
    secret: Option<String>,
    /// Whether Eve's connection speaks the channel's own protocol: it has had a welcome.
    welcomed: bool,
}

impl World {
    fn new(mode: Mode) -> Self {
        let room = room(mode);
        let mut ada = join(&room, "ada");
        ada.append("hello".into());
        let lines = room.connecting("lines").query("wire", "lines").connect();
        let eve = room.connecting("eve").query("wire", "2").connect();
        let mut world = Self { room, ada, eve, lines, member: String::new(), secret: None, welcomed: false };
        world.read_eve();
        world.lines.received();
        world
    }

    fn step(&mut self, input: &mut Input<'_>) {
        match input.below(16) {
            0 => drop(self.ada.append("on".into())),
            1 => self.room.advance(Duration::from_millis(input.one(&[0, 3, 100, 2_000, 31_000]))),
            2 => self.room.evict(),
            3 => self.leave(input),
            4 => self.come_back(input),
            5 => self.say_lines(input),
            6 => drop(self.room.get(&of_characters(input, &['a', '/', '.', '-', '~', '0'], 20))),
            _ => self.say(input),
        }
        self.ada.read();
        self.read_eve();
        self.lines.received();
    }

    fn leave(&mut self, input: &mut Input<'_>) {
        match input.below(4) {
            0 => self.eve.close(input.one(&[1000, 1001, 4000, 4999]), &of_characters(input, &['x', 'é'], 60)),
            1 => self.eve.vanish(),
            2 => self.eve.defy(),
            _ => self.lines.fail("a frame that is none"),
        }
    }

    /// Reconnects a client that has left, with any address.
    fn come_back(&mut self, input: &mut Input<'_>) {
        if !self.lines.is_open()
            && let Ok(lines) = self.room.connecting(&input.text()).query("wire", "lines").try_connect()
        {
            self.lines = lines;
        }
        let mut eve =
            self.room.connecting(&input.text()).query("wire", input.one(&["2", "2", "2", "lines", "3", ""]));
        for name in ["batch", "position", "presence", "_pk", "x"] {
            if input.once_in(4) {
                eve = eve.query(name, &input.text());
            }
        }
        match input.below(3) {
            0 => {}
            1 => eve = eve.bearer(&of_characters(input, &['m', 'g', '.', '-', 'A', '_'], 60)),
            _ => eve = eve.bearer(self.secret.as_deref().unwrap_or("none")),
        }
        match eve.try_connect() {
            Ok(eve) if eve.is_open() => (self.eve, self.welcomed) = (eve, false),
            Ok(refused) => {
                assert!(refused.closed().is_some_and(|close| close.code >= 4400), "{:?}", refused.closed())
            }
            Err(response) => assert!(response.status().is_client_error(), "{}", response.text()),
        }
    }

    fn say_lines(&mut self, input: &mut Input<'_>) {
        let verb = input.one(&["say", "edit", "name", "echo", "shout"]);
        let line = format!("{verb} {} {}", input.text(), input.text());
        self.lines.send(input.damaged(line, 3));
    }

    /// Sends something as Eve, and reads the answer.
    fn say(&mut self, input: &mut Input<'_>) {
        let message = self.message(input);
        self.read_eve();
        let is_modern = self.eve.is_open() && self.welcomed;
        self.eve.send(&message);
        // A batch, a review, or both.
        self.room.advance(Duration::from_millis(210));
        let answers = self.read_eve();
        if is_modern && self.eve.is_open() && message.as_text() != Some("ping") {
            assert_answered(&message, &answers);
        }
    }

    fn message(&self, input: &mut Input<'_>) -> Message {
        match input.below(10) {
            0 => Message::Binary(input.text().into_bytes()),
            1 => Message::Text(input.text()),
            2 | 3 => {
                let frames = input.several(5, |input| self.frame(input));
                let text = json!(frames).to_string();
                Message::Text(input.damaged(text, 6))
            }
            _ => {
                let text = self.frame(input).to_string();
                Message::Text(input.damaged(text, 6))
            }
        }
    }

    fn frame(&self, input: &mut Input<'_>) -> Value {
        let own = self.secret.clone().unwrap_or_default();
        let (member, ada) = (self.member.clone(), self.ada.member.clone());
        let known: Vec<&str> = self.ada.items.values().map(|item| item.id.as_str()).collect();
        input.frame(TYPES, &mut |input, name| match name {
            "target" | "before" | "after" => {
                json!(if input.once_in(3) { input.number() } else { input.below(6) as u64 })
            }
            "seconds" => json!(input.number()),
            "end" => json!(input.once_in(2)),
            "action" => json!(input.one(&["kick", "ban", "unban", "mute", "unmute", "appoint", "dismiss"])),
            "member" => json!(input.one(&[member.as_str(), ada.as_str(), "m", ""])),
            "token" if input.once_in(2) => json!(own),
            "id" if input.once_in(5) && !known.is_empty() => json!(input.one(&known)),
            "id" => json!(format!("{}{}", input.text(), input.below(200))),
            "data" => match input.below(3) {
                0 => command(input),
                _ => json!(input.text()),
            },
            _ => json!(input.text()),
        })
    }

    /// Reads what Eve has received. None of it says that the room has failed.
    fn read_eve(&mut self) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        while let Some(message) = self.eve.try_receive() {
            let Some(text) = message.as_text().filter(|text| text.starts_with(['{', '['])) else { continue };
            match text.starts_with('[') {
                true => frames.extend(serde_json::from_str::<Vec<ServerFrame>>(text).unwrap()),
                false => frames.push(serde_json::from_str::<ServerFrame>(text).unwrap()),
            }
        }
        for frame in &frames {
            match frame {
                ServerFrame::Welcome(welcome) => {
                    self.welcomed = true;
                    self.member = welcome.you.member.clone();
                    self.secret = welcome.you.secret.clone().or(self.secret.take());
                }
                ServerFrame::Error(error) => {
                    assert!(error.code != ErrorCode::INTERNAL && error.error_id.is_none(), "{error:?}");
                }
                _ => {}
            }
        }
        frames
    }

    /// Checks that nobody else has noticed.
    fn check(mut self) {
        self.room.advance(Duration::from_secs(10));
        self.ada.read();
        assert!(
            self.ada.is_connected() && self.ada.errors.is_empty() && self.ada.outbox.is_empty(),
            "{:?}",
            self.ada.errors
        );
        assert_eq!(self.room.errors(), Vec::<String>::new());
        let mut witness = join(&self.room, "witness");
        let all: Vec<_> = texts(&mut witness);
        while self.ada.older {
            self.ada.load_older();
        }
        assert_eq!((texts(&mut self.ada), self.ada.head), (all, witness.head));
    }
}

/// Returns a text of these characters alone.
fn of_characters(input: &mut Input<'_>, characters: &[char], bound: usize) -> String {
    input.several(bound, |input| input.one(characters)).into_iter().collect()
}

/// Returns a command of the board's. None of those that fail on purpose.
fn command(input: &mut Input<'_>) -> Value {
    let target = input.below(6) as u64;
    json!(match input.below(9) {
        0 => Command::Ask(input.text()),
        1 => Command::Vote(target),
        2 => Command::VotePrivately(input.number()),
        3 => Command::Remove(target),
        4 => Command::Note(input.text()),
        5 => Command::Forget,
        6 => Command::Shout(input.text()),
        // The id of a member, or none.
        7 => return json!({"whisper": [input.text(), input.text()]}),
        _ => Command::Refuse(target),
    })
}

/// Checks that each frame with an id that wants an answer has one, and that an unreadable text has an error.
fn assert_answered(message: &Message, answers: &[ServerFrame]) {
    let names = |answer: &ServerFrame, id: &str| match answer {
        ServerFrame::Entry(entry) => entry.id == id,
        ServerFrame::Ack(ack) => ack.id == id,
        ServerFrame::Page(page) => page.id == id,
        ServerFrame::Error(error) => error.id.as_deref() == Some(id),
        _ => false,
    };
    let is_error = |answer: &ServerFrame| matches!(answer, ServerFrame::Error(_));
    let Ok(frames) = wire::read::<String, String, Json>(message, 64 * 1024) else {
        assert!(answers.iter().any(is_error), "{message:?} has no answer");
        return;
    };
    for frame in frames {
        match frame {
            Ok(ClientFrame::Ephemeral { .. } | ClientFrame::Probe { .. }) => {}
            Ok(frame) => {
                let id = frame.id().unwrap_or_default();
                assert!(
                    answers.iter().any(|answer| names(answer, id)),
                    "{frame:?} has no answer in {answers:?}"
                );
            }
            Err(_) => assert!(answers.iter().any(is_error), "{message:?} has no answer"),
        }
    }
}

#[test]
fn a_room_does_not_fail_and_nobody_notices_whatever_one_client_sends() {
    for_each(|input| {
        let mode = input.one(&[
            Mode::Plain,
            Mode::Plain,
            Mode::ReviewOrAccept,
            Mode::ReviewOrRefuse,
            Mode::Short,
            Mode::Leaderless,
        ]);
        let mut world = World::new(mode);
        for _ in 0..=input.below(STEPS) {
            world.step(input);
        }
        world.check();
    });
}

thread_local! {
    /// A room with a log of items and changes, for all inputs.
    static LOG: (TestRoom<Board>, Vec<(u64, String)>, String) = {
        let room = room(Mode::Plain);
        let mut ada = join(&room, "ada");
        for n in 0..12 {
            ada.append(format!("text {n}"));
            if n % 3 == 0 {
                ada.edit(1, format!("edit {n}"));
            }
            room.advance(Duration::from_millis(150));
        }
        let query = "SELECT seq, seq || '.' || at || '.' || id FROM party_log
                     UNION ALL SELECT seq, seq || '.' || at || '.' || id FROM party_log_changes ORDER BY 1";
        let entries = room.sql().query(query, ()).unwrap();
        let (epoch,): (String,) = room.sql().query_one("SELECT epoch FROM party_log_meta", ()).unwrap();
        (room, entries, epoch)
    };
}

#[test]
fn a_client_with_any_position_gets_exactly_what_is_missing_or_the_newest_page() {
    for_each(|input| {
        LOG.with(|(room, entries, epoch)| {
            let (_, known) = &entries[input.below(entries.len())];
            let whole = format!("{epoch}.{known}");
            let position = match input.below(4) {
                0 => input.text(),
                1 => format!("{epoch}.{}.{}.{}", input.number(), input.number(), input.text()),
                _ => input.damaged(whole, 2),
            };
            let eve = room.connecting("").query("wire", "2").query("position", &position).try_connect();
            let Ok(eve) = eve else { return };
            let welcome =
                std::iter::from_fn(|| eve.try_receive()).find_map(|frame| match frame.read_json() {
                    Ok(ServerFrame::Welcome(welcome)) => Some(welcome),
                    _ => None,
                });
            let Some(welcome): Option<wire::Welcome> = welcome else { panic!("no welcome") };
            let seqs: Vec<u64> =
                welcome.entries.read().unwrap().iter().map(|entry: &wire::Entry| entry.seq).collect();
            if welcome.recovered {
                // The position is one of an entry of this log, or of its beginning.
                let read: party::parts::log::Position = position.parse().unwrap();
                let text = format!("{}.{}.{}", read.seq, read.at, read.id);
                assert!(read.seq == 0 || entries.iter().any(|(_, entry)| *entry == text), "{position}");
                assert!(seqs.iter().copied().eq(read.seq + 1..=welcome.head), "{position}: {seqs:?}");
            } else {
                assert_eq!(seqs.len(), 12, "{position}");
            }
            eve.vanish();
            room.advance(Duration::from_secs(11));
        });
    });
}

#[test]
fn members_agree_whatever_becomes_of_their_connections_and_of_the_room() {
    for_each(|input| drop(schedules::run::<Board>(input.number())));
}
