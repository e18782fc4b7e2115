//! Random schedules: members ask, edit, remove, upvote and answer, one of them from two devices, while connections
//! break and the room sleeps or crashes at any moment. At the end everyone has the same questions, each with as many
//! votes as the room has stored for it; nothing that was acknowledged is missing, and nothing is doubled.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::*;

/// How many schedules are tried.
const SEEDS: u64 = 300;

/// In how many threads.
const THREADS: u64 = 2;

/// How many steps a schedule has.
const STEPS: u32 = 80;

/// The numbers of a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    /// Returns one that is less than `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

struct Schedule {
    chance: Chance,
    room: TestRoom<Board>,
    members: Vec<Member>,
    /// The questions that somebody has asked for a vote for, by the id of that command, with its member.
    votes: BTreeMap<String, (String, u64)>,
}

impl Schedule {
    fn new(seed: u64) -> Self {
        let room = TestRoom::<Board>::with_seed("board", seed);
        let named = |name: &str| Member::new(name).introduced(&Name { name: name.to_owned() });
        let mut ada = named("Ada").batching();
        ada.join(&room);
        let phone = ada.on_another_device("phone");
        let members = vec![ada, phone, named("Bob"), named("Cy").batching()];
        Self { chance: Chance(seed), room, members, votes: BTreeMap::new() }
    }

    fn step(&mut self) {
        let who = usize::try_from(self.chance.below(4)).unwrap();
        let what = self.chance.below(22);
        let target = self.target(who, matches!(what, 10 | 11));
        let member = &mut self.members[who];
        match (what, target) {
            (0..=3, _) => drop(ask(member, &format!("{} at {}?", member.id, self.room.now()))),
            (4..=8, Some(seq)) => {
                let id = upvote(member, seq);
                self.votes.insert(id, (member.member.clone(), seq));
            }
            (9, Some(seq)) => drop(answer(member, seq)),
            (10, Some(seq)) => drop(edit(member, seq, &format!("edited at {}?", self.room.now()))),
            (11, Some(seq)) if self.chance.below(2) == 0 => drop(member.delete(seq)),
            (12, _) => member.read(),
            // The connection breaks, and what is on its way on it is lost.
            (13, _) => member.vanish(),
            // The connection breaks when everything on it has arrived.
            (14, _) => {
                member.read();
                member.vanish();
            }
            (15 | 16, _) => member.join(&self.room),
            (17, _) => member.resend(),
            (18, _) => self.room.evict(),
            (19, _) if self.chance.below(3) == 0 => self.room.crash(),
            _ => self.room.advance(Duration::from_millis(self.chance.below(10))),
        }
    }

    /// Chooses a question that a member knows, or one of its own.
    fn target(&mut self, who: usize, own: bool) -> Option<u64> {
        let member = &self.members[who];
        let known: Vec<u64> = member
            .items
            .values()
            .filter(|item| item.body.is_some() && (!own || item.author == member.member))
            .map(|item| item.seq)
            .collect();
        let place = self.chance.below(known.len().max(1) as u64);
        known.get(usize::try_from(place).unwrap()).copied()
    }

    /// Has everyone come back, and send until everything is answered.
    fn calm(&mut self) {
        for _ in 0..50 {
            self.room.advance(Duration::from_secs(5));
            self.members.iter_mut().for_each(Member::read);
            let waiting = |member: &&mut Member| !member.is_connected() || !member.outbox.is_empty();
            let waiting: Vec<&mut Member> = self.members.iter_mut().filter(waiting).collect();
            if waiting.is_empty() {
                break;
            }
            waiting.into_iter().for_each(|member| member.join(&self.room));
        }
        self.room.advance(Duration::from_secs(60));
        self.members.iter_mut().for_each(Member::read);
    }

