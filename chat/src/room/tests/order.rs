//! Moderators, limits, and who is let in.

use super::*;
use party::parts::moderation::Role;
use party::parts::wire::Action;
use party::testing::TestClient;

fn act(
    action: Action,
    member: &str,
    seconds: Option<u64>,
) -> ClientFrame<crate::protocol::Said, crate::protocol::Name> {
    ClientFrame::Moderate { action, member: member.into(), seconds }
}

/// A room, its founder, and somebody else.
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
fn who_comes_first_is_the_moderator_also_when_coming_back() {
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
    eve.send(&act(Action::Kick, &ada.member, None));
    assert_eq!(eve.error().code, ErrorCode::FORBIDDEN);
    assert!(ada.is_connected());
    ada.send(&act(Action::Ban, &ada.member.clone(), None));
    assert_eq!(ada.error().code, ErrorCode::FORBIDDEN);
}

#[test]
fn who_is_kicked_is_closed_for_good_and_gone_at_once() {
    let (room, mut ada, mut eve) = company();
    ada.send(&act(Action::Kick, &eve.member, None));
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
fn who_is_banned_stays_out_until_the_time_is_over_also_as_somebody_else_from_the_same_address() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    ada.join(&room);
    let from = "192.0.2.7";
    let (mut twin, mut deputy) = (Guest::new("Twin"), Guest::new("Deputy"));
    for guest in [&mut eve, &mut twin, &mut deputy] {
        guest.adopt(guest.connecting(&room).header("cf-connecting-ip", from).connect());
    }
    ada.send(&act(Action::Appoint, &deputy.member, None));
    twin.socket().fall_silent();
    ada.send(&act(Action::Ban, &eve.member, Some(600)));
    assert_eq!(eve.socket().closed().unwrap().code, 4403);
    // Also those who are here as somebody else, but for moderators.
    for (guest, code) in [(&eve, Some(4403)), (&deputy, None)] {
        assert_eq!(guest.socket().closed().map(|close| close.code), code);
    }
    room.advance(Duration::from_secs(11));
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Deputy"]);
    room.evict();

    let again = eve.connecting(&room).connect();
    assert_eq!(again.closed().unwrap().code, 4403);
    let stranger = Guest::new("Stranger");
    let disguised = stranger.connecting(&room).header("cf-connecting-ip", from).connect();
    assert_eq!(disguised.closed().unwrap().code, 4403);
    assert!(disguised.received().is_empty());
    assert!(stranger.connecting(&room).header("cf-connecting-ip", "192.0.2.8").connect().is_open());
    ada.read();
    assert!(!ada.names().contains(&"Eve".to_owned()));

    room.advance(Duration::from_secs(601));
    eve.join(&room);
    assert!(eve.is_connected());
}

#[test]
fn who_is_muted_reads_on_and_is_told_until_when() {
    let (room, mut ada, mut eve) = company();
    ada.send(&act(Action::Mute, &eve.member, Some(60)));
    let until = loop {
        match eve.next_frame() {
            Some(ServerFrame::You(you)) => break you.muted_until,
            Some(_) => {}
            None => panic!("nobody was told"),
        }
    };
    assert_eq!(until, Some(room.now() + 60_000));
    ada.read();
    assert_eq!(ada.roster.get(&eve.member).unwrap().muted_until, until);
    eve.say("let me");
    assert_eq!(eve.error().code, ErrorCode::MUTED);
    ada.say("quiet");
    assert_eq!(texts(&mut eve), ["quiet"]);
    room.advance(Duration::from_secs(61));
    eve.say("sorry");
    assert_eq!(texts(&mut ada), ["quiet", "sorry"]);
}

#[test]
fn who_is_muted_says_nothing_by_another_name_either() {
    let (room, mut ada, mut eve) = company();
    let name = |name: &str| ClientFrame::Presence { data: crate::protocol::Name { name: name.into() } };
    ada.send(&act(Action::Mute, &eve.member, Some(60)));
    eve.send(&name("Ada is a fool"));
    assert_eq!(eve.error().code, ErrorCode::MUTED);
    eve.errors.clear();
    eve.send(&name("Eve"));
    eve.read();
    ada.read();
    assert!(eve.errors.is_empty());
    assert_eq!(ada.names(), ["Ada", "Eve"]);
    room.advance(Duration::from_secs(61));
    eve.send(&name("Eva"));
    ada.read();
    assert_eq!(ada.names(), ["Ada", "Eva"]);
}

#[test]
fn a_moderator_deletes_what_others_said_and_changes_it_not() {
    let (_room, mut ada, mut eve) = company();
    eve.say("spam");
    ada.rewrite(1, "I am sorry");
    assert_eq!(ada.error().code, ErrorCode::FORBIDDEN);
    ada.delete(1);
    assert!(texts(&mut eve).is_empty());
}

