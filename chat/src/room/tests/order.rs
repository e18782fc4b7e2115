//! Moderators, limits, and admission.

use party::ErrorFrame;
use party::parts::moderation::Role;
use party::parts::wire::Action;
use party::testing::TestClient;

use party::testing::TestMember;

use super::*;
use crate::protocol::ProfileUpdate;

/// Returns the error with which the room refuses a client, and the code with which it closes the connection.
fn refused(client: &TestClient) -> (ErrorFrame, u16) {
    let frames = client.received();
    assert_eq!(frames.len(), 1, "{frames:?}");
    let ServerFrame::Error::<(), ()>(error) = frames[0].read_json().unwrap() else {
        panic!("expected an error, got {frames:?}")
    };
    (error, client.closed().unwrap().code)
}

/// Returns a room, its founder, and another member.
fn company() -> (TestRoom<Chat>, Guest, Guest) {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    ada.join(&room);
    eve.join(&room);
    ada.read();
    (room, ada, eve)
}

fn role(guest: &Guest) -> Role {
    guest.roster.get(&guest.member).unwrap().role
}

#[test]
fn the_first_member_is_the_moderator_also_after_a_crash() {
    let (room, mut ada, eve) = company();
    assert_eq!((role(&ada), role(&eve)), (Role::Moderator, Role::Member));
    ada.vanish();
    room.crash();
    ada.join(&room);
    assert_eq!(role(&ada), Role::Moderator);
}

#[test]
fn only_moderators_moderate_and_not_themselves() {
    let (_room, mut ada, mut eve) = company();
    eve.moderate(Action::Kick, &ada.member, None);
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    assert!(ada.is_connected());
    let own = ada.member.clone();
    ada.moderate(Action::Ban, &own, None);
    assert_eq!(ada.error().code, ErrorCode::FORBIDDEN);
}

#[test]
fn a_kicked_member_is_closed_leaves_at_once_and_can_rejoin() {
    let (room, mut ada, mut eve) = company();
    ada.moderate(Action::Kick, &eve.member, None);
    assert_eq!(eve.socket().closed().unwrap().code, 4403);
    ada.read();
    assert_eq!(ada.names(), ["Ada"]);
    room.advance(Duration::from_secs(1));
    eve.join(&room);
    assert!(eve.is_connected());
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Eve"]);
}

#[test]
fn a_banned_member_and_its_address_cannot_rejoin_until_the_ban_ends() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    ada.join(&room);
    let from = "192.0.2.7";
    let (mut twin, mut deputy) = (Guest::new("Twin"), Guest::new("Deputy"));
    for guest in [&mut eve, &mut twin, &mut deputy] {
        guest.join_from(&room, from);
    }
    ada.moderate(Action::Appoint, &deputy.member, None);
    twin.socket().fall_silent();
    ada.moderate(Action::Ban, &eve.member, Some(600));
    assert_eq!(eve.socket().closed().unwrap().code, 4403);
    // Other members from the same address too, except moderators.
    for (guest, code) in [(&eve, Some(4403)), (&deputy, None)] {
        assert_eq!(guest.socket().closed().map(|close| close.code), code);
    }
    room.advance(Duration::from_secs(11));
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Deputy"]);
    room.evict();

    let (error, code) = refused(&eve.connecting(&room).connect());
    assert_eq!((error.code, code), (ErrorCode::FORBIDDEN, 4403));
    let stranger = Guest::new("Stranger");
    let disguised = stranger.connecting(&room).header("cf-connecting-ip", from).connect();
    let (error, code) = refused(&disguised);
    assert_eq!((error.code, code), (ErrorCode::FORBIDDEN, 4403));
    assert!(stranger.connecting(&room).header("cf-connecting-ip", "192.0.2.8").connect().is_open());
    ada.read();
    assert!(!ada.names().contains(&"Eve".to_owned()));

    room.advance(Duration::from_secs(601));
    eve.join(&room);
    assert!(eve.is_connected());
}

#[test]
fn a_muted_member_receives_messages_and_the_duration_of_its_mute() {
    let (room, mut ada, mut eve) = company();
    ada.moderate(Action::Mute, &eve.member, Some(60));
    let left = loop {
        match eve.next_frame() {
            Some(ServerFrame::You(you)) => break you.muted_for,
            Some(_) => {}
            None => panic!("no `you` frame has come"),
        }
    };
    assert_eq!(left, Some(60_000));
    ada.read();
    assert_eq!(ada.roster.get(&eve.member).unwrap().muted_until, Some(room.now() + Duration::from_secs(60)));
    eve.say("let me");
    assert_eq!(eve.error().code, ErrorCode::MUTED);
    ada.say("quiet");
    assert_eq!(texts(&mut eve), ["quiet"]);
    room.advance(Duration::from_secs(61));
    eve.say("sorry");
    assert_eq!(texts(&mut ada), ["quiet", "sorry"]);
}

