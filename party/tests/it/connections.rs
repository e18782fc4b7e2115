//! Connections: ids and replacements, tags, and the state that is kept with a connection.

use std::time::Duration;

use party::http::Request;
use party::testing::{TestClient, TestRoom};
use party::{
    Close, CloseCode, Connection, ConnectionContext, ErrorKind, Message, Props, Result, Room, Server, Tag,
};
use serde::{Deserialize, Serialize};

use crate::support::{ROOM, told};

/// A room whose connections keep 12,000 bytes of state.
struct Hoarder;

impl Server for Hoarder {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        who.set_state(&"x".repeat(11_998))
    }
}

#[test]
fn a_state_of_12000_bytes_fits_whatever_address_and_id_a_client_chooses() {
    let room = TestRoom::<Hoarder>::new(ROOM);
    for character in ["a", "\u{1}", "\\", "\"", "\u{7f}", "é"] {
        for times in [1, 32, 128, 256] {
            let connecting = room.connecting(&character.repeat(times / character.len()));
            match connecting.query("x", &character.repeat(700)).try_connect() {
                Ok(client) => assert!(client.is_open(), "{character:?} {times}: {:?}", client.closed()),
                Err(response) => assert_eq!(response.status().as_u16(), 414),
            }
        }
    }
    // The address itself can have characters that are longer where it is kept.
    let address = format!("https://host/parties/hoarder/lobby?_pk=1&x={}", "\\".repeat(2_900));
    let upgrade = Request::get(address).header("upgrade", "websocket");
    let response = room.request(upgrade.body(party::Body::empty()).unwrap());
    assert_eq!(response.status().as_u16(), 414);
    assert_eq!(room.errors(), Vec::<String>::new());
}

/// A room whose members choose their tags in the address and ask questions about who is there.
struct Roster;

#[derive(Serialize, Deserialize, Default, Debug, PartialEq)]
struct Player {
    name: String,
    moves: u32,
}

impl Server for Roster {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        who: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        if let Some(early) = context.query("early") {
            who.set_state(&early)?;
        }
        let tags = context.query("tags").unwrap_or_default();
        tags.split(',').filter(|tag| !tag.is_empty()).map(Tag::new).collect()
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        if let Some(wait) = context.query("wait").and_then(|wait| wait.parse().ok()) {
            room.sleep(Duration::from_secs(wait)).await;
        }
        if context.query("leave").is_some() {
            who.close(CloseCode::FORBIDDEN, "not you");
        }
        Ok(())
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let text = message.as_text().unwrap_or_default();
        match text.split_once(' ').unwrap_or((text, "")) {
            ("close", id) => {
                room.connection(id).into_iter().for_each(|other| other.close(CloseCode::FORBIDDEN, "out"));
                Ok(())
            }
            ("note", note) => {
                room.log(note);
                Ok(())
            }
            ("all", _) => from.send_json(&ids(&room.connections())),
            ("tagged", tag) => from.send_json(&ids(&room.connections_tagged(tag))),
            ("id", id) => from.send_json(&room.connection(id).map(|found| found.id().to_string())),
            ("tags", _) => from.send_json(&from.tags().iter().map(Tag::as_str).collect::<Vec<_>>()),
            ("has", tag) => from.send_json(&from.has_tag(tag)),
            ("same", id) => from.send_json(&(room.connection(id).as_ref() == Some(from))),
            ("last", name) => {
                room.sleep(Duration::from_secs(1)).await;
                from.set_state(&Player { name: name.to_owned(), moves: 0 })?;
                room.log(&format!("{} stays {name}", from.id()));
                Ok(())
            }
            ("name", name) => from.set_state(&Player { name: name.to_owned(), moves: 0 }),
            ("fill", size) => fill(from, size),
            ("move", _) => from.update_state(|player: Option<Player>| {
                let player = player.unwrap_or_default();
                Player { moves: player.moves.saturating_add(1), ..player }
            }),
            ("state", _) => from.send_json(&from.state::<Player>()?),
            ("number", _) => {
                from.send_json(&from.state::<u32>().map_err(|error| error.kind()).err().is_some())
            }
            ("text", _) => from.send_json(&from.state::<String>()?),
            _ => Ok(()),
        }
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        if who.query("stuck").is_some() {
            room.sleep(Duration::MAX).await;
        }
        room.log(&format!("{} {} there {:?}", who.id(), close.code, ids(&room.connections())));
        Ok(())
    }
}

