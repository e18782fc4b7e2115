//! Messages of clients, and messages that fail.

use party::testing::TestRoom;
use party::{CloseCode, Connection, Error, ErrorKind, Message, Props, Result, Room, Server};
use serde_json::{Value as Json, json};

use crate::support::{Door, ROOM, door, told};

/// Gives back what it gets, and obeys a few words.
struct Relay;

impl Server for Relay {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match message.as_text() {
            Some("fail") => return Err(Error::other("db-7 is down")),
            Some("bad") => return Err(Error::bad_message("no such move")),
            Some("wait") => door(room).await,
            Some(text) if text.starts_with(['[', '{']) => {
                let (x, y): (u8, u8) = message.read_json()?;
                room.broadcast_json(&[y, x])?.send();
            }
            _ => {}
        }
        from.send(&message);
        Ok(())
    }
}

#[test]
fn text_and_bytes_come_as_they_were_sent() {
    let room = TestRoom::<Relay>::new(ROOM);
    let ada = room.connect("ada");
    for text in ["", "hello", "Zoë 🎉\n\0", &"x".repeat(100_000)] {
        ada.send(text);
        assert_eq!(ada.receive(), Message::from(text));
    }
    for bytes in [vec![], vec![0, 159, 146, 150], vec![7; 100_000]] {
        ada.send(&bytes);
        assert_eq!(ada.receive(), Message::Binary(bytes));
    }
}

#[test]
fn a_message_over_the_size_limit_closes_the_connection_and_is_not_delivered() {
    let room = TestRoom::<Relay>::new(ROOM);
    let most = <Relay as Server>::MAX_MESSAGE_BYTES;
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send("x".repeat(most));
    assert_eq!(ada.receive_text().len(), most);
    // Its letters are two bytes each.
    ada.send("é".repeat(most / 2 + 1));
    bob.send(vec![0; most + 1]);
    for client in [ada, bob] {
        assert!(client.received().is_empty());
        assert_eq!(client.closed().unwrap().code, 1009);
    }
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn messages_come_in_the_order_in_which_they_were_sent() {
    let room = TestRoom::<Relay>::new(ROOM);
    let ada = room.connect("ada");
    let sent: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    sent.iter().for_each(|text| ada.send(text));
    let got: Vec<Message> = ada.received();
    assert!(got.iter().map(|message| message.as_text().unwrap()).eq(&sent));
}

#[test]
fn a_hook_that_waits_holds_up_nobody_not_even_its_own_client() {
    let room = TestRoom::<Relay>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    let door = Door::shut();
    ada.send("wait");
    ada.send("quick");
    bob.send("quick");
    assert_eq!(ada.received(), [Message::from("quick")]);
    assert_eq!(bob.received(), [Message::from("quick")]);
    door.open(&room);
    assert_eq!(ada.received(), [Message::from("wait")]);
}

#[test]
fn a_failure_is_logged_and_its_sender_gets_an_error_frame_and_stays_connected() {
    let room = TestRoom::<Relay>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("fail");
    let frame: Json = ada.receive_json();
    let id = frame["errorId"].as_str().unwrap();
    let expected = json!({"type": "error", "code": "internal", "message": "Internal error", "errorId": id});
    assert_eq!(frame, expected);
    assert!(ada.is_open() && ada.received().is_empty());
    let errors = room.errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("on_message") && errors[0].contains("db-7 is down"), "{errors:?}");
    assert!(errors[0].contains(id), "{errors:?}");
    ada.send("hello");
    assert_eq!(ada.receive_text(), "hello");
}

#[test]
fn a_frame_that_does_not_parse_is_answered_to_its_sender_and_reaches_nobody_else() {
    let room = TestRoom::<Relay>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send("[1,");
    let frame: Json = ada.receive_json();
    assert_eq!((&frame["type"], &frame["code"]), (&json!("error"), &json!("not_json")));
    assert!(frame["message"].as_str().unwrap().starts_with("the message is not JSON"), "{frame}");
    ada.send(r#"{"x":1}"#);
    let frame: Json = ada.receive_json();
    assert_eq!(frame["code"], "invalid");
    assert!(frame["message"].as_str().unwrap().starts_with("the message has the wrong shape"), "{frame}");
    assert!(ada.is_open() && ada.received().is_empty() && bob.received().is_empty());
    assert_eq!(room.errors(), Vec::<String>::new(), "a client's mistake is not the room's error");
}

#[test]
fn a_room_says_in_its_own_words_what_is_wrong_with_a_message() {
    let room = TestRoom::<Relay>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("bad");
    let frame: Json = ada.receive_json();
    assert_eq!(frame, json!({"type": "error", "code": "bad_message", "message": "no such move"}));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_frame_that_parses_is_typed() {
    let room = TestRoom::<Relay>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send_json(&(1, 2));
    assert_eq!(bob.receive_json::<(u8, u8)>(), (2, 1));
}

/// Shows whoever sends nonsense the door, and says why.
struct Strict;

impl Server for Strict {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, _room: &Room, _from: &Connection, message: Message) -> Result<()> {
        match message.as_text() {
            Some("fail") => Err(Error::other("db-7 is down")),
            Some("twice") => Err(Error::bad_message("twice")),
            _ => message.read_json::<u8>().map(drop),
        }
    }

    async fn on_message_error(&self, room: &Room, from: &Connection, error: &Error) -> Result<()> {
        room.log(&format!("{:?} of {}", error.kind(), from.id()));
        if error.kind() == ErrorKind::Message {
            from.close(CloseCode::POLICY, error.public_text());
        }
        if error.public_text() == "twice" { Err(Error::other("db-8 is down")) } else { Ok(()) }
    }
}

#[test]
fn a_room_can_have_a_policy_of_its_own_for_messages_that_fail() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send("nonsense");
    let close = ada.closed().unwrap();
    assert_eq!(close.code, 1008);
    assert!(close.reason.starts_with("the message is not JSON"), "{close:?}");
    assert!(ada.received().is_empty(), "the default's frame is not sent");
    assert_eq!(told(&room), ["Message of ada"]);

    bob.send("fail");
    assert!(bob.is_open());
    let told = told(&room);
    assert!(told[0].contains("db-7 is down"), "{told:?}");
    assert_eq!(told[1], "Other of bob");
}

#[test]
fn a_policy_that_fails_itself_is_logged_and_that_is_all() {
    let room = TestRoom::<Strict>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send("twice");
    let errors = room.errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("on_message_error") && errors[0].contains("db-8"), "{errors:?}");
    bob.send("1");
    assert!(bob.is_open());
}

/// A party with no hook but the one it needs.
struct Silent;

impl Server for Silent {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

#[test]
fn a_party_without_hooks_takes_everything_and_says_nothing() {
    let room = TestRoom::<Silent>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("hello");
    ada.send(vec![1]);
    assert!(ada.is_open() && ada.received().is_empty());
    ada.close(4000, "bye");
    assert_eq!(ada.closed().unwrap().code, 4000);
    assert!(room.log().is_empty());
}
