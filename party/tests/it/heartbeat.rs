//! Heartbeats that wake no room, and connections that are dead found and closed.

use std::time::Duration;

use party::parts::heartbeat::{Heartbeat, HeartbeatOptions};
use party::testing::{TestClient, TestRoom};
use party::{Close, Connection, Error, Message, Props, Result, Room, Server, Timestamp};

use crate::support::{ROOM, told};

/// Sweeps on command, and sends the list of its connections.
struct Lounge {
    heartbeat: Heartbeat,
}

impl Server for Lounge {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let options = HeartbeatOptions::default().timeout(Duration::from_secs(60));
        let options = options.required_of(|connection| connection.query("beats").is_some());
        room.log("start");
        Ok(Self { heartbeat: Heartbeat::open(room, options)? })
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        match message.as_text() {
            Some("sweep") => room.log(&format!("swept {}", ids(&self.heartbeat.sweep()))),
            Some("who") => room.log(&format!("there {}", ids(&room.connections()))),
            Some("keep") => from.set_state("kept")?,
            Some("seen") => {
                let seen = |connection: &Connection| format!("{} {}", connection.id(), seconds(connection));
                room.log(&room.connections().iter().map(seen).collect::<Vec<_>>().join(", "));
            }
            Some("longest") => {
                let longest = HeartbeatOptions::default().answer(&"p".repeat(2_048), "here");
                Heartbeat::open(room, longest)?;
            }
            Some("long") => {
                let long = HeartbeatOptions::default().answer(&"p".repeat(2_049), "pong");
                let long = Heartbeat::open(room, long).map(drop);
                room.log(&format!("{:?}", long.map_err(|error: Error| error.kind())));
            }
            _ => {}
        }
        Ok(())
    }

    async fn on_close(&self, room: &Room, who: &Connection, close: Close) -> Result<()> {
        room.log(&format!("closed {} {}", who.id(), close.code));
        Ok(())
    }
}

fn ids(connections: &[Connection]) -> String {
    connections.iter().map(|connection| connection.id().to_string()).collect::<Vec<_>>().join(" ")
}

/// Returns the time of a connection's last sign of life, in seconds since the virtual clock started.
fn seconds(connection: &Connection) -> u64 {
    connection.last_seen().since(Timestamp::from_millis(1_767_225_600_000)).as_secs()
}

fn lounge() -> (TestRoom<Lounge>, TestClient) {
    let room = TestRoom::new(ROOM);
    let host = room.connect("host");
    told(&room);
    (room, host)
}

fn pass(room: &TestRoom<Lounge>, seconds: u64) {
    room.advance(Duration::from_secs(seconds));
}

/// Returns what the room answers.
fn ask(room: &TestRoom<Lounge>, host: &TestClient, word: &str) -> Vec<String> {
    told(room);
    host.send(word);
    told(room)
}

#[test]
fn a_heartbeat_is_answered_and_reaches_no_room() {
    let (room, host) = lounge();
    host.send("ping");
    assert_eq!(host.receive_text(), "pong");
    room.evict();
    host.send("ping");
    assert_eq!(host.receive_text(), "pong");
    assert!(told(&room).is_empty(), "the room has started for a heartbeat");
}

#[test]
fn only_a_text_that_is_exactly_the_heartbeat_is_one() {
    let (room, host) = lounge();
    room.evict();
    host.send("ping ");
    assert_eq!(told(&room), ["start"]);
    room.evict();
    host.send(b"ping".to_vec());
    assert_eq!(told(&room), ["start"]);
    assert!(host.received().is_empty());
}

#[test]
fn a_client_that_is_gone_gets_no_answer() {
    let (_room, host) = lounge();
    host.close(1000, "");
    host.send("ping");
    assert!(host.received().is_empty());
}

#[test]
fn a_connection_is_last_seen_when_it_came_or_sent_a_message_or_a_heartbeat() {
    let (room, host) = lounge();
    let ada = room.connect("ada");
    pass(&room, 10);
    assert_eq!(ask(&room, &host, "seen"), ["host 10, ada 0"]);
    ada.send("hello");
    pass(&room, 10);
    assert_eq!(ask(&room, &host, "seen"), ["host 20, ada 10"]);
    pass(&room, 5);
    ada.send("ping");
    assert_eq!(ask(&room, &host, "seen"), ["host 25, ada 25"]);
}