fn ids(connections: &[Connection]) -> Vec<String> {
    connections.iter().map(|connection| connection.id().to_string()).collect()
}

/// Stores a text of `size` bytes as the state; sends whether it was too large, and the error.
fn fill(from: &Connection, size: &str) -> Result<()> {
    let text = "x".repeat(size.parse().unwrap_or_default());
    let told =
        from.set_state(&text).map_err(|error| (error.kind() == ErrorKind::TooLarge, error.to_string()));
    from.send_json(&told.err())
}

fn tagged(room: &TestRoom<Roster>, id: &str, tags: &str) -> TestClient {
    room.connecting(id).query("tags", tags).connect()
}

/// Asks the room, and reads its answer.
fn ask<T: serde::de::DeserializeOwned>(client: &TestClient, question: &str) -> T {
    client.send(question);
    client.receive_json()
}

fn list(client: &TestClient, question: &str) -> Vec<String> {
    ask(client, question)
}

#[test]
fn everyone_is_listed_in_the_order_in_which_they_came() {
    let room = TestRoom::<Roster>::new(ROOM);
    let clients: Vec<TestClient> = ["zoe", "ada", "mia"].map(|id| room.connect(id)).into();
    assert_eq!(list(&clients[0], "all"), ["zoe", "ada", "mia"]);
    room.evict();
    assert_eq!(list(&clients[1], "all"), ["zoe", "ada", "mia"]);
    clients[0].close(1000, "");
    assert_eq!(list(&clients[1], "all"), ["ada", "mia"]);
    clients[2].vanish();
    room.evict();
    assert_eq!(list(&clients[1], "all"), ["ada"]);
}

#[test]
fn a_connection_is_found_by_its_id() {
    let room = TestRoom::<Roster>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("Zoë K"));
    assert_eq!(ask::<Option<String>>(&ada, "id Zoë K").as_deref(), Some("Zoë K"));
    assert_eq!(ask::<Option<String>>(&ada, "id zoë k"), None);
    assert_eq!(ask::<Option<String>>(&ada, "id "), None);
    assert!(ask::<bool>(&ada, "same ada"));
    assert!(!ask::<bool>(&ada, "same Zoë K"));
    room.evict();
    assert!(ask::<bool>(&bob, "same Zoë K"));
    ada.close(1000, "");
    assert_eq!(ask::<Option<String>>(&bob, "id ada"), None);
}

#[test]
fn the_id_is_the_first_tag_and_doubles_are_dropped() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = tagged(&room, "ada", "red,ada,red,blue");
    assert_eq!(list(&ada, "tags"), ["ada", "red", "blue"]);
    assert_eq!(list(&room.connect("bob"), "tags"), ["bob"]);
}

#[test]
fn tags_survive_while_the_room_sleeps() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = tagged(&room, "ada", "red,blue");
    room.evict();
    assert_eq!(list(&ada, "tags"), ["ada", "red", "blue"]);
    assert!(ask::<bool>(&ada, "has blue"));
    assert!(!ask::<bool>(&ada, "has green"));
}

#[test]
fn connections_are_found_by_their_tag() {
    let room = TestRoom::<Roster>::new(ROOM);
    let clients =
        [tagged(&room, "ada", "red"), tagged(&room, "bob", "blue"), tagged(&room, "cy", "red,blue")];
    for _ in 0..2 {
        assert_eq!(list(&clients[1], "tagged red"), ["ada", "cy"]);
        assert_eq!(list(&clients[1], "tagged bob"), ["bob"]);
        assert_eq!(list(&clients[1], "tagged green"), Vec::<String>::new());
        room.evict();
    }
}

