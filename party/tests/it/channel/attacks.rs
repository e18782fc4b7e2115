//! Hostile members, clocks that jump, and their effect on the others.

use std::time::Duration;

use party::parts::wire::{Action, ServerFrame};
use party::testing::TestRoom;
use party::{ErrorCode, ErrorFrame};

use super::board::{Board, Member, Mode, batching, join, room, rows, texts};

/// Returns a member that has joined from an address.
fn join_from(room: &TestRoom<Board>, id: &str, address: &str) -> Member {
    let mut member = Member::new(id);
    member.join_from(room, address);
    member.read();
    member
}

#[test]
fn a_banned_member_that_does_not_answer_the_close_is_counted_no_more() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let mut eves: Vec<Member> = (0..20).map(|n| join_from(&room, &format!("eve{n}"), "192.0.2.7")).collect();
    eves.iter().for_each(|eve| eve.socket().defy());
    ada.read();
    assert_eq!(ada.roster.len(), 21);
    ada.moderate(Action::Ban, &eves[0].member, None);
    room.advance(Duration::from_secs(11));
    ada.read();
    assert_eq!(ada.roster.len(), 1, "{:?}", ada.roster);
    ada.append("alone".into());
    for eve in &mut eves {
        assert!(!texts(eve).contains(&"alone".to_owned()));
    }
    // Also in the next life of the room, which finds their sockets.
    room.evict();
    let mut bob = join(&room, "bob");
    bob.read();
    assert_eq!(bob.roster.len(), 2);
    assert!(room.errors().is_empty(), "{:?}", room.errors());
}

#[test]
fn a_member_that_connects_again_and_again_is_told_to_slow_down() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let mut connects = 0;
    let refused = loop {
        let mut eve = ada.on_another_device("flood");
        let socket = eve.connecting(&room).try_connect();
        let socket = socket.unwrap();
        if !socket.is_open() {
            break socket;
        }
        connects += 1;
        assert!(connects < 1_000);
        eve.adopt(socket);
        eve.vanish();
    };
    assert!(connects >= 100, "{connects}");
    let error: ErrorFrame = refused.receive_json();
    assert_eq!((error.code, refused.closed().unwrap().code), (ErrorCode::SLOW_DOWN, 4429));
    // A client that goes on costs the room no more sockets.
    let status = (0..200).find_map(|_| ada.on_another_device("flood").connecting(&room).try_connect().err());
    assert_eq!(status.unwrap().status().as_u16(), 429);
    // Nobody else waits, and the member itself not for long.
    assert!(join(&room, "bob").is_connected());
    room.advance(Duration::from_millis(error.retry_after.unwrap()));
    let mut again = ada.on_another_device("again");
    again.join(&room);
    assert!(again.is_connected());
    ada.append("on".into());
    assert_eq!(texts(&mut ada), ["on"]);
}

#[test]
fn strangers_of_one_address_that_connect_again_and_again_are_told_to_slow_down() {
    let room = room(Mode::Plain);
    let connect = |n: usize| {
        let eve = Member::new(&format!("eve{n}"));
        eve.connecting(&room).header("cf-connecting-ip", "192.0.2.7").try_connect()
    };
    let admitted = (0..2_000).take_while(|n| {
        let socket = connect(*n).unwrap();
        let open = socket.is_open();
        socket.vanish();
        room.advance(Duration::from_millis(1));
        open
    });
    // A room takes 500 members from one address, and these leave after 10 seconds.
    assert!(admitted.count() <= 650);
    assert!((0..2_000).any(|n| connect(n).is_err()));
    let mut bob = join_from(&room, "bob", "192.0.2.8");
    bob.append("in".into());
    assert_eq!(texts(&mut bob), ["in"]);
}

#[test]
fn a_ban_keeps_out_the_address_of_a_member_that_left_just_before() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let mut eve = join_from(&room, "eve", "192.0.2.7");
    let member = eve.member.clone();
    eve.vanish();
    room.advance(Duration::from_millis(100));
    ada.moderate(Action::Ban, &member, None);
    let back = Member::new("somebody").connecting(&room).header("cf-connecting-ip", "192.0.2.7").connect();
    assert_eq!(back.closed().unwrap().code, 4403);
    let neighbour = Member::new("bob").connecting(&room).header("cf-connecting-ip", "192.0.2.8").connect();
    assert!(neighbour.is_open());
}

#[test]
fn a_client_that_cannot_be_welcomed_is_not_here() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    // The table of a part is gone: no page can be read.
    room.sql().execute("ALTER TABLE party_log RENAME TO gone", ()).unwrap();
    for n in 0..5 {
        let bob = Member::new(&format!("bob{n}")).connecting(&room).connect();
        assert_eq!(bob.closed().unwrap().code, 1011);
    }
    room.sql().execute("ALTER TABLE gone RENAME TO party_log", ()).unwrap();
    ada.read();
    assert_eq!(ada.roster.len(), 1, "{:?}", ada.roster);
    let mut cy = join(&room, "cy");
    cy.read();
    assert_eq!(cy.roster.len(), 2);
    assert_eq!(rows(&room, "party_jobs WHERE kind = 'party.presence.leave'"), 0);
}

