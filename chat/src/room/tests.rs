//! Conversations in a native room, with everything that can happen to it in between.

use std::time::Duration;

use party::testing::{TestClient, TestRoom};

use super::*;
use crate::history::{PAGE_BYTES, PAGE_MESSAGES};
use crate::protocol::{Draft, Message as ChatMessage, Role};

fn draft(id: &str, content: &str, user: &str) -> Draft {
    Draft { id: id.into(), content: content.into(), user: user.into(), role: Role::User }
}

fn say(client: &TestClient, id: &str, content: &str, user: &str) {
    client.send_json(&ClientFrame::Add(draft(id, content, user)));
}

/// A client that has joined, and the history that it was sent.
fn join(room: &TestRoom<Chat>, id: &str) -> (TestClient, Vec<ChatMessage>) {
    let client = room.connecting(id).query("wire", "2").connect();
    let history = history(&client);
    (client, history)
}

fn history(client: &TestClient) -> Vec<ChatMessage> {
    match client.receive_json() {
        ServerFrame::All { messages } => messages,
        other => panic!("expected the history, got {other:?}"),
    }
}

fn rejection(client: &TestClient) -> Rejection {
    match client.receive_json() {
        ServerFrame::Error(rejection) => rejection,
        other => panic!("expected an error, got {other:?}"),
    }
}

fn texts(messages: &[ChatMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}

#[test]
fn two_people_talk_and_a_third_who_joins_after_the_room_has_slept_sees_it_all() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, empty) = join(&room, "ada");
    assert!(empty.is_empty());
    let (bob, _) = join(&room, "bob");

    say(&ada, "1", "hello", "Ada");
    for client in [&ada, &bob] {
        let ServerFrame::Add(message) = client.receive_json() else { panic!("expected a message") };
        assert_eq!((message.content.as_str(), message.user.as_str(), message.seq), ("hello", "Ada", Some(1)));
    }

    room.evict();
    room.advance(Duration::from_secs(1));
    say(&bob, "2", "hi Ada", "Bob");
    let ServerFrame::Add(reply) = ada.receive_json() else { panic!("expected a message") };
    assert_eq!((reply.seq, reply.at), (Some(2), Some(room.now())));

    let (_cy, history) = join(&room, "cy");
    assert_eq!(texts(&history), ["hello", "hi Ada"]);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn what_was_said_is_there_after_a_crash_in_another_room_it_is_not() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    say(&ada, "1", "hello", "Ada");
    room.crash();
    assert_eq!(ada.closed().unwrap().code, 1006);
    assert_eq!(texts(&join(&room, "ada").1), ["hello"]);
    assert!(join(&TestRoom::<Chat>::new("other"), "ada").1.is_empty());
}

#[test]
fn the_original_client_gets_the_original_wire_in_the_same_room() {
    let room = TestRoom::<Chat>::new("lobby");
    let original = room.connect("old");
    assert_eq!(original.receive_text(), r#"{"type":"all","messages":[]}"#);
    let (modern, _) = join(&room, "new");

    let frame = r#"{"type":"add","id":"7","content":"hello","user":"Ada","role":"user"}"#;
    original.send(frame);
    assert_eq!(original.receive_text(), frame);
    let ServerFrame::Add(message) = modern.receive_json() else { panic!("expected a message") };
    assert_eq!(message.seq, Some(1));

    let frame = r#"{"type":"update","id":"7","content":"hello all","user":"Ada","role":"user"}"#;
    original.send(frame);
    assert_eq!(original.receive_text(), frame);
    assert!(matches!(modern.receive_json(), ServerFrame::Update(message) if message.content == "hello all"));

    let late = room.connect("late");
    let all = r#"{"type":"all","messages":[{"id":"7","content":"hello all","user":"Ada","role":"user"}]}"#;
    assert_eq!(late.receive_text(), all);
}

#[test]
fn a_bad_frame_is_answered_to_its_sender_and_reaches_nobody_else() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (bob, _) = join(&room, "bob");
    ada.send("not json");
    ada.send(vec![1, 2, 3]);
    ada.send("[1]");
    say(&ada, "1", "  ", "Ada");
    say(&ada, "2", &"x".repeat(8_193), "Ada");
    let codes: Vec<_> = (0..5).map(|_| rejection(&ada).code).collect();
    use Code::{Binary, Empty, Invalid, NotJson, TooLarge};
    assert_eq!(codes, [NotJson, Binary, Invalid, Empty, TooLarge]);
    assert!(ada.is_open());
    assert!(bob.received().is_empty());
    assert!(join(&room, "cy").1.is_empty());
}

