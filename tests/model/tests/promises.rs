//! Visits all states within bounds: the promises hold in each, and the model finds protocols that break them.

#![expect(clippy::panic, reason = "a test speaks by panicking")]

use relay_model::check::Relays;
use relay_model::faults::{Faults, Flaw};
use stateright::{Checker, HasDiscoveries, Model};

const NONE: Faults =
    Faults { lost: 0, doubled: 0, broken: 0, sleeps: 0, crashes: 0, ghosts: 0, hub: 0, notes: 0 };

/// Returns a room with this number of relays, in which the first of two clients writes twice.
fn room(relays: usize, faults: Faults) -> Relays {
    Relays { relays, writes: vec![2, 0], faults, flaw: None }
}

fn holds(room: Relays) {
    let checker = room.checker().threads(2).spawn_dfs().join();
    println!("{} states", checker.unique_state_count());
    checker.assert_properties();
}

/// Returns the promise that breaks.
fn breaks(flaw: Flaw, room: Relays) -> &'static str {
    let checker = Relays { flaw: Some(flaw), ..room };
    let checker = checker.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let mut promises = checker.discoveries().into_keys();
    let broken = promises.find(|promise| *promise != "everyone has everything");
    broken.unwrap_or_else(|| panic!("{flaw:?} breaks no promise"))
}

#[test]
fn calls_are_lost_and_come_in_any_order() {
    holds(Relays { writes: vec![1, 1], ..room(2, Faults { lost: 1, ..NONE }) });
}

#[test]
fn calls_come_twice_and_a_relay_sleeps() {
    holds(room(1, Faults { lost: 1, doubled: 1, sleeps: 2, ..NONE }));
}

#[test]
fn a_relay_crashes_and_old_calls_reach_its_successor() {
    holds(room(1, Faults { crashes: 1, doubled: 1, lost: 1, sleeps: 1, ..NONE }));
}

#[test]
fn sockets_of_a_relay_that_was_replaced_look_open() {
    holds(room(1, Faults { ghosts: 1, doubled: 1, lost: 1, ..NONE }));
}

#[test]
fn the_hub_loses_its_memory() {
    holds(room(1, Faults { hub: 1, notes: 1, lost: 1, doubled: 1, sleeps: 1, ..NONE }));
}

#[test]
fn clients_go_from_relay_to_relay() {
    holds(Relays { writes: vec![1, 0], ..room(2, Faults { broken: 2, sleeps: 1, doubled: 1, ..NONE }) });
}

#[test]
fn protocols_that_are_wrong_are_found() {
    let asleep = Faults { sleeps: 1, lost: 1, hub: 1, notes: 1, ..NONE };
    let doubled = Faults { doubled: 1, crashes: 1, ..NONE };
    for (flaw, relays, faults) in [
        (Flaw::OrderOfCalls, 1, doubled),
        (Flaw::OldPushes, 2, doubled),
        (Flaw::PageForAll, 2, Faults { sleeps: 1, lost: 1, broken: 1, ..NONE }),
        (Flaw::PagesCount, 2, Faults { sleeps: 1, lost: 1, broken: 1, ..NONE }),
        (Flaw::NoFloor, 1, asleep),
        (Flaw::NoIds, 1, Faults { lost: 1, ..NONE }),
    ] {
        println!("{flaw:?}: {}", breaks(flaw, room(relays, faults)));
    }
}