    fn check(&mut self) {
        let mut witness = join(&self.room, "Witness");
        while witness.older {
            witness.load_older();
        }
        assert_eq!(self.seqs(), (1..=witness.head).collect(), "the log has gaps");
        let ids: BTreeSet<&str> = witness.items.values().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), witness.items.len(), "a question is doubled");
        for member in &mut self.members {
            assert!(member.outbox.is_empty(), "{} still has {:?}", member.id, member.outbox);
            while member.older {
                member.load_older();
            }
            assert_eq!(member.head, witness.head, "{}", member.id);
            assert_eq!(seen(member), seen(&witness), "{} sees something else", member.id);
            let expected = self.room.sql();
            let query = "SELECT question FROM votes WHERE member = ? ORDER BY question DESC LIMIT 1000";
            let expected: Vec<(u64,)> = expected.query(query, (member.member.as_str(),)).unwrap();
            let own: Vec<u64> = member.own.as_ref().map(|own| own.read().unwrap()).unwrap_or_default();
            assert_eq!(own, expected.into_iter().map(|(seq,)| seq).collect::<Vec<_>>(), "{}", member.id);
        }
        self.check_votes(&witness);
        self.check_acknowledged();
        assert_eq!(self.room.errors(), Vec::<String>::new());
    }

    /// Checks that the log and the table of votes agree, and that every acknowledged vote is in it.
    fn check_votes(&self, witness: &Member) {
        let query = "SELECT question, count(*) FROM votes GROUP BY question";
        let counts: BTreeMap<u64, u32> =
            self.room.sql().query::<(u64, u32)>(query, ()).unwrap().into_iter().collect();
        for item in witness.items.values() {
            let Some(body) = &item.body else { continue };
            assert_eq!(body.votes, counts.get(&item.seq).copied().unwrap_or_default(), "{}", item.seq);
        }
        let acknowledged: BTreeSet<&String> =
            self.members.iter().flat_map(|member| member.acknowledged.keys()).collect();
        for (_, (member, seq)) in self.votes.iter().filter(|(id, _)| acknowledged.contains(id)) {
            let query = "SELECT 1 FROM votes WHERE member = ? AND question = ?";
            let rows = self.room.sql().rows(query, (member.as_str(), *seq)).unwrap();
            assert_eq!(rows.len(), 1, "a vote of {member} for {seq} was acknowledged and is missing");
        }
    }

    /// Checks that an operation acknowledged with a `seq` is in the log there; the rest are votes that had been counted
    /// before.
    fn check_acknowledged(&self) {
        for (id, seq) in self.members.iter().flat_map(|member| &member.acknowledged) {
            match seq {
                Some(seq) => assert!(self.has(id, *seq), "{id} was acknowledged at {seq} and is not there"),
                None => assert!(self.votes.contains_key(id), "{id} was acknowledged without a place"),
            }
        }
    }

    /// Returns every `seq` in the log.
    fn seqs(&self) -> BTreeSet<u64> {
        let query = "SELECT seq FROM party_log UNION ALL SELECT seq FROM party_log_changes";
        let seqs: Vec<(u64,)> = self.room.sql().query(query, ()).unwrap();
        seqs.into_iter().map(|(seq,)| seq).collect()
    }

    fn has(&self, id: &str, seq: u64) -> bool {
        let query = "SELECT 1 FROM party_log WHERE id = ?1 AND seq = ?2
             UNION ALL SELECT 1 FROM party_log_changes WHERE id = ?1 AND seq = ?2";
        self.room.sql().rows(query, (id, seq)).unwrap().len() == 1
    }
}

/// Returns what a member sees: the place, the id and the author of each question, and the question unless it is
/// removed.
fn seen(member: &Member) -> Vec<(u64, &str, &str, Option<&Question>)> {
    let items = member.items.values();
    items.map(|item| (item.seq, item.id.as_str(), item.author.as_str(), item.body.as_ref())).collect()
}

fn run(seed: u64) {
    let mut schedule = Schedule::new(seed);
    (0..STEPS).for_each(|_| schedule.step());
    schedule.calm();
    schedule.check();
}

#[test]
fn all_members_end_with_the_same_questions_and_each_vote_counts_once() {
    if let Some(seed) = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        return run(seed);
    }
    let part = |thread: u64| {
        for seed in (0..SEEDS).filter(|seed| seed % THREADS == thread) {
            let outcome = std::panic::catch_unwind(|| run(seed));
            assert!(outcome.is_ok(), "seed {seed} went wrong: run it alone with SEED={seed}");
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|thread| drop(scope.spawn(move || part(thread)))));
}