#[test]
fn a_rejected_message_leaves_the_original_client_with_the_history_as_it_is() {
    let room = TestRoom::<Chat>::new("lobby");
    let original = room.connect("old");
    original.receive();
    say(&original, "1", "hello", "Ada");
    original.receive();
    say(&original, "2", "", "Ada");
    let rejected = rejection(&original);
    assert_eq!((rejected.code, rejected.id.as_deref()), (Code::Empty, Some("2")));
    assert_eq!(texts(&rejected.messages.unwrap()), ["hello"]);
}

#[test]
fn a_message_that_is_sent_twice_is_stored_once_and_only_its_sender_hears_again() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (bob, _) = join(&room, "bob");
    say(&ada, "1", "hello", "Ada");
    ada.vanish();
    let (ada, history) = join(&room, "ada");
    assert_eq!(texts(&history), ["hello"]);
    say(&ada, "1", "hello", "Ada");
    assert!(matches!(ada.receive_json(), ServerFrame::Add(message) if message.seq == Some(1)));
    assert_eq!(bob.received().len(), 1);
    assert_eq!(texts(&join(&room, "cy").1), ["hello"]);
}

#[test]
fn nobody_changes_what_somebody_else_said() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (eve, _) = join(&room, "eve");
    say(&ada, "1", "hello", "Ada");
    eve.receive();
    eve.send_json(&ClientFrame::Update(draft("1", "I am a fool", "Ada")));
    assert_eq!(rejection(&eve).code, Code::Conflict);
    say(&eve, "1", "I am a fool", "Ada");
    assert_eq!(rejection(&eve).code, Code::Conflict);
    assert_eq!(texts(&join(&room, "cy").1), ["hello"]);
}

#[test]
fn who_joins_a_long_conversation_gets_its_newest_page_in_order() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    for n in 0..PAGE_MESSAGES + 20 {
        say(&ada, &n.to_string(), &format!("message {n}"), "Ada");
    }
    let page = join(&room, "bob").1;
    assert_eq!(page.len(), PAGE_MESSAGES as usize);
    assert_eq!(page.last().unwrap().content, format!("message {}", PAGE_MESSAGES + 19));
    assert!(page.is_sorted_by_key(|message| message.seq));
}

#[test]
fn a_page_of_long_messages_is_bounded_in_bytes() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    for n in 0..20 {
        say(&ada, &n.to_string(), &"x".repeat(8_000), "Ada");
    }
    let page = join(&room, "bob").1;
    assert!(page.iter().map(|message| message.content.len()).sum::<usize>() <= PAGE_BYTES);
    assert_eq!(page.last().unwrap().id, "19");
    assert_eq!(page.len(), 8);
}

#[test]
fn a_message_that_cannot_be_stored_is_refused_to_its_sender_and_sent_to_nobody() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (bob, _) = join(&room, "bob");
    room.sql().execute("DROP TABLE messages", ()).unwrap();
    say(&ada, "1", "hello", "Ada");
    let rejected = rejection(&ada);
    assert_eq!((rejected.code, rejected.id.as_deref()), (Code::Internal, Some("1")));
    assert!(!rejected.message.contains("table"), "{}", rejected.message);
    assert!(bob.received().is_empty());
    assert_eq!(room.errors().len(), 1);
}