#[test]
fn after_a_sleep_the_last_heartbeat_is_known_and_else_when_the_connection_came_or_set_its_state() {
    let (room, host) = lounge();
    pass(&room, 10);
    let (ada, bob, cleo) = (room.connect("ada"), room.connect("bob"), room.connect("cleo"));
    pass(&room, 10);
    ada.send("ping");
    bob.send("hello");
    cleo.send("keep");
    room.evict();
    pass(&room, 10);
    assert_eq!(ask(&room, &host, "seen"), ["start", "host 30, ada 20, bob 10, cleo 20"]);
}

#[test]
fn a_client_that_stops_its_heartbeat_is_closed() {
    let (room, host) = lounge();
    let ada = room.connect("ada");
    ada.send("ping");
    pass(&room, 60);
    assert_eq!(ask(&room, &host, "sweep"), ["swept "]);
    pass(&room, 1);
    assert_eq!(ask(&room, &host, "sweep"), ["swept ada", "closed ada 4408"]);
    let close = ada.closed().unwrap();
    assert_eq!((close.code, close.reason.as_str()), (4408, "Silent for too long"));
    assert_eq!(ask(&room, &host, "who"), ["there host"]);
}

#[test]
fn a_dead_connection_leaves_when_it_is_swept_without_answering_the_close() {
    let (room, host) = lounge();
    let ada = room.connect("ada");
    ada.send("ping");
    ada.received();
    ada.fall_silent();
    ada.send("ping");
    assert!(ada.received().is_empty());
    assert_eq!(ask(&room, &host, "who"), ["there host ada"]);
    pass(&room, 61);
    assert_eq!(ask(&room, &host, "sweep"), ["swept ada", "closed ada 4408"]);
    assert_eq!(ada.closed(), None);
    assert_eq!(ask(&room, &host, "who"), ["there host"]);
    room.evict();
    assert_eq!(ask(&room, &host, "who"), ["start", "there host"]);
    assert_eq!(ask(&room, &host, "sweep"), ["swept "]);
}

#[test]
fn a_client_without_a_heartbeat_is_closed_only_if_one_is_required() {
    let (room, host) = lounge();
    let plain = room.connect("plain");
    let beating = room.connecting("beating").query("beats", "1").connect();
    pass(&room, 61);
    assert_eq!(ask(&room, &host, "sweep"), ["swept beating", "closed beating 4408"]);
    assert!(plain.is_open() && !beating.is_open());
}

#[test]
fn messages_keep_a_connection_too() {
    let (room, host) = lounge();
    let ada = room.connect("ada");
    ada.send("ping");
    pass(&room, 50);
    ada.send("hello");
    pass(&room, 50);
    assert_eq!(ask(&room, &host, "sweep"), ["swept "]);
}

#[test]
fn a_sweep_after_a_sleep_finds_the_same() {
    let (room, host) = lounge();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    ada.send("ping");
    bob.send("ping");
    room.evict();
    pass(&room, 50);
    ada.send("ping");
    pass(&room, 50);
    assert_eq!(ask(&room, &host, "sweep"), ["start", "swept bob", "closed bob 4408"]);
}

#[test]
fn the_heartbeat_goes_on_after_a_crash() {
    let (room, host) = lounge();
    host.send("ping");
    room.crash();
    let host = room.connect("host");
    host.send("ping");
    assert_eq!(host.receive_text(), "pong");
}

#[test]
fn a_heartbeat_that_is_too_long_for_the_platform_is_refused() {
    let (room, host) = lounge();
    assert_eq!(ask(&room, &host, "long"), ["Err(Invalid)"]);
}

#[test]
fn the_longest_heartbeat_is_answered_with_its_own_answer() {
    let (room, host) = lounge();
    assert!(ask(&room, &host, "longest").is_empty());
    host.send("p".repeat(2_048));
    assert_eq!(host.receive_text(), "here");
}
