//! A room that wakes with another build than the one that has kept its connections.

use std::time::Duration;

use party::testing::{TestClient, TestRoom};
use party::{Close, CloseCode, Connection, ConnectionContext, Message, Props, Result, Room, Server};
use serde_json::{Value as Json, json};

use crate::support::ROOM;

/// A build of the app: each keeps its state with every connection, and reads the states of all at every message.
trait Build: 'static {
    type State: serde::Serialize + serde::de::DeserializeOwned;

    fn state(name: &str) -> Self::State;
}

struct Names;

impl Build for Names {
    type State = String;

    fn state(name: &str) -> String {
        name.to_owned()
    }
}

struct Lengths;

impl Build for Lengths {
    type State = usize;

    fn state(name: &str) -> usize {
        name.len()
    }
}

struct App<B>(std::marker::PhantomData<B>);

impl<B: Build> Server for App<B> {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self(std::marker::PhantomData))
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        who.set_state(&B::state(who.id().as_str()))
    }

    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        for connection in room.connections() {
            connection.state::<B::State>()?;
        }
        room.broadcast(&message).send();
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        room.log(&format!("{} left with {}", who.id(), close.code));
        Ok(())
    }
}

type First = App<Names>;
type Second = App<Lengths>;

/// Replaces what is kept, as JSON.
fn change<S: Server>(room: &TestRoom<S>, of: &str, change: impl Fn(&mut Json)) {
    room.replace_attachments(|kept| {
        let text = String::from_utf8(kept.clone()).unwrap();
        let Some(json) = text.strip_prefix("party/1 ") else { return kept };
        let mut json: Json = serde_json::from_str(json).unwrap();
        if json.get("id").is_some_and(|id| id == of) {
            change(&mut json);
        }
        format!("party/1 {json}").into_bytes()
    });
}

fn code(client: &TestClient) -> Option<u16> {
    client.closed().map(|close| close.code)
}

const RESTART: Option<u16> = Some(1012);

#[test]
fn a_connection_that_no_build_of_ours_can_read_is_closed_and_its_client_comes_back() {
    for unreadable in
        ["party/2 {}", "party/1 {}", "party/1 rubbish", "party/1 {\"id\":\"\",\"uri\":\"\"}", "party/"]
    {
        let room = TestRoom::<First>::new(ROOM);
        let (ada, bob) = (room.connect("ada"), room.connect("bob"));
        room.replace_attachments(|kept| match kept.windows(5).any(|part| part == b"\"ada\"") {
            true => unreadable.as_bytes().to_vec(),
            false => kept,
        });
        let room = room.deploy::<First>();
        bob.send("hello");
        assert_eq!((code(&ada), bob.receive_text().as_str()), (RESTART, "hello"), "{unreadable}");
        let ada = room.connect("ada");
        bob.send("again");
        assert_eq!((ada.receive_text(), bob.receive_text()), ("again".into(), "again".into()));
        assert!(room.errors().is_empty(), "{:?}", room.errors());
    }
}

#[test]
fn a_message_closes_an_unreadable_connection_and_reaches_nobody() {
    let room = TestRoom::<First>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    room.replace_attachments(|kept| match kept.windows(5).any(|part| part == b"\"ada\"") {
        true => b"party/2 {}".to_vec(),
        false => kept,
    });
    room.evict();
    ada.send("hello");
    assert_eq!((code(&ada), bob.received().len()), (RESTART, 0));
}

#[test]
fn a_socket_of_somebody_elses_is_left_alone() {
    let room = TestRoom::<First>::new(ROOM);
    let (foreign, bob) = (room.connect("foreign"), room.connect("bob"));
    room.replace_attachments(|kept| match kept.windows(9).any(|part| part == b"\"foreign\"") {
        true => b"parties/1".to_vec(),
        false => kept,
    });
    room.evict();
    bob.send("hello");
    assert!(foreign.is_open() && foreign.received().is_empty());
}

