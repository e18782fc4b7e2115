//! Calls that are lost, doubled, late, or never answered.

use std::time::Duration;

use party::testing::{CallFault, CallFaults, TestWorld};

use super::{Ask, Node, ask, asks, client, counted, lines, node, world};

const B: (&str, &str) = ("node", "b");

#[test]
fn a_lost_call_is_an_error_at_once_and_is_not_carried_out() {
    let world = world();
    let ada = client(&world, "a");
    world.fault_next_call(B, CallFault::Lose);
    let error = asks(&ada, ask(B, Ask::Count)).unwrap();
    assert_eq!(error, "Platform: the room b cannot be reached: the call was lost");
    assert_eq!(world.names("node"), ["a"], "the room was not even made");
    assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "1", "only one call was lost");
}

#[test]
fn a_call_whose_answer_is_lost_is_carried_out() {
    let world = world();
    let ada = client(&world, "a");
    world.fault_next_call(B, CallFault::LoseAnswer);
    let error = asks(&ada, ask(B, Ask::Count)).unwrap();
    assert_eq!(error, "Platform: the room b cannot be reached: its answer was lost");
    assert_eq!(counted(&world, "b"), 1);
}

#[test]
fn a_doubled_call_is_carried_out_twice_and_answered_once() {
    let world = world();
    let ada = client(&world, "a");
    world.fault_next_call(B, CallFault::Double);
    assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "1");
    assert_eq!((counted(&world, "b"), ada.try_receive()), (2, None));
}

#[test]
fn a_delayed_call_arrives_when_its_time_has_passed_and_after_later_calls() {
    let world = world();
    let [ada, bob] = ["a", "c"].map(|name| client(&world, name));
    world.fault_next_call(("node", "journal"), CallFault::Delay(Duration::from_secs(3)));
    let journal = |line: &str| ask(("node", "journal"), Ask::Note(line.to_owned()));
    assert_eq!(asks(&ada, journal("first")), None);
    assert!(asks(&bob, journal("second")).is_some());
    world.advance(Duration::from_millis(2_999));
    assert_eq!(ada.try_receive(), None);
    world.advance(Duration::from_millis(1));
    assert!(ada.try_receive().is_some());
    assert_eq!(lines(&world), "second first");
}

#[test]
fn a_call_that_hangs_is_carried_out_and_never_answered() {
    let world = world();
    let ada = client(&world, "a");
    world.fault_next_call(B, CallFault::Hang);
    assert_eq!(asks(&ada, ask(B, Ask::Count)), None);
    world.advance(Duration::from_secs(86_400));
    assert_eq!((counted(&world, "b"), ada.try_receive()), (1, None));
    node(&world, "b").evict();
    assert_eq!(ada.try_receive(), None, "no error comes either");
    assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "2", "the rooms go on");
}

#[test]
fn each_of_several_faults_is_for_one_call() {
    let world = world();
    let ada = client(&world, "a");
    world.fault_next_call(B, CallFault::Lose);
    world.fault_next_call(("node", "c"), CallFault::Lose);
    world.fault_next_call(B, CallFault::LoseAnswer);
    let kinds: Vec<String> = (0..3).map(|_| asks(&ada, ask(B, Ask::Count)).unwrap()).collect();
    assert!(kinds[0].contains("the call was lost") && kinds[1].contains("its answer was lost"), "{kinds:?}");
    assert_eq!(kinds[2], "2");
}

#[test]
fn calls_that_are_held_wait_until_they_are_released_in_their_order() {
    let world = world();
    let [ada, bob] = ["a", "c"].map(|name| client(&world, name));
    let journal = |line: &str| ask(("node", "journal"), Ask::Note(line.to_owned()));
    world.hold_calls(("node", "a"), ("node", "journal"));
    assert_eq!((asks(&ada, journal("1")), asks(&ada, journal("2"))), (None, None));
    assert_eq!(asks(&bob, journal("3")).unwrap().trim(), "3", "calls of other rooms pass");
    assert_eq!(asks(&ada, ask(B, Ask::Count)).unwrap(), "1", "calls to other rooms pass");
    world.advance(Duration::from_secs(60));
    assert_eq!(ada.try_receive(), None);
    world.release_calls(("node", "a"), ("node", "journal"));
    assert_eq!(ada.received().len(), 2);
    assert_eq!(lines(&world), "3 1 2");
    assert!(asks(&ada, journal("4")).is_some(), "none is held any more");
}

#[test]
fn each_fault_happens_by_chance_as_often_as_was_said() {
    /// Returns how many of 200 calls were carried out, answered and failed.
    fn outcome(faults: CallFaults) -> (u32, usize, usize) {
        let world = world();
        let ada = client(&world, "a");
        world.set_call_faults(faults);
        let answers: Vec<_> = (0..200).filter_map(|_| asks(&ada, ask(B, Ask::Count))).collect();
        let failed = answers.iter().filter(|answer| answer.starts_with("Platform: ")).count();
        (counted(&world, "b"), answers.len() - failed, failed)
    }
    let none = CallFaults::default();
    assert_eq!(outcome(none), (200, 200, 0));
    assert_eq!(outcome(none.lose(1.0)), (0, 0, 200));
    assert_eq!(outcome(none.lose_answers(1.0)), (200, 0, 200));
    assert_eq!(outcome(none.double(1.0)), (400, 200, 0));
    assert_eq!(outcome(none.delay(1.0, Duration::from_secs(2))), (0, 0, 0));
    let (arrived, answered, failed) = outcome(none.hang(1.0));
    assert!((60..140).contains(&arrived) && (answered, failed) == (0, 0), "{arrived}");
    let (arrived, answered, failed) = outcome(none.lose(0.5));
    assert!((60..140).contains(&failed), "{failed}");
    assert_eq!((usize::try_from(arrived).unwrap(), answered + failed), (answered, 200));
}

#[test]
fn late_calls_and_late_answers_come_within_the_longest_delay_each() {
    let world = world();
    let ada = client(&world, "a");
    world.set_call_faults(CallFaults::default().delay(1.0, Duration::from_secs(2)));
    (0..20).for_each(|_| assert_eq!(asks(&ada, ask(B, Ask::Count)), None));
    world.advance(Duration::from_secs(2));
    let arrived = ada.received().len();
    assert_eq!(counted(&world, "b"), 20);
    assert!(arrived < 20, "some answers are late, too");
    world.advance(Duration::from_secs(2));
    assert_eq!(arrived + ada.received().len(), 20);
}

#[test]
fn the_same_seed_has_the_same_history_and_another_seed_another() {
    fn history(seed: u64) -> Vec<String> {
        let world = TestWorld::with_seed(seed).party::<Node>("node");
        let clients = ["a", "b", "c"].map(|name| client(&world, name));
        let faults = CallFaults::default().lose(0.1).lose_answers(0.1).double(0.2).hang(0.05);
        world.set_call_faults(faults.delay(0.5, Duration::from_secs(5)));
        let mut history = Vec::new();
        for step in 0..60 {
            let line = Ask::Note(step.to_string());
            clients[step % 3].send_json(&ask(("node", "journal"), line));
            world.advance(Duration::from_millis(700));
            history.extend(
                clients.iter().flat_map(|client| client.received()).map(|answer| format!("{answer:?}")),
            );
        }
        history.push(lines(&world));
        history
    }
    assert_eq!(history(1), history(1));
    assert_ne!(history(1), history(2));
}
