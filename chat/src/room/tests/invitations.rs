//! Rooms that only those may join who are there or have an invitation.

use party::http::Request;
use party::http::header::AUTHORIZATION;
use party::parts::wire::Action;
use party::testing::TestClient;

use super::*;
use crate::protocol::Command;

fn about(guest: &mut Guest) -> About {
    guest.read();
    guest.shared.as_ref().and_then(|shared| shared.read::<Option<_>>().unwrap()).unwrap_or_default()
}

fn change(guest: &mut Guest, change: Change) {
    guest.command(Command::Room(change));
}

/// Returns a room by invitation with its founder and a member, and its key.
fn closed() -> (TestRoom<Chat>, Guest, Guest, String) {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.say("hello");
    change(&mut ada, Change::InvitationOnly(true));
    let key = about(&mut bob).invitation.unwrap();
    (room, ada, bob, key)
}

/// Returns the code and the reason with which the room has closed a connection.
fn closed_with(client: &TestClient) -> (u16, String) {
    let close = client.closed().unwrap();
    (close.code, close.reason)
}

fn by_invitation() -> (u16, String) {
    (4403, "This room is by invitation only".to_owned())
}

#[test]
fn everyone_in_a_room_by_invitation_has_the_key_and_others_are_refused_without_it() {
    let (room, mut ada, mut bob, key) = closed();
    assert_eq!((key.len(), about(&mut ada).invitation.as_ref()), (22, Some(&key)));
    let eve = Guest::new("Eve").connecting(&room).connect();
    assert_eq!(closed_with(&eve), by_invitation());
    let mut cy = Guest::new("Cy").invited(&key);
    cy.join(&room);
    assert_eq!((cy.texts(), about(&mut cy).invitation), (vec!["hello".to_owned()], Some(key.clone())));
    change(&mut ada, Change::NewInvitation);
    let new = about(&mut bob).invitation.unwrap();
    assert_ne!(new, key);
    let late = Guest::new("Dan").invited(&key).connecting(&room).connect();
    assert_eq!(closed_with(&late).1, "The invitation is not valid any more");
    room.crash();
    for guest in [&mut ada, &mut bob, &mut cy] {
        guest.join(&room);
        assert!(guest.is_connected());
    }
    change(&mut ada, Change::InvitationOnly(false));
    assert_eq!(about(&mut bob).invitation, None);
    let mut eve = Guest::new("Eve");
    eve.join(&room);
    assert!(eve.is_connected());
}

#[test]
fn the_key_is_nowhere_when_invitations_are_not_required_any_more() {
    let (room, mut ada, _bob, key) = closed();
    change(&mut ada, Change::Name("Club".into()));
    let holds_key = || room.storage().get::<Json>("chat.about").unwrap().unwrap();
    assert!(!holds_key().as_str().contains(&key));
    change(&mut ada, Change::InvitationOnly(false));
    change(&mut ada, Change::InvitationOnly(true));
    assert_ne!(about(&mut ada).invitation, Some(key));
}

#[test]
fn moderators_are_admitted_and_a_kicked_member_is_not() {
    let (room, mut ada, mut bob, _key) = closed();
    let mut cy = Guest::new("Cy");
    change(&mut ada, Change::InvitationOnly(false));
    cy.join(&room);
    ada.moderate(Action::Appoint, &cy.member, None);
    cy.vanish();
    room.advance(Duration::from_secs(60));
    change(&mut ada, Change::InvitationOnly(true));
    cy.join(&room);
    assert!(cy.is_connected(), "it is a moderator");
    ada.moderate(Action::Dismiss, &cy.member, None);
    cy.vanish();
    cy.join(&room);
    assert!(cy.is_connected(), "it was let in as a moderator");
    ada.moderate(Action::Kick, &bob.member, None);
    assert_eq!(closed_with(&bob.connecting(&room).connect()), by_invitation());
    bob.read();
}

#[test]
fn a_client_of_the_original_protocol_comes_back_to_a_room_by_invitation_and_no_new_one_joins() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    let (old, _) = original::join(&room, "old");
    change(&mut ada, Change::InvitationOnly(true));
    old.vanish();
    let (old, _) = original::join(&room, "old");
    assert!(old.is_open());
    let new = room.connect("new");
    assert_eq!((closed_with(&new), new.received().len()), (by_invitation(), 0));
}

#[test]
fn the_messages_of_a_room_by_invitation_are_counted_for_its_members_only() {
    let (room, mut ada, bob, _key) = closed();
    let count = |secret: Option<&str>| {
        let request = Request::get("https://x/parties/party/lobby/count?after=0");
        let request = match secret {
            Some(secret) => request.header(AUTHORIZATION, format!("Bearer {secret}")),
            None => request,
        };
        let answer = room.request(request.body("").unwrap());
        (answer.status().as_u16(), answer.text())
    };
    let secret = bob.secret.clone().unwrap();
    assert_eq!(count(Some(&secret)), (200, r#"{"count":1,"more":false}"#.to_owned()));
    assert_eq!((count(None).0, count(Some("x")).0), (401, 401));
    ada.moderate(Action::Kick, &bob.member, None);
    assert_eq!(count(Some(&secret)).0, 403);
    change(&mut ada, Change::InvitationOnly(false));
    assert_eq!((count(Some(&secret)).0, count(None).0), (200, 401));
    assert_eq!(room.errors(), Vec::<String>::new());
}
