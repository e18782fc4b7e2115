//! Summaries: an item's is made at once, and then once a second for all commands that have come by then.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::{Ack, ServerFrame};
use party::testing::TestRoom;

use super::board::{Board, ClientFrame, Command, Member, Mode, Post, batching, join, room, rows, shown};

const SECOND: Duration = Duration::from_secs(1);

/// A room with one question, and members that know it.
fn asked(members: usize) -> (TestRoom<Board>, Vec<Member>) {
    let room = room(Mode::Plain);
    let mut members: Vec<Member> = (0..members).map(|n| join(&room, &format!("member-{n}"))).collect();
    members[0].append("why?".into());
    members.iter_mut().for_each(Member::read);
    (room, members)
}

/// The votes of the one question, as a member sees them.
fn votes(member: &mut Member) -> u32 {
    shown(member)[0].1
}

fn changes(room: &TestRoom<Board>) -> usize {
    rows(room, "party_log_changes")
}

#[test]
fn a_summary_is_made_at_once_under_the_id_of_its_command_and_names_nobody() {
    let (room, mut members) = asked(2);
    let id = members[1].command(Command::VoteSoon(1));
    let Some(ServerFrame::Entry(entry)) = members[0].next_frame() else { panic!("no entry") };
    assert_eq!((entry.id.as_str(), entry.author.as_str(), entry.target), (id.as_str(), "", Some(1)));
    members[0].apply(ServerFrame::Entry(entry));
    assert_eq!((votes(&mut members[0]), votes(&mut members[1]), changes(&room)), (1, 1, 1));
    assert_eq!(members[1].acknowledged.get(&id), Some(&Some(2)));
}

#[test]
fn commands_that_come_within_a_second_are_acknowledged_at_once_and_share_one_entry() {
    let (room, mut members) = asked(41);
    for member in &mut members[1..] {
        let id = member.command(Command::VoteSoon(1));
        member.read();
        assert!(member.acknowledged.contains_key(&id), "{:?}", member.errors);
    }
    assert_eq!((votes(&mut members[0]), changes(&room), rows(&room, "votes")), (1, 1, 40));
    room.advance(SECOND - Duration::from_millis(1));
    assert_eq!(votes(&mut members[0]), 1);
    room.advance(Duration::from_millis(1));
    assert_eq!((votes(&mut members[0]), changes(&room)), (40, 2));
    assert!(members.iter_mut().all(|member| votes(member) == 40 && member.errors.is_empty()));
}

#[test]
fn summaries_stay_a_second_apart_while_commands_go_on() {
    let (room, mut members) = asked(31);
    for member in &mut members[1..] {
        member.command(Command::VoteSoon(1));
        room.advance(Duration::from_millis(200));
    }
    // 30 commands in 6 seconds.
    assert!((6..=7).contains(&changes(&room)), "{}", changes(&room));
    room.advance(SECOND);
    assert_eq!(votes(&mut members[0]), 30);
}

#[test]
fn each_item_has_its_own_second() {
    let (_room, mut members) = asked(3);
    members[0].append("how?".into());
    members[1].read();
    members[1].command(Command::VoteSoon(1));
    members[1].command(Command::VoteSoon(2));
    assert_eq!(shown(&mut members[2]), [("why?".to_owned(), 1), ("how?".to_owned(), 1)]);
}

#[test]
fn a_summary_that_is_due_is_made_after_a_sleep_or_a_crash() {
    for crash in [false, true] {
        let (room, mut members) = asked(3);
        members[1].command(Command::VoteSoon(1));
        let late = members[2].command(Command::VoteSoon(1));
        members[2].read();
        assert_eq!(members[2].acknowledged.get(&late), Some(&None));
        if crash {
            room.crash()
        } else {
            room.evict()
        }
        room.advance(SECOND);
        members[0].join(&room);
        assert_eq!((votes(&mut members[0]), changes(&room)), (2, 2), "crash: {crash}");
    }
}

