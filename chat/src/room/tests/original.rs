//! Clients of the original protocol receive its own frames and no others, also when others in the room use.

use party::testing::TestClient;

use super::*;
use crate::original::{DELETED, Message, Refusal, ServerFrame as Frame};
use crate::protocol::Role;

fn message(id: &str, content: &str, user: &str) -> Message {
    Message { id: id.into(), content: content.into(), user: user.into(), role: Role::User }
}

pub(super) fn say(client: &TestClient, id: &str, content: &str) {
    // The frame of a new message has the same shape in both directions.
    client.send_json(&Frame::Add(message(id, content, "Ada")));
}

fn refusal(client: &TestClient) -> Refusal {
    match client.receive_json() {
        Frame::Error(refusal) => refusal,
        other => panic!("expected an error, got {other:?}"),
    }
}

/// Returns a client that has joined, and the history that it was sent.
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
fn a_client_of_the_original_protocol_gets_its_frames_byte_for_byte() {
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
fn a_client_of_the_original_protocol_is_present_and_gets_no_presence_frames() {
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
    bob.send(&typing(false));
    assert!(original.received().is_empty());
}

#[test]
fn a_deleted_message_is_replaced_by_a_notice_and_leaves_the_history() {
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
fn an_error_carries_the_history_unchanged() {
    let room = TestRoom::<Chat>::new("lobby");
    let (original, _) = join(&room, "old");
    say(&original, "1", "hello");
    original.receive();
    say(&original, "2", "");
    let refused = refusal(&original);
    assert_eq!((refused.error.code, refused.error.id.as_deref()), (ErrorCode::EMPTY, Some("2")));
    assert_eq!(contents(&refused.messages.unwrap()), ["hello"]);
    original.send("not json");
    assert_eq!(refusal(&original).messages, None);
}

#[test]
fn a_message_sent_twice_is_stored_once_and_answered_to_its_sender_only() {
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
fn clients_cannot_change_messages_of_others() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    let (eve, _) = join(&room, "eve");
    say(&ada, "1", "hello");
    eve.receive();
    eve.send_json(&Frame::Update(message("1", "I am a fool", "Ada")));
    assert_eq!(refusal(&eve).error.code, ErrorCode::CONFLICT);
    say(&eve, "1", "I am a fool");
    assert_eq!(refusal(&eve).error.code, ErrorCode::CONFLICT);
    assert_eq!(contents(&join(&room, "cy").1), ["hello"]);
}

#[test]
fn a_client_that_joins_a_long_conversation_gets_its_newest_page() {
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

#[test]
fn a_client_over_its_rate_is_not_sent_the_history_again_and_again() {
    let room = TestRoom::<Chat>::new("lobby");
    let (ada, _) = join(&room, "ada");
    for n in 0..20 {
        say(&ada, &n.to_string(), &"x".repeat(3_000));
        room.advance(Duration::from_millis(200));
    }
    let (eve, _) = join(&room, "eve");
    for n in 0..90 {
        say(&eve, &format!("e{n}"), "hello");
    }
    assert_eq!(eve.closed().unwrap().code, 4429);
    let histories = eve.received().iter().filter(|frame| frame.len() > 30_000).count();
    assert_eq!(histories, 1);
}