#[test]
fn connections_whose_states_another_build_has_kept_are_closed_by_the_first_event_that_fails() {
    let room = TestRoom::<First>::new(ROOM);
    let clients = ["ada", "bob", "cy"].map(|id| room.connect(id));
    let room = room.deploy::<Second>();
    let dan = room.connect("dan");
    // The message of a client that stays fails once, since the states of others could not be read.
    dan.send("one");
    assert_eq!(clients.each_ref().map(code), [RESTART; 3]);
    assert!(dan.receive_text().contains(r#""code":"internal""#));
    assert!(room.log().iter().any(|line| line.contains("has another shape")));
    dan.send("two");
    assert_eq!(dan.receive_text(), "two");
    let ada = room.connect("ada");
    dan.send("three");
    assert_eq!((ada.receive_text(), dan.receive_text()), ("three".into(), "three".into()));
    assert!(ada.is_open() && room.errors().is_empty());
}

#[test]
fn a_connection_whose_state_this_build_can_read_stays_open_when_others_are_closed() {
    let room = TestRoom::<First>::new(ROOM);
    let [ada, bob] = ["ada", "bob"].map(|id| room.connect(id));
    change(&room, "bob", |json| json["state"] = json!(3));
    let room = room.deploy::<Second>();
    let dan = room.connect("dan");
    dan.send("one");
    assert_eq!((code(&ada), code(&bob)), (RESTART, None));
}

#[test]
fn a_client_whose_own_state_fails_its_message_gets_no_error_but_comes_back() {
    let room = TestRoom::<First>::new(ROOM);
    let ada = room.connect("ada");
    let room = room.deploy::<Second>();
    ada.send("one");
    assert_eq!((code(&ada), ada.received().len()), (RESTART, 0));
    assert!(room.log().contains(&format!("[{ROOM}] ada left with {}", CloseCode::RESTART.as_u16())));
}

#[test]
fn a_state_that_was_set_in_this_life_closes_nobody() {
    // The app asks for another type than it has set: that is a mistake, and the next build is not to blame.
    struct Confused;
    impl Server for Confused {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
        async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
            from.set_state("text")?;
            from.state::<u32>().map(drop)
        }
    }
    let room = TestRoom::<Confused>::new(ROOM);
    let ada = room.connect("ada");
    room.evict();
    ada.send("x");
    assert!(ada.is_open() && ada.receive_text().contains("internal"));
}

#[test]
fn an_app_that_looks_whether_a_state_can_be_read_closes_nobody() {
    struct Curious;
    impl Server for Curious {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
        async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
            from.send(if from.state::<u32>().is_ok() { "number" } else { "text" });
            Ok(())
        }
    }
    let room = TestRoom::<First>::new(ROOM);
    let ada = room.connect("ada");
    let _room = room.deploy::<Curious>();
    ada.send("x");
    assert!(ada.is_open() && ada.receive_text() == "text");
}

mod channels {
    use super::*;
    use crate::channel::board::{Mode, join, room, texts};

    /// The data that another build has kept of a member in a channel.
    #[test]
    fn a_member_of_whom_a_part_has_kept_something_else_comes_back_and_loses_nothing() {
        for (part, kept) in [
            ("identity", json!(17)),
            ("identity", json!({"member": 17})),
            ("presence", json!("x")),
            ("channel", json!({"protocol": "two"})),
            // The profile of a member.
            ("presence/data", json!({"name": "Ada"})),
        ] {
            let room = room(Mode::Plain);
            let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
            change(&room, "ada", |json| {
                *json.pointer_mut(&format!("/parts/{part}")).unwrap() = kept.clone();
            });
            let room = room.deploy::<crate::channel::board::Board>();
            bob.append("one".into());
            ada.append("two".into());
            assert_eq!(code(ada.socket()), RESTART, "{part} {kept}");
            ada.join(&room);
            bob.append("three".into());
            room.advance(Duration::from_secs(20));
            assert_eq!(texts(&mut ada), texts(&mut bob), "{part} {kept}");
            let mut all = texts(&mut bob);
            all.sort();
            assert_eq!(all, ["one", "three", "two"], "{part} {kept}");
            assert_eq!(bob.roster.len(), 2, "{part} {kept}");
            assert!(room.errors().is_empty(), "{part} {kept}: {:?}", room.errors());
        }
    }

    #[test]
    fn a_member_whose_leaving_another_build_has_kept_leaves() {
        let room = room(Mode::Plain);
        let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
        ada.vanish();
        room.sql()
            .execute("UPDATE party_jobs SET payload = '17' WHERE kind = 'party.presence.leave'", ())
            .unwrap();
        let room = room.deploy::<crate::channel::board::Board>();
        bob.append("one".into());
        room.advance(Duration::from_secs(20));
        bob.read();
        assert_eq!(bob.roster.len(), 1);
        assert!(room.errors().is_empty(), "{:?}", room.errors());
    }
}
