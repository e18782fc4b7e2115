//! Random schedules of an app with commands: members ask, vote, note, edit and delete, on several devices, while
//! connections break and the room is evicted or crashes. All members end with the same items, nothing is lost or
//! doubled, each member has voted at most once for an item, and the counts are those of the app's own table.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use party::testing::TestRoom;
use party::{ErrorCode, Server};

use super::board::{Board, Command, Indexed, Member, Question, VOTED};
use crate::chance::{self, Chance};
use crate::support::ROOM;

/// How many schedules are tried, and how many steps each has.
const SEEDS: u64 = 400;
const STEPS: u32 = 80;

pub(super) struct Schedule<S: Server> {
    chance: Chance,
    room: TestRoom<S>,
    members: Vec<Member>,
    /// How many notes were sent from each device.
    notes: BTreeMap<String, u64>,
}

impl<S: Server> Schedule<S> {
    fn new(seed: u64) -> Self {
        let room = TestRoom::<S>::with_seed(ROOM, seed);
        let mut ada = Member::new("ada").batching();
        ada.join(&room);
        let phone = ada.on_another_device("phone");
        let members = vec![ada, phone, Member::new("bob"), Member::new("cy").batching()];
        Self { chance: Chance(seed), room, members, notes: BTreeMap::new() }
    }

    fn step(&mut self) {
        let at = usize::try_from(self.chance.below(4)).unwrap();
        let what = self.chance.below(24);
        match what {
            0..=9 => self.operate(at, what),
            10 => self.members[at].read(),
            11 => self.members[at].vanish(),
            12 => {
                self.members[at].read();
                self.members[at].vanish();
            }
            13 | 14 => self.members[at].join(&self.room),
            15 | 16 => self.members[at].resend(),
            17 => self.room.evict(),
            18 if self.chance.below(3) == 0 => self.room.crash(),
            // The first frames of a batch arrive, and the rest is lost.
            19 => self.read_some(at),
            _ => self.room.advance(Duration::from_millis(self.chance.below(12))),
        }
    }

    /// Sends an operation of a member.
    fn operate(&mut self, at: usize, what: u64) {
        let (room, chance, member) = (&self.room, &mut self.chance, &mut self.members[at]);
        let text = format!("{} at {}", member.id, room.now());
        let own = |member: &Member| {
            let items = member.items.values();
            let own = items.filter(|item| item.author == member.member && item.body.is_some());
            own.map(|item| item.seq).collect::<Vec<_>>()
        };
        let all: Vec<u64> = member.items.keys().copied().collect();
        match what {
            0 | 1 => drop(member.append(text)),
            2 => drop(member.command(Command::Ask(text))),
            3..=5 => {
                if let Some(target) = chance.one(&all) {
                    member.command(match what {
                        3 => Command::VotePrivately(target),
                        _ => Command::Vote(target),
                    });
                }
            }
            6 => {
                *self.notes.entry(member.id.clone()).or_default() += 1;
                member.command(Command::Note(text));
            }
            7 => {
                if let Some(target) = chance.one(&own(member)) {
                    member.edit(target, text);
                }
            }
            8 => {
                if let Some(target) = chance.one(&own(member)) {
                    member.command(Command::Remove(target));
                }
            }
            _ => {
                if let Some(target) = chance.one(&all) {
                    member.command(Command::Refuse(target));
                }
            }
        }
    }

    fn read_some(&mut self, at: usize) {
        let member = &mut self.members[at];
        for _ in 0..self.chance.below(4) {
            if let Some(frame) = member.next_frame() {
                member.apply(frame);
            }
        }
        member.vanish();
    }

    /// Reconnects everybody, and sends until everything is acknowledged or refused.
    fn settle(&mut self) {
        for _ in 0..50 {
            self.room.advance(Duration::from_secs(5));
            self.members.iter_mut().for_each(|member| member.read());
            let waiting = |member: &&mut Member| !member.is_connected() || !member.outbox.is_empty();
            let waiting: Vec<&mut Member> = self.members.iter_mut().filter(waiting).collect();
            if waiting.is_empty() {
                break;
            }
            waiting.into_iter().for_each(|member| member.join(&self.room));
        }
        self.members.iter_mut().for_each(|member| member.read());
    }

    fn check(&mut self) {
        let mut witness = Member::new("witness");
        witness.join(&self.room);
        let query = "SELECT seq FROM party_log UNION ALL SELECT seq FROM party_log_changes ORDER BY seq";
        let seqs: Vec<(u64,)> = self.room.sql().query(query, ()).unwrap();
        assert!(seqs.iter().map(|(seq,)| *seq).eq(1..=witness.head), "the log has gaps: {seqs:?}");
        self.check_views(&witness);
        self.check_votes(&witness);
        self.check_notes();
        self.check_acknowledged();
        assert_eq!(self.room.errors(), Vec::<String>::new());
    }