#[test]
fn ten_tags_are_possible_with_the_id_and_eleven_are_an_error() {
    let room = TestRoom::<Roster>::new(ROOM);
    assert_eq!(list(&tagged(&room, "ada", "1,2,3,4,5,6,7,8,9,9"), "tags").len(), 10);
    assert_eq!(tagged(&room, "bob", "1,2,3,4,5,6,7,8,9,10").closed().unwrap().code, 1011);
    assert!(room.errors()[0].contains("11 tags"), "{:?}", room.errors());
}

#[test]
fn a_tag_that_is_too_long_is_an_error_that_says_so() {
    let room = TestRoom::<Roster>::new(ROOM);
    assert_eq!(tagged(&room, "bob", &"x".repeat(257)).closed().unwrap().code, 1011);
    assert!(room.errors()[0].contains("a tag has more than 256 bytes"), "{:?}", room.errors());
    assert_eq!(list(&tagged(&room, "ada", &"x".repeat(256)), "tags").len(), 2);
}

#[test]
fn a_newer_connection_takes_the_place_of_an_older_one_with_its_id() {
    let room = TestRoom::<Roster>::new(ROOM);
    let (older, bob) = (tagged(&room, "ada", "red"), room.connect("bob"));
    let newer = room.connect("ada");
    let close = older.closed().unwrap();
    assert_eq!(close.code, 4409);
    assert!(newer.is_open());
    assert_eq!(told(&room), [r#"ada 4409 there ["bob", "ada"]"#]);
    assert_eq!(list(&bob, "all"), ["bob", "ada"]);
    assert_eq!(list(&bob, "tagged red"), Vec::<String>::new());
    assert!(ask::<bool>(&newer, "same ada"));
    older.close(1000, "");
    assert!(ask::<bool>(&newer, "same ada"), "the older one's end is not the newer one's");
}

#[test]
fn of_two_that_come_with_one_id_the_later_stays_whichever_is_greeted_first() {
    for (first, second) in [("1", "2"), ("2", "1")] {
        let room = TestRoom::<Roster>::new(ROOM);
        let older = room.connecting("ada").query("wait", first).begin();
        let newer = room.connecting("ada").query("wait", second).begin();
        room.advance(Duration::from_secs(2));
        let (older, newer) = (older.finish().unwrap(), newer.finish().unwrap());
        assert_eq!(older.closed().unwrap().code, 4409, "{first}");
        assert!(newer.is_open(), "{first}");
        assert!(ask::<bool>(&newer, "same ada"), "{first}");
    }
}

#[test]
fn a_connection_closed_during_on_connect_does_not_replace_the_one_with_its_id() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connect("ada");
    let other = room.connecting("ada").query("leave", "1").connect();
    assert_eq!(other.closed().unwrap().code, 4403);
    assert!(ada.is_open());
    assert!(ask::<bool>(&ada, "same ada"));
}

#[test]
fn the_end_of_a_connection_that_the_room_closes_is_told_at_once_and_once() {
    let room = TestRoom::<Roster>::new(ROOM);
    let (ada, eve) = (room.connect("ada"), room.connect("eve"));
    eve.defy();
    eve.send("note before");
    ada.send("close eve");
    eve.send("note after");
    room.evict();
    eve.send("note after a sleep");
    assert_eq!(told(&room), ["before", r#"eve 4403 there ["ada"]"#]);
    eve.close(1000, "");
    eve.vanish();
    assert!(told(&room).is_empty());
}

#[test]
fn a_connection_from_before_the_room_slept_is_taken_over_too() {
    let room = TestRoom::<Roster>::new(ROOM);
    let first = room.connect("ada");
    room.evict();
    let second = room.connect("ada");
    room.evict();
    let third = room.connect("ada");
    assert_eq!(first.closed().unwrap().code, 4409);
    assert_eq!(second.closed().unwrap().code, 4409);
    assert_eq!(list(&third, "all"), ["ada"]);
}

#[test]
fn a_newer_connection_starts_without_the_older_ones_state() {
    let room = TestRoom::<Roster>::new(ROOM);
    room.connect("ada").send("name Ada");
    assert_eq!(ask::<Option<Player>>(&room.connect("ada"), "state"), None);
}

#[test]
fn state_is_typed_is_none_at_first_and_survives_while_the_room_sleeps() {
    let room = TestRoom::<Roster>::new(ROOM);
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    assert_eq!(ask::<Option<Player>>(&ada, "state"), None);
    ada.send("name Zoë");
    let zoe = || Some(Player { name: "Zoë".into(), moves: 0 });
    assert_eq!(ask::<Option<Player>>(&ada, "state"), zoe());
    assert_eq!(ask::<Option<Player>>(&bob, "state"), None);
    room.evict();
    assert_eq!(ask::<Option<Player>>(&ada, "state"), zoe());
}

#[test]
fn a_hook_goes_on_when_it_sets_the_state_of_a_connection_that_is_gone() {
    let room = TestRoom::<Roster>::new(ROOM);
    for leave in [|client: &TestClient| client.close(1000, ""), |client: &TestClient| client.vanish()] {
        let ada = room.connect("ada");
        ada.send("last Ada");
        leave(&ada);
        told(&room);
        room.advance(Duration::from_secs(1));
        assert_eq!(told(&room), ["ada stays Ada"]);
    }
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn state_of_another_shape_is_an_error_and_no_guess() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("name Ada");
    assert!(ask::<bool>(&ada, "number"));
}

#[test]
fn update_state_changes_what_was_kept() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("move");
    room.evict();
    ada.send("move");
    ada.send("move");
    let expected = Some(Player { name: String::new(), moves: 3 });
    assert_eq!(ask::<Option<Player>>(&ada, "state"), expected);
}

#[test]
fn state_can_be_set_before_the_connection_is_accepted() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connecting("ada").query("early", "bird").connect();
    assert_eq!(ask::<Option<String>>(&ada, "text").as_deref(), Some("bird"));
    room.evict();
    assert_eq!(ask::<Option<String>>(&ada, "text").as_deref(), Some("bird"));
}

#[test]
fn a_state_that_does_not_fit_is_refused_with_its_size_and_the_old_one_stays() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connect("ada");
    ada.send("name Ada");
    let told: Option<(bool, String)> = ask(&ada, "fill 16384");
    let (too_large, text) = told.unwrap();
    assert!(too_large && text.contains("16386 bytes"), "{text}");
    for _ in 0..2 {
        assert_eq!(ask::<Option<Player>>(&ada, "state").unwrap().name, "Ada");
        room.evict();
    }
}

