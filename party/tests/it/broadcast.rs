//! One frame to many.

use party::testing::{TestClient, TestRoom};
use party::{
    CloseCode, Connection, ConnectionContext, ConnectionId, Message, Props, Result, Room, Server, Tag,
};

use crate::support::ROOM;

/// Sends each message to the connections that its first word names.
struct Caller;

impl Server for Caller {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        _who: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        context.query("team").map(|team| Tag::new(&team)).into_iter().collect()
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        if context.query("loud").is_some() {
            room.broadcast(format!("{} is here", who.id())).send();
        }
        Ok(())
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let Some(text) = message.as_text() else {
            room.broadcast(&message).send();
            return Ok(());
        };
        match text.split_once(' ').unwrap_or((text, "")) {
            ("all", text) => room.broadcast(text).send(),
            ("others", text) => room.broadcast(text).except(from).send(),
            ("json", text) => room.broadcast_json(&[text])?.except(from).send(),
            ("teams", teams) => {
                let (one, other) = teams.split_once(' ').unwrap_or_default();
                room.broadcast("for both").to_tag(one).to_tag(other).send();
            }
            ("team", team) => room.broadcast("for the team").to_tag(team).send(),
            ("mates", team) => room.broadcast("for my mates").to_tag(team).except(from).send(),
            ("any", team) => from.send_json(&room.has_tagged(team))?,
            ("early", id) => room.broadcast("for the early").filter(|who| who.id().as_str() < id).send(),
            ("crowd", _) => room.broadcast("a crowd").filter(|_| room.connections().len() > 2).send(),
            ("without", ids) => without(room, ids)?,
            ("kick", id) => kick(room, id)?,
            _ => drop(room.broadcast("never sent").except(from)),
        }
        Ok(())
    }
}

fn without(room: &Room, ids: &str) -> Result<()> {
    let mut broadcast = room.broadcast("for the rest");
    for id in ids.split(',') {
        broadcast = broadcast.except_id(&ConnectionId::new(id)?);
    }
    broadcast.send();
    Ok(())
}

/// Closes a connection, and speaks to everyone before it has answered.
fn kick(room: &Room, id: &str) -> Result<()> {
    if let Some(connection) = room.connection(id) {
        connection.close(CloseCode::app(4003), "out");
    }
    room.broadcast("somebody was shown the door").send();
    Ok(())
}

fn three() -> (TestRoom<Caller>, [TestClient; 3]) {
    let room = TestRoom::new(ROOM);
    let ada = room.connecting("ada").query("team", "red").connect();
    let bob = room.connecting("bob").query("team", "blue").connect();
    let cy = room.connecting("cy").query("team", "red").connect();
    (room, [ada, bob, cy])
}

/// Returns how many messages each has received, after `ada` has sent something.
fn reached(clients: &[TestClient; 3], said: &str) -> [usize; 3] {
    clients[0].send(said);
    clients.each_ref().map(|client| client.received().len())
}

#[test]
fn a_broadcast_reaches_everyone_its_cause_included() {
    let (room, clients) = three();
    for _ in 0..2 {
        clients[0].send("all hello");
        for client in &clients {
            assert_eq!(client.receive_text(), "hello");
        }
        room.evict();
    }
}

#[test]
fn a_broadcast_to_two_tags_reaches_each_connection_with_any_of_them_once() {
    let (_room, clients) = three();
    assert_eq!(reached(&clients, "teams red blue"), [1, 1, 1]);
    assert_eq!(reached(&clients, "teams blue green"), [0, 1, 0]);
    assert_eq!(reached(&clients, "teams red cy"), [1, 0, 1]);
}

#[test]
fn bytes_arrive_as_bytes() {
    let (_room, clients) = three();
    clients[0].send(vec![0, 159, 146, 150]);
    for client in &clients {
        assert_eq!(client.receive(), Message::Binary(vec![0, 159, 146, 150]));
    }
}

