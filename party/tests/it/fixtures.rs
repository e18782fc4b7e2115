//! The data of each release, read by this build: `tests/fixtures/releases/{version}/room.json`.
//!
//! `UPDATE_FIXTURES=1 cargo test -p party --features testing --test it fixtures` writes that of the version in
//! `Cargo.toml`.

#![expect(clippy::indexing_slicing, reason = "a test that finds nothing has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use party::parts::wire::Action;
use party::testing::{RoomFrame, Snapshot, TestClient, TestRoom};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::channel::board::{Board, ClientFrame, Command, Mode, Rulebook, join, room};
use crate::support::ROOM;

/// The data that a release has left behind.
#[derive(Deserialize, Serialize)]
struct Fixture {
    /// A room with connected members: ada, the founder, and bob, who is muted. Cy is about to leave, and Dan is banned.
    snapshot: Snapshot,
    /// The secret of ada, and the position from which its client goes on.
    secret: String,
    position: String,
    /// Texts that clients of the release send.
    client: Vec<String>,
    /// Texts that rooms of the release send.
    room: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/releases")
}

fn path(version: &str) -> PathBuf {
    folder().join(version).join("room.json")
}

/// Returns the fixtures of all releases, by version.
fn all() -> Vec<(String, Fixture)> {
    let versions =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let read = |version: String| {
        let text = fs::read_to_string(path(&version)).unwrap();
        (version, serde_json::from_str(&text).unwrap())
    };
    versions.map(read).collect()
}

fn texts(client: &TestClient) -> Vec<String> {
    client.received().iter().filter_map(|message| message.as_text().map(str::to_owned)).collect()
}

/// Frames as one of each kind.
fn frames() -> Vec<String> {
    let id = |number: u32| format!("frame-{number}");
    let frames = [
        ClientFrame::Append { id: id(1), body: "one".into() },
        ClientFrame::Edit { id: id(2), target: 1, body: "two".into() },
        ClientFrame::Delete { id: id(3), target: 2 },
        ClientFrame::Command { id: id(4), data: Command::Vote(1) },
        ClientFrame::History { id: id(5), before: Some(9), after: None },
        ClientFrame::Presence { id: id(6), data: "Ada".into() },
    ];
    let frames = frames.iter().map(|frame| serde_json::to_string(frame).unwrap());
    let plain = [
        json!({"type": "moderate", "id": id(7), "action": "mute", "member": "m", "seconds": 60}),
        json!({"type": "token", "id": id(8), "token": "t"}),
        json!({"type": "ephemeral", "kind": "typing", "data": 1}),
    ];
    frames.chain(plain.iter().map(Json::to_string)).collect()
}

