//! Errors: each is about one frame, or about a whole text, and never touches another frame.

use std::time::Duration;

use party::parts::wire::{Action, ServerFrame};
use party::{ErrorCode, ErrorFrame};

use super::board::{ClientFrame, Command, Member, Mode, batching, join, room, texts};

fn append(id: &str, text: &str) -> String {
    format!(r#"{{"type":"append","id":"{id}","body":"{text}"}}"#)
}

/// Returns the errors that have come, each by its id and code.
fn errors(member: &mut Member) -> Vec<(Option<String>, String)> {
    member.read();
    let read = |error: ErrorFrame| (error.id, error.code.as_str().to_owned());
    member.errors.drain(..).map(read).collect()
}

/// Frames that are refused, each with the code.
fn bad_frames() -> Vec<(String, &'static str)> {
    let frame = |rest: &str| format!(r#"{{"id":"bad",{rest}}}"#);
    let long = "k".repeat(33);
    vec![
        (frame(r#""type":"presence","data":7"#), "invalid"),
        (frame(r#""type":"presence","data":"""#), "invalid"),
        (frame(r#""type":"presence","data":"visitor""#), "invalid"),
        (frame(r#""type":"presence""#), "invalid"),
        (frame(&format!(r#""type":"presence","data":"{}""#, "x".repeat(1_100))), "too_large"),
        (frame(&format!(r#""type":"ephemeral","kind":"{long}""#)), "invalid"),
        (frame(r#""type":"praise""#), "invalid"),
        (frame(r#""type":"append","body":"""#), "empty"),
        (frame(r#""type":"append","body":7"#), "invalid"),
        (frame(r#""type":"edit","target":1.5,"body":"x""#), "invalid"),
        (frame(r#""type":"command","data":{"ask":7}"#), "invalid"),
        (frame(r#""type":"command""#), "invalid"),
        (frame(r#""type":"delete","target":9007199254740992"#), "invalid"),
        (frame(r#""type":"history","before":9007199254740992"#), "invalid"),
        (frame(r#""type":"moderate","action":"mute","member":"m","seconds":9007199254740992"#), "invalid"),
        (frame(r#""type":"delete","target":9007199254740991"#), "not_found"),
        (frame(r#""type":"token","token":"forged""#), "unauthorized"),
    ]
}

#[test]
fn a_bad_frame_in_an_array_is_refused_by_its_id_and_the_others_count() {
    for (bad, code) in bad_frames() {
        if code == "unauthorized" {
            // Its connection is closed, so nothing arrives any more.
            continue;
        }
        let room = room(Mode::Plain);
        let (mut ada, mut bob) = (batching(&room, "ada"), join(&room, "bob"));
        ada.append("on its way".into());
        ada.append("waits".into());
        let array = format!("[{},{bad},{}]", append("1", "one"), append("2", "two"));
        ada.socket().send(&array);
        room.advance(Duration::from_millis(4));
        assert_eq!(errors(&mut ada), [(Some("bad".to_owned()), code.to_owned())], "{bad}");
        assert_eq!(texts(&mut bob), ["on its way", "waits", "one", "two"], "{bad}");
        assert!(ada.outbox.is_empty(), "{bad}");
        assert_eq!(room.errors(), Vec::<String>::new(), "{bad}");
    }
}

#[test]
fn a_page_names_the_request_that_it_answers() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    ada.socket().send(r#"{"type":"history","id":"asked"}"#);
    let page: ServerFrame = ada.socket().receive_json();
    assert!(matches!(&page, ServerFrame::Page(page) if page.id == "asked"), "{page:?}");
}

#[test]
fn a_number_that_is_not_exact_is_refused_by_name() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    for (field, rest) in [
        ("target", r#""type":"delete""#),
        ("before", r#""type":"history""#),
        ("after", r#""type":"history""#),
        ("seconds", r#""type":"moderate","action":"mute","member":"m""#),
    ] {
        for number in ["9007199254740992", "18446744073709551615"] {
            ada.socket().send(format!(r#"{{"id":"n",{rest},"{field}":{number}}}"#));
            let error = ada.error();
            assert_eq!((error.code, error.id.as_deref()), (ErrorCode::INVALID, Some("n")));
            assert!(error.message.contains(&format!("`{field}`")), "{}", error.message);
        }
    }
}

#[test]
fn an_error_about_a_whole_text_has_no_id_and_none_of_its_frames_counts() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let many: Vec<String> = (0..65).map(|n| append(&n.to_string(), "x")).collect();
    let long = append("long", &"x".repeat(65_536));
    let whole = [
        (append("1", "one").replace('}', ""), "not_json"),
        (format!("[{},", append("1", "one")), "not_json"),
        (format!("[{}]", many.join(",")), "too_long"),
        (long, "too_long"),
    ];
    for (text, code) in whole {
        ada.socket().send(&text);
        assert_eq!(errors(&mut ada), [(None, code.to_owned())], "{text:.60}");
    }
    ada.socket().send(append("1", "one").into_bytes());
    assert_eq!(errors(&mut ada), [(None, "binary".to_owned())]);
    assert!(texts(&mut bob).is_empty() && ada.is_connected());
}

#[test]
fn an_error_of_an_ephemeral_event_without_an_id_has_none() {
    let room = room(Mode::Strict);
    let mut ada = join(&room, "ada");
    let event = |id: Option<&str>| ClientFrame::Ephemeral {
        id: id.map(str::to_owned),
        kind: "waving".into(),
        data: None,
        end: false,
    };
    ada.send(&event(None));
    ada.send(&event(Some("e")));
    let code = "unsupported".to_owned();
    assert_eq!(errors(&mut ada), [(None, code.clone()), (Some("e".to_owned()), code)]);
}

#[test]
fn an_item_that_is_stored_is_known_also_if_its_member_may_no_longer_write() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    let id = eve.append("hello".into());
    eve.read();
    ada.moderate(Action::Mute, &eve.member, Some(60));
    eve.read();
    for text in ["hello", ""] {
        eve.send(&ClientFrame::Append { id: id.clone(), body: text.into() });
        let Some(ServerFrame::Ack(ack)) = eve.next_frame() else { panic!("expected an acknowledgement") };
        assert_eq!((ack.id, ack.seq), (id.clone(), Some(1)));
    }
    eve.append("more".into());
    assert_eq!(eve.error().code, ErrorCode::MUTED);
}

#[test]
fn each_frame_over_the_rate_is_refused_by_its_id_with_a_time_and_accepted_after_it() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    room.advance(Duration::from_secs(1));
    let frames: Vec<String> = (0..30).map(|n| append(&format!("f{n}"), "x")).collect();
    ada.socket().send(format!("[{}]", frames.join(",")));
    let array = format!("[{},{{}},{}]", append("1", "one"), append("2", "two"));
    ada.socket().send(&array);
    ada.read();
    let refused: Vec<ErrorFrame> = ada.errors.drain(..).collect();
    let ids: Vec<_> = refused.iter().map(|error| error.id.as_deref()).collect();
    assert_eq!(ids, [Some("1"), Some("2")]);
    let wait = refused[0].retry_after.unwrap();
    assert!(
        refused.iter().all(|error| error.code == ErrorCode::SLOW_DOWN && error.retry_after == Some(wait))
    );
    // Frames without an id are refused together.
    ada.socket().send("[{},{}]");
    ada.read();
    let refused: Vec<ErrorFrame> = ada.errors.drain(..).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!((&refused[0].id, &refused[0].code), (&None, &ErrorCode::SLOW_DOWN));
    room.advance(Duration::from_millis(wait));
    ada.socket().send(&array);
    ada.read();
    assert_eq!(ada.errors.len(), 1, "{:?}", ada.errors);
    assert_eq!(texts(&mut bob).len(), 32);
}

#[test]
fn a_failure_in_one_frame_of_an_array_leaves_the_others() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let command = ClientFrame::Command { id: "c".into(), data: Command::Fail(1) };
    let frames =
        ["one", "fail", "two"].map(|text| ClientFrame::Append { id: text.into(), body: text.into() });
    let [one, fail, two] = frames;
    ada.socket().send_json(&[one, fail, command, two]);
    assert_eq!(texts(&mut bob), ["one", "two"]);
    let failed = |id: &str| (Some(id.to_owned()), "internal".to_owned());
    assert_eq!(errors(&mut ada), [failed("fail"), failed("c")]);
    assert_eq!(room.errors().len(), 2);
}
