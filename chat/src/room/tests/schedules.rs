//! Random schedules: people say, change, delete, react and pin, from two tabs, over lines that break and rooms that sleep or crash
//! at any moment, with an original client in the room throughout. However it goes, everyone ends with the same log,
//! nothing that was acknowledged is missing, and nothing is there twice.

use std::collections::BTreeSet;

use party::testing::TestClient;

use super::chance::{self, Chance};
use super::*;
use crate::original::{DELETED, Message as Original, ServerFrame as OldFrame};
use crate::protocol::{Command, Role};

/// How many schedules are tried.
const SEEDS: u64 = 2_000;

/// How many steps a schedule has.
const STEPS: u32 = 60;

/// A client of the original app, as that keeps its messages.
struct Old {
    socket: TestClient,
    messages: Vec<Original>,
    sent: u32,
}

impl Old {
    fn read(&mut self) {
        while let Some(message) = self.socket.try_receive() {
            match message.read_json().unwrap() {
                OldFrame::All { messages } => self.messages = messages,
                OldFrame::Error(refusal) => self.messages = refusal.messages.unwrap_or_default(),
                OldFrame::Add(message) | OldFrame::Update(message) => {
                    match self.messages.iter_mut().find(|known| known.id == message.id) {
                        Some(known) => *known = message,
                        None => self.messages.push(message),
                    }
                }
            }
        }
    }
}

struct Schedule {
    chance: Chance,
    room: TestRoom<Chat>,
    guests: Vec<Guest>,
    old: Old,
}

impl Schedule {
    fn new(seed: u64) -> Self {
        let room = TestRoom::<Chat>::with_seed("lobby", seed);
        let mut ada = Guest::new("Ada").batching();
        ada.join(&room);
        let tab = ada.another_tab();
        let guests = vec![ada, tab, Guest::new("Bob"), Guest::new("Cy").batching()];
        let socket = room.connect("old");
        Self { chance: Chance(seed), room, guests, old: Old { socket, messages: Vec::new(), sent: 0 } }
    }

    fn step(&mut self) {
        let who = usize::try_from(self.chance.below(4)).unwrap();
        let what = self.chance.below(24);
        let guest = &mut self.guests[who];
        match what {
            0..=6 => drop(guest.say(&format!("{} at {}", guest.id, self.room.now()))),
            7 | 8 => {
                let own: Vec<u64> = guest
                    .items
                    .values()
                    .filter(|item| item.author == guest.member && item.body.is_some())
                    .map(|item| item.seq)
                    .collect();
                if let Some(target) = own.get(self.chance.below(own.len().max(1) as u64) as usize) {
                    match what {
                        7 => guest.rewrite(*target, &format!("edited at {}", self.room.now())),
                        _ => guest.delete(*target),
                    };
                }
            }
            9 => guest.read(),
            // The line breaks, and what was under way on it is lost; whoever wrote it does not know.
            10 => guest.vanish(),
            // The line breaks when what came over it has arrived.
            11 => {
                guest.read();
                guest.vanish();
            }
            12 | 13 => guest.join(&self.room),
            // All that is not acknowledged goes out again, over the line that is there.
            14 => guest.resend(),
            15 => self.room.evict(),
            16 if self.chance.below(3) == 0 => self.room.crash(),
            17 => self.old_acts(),
            18..=20 => self.react(who),
            21 => self.change_room(),
            _ => self.room.advance(Duration::from_millis(self.chance.below(10))),
        }
    }

    /// Gives a message that somebody knows an emoji, or takes it back.
    fn react(&mut self, who: usize) {
        let seqs: Vec<u64> = self.guests[who].items.keys().copied().collect();
        let Some(message) = seqs.get(self.chance.below(seqs.len().max(1) as u64) as usize).copied() else {
            return;
        };
        let (emoji, on) = (["👍", "🎉"][self.chance.below(2) as usize].to_owned(), self.chance.below(3) > 0);
        self.guests[who].command(Command::React { message, emoji, on });
    }

    /// Changes what the room says about itself, as its founder.
    fn change_room(&mut self) {
        let seq = self.chance.below(self.guests[0].head.max(1)) + 1;
        let change = match self.chance.below(3) {
            0 => Change::Pin(seq),
            1 => Change::Unpin(seq),
            _ => Change::Topic(format!("at {}", self.room.now())),
        };
        self.guests[0].command(Command::Room(change));
    }

    fn old_acts(&mut self) {
        self.old.read();
        match self.chance.below(4) {
            0 => {
                self.old.socket.vanish();
                self.old.socket = self.room.connect("old");
            }
            1 if !self.old.messages.is_empty() => {
                let own = self.old.messages.iter().rfind(|message| message.user == "Old");
                if let Some(message) = own.cloned() {
                    let content = format!("{} again", message.content);
                    self.old.socket.send_json(&OldFrame::Update(Original { content, ..message }));
                }
            }
            _ => {
                self.old.sent += 1;
                let (id, content) = (format!("old-{}", self.old.sent), format!("old says {}", self.old.sent));
                let message = Original { id, content, user: "Old".into(), role: Role::User };
                self.old.socket.send_json(&OldFrame::Add(message));
            }
        }
    }