#[test]
fn a_value_arrives_as_json_text() {
    let (_room, clients) = three();
    clients[0].send(r#"json say "hi""#);
    assert_eq!(clients[1].receive_text(), r#"["say \"hi\""]"#);
    assert!(clients[0].received().is_empty());
}

#[test]
fn one_or_several_can_be_left_out() {
    let (room, clients) = three();
    for _ in 0..2 {
        assert_eq!(reached(&clients, "others hello"), [0, 1, 1]);
        assert_eq!(reached(&clients, "without bob"), [1, 0, 1]);
        assert_eq!(reached(&clients, "without ada,cy"), [0, 1, 0]);
        assert_eq!(reached(&clients, "without nobody,ada,bob,cy"), [0, 0, 0]);
        room.evict();
    }
}

#[test]
fn a_tag_narrows_it() {
    let (room, clients) = three();
    for _ in 0..2 {
        assert_eq!(reached(&clients, "team red"), [1, 0, 1]);
        assert_eq!(reached(&clients, "mates red"), [0, 0, 1]);
        assert_eq!(reached(&clients, "team bob"), [0, 1, 0], "an id is a tag");
        assert_eq!(reached(&clients, "team green"), [0, 0, 0]);
        room.evict();
    }
}

#[test]
fn it_goes_nowhere_before_it_is_sent() {
    let (_room, clients) = three();
    assert_eq!(reached(&clients, "nothing"), [0, 0, 0]);
}

#[test]
fn it_includes_a_connection_that_is_being_greeted() {
    let (room, [ada, ..]) = three();
    let dan = room.connecting("dan").query("loud", "").connect();
    assert_eq!(dan.receive_text(), "dan is here");
    assert_eq!(ada.receive_text(), "dan is here");
}

#[test]
fn closed_connections_are_skipped_and_the_others_get_it_all_the_same() {
    let (room, clients) = three();
    clients[0].send("kick bob");
    assert_eq!(clients[1].closed().unwrap().code, 4003);
    assert_eq!(clients.each_ref().map(|client| client.received().len()), [1, 0, 1]);
    clients[2].vanish();
    assert_eq!(reached(&clients, "all hello"), [1, 0, 0]);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn it_keeps_the_order_in_which_it_was_sent() {
    let (_room, clients) = three();
    (0..100).for_each(|n| clients[n % 3].send(format!("all {n}")));
    for client in &clients {
        let got = client.received();
        assert!(
            got.iter()
                .map(|message| message.as_text().unwrap().to_owned())
                .eq((0..100).map(|n| n.to_string()))
        );
    }
}

#[test]
fn a_filter_chooses_who_hears_and_may_ask_the_room() {
    let room = TestRoom::<Caller>::new(ROOM);
    let [ada, bob, cy] = ["ada", "bob", "cy"].map(|id| room.connect(id));
    ada.send("early cy");
    ada.send("crowd");
    assert_eq!([ada.received().len(), bob.received().len(), cy.received().len()], [2, 2, 1]);
    cy.close(1000, "");
    ada.send("crowd");
    assert!(ada.received().is_empty());
}

#[test]
fn whether_anyone_has_a_tag_is_known_also_after_a_sleep_and_until_the_last_has_gone() {
    let room = TestRoom::<Caller>::new(ROOM);
    let (ada, red) = (room.connect("ada"), room.connecting("red").query("team", "red").connect());
    let any = |team: &str| {
        ada.send(format!("any {team}"));
        ada.receive_json::<bool>()
    };
    assert_eq!((any("red"), any("blue"), any("ada")), (true, false, true));
    let blue = room.connecting("blue").query("team", "blue").connect();
    assert!(any("blue"));
    room.evict();
    assert!(any("red"));
    red.close(1000, "");
    assert_eq!((any("red"), any("blue")), (false, true));
    blue.vanish();
    assert!(!any("blue"));
}

#[test]
fn a_connection_that_takes_no_frame_is_closed_with_1011_and_the_others_get_it() {
    let (room, clients) = three();
    clients[1].refuse_frames();
    assert_eq!(reached(&clients, "all hello"), [1, 0, 1]);
    assert_eq!(clients[1].closed().unwrap().code, 1011);
    let line = "a frame could not be sent, the connection is closed";
    assert!(room.errors().iter().any(|error| error.contains(line)), "{:?}", room.errors());
    assert_eq!(reached(&clients, "all again"), [1, 0, 1]);
}