#[test]
fn nothing_of_a_client_overtakes_what_was_refused_for_a_while() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    room.advance(Duration::from_secs(1));
    let append = |id: &str| format!(r#"{{"type":"append","id":"{id}","body":"{id}"}}"#);
    let flood: Vec<String> = (0..30).map(|n| append(&format!("f{n}"))).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    ada.socket().send(append("a"));
    room.advance(Duration::from_millis(150));
    // There is a token again, but this was sent later.
    ada.socket().send(append("b"));
    ada.read();
    let refused: Vec<_> = ada.errors.drain(..).map(|error| (error.id.unwrap(), error.code)).collect();
    assert_eq!(refused, [("a".to_owned(), ErrorCode::SLOW_DOWN), ("b".to_owned(), ErrorCode::SLOW_DOWN)]);
    ada.socket().send(append("a"));
    room.advance(Duration::from_millis(150));
    ada.socket().send(append("b"));
    ada.read();
    assert!(ada.errors.is_empty(), "{:?}", ada.errors);
    assert_eq!(texts(&mut bob)[30..], ["a", "b"]);
}

#[test]
fn nothing_of_a_client_overtakes_what_a_rule_refused_for_a_while_in_the_same_batch() {
    let append = |id: &str, body: &str| format!(r#"{{"type":"append","id":"{id}","body":"{body}"}}"#);
    let edit = r#"{"type":"edit","id":"a","target":1,"body":"busy"}"#.to_owned();
    for first in [append("a", "busy"), edit] {
        let room = room(Mode::Plain);
        let (mut ada, mut bob) = (batching(&room, "ada"), batching(&room, "bob"));
        ada.append("at once".into());
        ada.socket().send(format!("[{first},{},{}]", append("b", "b"), append("c", "c")));
        bob.append("of another client".into());
        room.advance(Duration::from_millis(10));
        assert_eq!(texts(&mut bob), ["at once", "of another client"], "{first}");
        ada.read();
        let refused = ada.errors.drain(..).map(|error| (error.id.unwrap(), error.code));
        let expected = ["a", "b", "c"].map(|id| (id.to_owned(), ErrorCode::UNAVAILABLE));
        assert_eq!(refused.collect::<Vec<_>>(), expected, "{first}");
        assert!(bob.errors.is_empty(), "{:?}", bob.errors);
        ada.socket().send(append("b", "b"));
        assert_eq!(ada.error().code, ErrorCode::SLOW_DOWN);
        ada.socket().send(format!("[{},{},{}]", append("a", "a"), append("b", "b"), append("c", "c")));
        room.advance(Duration::from_millis(10));
        assert_eq!(texts(&mut bob)[2..], ["a", "b", "c"], "{first}");
    }
}

#[test]
fn an_accepted_operation_does_not_wait_for_a_later_one_that_is_refused() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (batching(&room, "ada"), join(&room, "bob"));
    room.advance(Duration::from_secs(1));
    let append = |id: &str| format!(r#"{{"type":"append","id":"{id}","body":"{id}"}}"#);
    let flood: Vec<String> = (0..29).map(|n| append(&format!("f{n}"))).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    // It is within the rate and waits for its batch, while the next one is refused.
    ada.socket().send(append("a"));
    ada.socket().send(append("b"));
    room.advance(Duration::from_millis(10));
    ada.read();
    let refused: Vec<_> = ada.errors.drain(..).map(|error| error.id.unwrap()).collect();
    assert_eq!(refused, ["b"]);
    room.advance(Duration::from_millis(150));
    ada.socket().send(append("b"));
    room.advance(Duration::from_millis(10));
    ada.read();
    assert!(ada.errors.is_empty(), "{:?}", ada.errors);
    assert_eq!(texts(&mut bob)[29..], ["a", "b"]);
}

#[test]
fn a_client_that_gives_up_what_was_refused_goes_on_after_a_while() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let append = |id: &str| format!(r#"{{"type":"append","id":"{id}","body":"{id}"}}"#);
    let flood: Vec<String> = (0..30).map(|n| append(&format!("f{n}"))).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    ada.socket().send(append("given up"));
    let wait = Duration::from_millis(ada.error().retry_after.unwrap());
    room.advance(wait + Duration::from_millis(4_999));
    ada.socket().send(append("too soon"));
    assert_eq!(ada.error().code, ErrorCode::SLOW_DOWN);
    room.advance(Duration::from_millis(1));
    ada.socket().send(append("later"));
    assert_eq!(texts(&mut ada).last().unwrap(), "later");
}

#[test]
fn a_client_that_is_refused_again_keeps_its_place_until_it_gives_up() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let mut refused = |id: &str, body: &str, after: u64| {
        room.advance(Duration::from_millis(after));
        ada.socket().send(format!(r#"{{"type":"append","id":"{id}","body":"{body}"}}"#));
        ada.read();
        ada.errors.pop().map(|error| error.code)
    };
    assert_eq!(refused("a", "busy", 0), Some(ErrorCode::UNAVAILABLE));
    assert_eq!(refused("a", "busy", 1_000), Some(ErrorCode::UNAVAILABLE));
    assert_eq!(refused("b", "b", 5_500), Some(ErrorCode::SLOW_DOWN));
    // The second refusal was 6 seconds ago: a second that it asked for, and 5 in which nothing came.
    assert_eq!(refused("c", "busy", 500), Some(ErrorCode::UNAVAILABLE));
    assert_eq!(refused("b", "b", 0), Some(ErrorCode::SLOW_DOWN));
    assert_eq!(refused("c", "c", 0), None);
    assert_eq!(refused("b", "b", 0), None);
    assert_eq!(texts(&mut ada), ["c", "b"]);
}

#[test]
fn a_client_that_is_silent_is_closed_before_the_sweep_when_another_client_writes() {
    let room = room(Mode::Plain);
    let (mut ada, bob) = (join(&room, "ada"), join(&room, "bob"));
    bob.socket().send("ping");
    for _ in 0..8 {
        room.advance(Duration::from_secs(30));
        ada.append("on".into());
    }
    assert!(!bob.is_connected());
}

#[test]
fn a_client_that_is_lost_before_its_first_ping_is_not_here_for_long() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    let bob = join(&room, "bob");
    bob.socket().fall_silent();
    for _ in 0..20 {
        room.advance(Duration::from_secs(30));
        ada.socket().send("ping");
    }
    let mut cy = join(&room, "cy");
    cy.read();
    assert_eq!(cy.roster.len(), 2, "{:?}", cy.roster);
    assert!(ada.is_connected());
}

#[test]
fn a_client_that_does_not_read_is_asked_and_closed() {
    let room = room(Mode::Plain);
    let mut ada = batching(&room, "ada");
    let mut bob = join(&room, "bob");
    // It sends heartbeats and reads nothing.
    let deaf = join(&room, "deaf");
    let text = "x".repeat(10_000);
    for _ in 0..150 {
        ada.append(text.clone());
        room.advance(Duration::from_secs(1));
        ada.read();
        bob.read();
        deaf.socket().send("ping");
    }
    let frames = deaf.socket().received();
    let is_probe = |frame: &party::Message| frame.as_text().is_some_and(|text| text.contains(r#""probe""#));
    assert!(frames.iter().any(is_probe));
    assert_eq!(deaf.socket().closed().unwrap().code, 4408);
    assert!(ada.is_connected() && bob.is_connected());
    assert!(frames.len() < 150 + 150, "it was sent {} frames", frames.len());
}

#[test]
fn a_client_of_another_protocol_is_not_asked_and_closed_later() {
    let room = room(Mode::Plain);
    let mut ada = batching(&room, "ada");
    let lines = room.connecting("lines").query("wire", "lines").connect();
    let text = "x".repeat(60_000);
    let mut sent = 0;
    while lines.is_open() {
        ada.append(text.clone());
        room.advance(Duration::from_secs(1));
        ada.read();
        sent += text.len();
        assert!(sent < 10 << 20);
    }
    // Frames to each protocol count for all.
    assert!(sent > 2 << 20, "{sent}");
    assert!(!lines.received().iter().any(|frame| frame.as_text().is_some_and(|text| text.contains("probe"))));
}

#[test]
fn an_answer_that_was_not_asked_for_proves_nothing() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    for id in ["", "0", "1", "00"] {
        ada.socket().send(format!(r#"{{"type":"probe","id":"{id}"}}"#));
    }
    let answers: Vec<ServerFrame> = ada
        .socket()
        .received()
        .iter()
        .map(|frame| frame.read_json::<party::parts::wire::Json>().unwrap().try_into().unwrap())
        .collect();
    assert!(answers.iter().all(|frame| matches!(frame, ServerFrame::Error(_))), "{answers:?}");
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_waiting() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (batching(&room, "ada"), batching(&room, "bob"));
    room.advance(Duration::from_secs(1));
    let append = |id: &str| format!(r#"{{"type":"append","id":"{id}","body":"{id}"}}"#);
    let flood: Vec<String> = (0..30).map(|n| append(&format!("f{n}"))).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    // This waits for the end of the window, which is now an hour away.
    bob.append("waits".into());
    room.set_clock_back(Duration::from_secs(3_600));
    bob.append("takes it along".into());
    assert_eq!(texts(&mut bob)[30..], ["waits", "takes it along"]);
    bob.append("in the next window".into());
    room.advance(Duration::from_millis(4));
    assert_eq!(texts(&mut bob).len(), 33);
    // The bucket of a member fills as it did before.
    ada.append("after the flood".into());
    let error = ada.error();
    assert!(error.retry_after.unwrap() <= 1_000, "{error:?}");
    room.advance(Duration::from_millis(error.retry_after.unwrap()));
    ada.resend();
    room.advance(Duration::from_millis(4));
    assert_eq!(texts(&mut ada).last().unwrap(), "after the flood");
}

#[test]
fn a_room_with_tables_of_the_apps_own_is_never_taken_for_unused() {
    let room = room(Mode::Plain);
    join(&room, "ada").vanish();
    room.advance(Duration::from_secs(48 * 3_600));
    assert!(rows(&room, "party_log_meta") > 0);
}
