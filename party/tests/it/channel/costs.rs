//! The costs that one client can cause: beyond its limits, without proof, or in memory that is never freed.

use std::time::Duration;

use party::testing::TestClient;
use party::{ErrorCode, ErrorFrame, Message};

use super::board::{Member, Mode, batching, join, room, texts};

fn append(id: &str) -> String {
    format!(r#"{{"type":"append","id":"{id}","body":"{id}"}}"#)
}

/// Returns the frames that a client has received and that have this type.
fn received(client: &TestClient, kind: &str) -> Vec<Message> {
    let tag = format!(r#"{{"type":"{kind}""#);
    let mut frames = client.received();
    frames.retain(|frame| frame.as_text().is_some_and(|text| text.starts_with(&tag)));
    frames
}

#[test]
fn a_client_that_requests_pages_and_does_not_read_them_is_asked_and_closed() {
    let room = room(Mode::Plain);
    let mut ada = batching(&room, "ada");
    for _ in 0..6 {
        ada.append("x".repeat(10_000));
        room.advance(Duration::from_secs(1));
    }
    ada.read();
    let deaf = join(&room, "deaf");
    let mut asked = 0;
    // Nobody else says anything: all that is sent is sent to this client alone.
    while deaf.is_connected() {
        for _ in 0..5 {
            deaf.socket().send(format!(r#"{{"type":"history","id":"{asked}"}}"#));
            asked += 1;
        }
        room.advance(Duration::from_secs(1));
        assert!(asked < 1_000, "the client was sent {asked} pages");
    }
    assert_eq!(deaf.socket().closed().unwrap().code, 4408);
}

#[test]
fn a_client_that_guesses_probes_without_reading_them_is_closed() {
    let room = room(Mode::Plain);
    let mut ada = batching(&room, "ada");
    let deaf = join(&room, "deaf");
    let (text, mut guess) = ("x".repeat(20_000), 0);
    for _ in 0..200 {
        ada.append(text.clone());
        for _ in 0..4 {
            deaf.socket().send(format!(r#"{{"type":"probe","id":"{}"}}"#, guess % 20));
            guess += 1;
        }
        room.advance(Duration::from_secs(1));
        ada.read();
    }
    assert_eq!(deaf.socket().closed().unwrap().code, 4408);
    assert!(ada.is_connected());
}

#[test]
fn a_client_that_goes_on_before_a_frame_that_was_refused_is_closed() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    room.advance(Duration::from_secs(1));
    let flood: Vec<String> = (0..30).map(|n| append(&format!("f{n}"))).collect();
    ada.socket().send(format!("[{}]", flood.join(",")));
    ada.socket().send(append("first"));
    for n in 0..200 {
        ada.socket().send(append(&format!("later{n}")));
        room.advance(Duration::from_millis(20));
    }
    assert_eq!(ada.socket().closed().unwrap().code, 4429);
    let errors = received(ada.socket(), "error");
    assert!(errors.len() < 100, "{}", errors.len());
}

#[test]
fn clients_whose_token_is_not_valid_cannot_connect_again_and_again() {
    let room = room(Mode::Tokens);
    let eve = || {
        let eve = room
            .connecting("eve")
            .query("wire", "2")
            .bearer("forged")
            .header("cf-connecting-ip", "192.0.2.7");
        eve.try_connect()
    };
    let first = eve().unwrap();
    assert_eq!(first.receive_json::<ErrorFrame>().code, ErrorCode::UNAUTHORIZED);
    assert_eq!(first.closed().unwrap().code, 4401);
    let status = (0..2_000).find_map(|_| eve().err()).map(|response| response.status().as_u16());
    assert_eq!(status, Some(429));
    // Nobody at another address waits, and the clients at this address not for long.
    let ada = |address: &str| {
        let ada = room.connecting("ada").query("wire", "2").bearer("ada.9007199254740991");
        ada.header("cf-connecting-ip", address).try_connect().is_ok_and(|client| client.is_open())
    };
    assert!(ada("192.0.2.8"));
    room.advance(Duration::from_secs(1));
    assert!(ada("192.0.2.7"));
}

#[test]
fn a_client_that_reads_is_not_closed_for_the_pages_that_it_requests() {
    let room = room(Mode::Plain);
    let mut ada = batching(&room, "ada");
    for _ in 0..6 {
        ada.append("x".repeat(10_000));
        room.advance(Duration::from_secs(1));
    }
    let mut bob: Member = join(&room, "bob");
    for n in 0..300 {
        bob.socket().send(format!(r#"{{"type":"history","id":"h{n}"}}"#));
        bob.read();
        room.advance(Duration::from_millis(500));
    }
    assert!(bob.is_connected());
    ada.append("on".into());
    assert_eq!(texts(&mut bob).last().unwrap(), "on");
}

#[test]
fn a_client_that_sends_too_much_is_closed_although_some_of_it_is_accepted() {
    let room = room(Mode::Plain);
    let (ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    // 400 frames a second, of which 10 are within the rate: never 50 refusals between two of them.
    for n in 0..4_000 {
        ada.socket().send(format!(r#"{{"type":"history","id":"{n}"}}"#));
        room.advance(Duration::from_millis(if n % 2 == 0 { 2 } else { 3 }));
        if !ada.is_connected() {
            break;
        }
    }
    assert_eq!(ada.socket().closed().unwrap().code, 4429);
    bob.append("undisturbed".into());
    assert_eq!(texts(&mut bob), ["undisturbed"]);
}

#[test]
fn a_client_is_closed_at_the_51st_refusal_and_not_before() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    room.advance(Duration::from_secs(4));
    let send = |n: usize| ada.socket().send(format!(r#"{{"type":"history","id":"{n}"}}"#));
    // A burst is accepted, and 50 frames more are refused.
    (0..30 + 50).for_each(send);
    assert_eq!(received(ada.socket(), "error").len(), 50);
    assert!(ada.is_connected());
    send(80);
    assert_eq!(ada.socket().closed().unwrap().code, 4429);
}

#[test]
fn a_client_that_was_refused_often_is_forgiven_after_a_pause() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    for round in 0..10 {
        for n in 0..70 {
            ada.socket().send(format!(r#"{{"type":"history","id":"{round}-{n}"}}"#));
        }
        assert!(ada.is_connected(), "in round {round}");
        room.advance(Duration::from_secs(4));
    }
}