#[test]
fn a_moderator_appoints_another_and_dismisses_them() {
    let (_room, ada, mut eve) = company();
    ada.send(&act(Action::Appoint, &eve.member, None));
    eve.read();
    assert_eq!(role(&eve), Role::Moderator);
    ada.send(&act(Action::Dismiss, &eve.member, None));
    eve.read();
    assert_eq!(role(&eve), Role::Member);
}

#[test]
fn who_sends_too_much_is_told_when_again_and_closed_if_that_does_not_help() {
    let (room, mut ada, mut eve) = company();
    for n in 0..30 {
        eve.say(&n.to_string());
    }
    assert!(eve.outbox.len() == 30 && eve.errors.is_empty());
    let id = eve.say("too much");
    let fault = eve.error();
    assert_eq!((fault.code, fault.id), (ErrorCode::SLOW_DOWN, Some(id)));
    assert_eq!(fault.retry_after, Some(100));
    ada.say("I am not concerned");
    room.advance(Duration::from_millis(100));
    eve.say("better");
    assert_eq!(texts(&mut ada).len(), 32);
    for _ in 0..60 {
        eve.send(&ClientFrame::History { before: None, after: None });
    }
    assert_eq!(eve.socket().closed().unwrap().code, 4429);
}

#[test]
fn who_floods_the_room_keeps_no_moderator_from_the_same_address_from_keeping_order() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut eve) = (Guest::new("Ada"), Guest::new("Eve"));
    let mut twins: Vec<Guest> = (0..4).map(|n| Guest::new(&format!("Twin {n}"))).collect();
    for guest in [&mut ada, &mut eve].into_iter().chain(&mut twins) {
        let socket = guest.connecting(&room).header("cf-connecting-ip", "192.0.2.7").connect();
        guest.adopt(socket);
    }
    for twin in &mut twins {
        (0..30).for_each(|n| drop(twin.say(&n.to_string())));
    }
    ada.say("stop it");
    assert_eq!(ada.error().code, ErrorCode::SLOW_DOWN);
    eve.send(&act(Action::Kick, &twins[0].member, None));
    assert_eq!(eve.error().code, ErrorCode::SLOW_DOWN);
    ada.send(&act(Action::Kick, &twins[0].member, None));
    assert_eq!(twins[0].socket().closed().unwrap().code, 4403);
}

#[test]
fn a_full_room_tells_newcomers_so_and_takes_back_who_was_in_it() {
    let room = TestRoom::<Chat>::new("lobby");
    let mut guests: Vec<Guest> = (0..1_000).map(|n| Guest::new(&format!("Guest {n}"))).collect();
    guests.iter_mut().for_each(|guest| guest.adopt(guest.connecting(&room).connect()));
    let late = Guest::new("Late").connecting(&room).connect();
    let ServerFrame::Error::<(), ()>(fault) = late.receive_json() else { panic!("expected an error") };
    assert_eq!(fault.code, ErrorCode::ROOM_FULL);
    assert!(fault.retry_after.is_some());
    assert_eq!(late.closed().unwrap().code, 4503);
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
fn from_one_address_comes_half_of_a_full_room_and_the_others_find_a_place() {
    let room = TestRoom::<Chat>::new("lobby");
    let come = |guest: &Guest, from: &str| guest.connecting(&room).header("cf-connecting-ip", from).connect();
    let mut eve = Guest::new("Eve");
    eve.adopt(come(&eve, "192.0.2.7"));
    let others: Vec<_> = (1..500).map(|n| come(&Guest::new(&format!("Eve {n}")), "192.0.2.7")).collect();
    assert!(others.iter().all(TestClient::is_open));
    let one_more = come(&Guest::new("One more"), "192.0.2.7");
    let ServerFrame::Error::<(), ()>(fault) = one_more.receive_json() else { panic!("expected an error") };
    assert_eq!((fault.code, one_more.closed().unwrap().code), (ErrorCode::ROOM_FULL, 4503));
    assert!(come(&Guest::new("Ada"), "192.0.2.8").is_open());
    assert!(Guest::new("Bob").connecting(&room).connect().is_open());
    // Who is here already is no further member.
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
    let ServerFrame::Error::<(), ()>(fault) = one_more.receive_json() else { panic!("expected an error") };
    assert_eq!((fault.code, one_more.closed().unwrap().code), (ErrorCode::ROOM_FULL, 4503));
    tabs[1].vanish();
    tab.id = "one more".into();
    assert!(tab.connecting(&room).connect().is_open());
    assert!(Guest::new("Bob").connecting(&room).connect().is_open());
}

#[test]
fn who_has_fallen_silent_is_closed_and_gone_while_the_others_talk_on_and_in_a_quiet_room_too() {
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
fn a_wire_that_nobody_speaks_is_refused_for_good() {
    let room = TestRoom::<Chat>::new("lobby");
    let client = room.connecting("new").query("wire", "3").connect();
    assert_eq!(client.closed().unwrap().code, 4400);
    assert!(client.received().is_empty());
}

#[test]
fn a_newer_connection_of_the_same_id_takes_the_place_of_the_older() {
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
