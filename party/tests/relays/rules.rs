//! The app's rules hold in a large room as in a small one: they run in the hub, for the clients of all relays.

use party::parts::moderation::Role;
use party::parts::wire::Action;

use crate::hall::{Command, Gathering};

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
    all.world.advance(std::time::Duration::from_secs(1));
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
    let from = |id: &str| party::testing::TestMember::<crate::hall::Talk>::new(id);
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
    all.world.advance(std::time::Duration::from_millis(10));
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
