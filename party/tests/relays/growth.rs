//! A room grows into relays and back, and nobody notices more than a reconnect.

use std::time::Duration;

use party::parts::log::Position;
use party::parts::wire::Action;

use crate::hall::{Command, Gathering};

#[test]
fn a_room_that_grows_moves_its_members_to_relays_and_nothing_is_lost_or_doubled() {
    let mut all = Gathering::of(3);
    all.members[0].append("one".to_owned());
    assert_eq!(all.hub.connections(), 3);
    for number in 3..12 {
        all.one_joins();
        let text = format!("by {number}");
        all.members[number].append(text);
    }
    all.settle();
    all.members[1].append("last".to_owned());
    all.settle();
    assert_eq!(all.hub.connections(), 0, "all have moved");
    let at_relays: usize = (0..20).map(|relay| all.relay(relay).connections()).sum();
    assert_eq!(at_relays, 12);
    let mut expected = vec!["n0: one".to_owned()];
    expected.extend((3..12).map(|number| format!("n{number}: by {number}")));
    expected.push("n1: last".to_owned());
    all.expect(&expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_room_that_shrinks_gives_up_its_relays_and_those_who_stay_come_back() {
    let mut all = Gathering::of(12);
    all.members[5].append("large".to_owned());
    all.settle();
    assert!(!all.relays().is_empty());
    let gone: Vec<_> = all.members.drain(2..).collect();
    for mut member in gone {
        member.vanish();
    }
    for _ in 0..10 {
        all.settle();
    }
    assert!(all.relays().is_empty(), "{:?}", all.relays());
    assert_eq!(all.hub.connections(), 2);
    all.members[1].append("small".to_owned());
    all.expect(&["n5: large", "n1: small"]);
    assert_eq!(all.members[0].roster.len(), 2, "a small room has its roster again");
}

#[test]
fn a_room_at_its_limit_does_not_go_back_and_forth() {
    let mut all = Gathering::of(5);
    for _ in 0..6 {
        all.settle();
    }
    let before = all.relays();
    assert!(!before.is_empty());
    all.members.pop().unwrap().vanish();
    for _ in 0..10 {
        all.settle();
    }
    assert!(!all.relays().is_empty(), "three of four are more than half");
    assert_eq!(all.hub.connections(), 0);
}

#[test]
fn more_relays_take_only_their_part_of_the_members() {
    let mut all = Gathering::of(12);
    all.members[0].append("before".to_owned());
    let relays = all.relays().len();
    for _ in 0..30 {
        all.one_joins();
    }
    all.settle();
    all.members[40].append("after".to_owned());
    all.settle();
    assert!(all.relays().len() > relays);
    all.expect(&["n0: before", "n40: after"]);
}

#[test]
fn a_member_that_is_led_by_an_old_number_of_relays_is_led_on_and_not_closed_again() {
    let mut all = Gathering::of(12);
    let relays = all.relays().len();
    for _ in 0..30 {
        all.one_joins();
    }
    let mut closed = 0;
    for _ in 0..30 {
        all.world.advance(Duration::from_millis(100));
        closed += all.members.iter().filter(|member| !member.is_connected()).count();
        all.reconnect();
    }
    assert!(all.relays().len() > relays);
    assert!(closed <= 2 * all.members.len(), "{closed} connections were closed");
}

#[test]
fn a_small_room_keeps_nothing_for_relays_that_it_does_not_have() {
    let mut all = Gathering::of(3);
    all.members[0].append("small".to_owned());
    all.settle();
    all.hub.evict();
    all.members[1].append("again".to_owned());
    all.settle();
    let tables: Vec<(String,)> =
        all.hub.sql().query("SELECT name FROM sqlite_schema WHERE name LIKE 'party_relays%'", ()).unwrap();
    assert!(tables.is_empty());
    assert_eq!(all.world.names("hall"), ["lobby"], "and calls nobody");
    all.expect(&["n0: small", "n1: again"]);
}

/// Has all but two leave, and waits until the room has given up its relays. Returns those who have left.
fn shrink(all: &mut Gathering) -> Vec<party::testing::TestMember<crate::hall::Talk>> {
    let mut gone: Vec<_> = all.members.drain(2..).collect();
    gone.iter_mut().for_each(|member| member.vanish());
    for _ in 0..10 {
        all.settle();
    }
    assert_eq!(all.kept_relays(), 0);
    gone
}

#[test]
fn relays_that_come_back_know_what_has_changed_while_the_room_was_small() {
    let mut all = Gathering::of(12);
    let mut gone = shrink(&mut all);
    let banned = gone[3].member.clone();
    all.members[0].moderate(Action::Ban, &banned, None);
    all.members[0].command(Command::Topic("tea".to_owned()));
    let mut unlucky = gone.remove(3);
    all.members.append(&mut gone);
    all.settle();
    all.settle();
    assert!(!all.relays().is_empty());
    for member in &all.members {
        assert_eq!(member.shared.as_ref().map(|json| json.as_str()), Some("\"tea\""), "{}", member.id);
    }
    unlucky.adopt(unlucky.connecting(&all.hub).begin().finish().unwrap());
    assert_eq!(unlucky.socket().closed().map(|close| close.code), Some(4403));
}

#[test]
fn a_room_that_all_have_left_gives_up_its_relays_although_its_hub_sleeps_most_of_the_time() {
    let mut all = Gathering::of(12);
    all.members.drain(..).for_each(|mut member| member.vanish());
    for _ in 0..60 {
        all.world.advance(Duration::from_secs(10));
        all.hub.evict();
    }
    assert_eq!(all.kept_relays(), 0);
}

#[test]
fn a_large_room_keeps_its_relays_although_its_hub_sleeps_most_of_the_time() {
    let mut all = Gathering::of(12);
    for _ in 0..60 {
        all.world.advance(Duration::from_secs(10));
        all.members.iter().for_each(|member| member.socket().send("ping"));
        all.hub.evict();
    }
    assert!(all.kept_relays() > 0);
    assert!(all.members.iter_mut().all(|member| member.is_connected()));
}

#[test]
fn a_large_room_with_a_time_to_live_is_not_destroyed_while_its_members_listen() {
    let mut all = Gathering::with_seed(0);
    all.hub.set_secret("TIME_TO_LIVE", "60");
    (0..12).for_each(|_| all.one_joins());
    all.members[0].append("kept".to_owned());
    all.settle();
    for _ in 0..200 {
        all.world.advance(Duration::from_secs(10));
        all.members.iter().for_each(|member| member.socket().send("ping"));
        all.hub.evict();
    }
    assert!(all.members.iter_mut().all(|member| member.is_connected()));
    assert_eq!(all.entries().len(), 1);
}

#[test]
fn a_relay_without_clients_holds_nothing_up() {
    let with_seed = |seed| {
        let mut all = Gathering::with_seed(seed);
        (0..5).for_each(|_| all.one_joins());
        all.settle();
        all
    };
    let has_unused = |all: &Gathering| (all.relays().len() as u64) < all.kept_relays();
    let mut all = (0..100).map(with_seed).find(has_unused).unwrap();
    (0..20).for_each(|number| drop(all.members[0].append(format!("{number}"))));
    for _ in 0..5 {
        all.settle();
    }
    let (floor,): (String,) = all.hub.sql().query_one("SELECT floor FROM party_relays", ()).unwrap();
    assert_eq!(floor.parse::<Position>().unwrap().seq, 20);
}
