//! A second protocol in the same room.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::ServerFrame;
use party::testing::{TestClient, TestRoom};

use super::board::{Board, ClientFrame, Command, Member, Mode, batching, join, room, texts};

fn connect(room: &TestRoom<Board>, id: &str) -> TestClient {
    room.connecting(id).query("wire", "lines").connect()
}

/// Returns the lines that have come.
fn lines(client: &TestClient) -> Vec<String> {
    client.received().iter().map(|message| message.as_text().unwrap().to_owned()).collect()
}

#[test]
fn both_protocols_share_the_room_and_each_client_gets_its_own_frames() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append("one".into());
    let old = connect(&room, "old");
    assert_eq!(lines(&old), ["welcome 1"]);
    old.send("say x two\nname n Old");
    ada.command(Command::Vote(1));
    ada.command(Command::Shout("hello".into()));
    assert_eq!(texts(&mut ada), ["one", "two"]);
    assert_eq!(lines(&old), ["entry 2 two", "entry 3 one"]);
    let author = &ada.items.get(&2).unwrap().author;
    assert_eq!(ada.roster.get(author).map(String::as_str), Some("Old"));
    ada.delete(2);
    assert_eq!(lines(&old), Vec::<String>::new());
}

#[test]
fn requests_are_carried_out_in_order_until_one_is_refused() {
    let room = room(Mode::Plain);
    let (mut ada, old) = (join(&room, "ada"), connect(&room, "old"));
    lines(&old);
    old.send("say a one\nname b \nsay c two");
    assert_eq!(lines(&old), ["error invalid b", "entry 1 one"]);
    old.send("say d \nsay e three");
    assert_eq!(lines(&old), ["entry 2 three", "error empty d"]);
    old.send("nonsense");
    assert_eq!(lines(&old), ["error invalid -"]);
    old.send("echo f hello");
    assert_eq!(lines(&old), ["hello"]);
    assert_eq!(texts(&mut ada), ["one", "three"]);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_client_of_another_protocol_goes_on_after_a_request_that_it_may_try_again() {
    let room = room(Mode::Plain);
    let old = connect(&room, "old");
    lines(&old);
    old.send("say a busy\nsay b one");
    assert_eq!(lines(&old), ["entry 1 one", "error unavailable a"]);
    old.send("say c two");
    assert_eq!(lines(&old), ["entry 2 two"]);
}

#[test]
fn rules_see_that_a_client_is_a_guest_when_it_introduces_itself_on_connecting() {
    let room = room(Mode::Plain);
    let mut ada = Member::new("ada").introduced(&"visitor".into());
    ada.join(&room);
    let _old = room.connecting("old").query("wire", "lines").query("presence", r#""visitor""#).connect();
    ada.read();
    let of_ada = ada.roster.remove(&ada.member).unwrap();
    let names: Vec<_> = ada.roster.into_values().collect();
    assert_eq!((of_ada.as_str(), names), ("Guest", vec!["visitor".to_owned()]));
}

#[test]
fn rules_see_that_a_client_is_a_guest_when_it_appends() {
    let room = room(Mode::Plain);
    let (mut ada, old) = (join(&room, "ada"), connect(&room, "old"));
    lines(&old);
    old.send("say a guests only");
    assert_eq!(lines(&old), ["entry 1 guests only"]);
    ada.append("guests only".into());
    assert_eq!(ada.error().code, ErrorCode::INVALID);
}

#[test]
fn an_ephemeral_event_is_not_sent_to_clients_of_another_protocol() {
    let room = room(Mode::Plain);
    let (mut ada, bob, old) = (join(&room, "ada"), join(&room, "bob"), connect(&room, "old"));
    ada.read();
    lines(&old);
    bob.send(&ClientFrame::Ephemeral { id: None, kind: "typing".into(), data: None, end: false });
    assert!(matches!(ada.next_frame(), Some(ServerFrame::Ephemeral(_))));
    assert_eq!(lines(&old), Vec::<String>::new());
}

#[test]
fn entries_of_one_batch_are_one_text_for_a_client_that_accepts_batches() {
    let room = room(Mode::Plain);
    let (mut ada, bob, cy) = (batching(&room, "ada"), join(&room, "bob"), batching(&room, "cy"));
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    room.advance(Duration::from_millis(4));
    let count = |member: &Member| {
        let texts = member.socket().received();
        texts.iter().filter(|text| text.as_text().is_some_and(|text| text.contains(r#""entry""#))).count()
    };
    assert_eq!((count(&bob), count(&cy)), (3, 2));
}

#[test]
fn a_welcome_has_a_page_of_the_size_that_is_set() {
    let room = room(Mode::Paged);
    let mut ada = join(&room, "ada");
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    assert_eq!(texts(&mut join(&room, "bob")), ["two", "three"]);
    assert_eq!(lines(&connect(&room, "old")), ["welcome 2"]);
}

#[test]
fn a_client_of_another_protocol_over_its_rate_is_answered_once_and_then_closed() {
    let room = room(Mode::Plain);
    let old = connect(&room, "old");
    let refused = || lines(&old).into_iter().filter(|line| line == "error slow_down -").count();
    let mut sent = 0;
    while refused() == 0 {
        old.send("echo a b");
        sent += 1;
        assert!(sent < 100);
    }
    assert_eq!(sent, 31);
    for _ in 0..10 {
        old.send("echo a b");
    }
    assert_eq!(refused(), 0);
    for _ in 0..1_000 {
        old.send("echo a b");
    }
    assert_eq!((refused(), old.closed().unwrap().code), (1, 4429));
}

#[test]
fn an_entry_sent_again_is_known_and_an_item_of_another_member_is_not_edited() {
    let room = room(Mode::Plain);
    let (mut ada, mut old) = (join(&room, "ada"), connect(&room, "old"));
    ada.append("one".into());
    old.send("say x two");
    old.vanish();
    old = connect(&room, "old");
    old.send("say x two\nedit y 1 mine\nedit z 2 mine");
    assert_eq!(lines(&old), ["welcome 2", "entry 3 mine", "known x 2", "error forbidden y"]);
    assert_eq!(texts(&mut ada), ["one", "mine"]);
}

#[test]
fn a_client_that_speaks_neither_protocol_is_refused() {
    let room = room(Mode::Plain);
    for version in [None, Some("1"), Some("3"), Some("line")] {
        let mut connecting = room.connecting("new");
        if let Some(version) = version {
            connecting = connecting.query("wire", version);
        }
        let (error, closed) = super::board::refused(&connecting.connect());
        assert_eq!((error.code.as_str(), closed), ("unsupported", 4400));
    }
}

#[test]
fn a_banned_guest_is_refused_in_its_own_protocol() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let old = connect(&room, "old");
    old.send("say x spam");
    ada.read();
    let author = ada.items.get(&1).unwrap().author.clone();
    ada.moderate(party::parts::wire::Action::Ban, &author, Some(60));
    assert_eq!(old.closed().unwrap().code, 4403);
    let again = connect(&room, "old");
    assert_eq!((lines(&again), again.closed().unwrap().code), (vec!["error forbidden -".to_owned()], 4403));
    again.defy();
    again.send("say y more");
    ada.read();
    assert_eq!((texts(&mut ada), ada.roster.len()), (vec!["spam".to_owned()], 1));
}

#[test]
fn a_guest_that_cannot_be_admitted_because_the_room_fails_is_closed() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    room.sql().execute("DROP TABLE party_standings", ()).unwrap();
    room.evict();
    room.sql().execute("CREATE TABLE party_standings (broken TEXT)", ()).unwrap();
    let old = connect(&room, "old");
    assert_eq!(lines(&old), ["error internal -"]);
    assert_eq!(old.closed().unwrap().code, 1011);
    assert!(!room.errors().is_empty() && ada.is_connected());
}
