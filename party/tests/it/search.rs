//! Search: the items of the log with some words. `party/src/parts/search/tests.rs` compares it with a scan.

use std::time::Duration;

use party::parts::log::{Append, Change, Log, Retention};
use party::parts::search::{Found, Search};
use party::parts::wire::Entry;
use party::testing::TestRoom;
use party::testing::example::hook;
use party::{Connection, ErrorCode, Message, Props, Result, Room, Server};

fn text_of(item: &Entry) -> Result<Option<String>> {
    item.read_body().map(Some)
}

fn append(log: &Log, room: &Room, text: &str) -> Result<u64> {
    let _new = log.append(Append { id: &room.random_id(), author: "ada", at: room.now() }, text)?;
    log.head()
}

fn change<'a>(room: &Room, id: &'a str, target: u64) -> Change<'a> {
    Change { id, author: "ada", at: room.now(), target, shown: None }
}

fn seqs(found: &Found) -> Vec<u64> {
    found.items.iter().map(|item| item.seq).collect()
}

/// Returns what a search finds in texts, as their places from 0.
fn found_in(texts: &'static [&str], query: &'static str) -> Vec<u64> {
    let (sender, found) = std::sync::mpsc::channel();
    hook(async move |room, _ada| {
        let log = Log::open(room)?;
        texts.iter().try_for_each(|text| append(&log, room, text).map(drop))?;
        sender.send(seqs(&Search::open(room)?.find(query, None, text_of)?)).unwrap();
        Ok(())
    });
    found.recv().unwrap().into_iter().rev().map(|seq| seq.saturating_sub(1)).collect()
}

#[test]
fn a_word_finds_what_begins_with_it_in_any_case_and_with_any_accents() {
    let texts = &["Café in Wien", "cafeteria", "decaf", "CAFE\u{301}!", "ca fe"];
    for query in ["cafe", "CAFÉ", "cafe\u{301}", "(cafe)", "cafe*"] {
        assert_eq!(found_in(texts, query), [0, 1, 3], "{query}");
    }
    assert_eq!(found_in(texts, "wien cafe"), [0]);
    assert_eq!(found_in(&["été", "ete", "et"], "ÉTÉ"), [0, 1]);
}

#[test]
fn a_word_of_one_letter_finds_only_itself() {
    assert_eq!(found_in(&["a b", "ab", "plan B"], "b"), [0, 2]);
}

#[test]
fn texts_without_spaces_are_searched_within() {
    let texts = &["我的手机坏了", "手和机器", "スマートフォン", "iPhone手机壳", "ที่นี่มีกาแฟ", "หนึ่ง"];
    assert_eq!(found_in(texts, "手机"), [0, 3]);
    assert_eq!(found_in(texts, "机"), [0, 1, 3]);
    assert_eq!(found_in(texts, "フォン"), [2]);
    assert_eq!(found_in(texts, "กาแฟ"), [4]);
    assert_eq!(found_in(texts, "iphone手"), [3]);
}

#[test]
fn words_of_many_scripts_are_found() {
    let texts = &["हिन्दी भाषा", "Привет мир", "한국어를 배워요", "שלום עולם", "Straße"];
    for (query, place) in [("हिन्दी", 0), ("भाषा", 0), ("привет", 1), ("한국어", 2), ("שלום", 3), ("STRAß", 4)]
    {
        assert_eq!(found_in(texts, query), [place], "{query}");
    }
}

#[test]
fn a_query_has_no_syntax() {
    let texts = &["foo-bar", "foo bar", "foo NEAR bar", "text:foo", "say \"foo\" OR bar", "a*b", "foo"];
    assert_eq!(found_in(texts, "foo-bar"), [0, 1]);
    assert_eq!(found_in(texts, "foo NEAR bar"), [2]);
    assert_eq!(found_in(texts, "NEAR(foo bar)"), [] as [u64; 0]);
    assert_eq!(found_in(texts, "foo OR bar"), [4]);
    assert_eq!(found_in(texts, "text:foo"), [3]);
    assert_eq!(found_in(texts, "\"foo\" NOT bar"), [] as [u64; 0]);
    assert_eq!(found_in(texts, "\"foo"), [0, 1, 2, 3, 4, 6]);
    assert_eq!(found_in(texts, "- foo ^ (bar) {*"), [0, 1, 2, 4]);
    assert_eq!(found_in(texts, "foo\0bar"), [0, 1, 2, 4]);
    assert_eq!(found_in(&["one\0two", "two"], "two"), [0, 1]);
}