    fn check_views(&mut self, witness: &Member) {
        let ids: BTreeSet<&str> = witness.items.values().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), witness.items.len(), "an item is doubled");
        for member in &self.members {
            assert!(member.outbox.is_empty(), "{} still waits for {:?}", member.id, member.outbox);
            assert_eq!((member.head, view(member)), (witness.head, view(witness)), "{}", member.id);
            for error in &member.errors {
                let expected = [VOTED, ErrorCode::NOT_FOUND, ErrorCode::SLOW_DOWN];
                assert!(expected.contains(&error.code), "{error:?}");
            }
        }
    }

    /// Checks the counts against the app's own table, in which every member has one vote for an item.
    fn check_votes(&self, witness: &Member) {
        let query = "SELECT item, count(*) FROM votes GROUP BY item";
        let votes: Vec<(u64, u32)> = self.room.sql().query(query, ()).unwrap();
        let votes: BTreeMap<u64, u32> = votes.into_iter().collect();
        for item in witness.items.values() {
            if let Some(question) = &item.body {
                assert_eq!(question.votes, votes.get(&item.seq).copied().unwrap_or_default(), "{item:?}");
            }
        }
        let query = "SELECT count(*), (SELECT count(DISTINCT member || '/' || item) FROM votes) FROM votes";
        let counted: Option<(u64, u64)> = self.room.sql().query_opt(query, ()).unwrap();
        assert!(counted.is_some_and(|(all, distinct)| all == distinct));
    }

    /// Checks that every note is stored once, and is the own state of its member.
    fn check_notes(&self) {
        for member in &self.members {
            let devices = self.members.iter().filter(|device| device.member == member.member);
            let sent: u64 = devices.filter_map(|device| self.notes.get(&device.id)).sum();
            let query = "SELECT count(*) FROM notes WHERE member = ?";
            let stored: Option<(u64,)> = self.room.sql().query_opt(query, (member.member.as_str(),)).unwrap();
            assert_eq!(stored, Some((sent,)), "{}", member.id);
            let own: Vec<String> = member.own.as_ref().map_or_else(Vec::new, |own| own.read().unwrap());
            assert_eq!(u64::try_from(own.len()).unwrap(), sent, "{}", member.id);
        }
    }

    /// Checks that every acknowledged frame is stored at its `seq`.
    fn check_acknowledged(&self) {
        let query = "SELECT seq FROM party_log WHERE id = ?1 UNION ALL SELECT seq FROM party_log_changes WHERE id = ?1";
        for (id, seq) in self.members.iter().flat_map(|member| &member.acknowledged) {
            let stored: Vec<(u64,)> = self.room.sql().query(query, (id.as_str(),)).unwrap();
            let expected: Vec<(u64,)> = seq.iter().map(|seq| (*seq,)).collect();
            assert_eq!(stored, expected, "{id}");
        }
    }
}

/// Returns what a member sees.
fn view(member: &Member) -> Vec<(u64, &str, Option<&Question>)> {
    member.items.values().map(|item| (item.seq, item.id.as_str(), item.body.as_ref())).collect()
}

pub(super) fn run<S: Server>(seed: u64) -> Schedule<S> {
    let mut schedule = Schedule::<S>::new(seed);
    (0..STEPS).for_each(|_| schedule.step());
    schedule.settle();
    schedule.check();
    schedule
}

#[test]
fn all_members_end_with_the_same_items_and_votes_and_no_command_is_lost_or_doubled() {
    chance::each_seed(SEEDS, |seed| drop(run::<Board>(seed)));
}

#[test]
fn a_derived_table_ends_with_the_items_whatever_happens_to_the_room() {
    chance::each_seed(SEEDS / 4, |seed| {
        let schedule = run::<Indexed>(seed);
        let query =
            "SELECT count(*) FROM party_log LEFT JOIN derived USING (seq) WHERE text IS NOT body ->> 'text'";
        let wrong: Option<(u64,)> = schedule.room.sql().query_opt(query, ()).unwrap();
        let query = "SELECT (SELECT count(*) FROM party_log), (SELECT count(*) FROM derived)";
        let counts: Option<(u64, u64)> = schedule.room.sql().query_opt(query, ()).unwrap();
        assert!(wrong == Some((0,)) && counts.is_some_and(|(items, derived)| items == derived), "{counts:?}");
    });
}
