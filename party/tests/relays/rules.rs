//! The app's rules hold in a large room as in a small one: they run in the hub, for the clients of all relays.

use std::time::Duration;

use party::parts::moderation::Role;
use party::parts::wire::Action;
use party::testing::{TestClient, TestMember};

use crate::hall::{Command, Gathering, Talk, Work};

#[test]
fn rules_make_each_item_with_the_name_of_its_author() {
    let mut all = Gathering::of(9);
    all.members[7].append("hello".to_owned());
    all.settle();
    all.members[7].introduce("seven".to_owned());
    all.settle();
    all.members[7].append("again".to_owned());
    all.settle();
    all.members[2].edit(1, "not mine".to_owned());
    all.members[7].edit(1, "hi".to_owned());
    all.settle();
    all.members[7].delete(2);
    all.settle();
    all.expect(&["seven: hi"]);
    assert_eq!(all.members[2].errors[0].code.as_str(), "forbidden");
}

#[test]
fn bad_input_is_answered_to_its_sender_and_nobody_else_notices() {
    let mut all = Gathering::of(9);
    let refused = all.members[3].append(String::new());
    all.members[4].introduce("nobody".to_owned());
    all.members[5].socket().send(r#"{"type":"append","id":"x1","body":7}"#);
    all.members[6].socket().send("not JSON");
    all.members[3].append("fine".to_owned());
    all.settle();
    let errors = |number: usize| -> Vec<(String, Option<String>)> {
        let of = &all.members[number];
        of.errors.iter().map(|error| (error.code.to_string(), error.id.clone())).collect()
    };
    assert_eq!(errors(3), [("invalid".to_owned(), Some(refused))]);
    assert_eq!(errors(4).len(), 1);
    assert_eq!(errors(5), [("invalid".to_owned(), Some("x1".to_owned()))]);
    assert_eq!(errors(6), [("not_json".to_owned(), None)]);
    assert!(errors(7).is_empty());
    all.expect(&["n3: fine"]);
}

#[test]
fn an_id_is_stored_once_however_often_it_is_sent() {
    let mut all = Gathering::of(9);
    for _ in 0..3 {
        all.members[3].socket().send(r#"{"type":"append","id":"same","body":"once"}"#);
    }
    all.settle();
    all.members[3].socket().send(r#"{"type":"append","id":"same","body":"once"}"#);
    all.settle();
    all.expect(&["n3: once"]);
}

#[test]
fn shared_state_events_and_own_state_reach_those_that_they_are_for() {
    let mut all = Gathering::of(9);
    all.members[1].command(Command::Topic("tea".to_owned()));
    all.members[2].command(Command::Ring);
    all.members[3].command(Command::Count);
    all.settle();
    for (number, member) in all.members.iter_mut().enumerate() {
        member.read();
        assert_eq!(member.shared.as_ref().map(|json| json.as_str()), Some("\"tea\""), "{number}");
        assert_eq!(member.events.len(), 1, "{number}");
        let own = member.own.as_ref().map(|json| json.as_str().to_owned());
        assert_eq!(own.as_deref(), (number == 3).then_some("1"), "{number}");
    }
    all.one_joins();
    let late = all.members.last().unwrap();
    assert_eq!(late.shared.as_ref().map(|json| json.as_str()), Some("\"tea\""));
}

/// Members that have joined and have not read anything yet: nobody has proved who it is, and the room has no founder.
fn unproved(members: usize) -> (Gathering, Vec<TestClient>) {
    let mut all = Gathering::with_seed(1);
    let mut sockets = Vec::new();
    for number in 0..members {
        let member = TestMember::new(&format!("c{number}")).introduced(&format!("n{number}"));
        sockets.push(member.connecting(&all.hub).begin().finish().unwrap());
        all.members.push(member);
        all.world.advance(Duration::from_millis(10));
    }
    (all, sockets)
}

fn moderators(all: &mut Gathering) -> Vec<String> {
    all.settle();
    all.members.iter_mut().for_each(TestMember::read);
    let moderators = all.members.iter().filter(|member| member.role == Role::Moderator);
    moderators.map(|member| member.id.clone()).collect()
}

#[test]
fn the_first_that_proves_who_it_is_at_a_relay_founds_the_room_and_nobody_else() {
    let (mut all, sockets) = unproved(12);
    for (member, socket) in all.members.iter_mut().zip(sockets).rev().filter(|(_, socket)| socket.is_open()) {
        member.adopt(socket);
        member.read();
        all.world.advance(Duration::from_millis(300));
    }
    assert_eq!(moderators(&mut all), ["c11"]);
    let standings: Vec<(String,)> = all.hub.sql().query("SELECT member FROM party_standings", ()).unwrap();
    assert_eq!(standings, [(all.members[11].member.to_string(),)], "the hub says so");
    all.members[11].command(Command::Topic("mine".to_owned()));
    all.settle();
    assert!(all.members[11].errors.is_empty());
    for relay in all.relays() {
        let tables: Vec<(String,)> =
            all.relay(relay).sql().query("SELECT name FROM sqlite_schema WHERE type = 'table'", ()).unwrap();
        assert!(tables.iter().all(|(name,)| name.starts_with("_cf_")), "{tables:?}");
    }
}

#[test]
fn a_member_that_was_moved_before_it_could_prove_who_it_is_founds_the_room_when_it_is_back() {
    let (mut all, mut sockets) = unproved(7);
    let first = sockets.remove(0);
    assert!(!first.is_open(), "it was moved");
    all.members[0].adopt(first);
    all.members[0].read();
    all.members[0].vanish();
    let rest = all.members.split_off(1);
    all.reconnect();
    assert_eq!(all.members[0].role, Role::Moderator, "its welcome says so");
    all.members.extend(rest);
    assert_eq!(moderators(&mut all), ["c0"]);
}

#[test]
fn an_app_cannot_change_the_room_at_a_relay() {
    let all = Gathering::of(12);
    let relay = all.relays()[0];
    assert!(all.relay(relay).call(&Work::Clear).is_err());
    assert!(all.hub.call(&Work::Clear).is_ok());
}

#[test]
fn an_event_that_the_app_sends_reaches_everyone_or_is_refused() {
    let mut all = Gathering::of(12);
    assert!(all.relay(all.relays()[0]).call(&Work::Ring).is_err(), "a relay would tell only its own clients");
    assert!(all.hub.call(&Work::Ring).is_ok());
    all.settle();
    assert!(all.members.iter().all(|member| member.events.len() == 1));
}

#[test]
fn pages_of_the_history_and_queries_are_answered_through_the_relay() {
    let mut all = Gathering::of(9);
    for number in 0..150 {
        all.members[0].append(format!("{number}"));
    }
    all.settle();
    all.one_joins();
    let late = all.members.last_mut().unwrap();
    assert_eq!(late.items.len(), 100);
    assert!(late.older);
    late.load_older();
    all.settle();
    assert_eq!(all.members.last_mut().unwrap().bodies().len(), 150);
    assert_eq!(all.members[4].ask(&"anything").unwrap().as_str(), "\"anything\"");
}

#[test]
fn a_moderator_acts_on_members_of_every_relay_at_once() {
    let mut all = Gathering::of(12);
    assert_eq!(all.members[0].role, Role::Moderator, "the first is the founder");
    let (muted, banned, kicked) =
        (all.members[5].member.clone(), all.members[6].member.clone(), all.members[7].member.clone());
    all.members[0].moderate(Action::Mute, &muted, Some(60));
    all.members[0].moderate(Action::Ban, &banned, None);
    all.members[0].moderate(Action::Kick, &kicked, None);
    all.members[0].append("after".to_owned());
    all.world.advance(Duration::from_secs(1));
    all.members.iter_mut().for_each(|member| member.read());
    assert!(all.members[5].muted_for.is_some());
    all.members[5].append("not heard".to_owned());
    for (number, code) in [(6, 4403), (7, 4403)] {
        assert_eq!(all.members[number].socket().closed().map(|close| close.code), Some(code), "{number}");
        assert!(all.members[number].items.values().all(|item| item.body.as_deref() != Some("n0: after")));
    }
    all.settle();
    assert!(!all.members[6].is_connected(), "a banned member stays out");
    assert!(all.members[7].is_connected(), "one that was removed may come back");
    all.members[0].moderate(Action::Unban, &banned, None);
    all.members[0].moderate(Action::Unmute, &muted, None);
    all.settle();
    assert!(all.members[6].is_connected());
    all.members[5].append("heard".to_owned());
    all.members[0].moderate(Action::Appoint, &muted, None);
    all.settle();
    assert_eq!(all.members[5].role, Role::Moderator);
    all.expect(&["n0: after", "n5: heard"]);
}

#[test]
fn a_ban_shuts_out_the_address_that_only_a_relay_knows() {
    let mut all = Gathering::of(9);
    let hub = all.world.room::<crate::hall::Hall>("hall", "lobby");
    let from = |id: &str| TestMember::<Talk>::new(id);
    let mut bad = from("bad");
    bad.join_from(&hub, "192.0.2.7");
    all.settle();
    let member = bad.member.clone();
    all.members[0].moderate(Action::Ban, &member, None);
    all.settle();
    bad.read();
    assert!(!bad.is_connected());
    for number in 0..12 {
        let neighbour = from(&format!("x{number}"));
        let pending = neighbour.connecting(&hub).header("cf-connecting-ip", "192.0.2.7").begin();
        let socket = pending.finish().unwrap();
        assert_eq!(socket.closed().map(|close| close.code), Some(4403), "{number}");
    }
    let mut other = from("other");
    other.join_from(&hub, "192.0.2.8");
    assert!(other.is_connected());
}

#[test]
fn all_relays_together_write_at_the_rate_of_the_room_and_moderators_are_not_counted() {
    let mut all = Gathering::with_seed(0);
    all.hub.set_secret("RATE", "3");
    (0..9).for_each(|_| all.one_joins());
    all.settle();
    for number in 0..9 {
        all.members[number].append(format!("{number}"));
    }
    all.world.advance(Duration::from_millis(10));
    assert_eq!(all.members[0].bodies().len(), 4, "three at once, and the moderator");
    let refused: Vec<_> = all
        .members
        .iter_mut()
        .flat_map(|member| {
            member.read();
            member.errors.clone()
        })
        .collect();
    assert_eq!(refused.len(), 5);
    assert!(refused.iter().all(|error| error.code.as_str() == "slow_down" && error.retry_after.is_some()));
    for _ in 0..4 {
        all.settle();
        all.members.iter().for_each(|member| member.resend());
    }
    all.settle();
    assert_eq!(all.members[8].bodies().len(), 9, "nothing is lost");
}

#[test]
fn all_devices_of_a_member_write_under_the_name_that_it_has_taken_on_one() {
    let mut all = Gathering::of(9);
    let mut phone = all.members[7].on_another_device("phone");
    phone.join(&all.hub);
    all.members[7].introduce("seven".to_owned());
    all.settle();
    phone.append("from my phone".to_owned());
    all.settle();
    all.expect(&["seven: from my phone"]);
}

#[test]
fn a_client_of_a_relay_that_reads_nothing_is_closed_although_nobody_there_writes() {
    let mut all = Gathering::of(12);
    let first = all.members[0].socket().room_name();
    let deaf = all.members.iter().position(|member| member.socket().room_name() != first).unwrap();
    let relay = all.members[deaf].socket().room_name();
    let deaf = all.members.remove(deaf);
    let text = "x".repeat(10_000);
    for _ in 0..60 {
        (0..4).for_each(|_| drop(all.members[0].append(text.clone())));
        all.world.advance(Duration::from_secs(2));
        all.members.iter_mut().for_each(|member| member.read());
        all.members.iter().chain([&deaf]).for_each(|member| member.socket().send("ping"));
    }
    assert!(!deaf.socket().is_open());
    assert!(all.members.iter_mut().all(|member| member.is_connected()));
    assert!(all.members.iter().any(|member| member.socket().room_name() == relay), "others there read");
}

#[test]
fn a_ban_by_address_holds_at_a_relay_that_hears_of_it_late() {
    let mut all = Gathering::of(12);
    let (mut bad, mut neighbours) = (TestMember::<Talk>::new("bad"), Vec::new());
    bad.join_from(&all.hub, "192.0.2.7");
    for number in 0..8 {
        let mut neighbour = TestMember::<Talk>::new(&format!("x{number}"));
        neighbour.join_from(&all.hub, "192.0.2.7");
        neighbours.push(neighbour);
    }
    all.settle();
    let home = bad.socket().room_name();
    neighbours.retain(|one| one.socket().is_open());
    let apart: Vec<_> = neighbours.iter().filter(|one| one.socket().room_name() != home).collect();
    assert!(!apart.is_empty());
    for one in &apart {
        all.world.hold_calls(("hall", "lobby"), ("hall", &one.socket().room_name()));
    }
    all.members[0].moderate(Action::Ban, &bad.member, None);
    all.world.advance(Duration::from_secs(2));
    assert!(!bad.socket().is_open());
    // What it would have told them is gone with its memory.
    all.hub.crash();
    for one in &apart {
        all.world.release_calls(("hall", "lobby"), ("hall", &one.socket().room_name()));
    }
    all.settle();
    for one in apart {
        assert_eq!(one.socket().closed().map(|close| close.code), Some(4403), "{}", one.id);
    }
}