#[test]
fn a_muted_member_cannot_change_its_name() {
    let (room, mut ada, mut eve) = company();
    let named = |name: &str| ProfileUpdate { name: name.into() };
    ada.moderate(Action::Mute, &eve.member, Some(60));
    eve.introduce(named("Ada is a fool"));
    assert_eq!(eve.error().code, ErrorCode::MUTED);
    eve.errors.clear();
    eve.introduce(named("Eve"));
    eve.read();
    ada.read();
    assert!(eve.errors.is_empty());
    assert_eq!(ada.names(), ["Ada", "Eve"]);
    room.advance(Duration::from_secs(61));
    eve.introduce(named("Eva"));
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Eva"]);
}

#[test]
fn a_muted_member_cannot_change_its_name_by_connecting_again() {
    let (room, mut ada, mut eve) = company();
    ada.moderate(Action::Mute, &eve.member, Some(60));
    let fool = ProfileUpdate { name: "Ada is a fool".into() };
    let mut device: TestMember<Chatting> = TestMember::new("device").introduced(&fool);
    device.secret = eve.secret.clone();
    device.join(&room);
    ada.read();
    assert_eq!((&device.member, ada.names()), (&eve.member, vec!["Ada".to_owned(), "Eve".to_owned()]));
    eve.vanish();
    device.vanish();
    room.evict();
    device.join(&room);
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Eve"]);
    room.advance(Duration::from_secs(61));
    device.join(&room);
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Ada is a fool"]);
}

#[test]
fn a_second_device_that_does_not_introduce_itself_keeps_the_name_of_its_member() {
    let (room, mut ada, eve) = company();
    let mut device: TestMember<Chatting> = TestMember::new("device");
    device.secret = eve.secret.clone();
    device.join(&room);
    ada.read();
    assert_eq!(device.member, eve.member);
    assert_eq!(ada.names(), ["Ada", "Eve"]);
}

#[test]
fn a_moderator_can_delete_messages_of_others_but_not_edit_them() {
    let (room, mut ada, mut eve) = company();
    eve.say("spam");
    ada.rewrite(1, "I am sorry");
    assert_eq!(ada.error().code, ErrorCode::FORBIDDEN);
    ada.delete(1);
    assert!(texts(&mut eve).is_empty());
    // Everyone sees who it was, also whoever joins later.
    let deleted_by = |guest: &Guest| guest.items.get(&1).unwrap().deleted_by.clone();
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    assert_eq!([deleted_by(&eve), deleted_by(&bob)], [Some(ada.member.clone()), Some(ada.member.clone())]);
}

#[test]
fn a_moderator_can_appoint_and_dismiss_another() {
    let (_room, mut ada, mut eve) = company();
    ada.moderate(Action::Appoint, &eve.member, None);
    eve.read();
    assert_eq!(role(&eve), Role::Moderator);
    ada.moderate(Action::Dismiss, &eve.member, None);
    eve.read();
    assert_eq!(role(&eve), Role::Member);
}

#[test]
fn a_client_over_its_rate_is_sent_a_retry_time_and_is_closed_if_it_goes_on() {
    let (room, mut ada, mut eve) = company();
    room.advance(Duration::from_secs(1));
    for n in 0..30 {
        eve.say(&n.to_string());
    }
    assert!(eve.outbox.len() == 30 && eve.errors.is_empty());
    let id = eve.say("too much");
    let error = eve.error();
    assert_eq!((error.code, error.id), (ErrorCode::SLOW_DOWN, Some(id)));
    assert_eq!(error.retry_after, Some(100));
    ada.say("I am not concerned");
    room.advance(Duration::from_millis(100));
    eve.resend();
    assert_eq!(texts(&mut ada).len(), 32);
    for _ in 0..60 {
        eve.send(&ClientFrame::History { id: "h".into(), before: None, after: None });
    }
    assert_eq!(eve.socket().closed().unwrap().code, 4429);
}

#[test]
fn a_flood_does_not_block_moderators_at_the_same_address() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    let mut twins: Vec<Guest> = (0..4).map(|n| Guest::new(&format!("Twin {n}"))).collect();
    for guest in [&mut ada, &mut eve].into_iter().chain(&mut twins) {
        guest.join_from(&room, "192.0.2.7");
    }
    room.advance(Duration::from_secs(1));
    for twin in &mut twins {
        (0..30).for_each(|n| drop(twin.say(&n.to_string())));
    }
    ada.say("stop it");
    assert_eq!(ada.error().code, ErrorCode::SLOW_DOWN);
    eve.moderate(Action::Kick, &twins[0].member, None);
    assert_eq!(eve.error().code, ErrorCode::SLOW_DOWN);
    ada.moderate(Action::Kick, &twins[0].member, None);
    assert_eq!(twins[0].socket().closed().unwrap().code, 4403);
}