fn made() -> Fixture {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let (mut cy, dan) = (join(&room, "cy"), join(&room, "dan"));
    for text in ["first", "second", "third"] {
        bob.append(text.into());
    }
    bob.edit(1, "first, edited".into());
    bob.delete(2);
    ada.command(Command::Vote(3));
    ada.command(Command::Note("a note".into()));
    ada.introduce("Ada".into());
    ada.moderate(Action::Mute, &bob.member, Some(86_400));
    ada.moderate(Action::Ban, &dan.member, None);
    cy.vanish();
    ada.read();
    let socket = ada.connecting(&room).connect();
    socket.send(r#"{"type":"history","id":"page","before":3}"#);
    socket.send(r#"{"type":"edit","id":"wrong","target":77,"body":"x"}"#);
    let sent = texts(&socket);
    let welcome: Json = serde_json::from_str(&sent[0]).unwrap();
    Fixture {
        snapshot: room.snapshot().unwrap(),
        secret: ada.secret.clone().unwrap(),
        position: welcome["position"].as_str().unwrap().to_owned(),
        client: frames(),
        room: sent
            .into_iter()
            .chain(bob.socket().received().iter().filter_map(|text| text.as_text().map(str::to_owned)))
            .collect(),
    }
}

#[test]
fn the_version_of_this_build_has_a_fixture() {
    let path = path(env!("CARGO_PKG_VERSION"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, serde_json::to_string_pretty(&made()).unwrap() + "\n").unwrap();
    }
    assert!(path.is_file(), "write it by UPDATE_FIXTURES=1");
}

#[test]
fn connections_of_every_release_go_on_in_a_room_of_this_build() {
    for (version, Fixture { snapshot, .. }) in all() {
        let (room, clients) = TestRoom::<Board>::from_snapshot(ROOM, &snapshot).unwrap();
        let find = |id: &str| {
            clients.iter().find(|client| client.is_open() && kept_id(&room, &clients, client) == id)
        };
        let (ada, bob) = (find("ada").unwrap(), find("bob").unwrap());
        ada.send(r#"{"type":"append","id":"new-1","body":"after the deploy"}"#);
        for client in [ada, bob] {
            assert!(texts(client).iter().any(|text| text.contains("after the deploy")), "{version}");
        }
        bob.send(r#"{"type":"append","id":"new-2","body":"muted"}"#);
        assert!(texts(bob).iter().any(|text| text.contains(r#""code":"muted""#)), "{version}");
        room.advance(Duration::from_secs(60));
        let left = texts(ada).iter().any(|text| text.contains(r#""leave":["#));
        assert!(left, "{version}: cy has left");
        assert!(clients.iter().all(TestClient::is_open), "{version}");
        assert!(room.errors().is_empty(), "{version}: {:?}", room.errors());
    }
}

#[test]
fn members_of_every_release_come_back_with_their_secrets_and_positions() {
    for (version, Fixture { snapshot, secret, position, .. }) in all() {
        let (room, _clients) = TestRoom::<Board>::from_snapshot(ROOM, &snapshot).unwrap();
        let ada =
            room.connecting("ada2").query("wire", "2").query("position", &position).bearer(&secret).connect();
        let welcome: Json = ada.receive_json();
        assert_eq!(welcome["recovered"], true, "{version}");
        assert_eq!(welcome["you"]["role"], "moderator", "{version}");
        assert_eq!(welcome["own"], json!(["a note"]), "{version}");
        ada.send(r#"{"type":"history","id":"page"}"#);
        let page = texts(&ada).into_iter().find(|text| text.contains(r#""page""#)).unwrap();
        assert!(page.contains("first, edited") && !page.contains("second"), "{version}: {page}");
        let page: Json = serde_json::from_str(&page).unwrap();
        let deleted = page["entries"].as_array().unwrap().iter().find(|item| item["seq"] == 2).unwrap();
        assert_eq!(deleted["deletedBy"], deleted["author"], "{version}: bob has deleted it");
    }
}

#[test]
fn frames_of_every_release_are_read() {
    for (version, Fixture { client, room: sent, .. }) in all() {
        for text in sent {
            let frame: Result<RoomFrame<Rulebook<false>>, _> = serde_json::from_str(&text);
            assert!(frame.is_ok(), "{version}: {text}");
        }
        let room = room(Mode::Plain);
        let ada = join(&room, "ada");
        for text in client {
            ada.socket().send(text.as_str());
            for answer in texts(ada.socket()) {
                let unread = ["unsupported", "invalid", "not_json", "bad_message"];
                let is_read = !unread.iter().any(|code| answer.contains(&format!(r#""code":"{code}""#)));
                // Of a member that is not here, and of a token where there are none, nothing else can be said.
                assert!(
                    is_read || text.contains("\"token\"") || text.contains("moderate"),
                    "{version}: {text} {answer}"
                );
            }
        }
    }
}

/// Returns the id of a client's connection: they are in the snapshot's order.
fn kept_id(room: &TestRoom<Board>, clients: &[TestClient], client: &TestClient) -> String {
    let kept = serde_json::to_value(room.snapshot().unwrap()).unwrap();
    let place = clients.iter().position(|other| std::ptr::eq(other, client)).unwrap();
    let attachment = kept["connections"][place]["attachment"].as_str().unwrap().to_owned();
    let json: Json = serde_json::from_str(attachment.trim_start_matches(|letter| letter != '{')).unwrap();
    json["id"].as_str().unwrap().to_owned()
}
