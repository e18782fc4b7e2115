//! What clients of the original wire see: its own frames and nothing else, whatever others in the room speak.

use party::testing::TestClient;

use super::*;
use crate::original::{ClientFrame as Said, DELETED, Message, Refusal, ServerFrame as Frame};
use crate::protocol::Role;

fn message(id: &str, content: &str, user: &str) -> Message {
    Message { id: id.into(), content: content.into(), user: user.into(), role: Role::User }
}

pub(super) fn say(client: &TestClient, id: &str, content: &str) {
    client.send_json(&Said::Add(message(id, content, "Ada")));
}

fn refusal(client: &TestClient) -> Refusal {
    match client.receive_json() {
        Frame::Error(refusal) => refusal,
        other => panic!("expected an error, got {other:?}"),
    }
}

/// A client that has joined, and the history that it was sent.
pub(super) fn join(room: &TestRoom<Chat>, id: &str) -> (TestClient, Vec<Message>) {
    let client = room.connect(id);
    match client.receive_json() {
        Frame::All { messages } => (client, messages),
        other => panic!("expected the history, got {other:?}"),
    }
}

fn contents(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}

#[test]
fn it_gets_the_original_wire_byte_for_byte_in_the_same_room() {
    let room = TestRoom::<Chat>::new("lobby");
    let original = room.connect("old");
    assert_eq!(original.receive_text(), r#"{"type":"all","messages":[]}"#);
    let mut modern = Guest::new("New");
    modern.join(&room);

    let frame = r#"{"type":"add","id":"7","content":"hello","user":"Ada","role":"user"}"#;
    original.send(frame);
    assert_eq!(original.receive_text(), frame);
    assert_eq!(texts(&mut modern), ["hello"]);

    let frame = r#"{"type":"update","id":"7","content":"hello all","user":"Ada","role":"user"}"#;
    original.send(frame);
    assert_eq!(original.receive_text(), frame);
    assert_eq!(texts(&mut modern), ["hello all"]);

    modern.say("welcome");
    let Frame::Add(welcome) = original.receive_json() else { panic!("expected a message") };
    assert_eq!((welcome.content.as_str(), welcome.user.as_str()), ("welcome", "New"));
    assert!(original.received().is_empty());

    let late = room.connect("late");
    let all = format!(
        r#"{{"type":"all","messages":[{{"id":"7","content":"hello all","user":"Ada","role":"user"}},{{"id":"{}","content":"welcome","user":"New","role":"user"}}]}}"#,
        welcome.id
    );
    assert_eq!(late.receive_text(), all);
}

#[test]
fn it_is_among_those_who_are_here_and_hears_nothing_of_them() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    let (original, _) = join(&room, "old");
    say(&original, "1", "hello");
    bob.read();
    assert_eq!(bob.names(), ["Ada", "Bob"]);
    assert_eq!(original.received().len(), 1);
    let author = bob.items.get(&1).unwrap().author.clone();
    assert!(bob.roster.get(&author).unwrap().guest);
    assert!(!author.contains("old"));
    bob.send(&ClientFrame::Ephemeral { kind: "typing".into(), data: None, end: false });
    assert!(original.received().is_empty());
}

#[test]
fn a_deleted_message_is_said_to_be_so_and_not_in_the_history_any_more() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    let (original, _) = join(&room, "old");
    let id = bob.say("oops");
    original.receive();
    bob.delete(1);
    let Frame::Update(deleted) = original.receive_json() else { panic!("expected an update") };
    assert_eq!((deleted.id.as_str(), deleted.content.as_str()), (id.as_str(), DELETED));
    assert!(join(&room, "late").1.is_empty());
}

#[test]
fn a_rejected_message_leaves_it_with_the_history_as_it_is() {
    let room = TestRoom::<Chat>::new("lobby");
    let (original, _) = join(&room, "old");
    say(&original, "1", "hello");
    original.receive();
    say(&original, "2", "");
    let refused = refusal(&original);
    assert_eq!((refused.fault.code, refused.fault.id.as_deref()), (ErrorCode::EMPTY, Some("2")));
    assert_eq!(contents(&refused.messages.unwrap()), ["hello"]);
    original.send("not json");
    assert_eq!(refusal(&original).messages, None);
}

#[test]
fn a_message_that_is_sent_twice_is_stored_once_and_only_its_sender_hears_again() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (bob, _) = join(&room, "bob");
    say(&ada, "1", "hello");
    ada.vanish();
    let (ada, history) = join(&room, "ada");
    assert_eq!(contents(&history), ["hello"]);
    say(&ada, "1", "hello");
    assert!(matches!(ada.receive_json(), Frame::Add(message) if message.content == "hello"));
    assert_eq!(bob.received().len(), 1);
    assert_eq!(contents(&join(&room, "cy").1), ["hello"]);
}

#[test]
fn nobody_changes_what_somebody_else_said() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (eve, _) = join(&room, "eve");
    say(&ada, "1", "hello");
    eve.receive();
    eve.send_json(&Said::Update(message("1", "I am a fool", "Ada")));
    assert_eq!(refusal(&eve).fault.code, ErrorCode::CONFLICT);
    say(&eve, "1", "I am a fool");
    assert_eq!(refusal(&eve).fault.code, ErrorCode::CONFLICT);
    assert_eq!(contents(&join(&room, "cy").1), ["hello"]);
}

#[test]
fn who_joins_a_long_conversation_gets_its_newest_page_in_order() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    for n in 0..120 {
        say(&ada, &n.to_string(), &format!("message {n}"));
        room.advance(Duration::from_millis(200));
    }
    let page = join(&room, "bob").1;
    assert_eq!(page.len(), 100);
    assert_eq!((page[0].content.as_str(), page[99].content.as_str()), ("message 20", "message 119"));
}

#[test]
fn a_page_of_long_messages_is_bounded_in_bytes() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    for n in 0..20 {
        say(&ada, &n.to_string(), &"x".repeat(8_000));
    }
    let page = join(&room, "bob").1;
    assert!(page.iter().map(|message| message.content.len()).sum::<usize>() <= 64 * 1024);
    assert_eq!((page.len(), page[7].id.as_str()), (8, "19"));
}