#[test]
fn a_command_that_is_sent_again_counts_once_before_and_after_its_summary() {
    let (room, mut members) = asked(3);
    members[1].command(Command::VoteSoon(1));
    let late = members[2].command(Command::VoteSoon(1));
    for seq in [None, Some(3)] {
        members[2].read();
        members[2].send(&ClientFrame::Command { id: late.clone(), data: Command::VoteSoon(1) });
        let ack = std::iter::from_fn(|| members[2].next_frame()).any(
            |frame| matches!(frame, ServerFrame::Ack(Ack { id, seq: known }) if id == late && known == seq),
        );
        assert!(ack, "{seq:?}");
        room.advance(SECOND);
    }
    assert_eq!((votes(&mut members[0]), rows(&room, "votes"), changes(&room)), (2, 2, 2));
}

#[test]
fn an_item_that_is_deleted_before_its_summary_stays_deleted() {
    let (room, mut members) = asked(3);
    members[1].command(Command::VoteSoon(1));
    members[2].command(Command::VoteSoon(1));
    members[0].delete(1);
    room.advance(SECOND * 10);
    assert!(shown(&mut members[0]).is_empty() && room.errors().is_empty(), "{:?}", room.errors());
    assert_eq!(changes(&room), 2);
}

#[test]
fn a_command_for_an_item_that_is_missing_is_refused_and_undone() {
    let (room, mut members) = asked(2);
    for target in [0, 2, u64::MAX] {
        members[1].command(Command::VoteSoon(target));
        assert_eq!(members[1].error().code, ErrorCode::NOT_FOUND, "{target}");
    }
    // Also within the second after a summary.
    members[1].command(Command::VoteSoon(1));
    members[1].read();
    members[0].delete(1);
    members[0].read();
    members[0].command(Command::VoteSoon(1));
    assert_eq!((members[0].error().code, rows(&room, "votes")), (ErrorCode::NOT_FOUND, 1));
}

#[test]
fn a_summary_that_changes_nothing_makes_no_entry() {
    let (room, mut members) = asked(3);
    let summarize = |member: &mut Member| member.command(Command::Recount(1));
    summarize(&mut members[1]);
    members[1].read();
    assert!(members[1].errors.is_empty());
    summarize(&mut members[2]);
    room.advance(SECOND * 2);
    assert_eq!((changes(&room), votes(&mut members[0])), (0, 0));
    members.iter_mut().for_each(Member::read);
    assert!(members.iter().all(|member| member.errors.is_empty() && member.outbox.is_empty()));
}

#[test]
fn a_summary_that_fails_at_once_undoes_its_command() {
    let (room, mut members) = asked(2);
    let text = "uncountable".to_owned();
    room.call(&Post::Change { id: "c".into(), target: 1, text }).unwrap();
    members[1].command(Command::VoteSoon(1));
    assert_eq!((members[1].error().code, rows(&room, "votes")), (ErrorCode::INTERNAL, 0));
}

#[test]
fn a_summary_that_fails_later_is_tried_again() {
    let (room, mut members) = asked(3);
    let change = |id: &str, text: &str| {
        let post = Post::Change { id: id.into(), target: 1, text: text.into() };
        room.call(&post).unwrap();
    };
    members[1].command(Command::VoteSoon(1));
    members[2].command(Command::VoteSoon(1));
    change("a", "uncountable");
    room.advance(SECOND);
    assert_eq!((votes(&mut members[0]), room.errors().len()), (1, 1));
    change("b", "why?");
    room.advance(SECOND * 3);
    assert_eq!(votes(&mut members[0]), 2);
}

#[test]
fn summaries_of_one_batch_are_made_once() {
    let room = room(Mode::Plain);
    let mut members: Vec<Member> = (0..5).map(|n| batching(&room, &format!("member-{n}"))).collect();
    members[0].append("why?".into());
    room.advance(Duration::from_millis(50));
    members.iter_mut().for_each(Member::read);
    for member in &mut members[1..] {
        member.command(Command::VoteSoon(1));
    }
    room.advance(SECOND + Duration::from_millis(50));
    assert_eq!((votes(&mut members[0]), changes(&room)), (4, 2));
}
