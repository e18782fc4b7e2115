//! How a connection ends, from either side.

use party::testing::{TestClient, TestRoom};
use party::{Close, CloseCode, Connection, ConnectionContext, Error, Message, Props, Result, Room, Server};

use crate::support::{Door, ROOM, door, told};

/// Tells of every close; obeys its reason. Closes on a message, with its text as the reason.
struct Leaves;

impl Server for Leaves {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        who.set_state(&format!("{}'s", who.id()))
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let reason = message.as_text().unwrap_or_default();
        from.close(CloseCode::new(4000)?, reason);
        if reason == "twice" {
            from.close(CloseCode::new(4001)?, "again");
        }
        room.log(&format!("closed {}, open {}", from.id(), from.is_open()));
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        let Close { code, reason, was_clean } = &close;
        room.log(&format!("{} {code} {reason:?} {was_clean}", who.id()));
        match reason.as_str() {
            "fail" => return Err(Error::other("db-7 is down")),
            "answer" => who.close(CloseCode::new(4321)?, "my own answer"),
            "wait" => door(room).await,
            "look" => look(room, who)?,
            _ => {}
        }
        Ok(())
    }
}

/// Tells what can still be read of a connection that is closed.
fn look(room: &Room, who: &Connection) -> Result<()> {
    let others: Vec<String> = room.connections().iter().map(|other| other.id().to_string()).collect();
    let tags: Vec<&str> = who.tags().iter().map(|tag| tag.as_str()).collect();
    let state = who.state::<String>()?.unwrap_or_default();
    room.log(&format!("others {others:?}, tags {tags:?}, state {state:?}, open {}", who.is_open()));
    room.log(&format!("by id {:?}", room.connection(who.id().as_str()).is_some()));
    who.send("too late");
    room.broadcast("somebody left").send();
    Ok(())
}

fn join(id: &str) -> (TestRoom<Leaves>, TestClient) {
    let room = TestRoom::new(ROOM);
    let client = room.connect(id);
    (room, client)
}

fn end(client: &TestClient) -> (u16, String) {
    let close = client.closed().unwrap();
    (close.code, close.reason)
}

#[test]
fn on_close_hears_the_code_the_reason_and_that_it_was_clean() {
    let (room, ada) = join("ada");
    ada.close(4000, "so long");
    assert_eq!(told(&room), [r#"ada 4000 "so long" true"#]);
    assert_eq!(end(&ada), (4000, "so long".into()));
}

#[test]
fn a_connection_that_breaks_is_heard_of_as_1006_and_not_clean() {
    let (room, ada) = join("ada");
    ada.vanish();
    assert_eq!(told(&room), [r#"ada 1006 "" false"#]);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_close_without_a_code_is_heard_as_1005_and_answered_with_1000() {
    let (room, ada) = join("ada");
    ada.close(1005, "");
    assert_eq!(told(&room), [r#"ada 1005 "" true"#]);
    assert_eq!(end(&ada), (1000, String::new()));
}

#[test]
fn a_close_is_answered_though_the_hook_fails() {
    let (room, ada) = join("ada");
    ada.close(4000, "fail");
    assert_eq!(end(&ada), (4000, "fail".into()));
    let errors = room.errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("on_close") && errors[0].contains("db-7 is down"), "{errors:?}");
}

#[test]
fn a_hook_that_has_answered_a_close_itself_has_the_last_word() {
    let (room, ada) = join("ada");
    ada.close(4000, "answer");
    assert_eq!(end(&ada), (4321, "my own answer".into()));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_close_is_answered_when_the_hook_has_returned() {
    let (room, ada) = join("ada");
    let door = Door::shut();
    ada.close(4000, "wait");
    assert_eq!(ada.closed(), None);
    door.open(&room);
    assert_eq!(end(&ada), (4000, "wait".into()));
}

#[test]
fn a_reason_that_does_not_fit_in_a_frame_is_cut_between_characters() {
    let (room, ada) = join("ada");
    ada.send("é".repeat(100));
    assert_eq!(end(&ada), (4000, "é".repeat(61)));
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn when_the_room_closes_the_client_is_told_and_on_close_comes_with_its_answer() {
    let (room, ada) = join("ada");
    ada.send("enough");
    assert_eq!(end(&ada), (4000, "enough".into()));
    assert!(!ada.is_open());
    assert_eq!(told(&room), ["closed ada, open false", r#"ada 4000 "enough" true"#]);
}

#[test]
fn closing_twice_does_nothing_the_second_time() {
    let (room, ada) = join("ada");
    ada.send("twice");
    assert_eq!(end(&ada), (4000, "twice".into()));
    assert_eq!(told(&room), ["closed ada, open false", r#"ada 4000 "twice" true"#]);
    ada.close(1000, "");
    ada.vanish();
    assert!(told(&room).is_empty());
}

#[test]
fn in_on_close_the_connection_can_be_read_but_is_not_among_the_others() {
    let (room, ada) = join("ada");
    let bob = room.connect("bob");
    ada.close(4000, "look");
    let look = [r#"others ["bob"], tags ["ada"], state "ada's", open false"#, "by id false"];
    assert_eq!(told(&room)[1..], look);
    assert_eq!(bob.receive_text(), "somebody left");
    assert!(ada.received().is_empty());
}

#[test]
fn a_close_that_wakes_the_room_finds_everything_as_it_was() {
    let (room, ada) = join("ada");
    let _bob = room.connect("bob");
    room.evict();
    ada.close(4000, "look");
    let look = [r#"others ["bob"], tags ["ada"], state "ada's", open false"#, "by id false"];
    assert_eq!(told(&room)[1..], look);
    assert_eq!(end(&ada), (4000, "look".into()));
}

#[test]
fn after_the_close_the_id_is_free_and_nothing_more_is_delivered() {
    let (room, ada) = join("ada");
    ada.close(1000, "");
    told(&room);
    ada.send("anybody?");
    ada.close(1000, "");
    assert!(told(&room).is_empty());
    let again = room.connect("ada");
    again.close(1000, "look");
    assert_eq!(told(&room).len(), 3);
}