    /// Reconnects everyone, and sends unacknowledged operations until they are acknowledged.
    fn calm(&mut self) {
        for _ in 0..50 {
            self.room.advance(Duration::from_secs(5));
            self.guests.iter_mut().for_each(|guest| guest.read());
            let waiting = |guest: &&mut Guest| !guest.is_connected() || !guest.outbox.is_empty();
            let waiting: Vec<&mut Guest> = self.guests.iter_mut().filter(waiting).collect();
            if waiting.is_empty() {
                break;
            }
            waiting.into_iter().for_each(|guest| guest.join(&self.room));
        }
        self.room.advance(Duration::from_secs(60));
        self.guests.iter_mut().for_each(|guest| guest.read());
        self.old.read();
    }

    fn check(&mut self) {
        let mut witness = Guest::new("Witness");
        witness.join(&self.room);
        while witness.older {
            witness.load_older();
        }
        assert_eq!(self.seqs(), (1..=witness.head).collect(), "the log has gaps");
        let ids: BTreeSet<&str> = witness.items.values().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), witness.items.len(), "something is there twice");
        for guest in &mut self.guests {
            assert!(guest.outbox.is_empty(), "{} has not got rid of {:?}", guest.id, guest.outbox);
            while guest.older {
                guest.load_older();
            }
            guest.read();
            assert_eq!(guest.head, witness.head, "{}", guest.id);
            assert_eq!(shown(guest), shown(&witness), "{} sees something else", guest.id);
            assert_eq!(about(guest), about(&witness), "{} knows another room", guest.id);
        }
        for (id, seq) in self.guests.iter().flat_map(|guest| &guest.acknowledged) {
            // A command has no place of its own.
            let stands = seq.is_none_or(|seq| self.stands_at(id, seq));
            assert!(stands, "{id} was acknowledged at {seq:?} and is not there");
        }
        assert_eq!(reactions(&witness), self.reactions(), "the messages show other reactions than there are");
        self.check_old(&witness);
        assert_eq!(self.room.errors(), Vec::<String>::new());
    }

    /// Returns every reaction that was given and not taken back, counted.
    fn reactions(&self) -> Vec<(u64, String, u32)> {
        let tables = "SELECT 1 FROM sqlite_schema WHERE name = 'party_reactions'";
        if self.room.sql().rows(tables, ()).unwrap().is_empty() {
            return Vec::new();
        }
        let query =
            "SELECT item, emoji, count(*) FROM party_reactions GROUP BY item, emoji ORDER BY item, emoji";
        self.room.sql().query(query, ()).unwrap()
    }

    /// Returns every `seq` there is.
    fn seqs(&self) -> BTreeSet<u64> {
        let query = "SELECT seq FROM party_log UNION ALL SELECT seq FROM party_log_changes";
        let seqs: Vec<(u64,)> = self.room.sql().query(query, ()).unwrap();
        seqs.into_iter().map(|(seq,)| seq).collect()
    }

    fn stands_at(&self, id: &str, seq: u64) -> bool {
        let query = "SELECT 1 FROM party_log WHERE id = ?1 AND seq = ?2
             UNION ALL SELECT 1 FROM party_log_changes WHERE id = ?1 AND seq = ?2";
        self.room.sql().rows(query, (id, seq)).unwrap().len() == 1
    }

    /// Checks that the original client has everything since it last joined, as everyone has it.
    fn check_old(&mut self, witness: &Guest) {
        if !self.old.socket.is_open() {
            self.old.socket = self.room.connect("old");
            self.old.read();
        }
        let expected: Vec<(&str, &str)> = witness
            .items
            .values()
            .map(|item| (item.id.as_str(), item.body.as_ref().map_or(DELETED, |body| body.content.as_str())))
            .collect();
        let known: BTreeSet<&str> = self.old.messages.iter().map(|message| message.id.as_str()).collect();
        let seen: Vec<(&str, &str)> =
            self.old.messages.iter().map(|message| (message.id.as_str(), message.content.as_str())).collect();
        let expected: Vec<(&str, &str)> = expected
            .into_iter()
            // Messages deleted before it joined are not in its history.
            .filter(|(id, content)| *content != DELETED || known.contains(id))
            .collect();
        assert_eq!(seen, expected, "the original client sees something else");
    }
}

/// Returns the messages that a guest sees.
fn shown(guest: &Guest) -> Vec<(u64, String, String, Option<String>)> {
    let shown = |item: &guest::Item| {
        let content = item.body.as_ref().map(|body| format!("{}: {}", body.user, body.content));
        (item.seq, item.id.clone(), item.author.clone(), content)
    };
    guest.items.values().map(shown).collect()
}

/// Returns the reactions that a guest sees.
fn reactions(guest: &Guest) -> Vec<(u64, String, u32)> {
    let bodies = guest.items.values().filter_map(|item| Some((item.seq, item.body.as_ref()?)));
    let counted = |(seq, body): (u64, &MessageBody)| {
        body.reactions.iter().map(move |one| (seq, one.emoji.clone(), one.count)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = bodies.flat_map(counted).collect();
    all.sort();
    all
}

/// Returns what a guest knows of the room itself.
fn about(guest: &Guest) -> About {
    guest.shared.as_ref().and_then(|shared| shared.read::<Option<_>>().unwrap()).unwrap_or_default()
}

pub(crate) fn run(seed: u64) {
    let mut schedule = Schedule::new(seed);
    (0..STEPS).for_each(|_| schedule.step());
    schedule.calm();
    schedule.check();
}

#[test]
fn all_members_end_with_the_same_log_and_no_entry_is_lost_or_doubled() {
    chance::each_seed(SEEDS, run);
}