#[test]
fn a_query_without_a_word_or_with_too_many_is_refused() {
    hook(async |room, _ada| {
        let search = Search::open(room)?;
        append(&Log::open(room)?, room, "milk")?;
        let code = |query: &str| search.find(query, None, text_of).map(drop).map_err(|error| error.code());
        assert_eq!(code(" -*\" 🎉"), Err(ErrorCode::EMPTY));
        assert_eq!(code(&"word ".repeat(1_000)), Err(ErrorCode::TOO_LARGE));
        assert_eq!(code(&"o ".repeat(17)), Err(ErrorCode::TOO_LARGE));
        assert_eq!(code(&"x".repeat(257)), Err(ErrorCode::TOO_LARGE));
        assert_eq!(code(&"机".repeat(256)), Ok(()));
        Ok(())
    });
}

#[test]
fn a_room_in_which_nobody_searches_has_no_index_and_a_search_without_news_writes_nothing() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        let tables = || room.sql().rows("SELECT 1 FROM sqlite_schema WHERE name LIKE 'party_search%'", ());
        let changes = || room.sql().query_one::<(u64,)>("SELECT total_changes()", ());
        assert_eq!(search.find("milk", None, text_of)?.items.len(), 0);
        append(&log, room, "milk")?;
        assert_eq!(tables()?.len(), 0);
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [1]);
        assert_ne!(tables()?.len(), 0);
        let before = changes()?;
        assert_eq!(seqs(&search.find("mil", None, text_of)?), [1]);
        assert_eq!(changes()?, before);
        Ok(())
    });
}

#[test]
fn edited_and_deleted_items_are_found_as_they_are_now() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        let find = |query: &str| search.find(query, None, text_of).map(|found| seqs(&found));
        for text in ["milk", "tea", "milk and tea"] {
            append(&log, room, text)?;
        }
        assert_eq!(find("milk")?, [3, 1]);
        let _new = log.edit(change(room, "e1", 1), "water", |_| true)?;
        let _new = log.delete(change(room, "d3", 3), |_| true)?;
        assert_eq!((find("milk")?, find("water")?, find("tea")?), (vec![], vec![1], vec![2]));
        let found = search.find("water", None, text_of)?;
        assert_eq!(
            (found.items[0].read_body::<String>()?.as_str(), found.items[0].edited),
            ("water", Some(4))
        );
        Ok(())
    });
}

#[test]
fn items_without_a_text_are_not_found_and_a_text_that_fails_fails_the_search() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        append(&log, room, "milk")?;
        append(&log, room, "secret milk")?;
        let public = |item: &Entry| Ok(text_of(item)?.filter(|text| !text.starts_with("secret")));
        assert_eq!(seqs(&search.find("milk", None, public)?), [1]);
        let _new = log.edit(change(room, "e1", 1), "secret", |_| true)?;
        assert_eq!(seqs(&search.find("milk", None, public)?), [] as [u64; 0]);
        append(&log, room, "more milk")?;
        let fails = |_: &Entry| Err(party::Error::client(ErrorCode::INVALID, "no text"));
        assert_eq!(search.find("milk", None, fails).unwrap_err().code(), ErrorCode::INVALID);
        assert_eq!(seqs(&search.find("milk", None, public)?), [4], "nothing of the failed search stays");
        Ok(())
    });
}

#[test]
fn removed_items_and_those_of_a_cleared_log_are_not_found() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        let rows = || room.sql().query_one::<(u64,)>("SELECT count(*) FROM party_search", ());
        for _ in 0..5 {
            append(&log, room, "milk")?;
        }
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [5, 4, 3, 2, 1]);
        log.prune(Retention::default().items(2))?;
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [5, 4]);
        assert_eq!(rows()?, (2,));
        log.clear()?;
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [] as [u64; 0]);
        append(&log, room, "tea")?;
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [] as [u64; 0]);
        assert_eq!(seqs(&search.find("tea", None, text_of)?), [1]);
        assert_eq!(rows()?, (1,));
        Ok(())
    });
}