#[test]
fn a_full_room_refuses_new_members_and_readmits_its_own() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut guests: Vec<Guest> = (0..1_000).map(|n| Guest::new(&format!("Guest {n}"))).collect();
    guests.iter_mut().for_each(|guest| guest.join(&room));
    let late = Guest::new("Late").connecting(&room).connect();
    let (error, code) = refused(&late);
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    assert!(error.retry_after.is_some());
    let back = guests.last_mut().unwrap();
    back.vanish();
    back.join(&room);
    assert!(back.is_connected());

    let founder = guests.first_mut().unwrap();
    founder.vanish();
    room.advance(Duration::from_secs(11));
    assert!(Guest::new("Next").connecting(&room).connect().is_open());
    founder.join(&room);
    assert!(founder.is_connected());
}

#[test]
fn one_address_cannot_fill_more_than_half_of_a_room() {
    let room = TestRoom::<Chat>::new("lobby");
    let come = |guest: &Guest, from: &str| guest.connecting(&room).header("cf-connecting-ip", from).connect();
    let mut eve = Guest::new("Eve");
    eve.join_from(&room, "192.0.2.7");
    let others: Vec<_> = (1..500).map(|n| come(&Guest::new(&format!("Eve {n}")), "192.0.2.7")).collect();
    assert!(others.iter().all(TestClient::is_open));
    let one_more = come(&Guest::new("One more"), "192.0.2.7");
    let (error, code) = refused(&one_more);
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    assert!(come(&Guest::new("Ada"), "192.0.2.8").is_open());
    assert!(Guest::new("Bob").connecting(&room).connect().is_open());
    // A connection of a present member is not another member.
    assert!(come(&eve.another_tab(), "192.0.2.7").is_open());
}

#[test]
fn one_member_has_128_connections_at_most() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    let mut tab = ada.another_tab();
    let mut tabs: Vec<TestClient> = Vec::new();
    for n in 1..128 {
        tab.id = format!("tab {n}");
        tabs.push(tab.connecting(&room).connect());
    }
    assert!(tabs.iter().all(TestClient::is_open) && ada.is_connected());
    tab.id = "one more".into();
    let one_more = tab.connecting(&room).connect();
    let (error, code) = refused(&one_more);
    assert_eq!((error.code, code), (ErrorCode::ROOM_FULL, 4503));
    tabs[1].vanish();
    tab.id = "one more".into();
    assert!(tab.connecting(&room).connect().is_open());
    assert!(Guest::new("Bob").connecting(&room).connect().is_open());
}

#[test]
fn silent_connections_are_closed_and_leave_in_busy_and_quiet_rooms() {
    let (room, mut ada, eve) = company();
    eve.socket().send("ping");
    eve.socket().fall_silent();
    for _ in 0..16 {
        ada.socket().send("ping");
        room.advance(Duration::from_secs(10));
    }
    assert!(room.errors().is_empty());
    ada.say("anybody here?");
    room.advance(Duration::from_secs(11));
    ada.read();
    assert_eq!(ada.names(), ["Ada"]);
    assert!(ada.is_connected());

    let mut bob = Guest::new("Bob");
    bob.join(&room);
    bob.socket().send("ping");
    bob.socket().fall_silent();
    for _ in 0..70 {
        ada.socket().send("ping");
        room.evict();
        room.advance(Duration::from_secs(10));
    }
    ada.read();
    assert_eq!(ada.names(), ["Ada"]);
    assert!(ada.is_connected());
}

#[test]
fn an_unsupported_protocol_version_is_refused() {
    let room = TestRoom::<Chat>::new("lobby");
    let client = room.connecting("new").query("wire", "3").connect();
    let (error, code) = refused(&client);
    assert_eq!((error.code, code), (ErrorCode::UNSUPPORTED, 4400));
}

#[test]
fn a_newer_connection_with_the_same_id_replaces_the_older() {
    let (room, mut ada, _eve) = company();
    let older = ada.connecting(&room).connect();
    ada.read();
    ada.join(&room);
    assert_eq!(older.closed().unwrap().code, 4409);
    assert!(ada.is_connected());
    room.advance(Duration::from_secs(60));
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Eve"]);
}

#[test]
fn a_connection_that_the_room_has_closed_counts_in_no_limit() {
    let (room, mut ada, mut eve) = company();
    // None of them answers the close.
    let tab = eve.another_tab();
    for _ in 0..130 {
        tab.connecting(&room).connect().defy();
    }
    let tabs: Vec<TestClient> = (1..127)
        .map(|n| {
            let mut tab = eve.another_tab();
            tab.id = format!("tab {n}");
            room.advance(Duration::from_secs(1));
            tab.connecting(&room).connect()
        })
        .collect();
    assert!(tabs.iter().all(TestClient::is_open));
    tabs.iter().for_each(TestClient::defy);
    eve.socket().defy();
    ada.moderate(Action::Kick, &eve.member, None);
    assert!(!tabs.iter().any(TestClient::is_open) && !eve.socket().is_open());
    room.advance(Duration::from_secs(10));
    eve.join(&room);
    assert!(eve.is_connected());
}