#[test]
fn a_state_of_12000_bytes_fits_with_the_longest_address() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connecting(&"x".repeat(256)).query("room-for-more", &"y".repeat(2_700)).connect();
    assert_eq!(ask::<Option<(bool, String)>>(&ada, "fill 11998"), None);
    room.evict();
    assert_eq!(ask::<Option<String>>(&ada, "text").unwrap().len(), 11_998);
}

#[test]
fn an_on_close_that_never_returns_holds_up_no_other_close_and_no_message() {
    let room = TestRoom::<Roster>::new(ROOM);
    let ada = room.connect("ada");
    let stuck: Vec<TestClient> =
        (0..3).map(|n| room.connecting(&format!("stuck{n}")).query("stuck", "1").connect()).collect();
    let eve = room.connect("eve");
    for n in 0..3 {
        ada.send(format!("close stuck{n}"));
    }
    ada.send("close eve");
    assert!(stuck.iter().chain([&eve]).all(|client| client.closed().unwrap().code == 4403));
    assert_eq!(told(&room), [r#"eve 4403 there ["ada"]"#]);
    assert_eq!(ask::<Vec<String>>(&ada, "all"), ["ada"]);
    // The id of a connection is free while its end is still being handled.
    let again = room.connect("stuck0");
    assert!(ask::<bool>(&again, "same stuck0"));
    room.evict();
    assert_eq!(ask::<Vec<String>>(&ada, "all"), ["ada", "stuck0"]);
}