#[test]
fn a_search_has_pages_of_20_items_and_of_about_64_kib() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        for _ in 0..45 {
            append(&log, room, "milk")?;
        }
        let (mut before, mut all, mut pages) = (None, Vec::new(), Vec::new());
        loop {
            let found = search.find("milk", before, text_of)?;
            pages.push(found.items.len());
            all.extend(seqs(&found));
            before = found.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(pages, [20, 20, 5]);
        assert!(all.into_iter().eq((1..=45).rev()));
        let large = format!("milk {}", "x".repeat(40_000));
        append(&log, room, &large)?;
        append(&log, room, &large)?;
        let found = search.find("milk", None, text_of)?;
        assert_eq!((seqs(&found), found.next, found.complete), (vec![47], Some(47), true));
        for before in [0, 1] {
            let found = search.find("milk", Some(before), text_of)?;
            assert_eq!((found.items.len(), found.next), (0, None));
        }
        assert_eq!(search.find("milk", Some(u64::MAX), text_of)?.items[0].seq, 47);
        Ok(())
    });
}

#[test]
fn in_a_long_log_the_newest_items_are_found_first_and_each_search_goes_on() {
    hook(async |room, _ada| {
        let (log, search) = (Log::open(room)?, Search::open(room)?);
        append(&log, room, "the oldest milk")?;
        for n in 0..9 {
            let ids: Vec<String> = (0..500).map(|id| format!("{n}-{id}")).collect();
            let item = |id| (Append { id, author: "ada", at: room.now() }, "tea");
            let items: Vec<_> = ids.iter().map(|id| item(id.as_str())).collect();
            log.append_all(&items)?.unwrap();
        }
        append(&log, room, "the newest milk")?;
        let first = search.find("milk", None, text_of)?;
        assert_eq!((seqs(&first), first.next, first.complete), (vec![4502], Some(2503), false));
        let second = search.find("milk", first.next, text_of)?;
        assert_eq!((seqs(&second), second.next, second.complete), (vec![], Some(503), false));
        append(&log, room, "milk again")?;
        let third = search.find("milk", second.next, text_of)?;
        assert_eq!((seqs(&third), third.next, third.complete), (vec![1], None, true));
        assert_eq!(seqs(&search.find("milk", None, text_of)?), [4503, 4502, 1]);
        Ok(())
    });
}

/// A room that appends what it is told, or answers what a search finds.
struct Notes {
    log: Log,
    search: Search,
}

impl Server for Notes {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { log: Log::open(room)?, search: Search::open(room)? })
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match message.as_text().unwrap_or_default().split_once('?') {
            Some((query, _)) => from.send_json(&seqs(&self.search.find(query, None, text_of)?)),
            None if message.as_text() == Some("destroy") => room.destroy().await,
            None => append(&self.log, room, message.as_text().unwrap_or_default()).map(drop),
        }
    }
}

fn ask(room: &TestRoom<Notes>, query: &str) -> Vec<u64> {
    let ada = room.connect("ada");
    ada.send(query);
    ada.receive_json()
}

#[test]
fn the_index_survives_sleep_crashes_a_full_disk_and_a_restore() {
    let room = TestRoom::<Notes>::new("notes");
    room.connect("ada").send("milk");
    assert_eq!(ask(&room, "milk?"), [1]);
    room.connect("ada").send("more milk");
    room.crash();
    assert_eq!(ask(&room, "milk?"), [2, 1]);
    room.connect("ada").send("tea with milk");
    room.fill_disk(true);
    let ada = room.connect("ada");
    ada.send("milk?");
    assert!(ada.receive_text().contains("internal"));
    room.fill_disk(false);
    room.evict();
    assert_eq!(ask(&room, "milk?"), [3, 2, 1]);
    let (copy, _) = TestRoom::<Notes>::from_snapshot("copy", &room.snapshot().unwrap()).unwrap();
    assert_eq!((ask(&copy, "milk?"), ask(&copy, "tea?")), (vec![3, 2, 1], vec![3]));
    copy.connect("ada").send("green tea");
    copy.advance(Duration::from_secs(1));
    assert_eq!(ask(&copy, "tea?"), [4, 3]);
}

#[test]
fn a_room_that_was_destroyed_has_no_index() {
    let room = TestRoom::<Notes>::new("notes");
    room.connect("ada").send("milk");
    assert_eq!(ask(&room, "milk?"), [1]);
    room.connect("ada").send("destroy");
    assert_eq!(ask(&room, "milk?"), [] as [u64; 0]);
    room.connect("ada").send("milk");
    assert_eq!(ask(&room, "milk?"), [1]);
}
