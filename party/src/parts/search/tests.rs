//! Random logs, in which a search finds what a scan finds, however little it takes in at a time.

use super::{Found, Search};
use crate::parts::log::{Append, Change, Log, Retention};
use crate::testing::example::hook;
use crate::{Result, Room};

const WORDS: &[&str] =
    &["milk", "Milch", "café", "cafeteria", "a", "x1", "tea", "手机", "机", "手", "oat-milk", "🎉"];

/// Queries, each with the words of which an item has all, and whether a word is found anywhere in the text.
const QUERIES: &[(&str, &[&str])] = &[
    ("mil", &["mil"]),
    ("MILK", &["milk"]),
    ("cafe", &["cafe"]),
    ("a", &["a "]),
    ("x1 te", &["x1", "te"]),
    ("手机", &["手机"]),
    ("机", &["机"]),
    ("oat-mi", &["oat mi"]),
    ("milk 手", &["milk", "手"]),
    ("nothing", &["nothing"]),
];

/// A log with the texts that it should have.
struct Model {
    log: Log,
    room: Room,
    /// The text of each item by its `seq`, where it is not deleted.
    texts: Vec<(u64, Option<String>)>,
    seed: u64,
    ids: u64,
}

impl Model {
    fn below(&mut self, bound: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33).checked_rem(bound).unwrap_or(0)
    }

    fn text(&mut self) -> String {
        let words = self.below(4).saturating_add(1);
        let mut word = || *WORDS.get(usize::try_from(self.below(12)).unwrap()).unwrap();
        (0..words).map(|_| word()).collect::<Vec<_>>().join(" ")
    }

    fn act(&mut self) -> Result<()> {
        self.ids = self.ids.saturating_add(1);
        let (id, at) = (self.ids.to_string(), self.room.now());
        match self.below(40) {
            0 => self.log.clear().map(|()| self.texts.clear()),
            1 => self.prune(),
            2..12 => self.change(&id),
            _ => {
                let text = self.text();
                let _new = self.log.append(Append { id: &id, author: "ada", at }, &text)?;
                self.texts.push((self.log.head()?, Some(text)));
                Ok(())
            }
        }
    }

    fn change(&mut self, id: &str) -> Result<()> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let place = usize::try_from(self.below(u64::try_from(self.texts.len()).unwrap())).unwrap();
        let text = (self.below(3) > 0).then(|| self.text());
        let Some((target, old)) = self.texts.get_mut(place).filter(|(_, old)| old.is_some()) else {
            return Ok(());
        };
        old.clone_from(&text);
        let change = Change { id, author: "ada", at: self.room.now(), target: *target, shown: None };
        let _new = match text {
            Some(text) => self.log.edit(change, &text, |_| true)?,
            None => self.log.delete(change, |_| true)?,
        };
        Ok(())
    }

    fn prune(&mut self) -> Result<()> {
        let kept = self.below(30);
        while self.log.prune(Retention::default().items(kept).changes(5))? {}
        let removed = self.texts.len().saturating_sub(usize::try_from(kept).unwrap());
        self.texts.drain(..removed);
        Ok(())
    }

    /// Returns the items from one `seq` and before another that have all words, the newest first.
    fn scan(&self, words: &[&str], from: u64, before: u64) -> Vec<u64> {
        let has = |text: &String| {
            let text = format!(" {} ", text.to_lowercase().replace('é', "e").replace('-', " "));
            words.iter().all(|word| match word.is_ascii() {
                true => text.contains(&format!(" {word}")),
                // Signs and spaces between them are no part of the text.
                false => text.replace([' ', '🎉'], "").contains(word),
            })
        };
        let items = self.texts.iter().rev().filter(|(seq, _)| (from..before).contains(seq));
        items.filter(|(_, text)| text.as_ref().is_some_and(has)).map(|(seq, _)| *seq).collect()
    }

    /// Searches until the end, and checks each answer.
    fn check(&self, search: &Search, query: &str, words: &[&str]) -> Result<()> {
        let mut before = None;
        for _ in 0..10_000 {
            let Found { items, next, complete } =
                search.find(query, before, |item| item.read_body().map(Some))?;
            let items: Vec<u64> = items.iter().map(|item| item.seq).collect();
            let expected = self.scan(words, next.unwrap_or(0), before.unwrap_or(u64::MAX));
            assert_eq!(items, expected, "{query} before {before:?}, next {next:?}, complete {complete}");
            assert!(items.len() <= 20);
            if next.is_none() {
                return Ok(());
            }
            before = next;
        }
        panic!("the search does not end");
    }
}

fn run(seed: u64) {
    hook(async move |room, _ada| {
        let entries = [1, 3, 10, 2_000][usize::try_from(seed % 4).unwrap()];
        let log = Log::open(room)?;
        let mut model = Model { log, room: room.clone(), texts: Vec::new(), seed, ids: 0 };
        for _ in 0..12 {
            let acts = model.below(60);
            (0..acts).try_for_each(|_| model.act())?;
            let search = Search::open(room)?.of_entries(entries);
            let (query, words) = QUERIES[usize::try_from(model.below(10)).unwrap()];
            match model.below(4) {
                // The index is left incomplete.
                0 => drop(search.find(query, None, |item| item.read_body().map(Some))?),
                _ => model.check(&search, query, words)?,
            }
        }
        Ok(())
    });
}

#[test]
fn a_search_finds_what_a_scan_finds_whatever_happens_in_between() {
    for seed in 0..32 {
        if std::panic::catch_unwind(|| run(seed)).is_err() {
            panic!("seed {seed} failed");
        }
    }
}
