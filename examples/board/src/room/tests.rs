//! A board in a native room, with everything that can happen to it in between.
//!
//! - here: asking, editing, answering, removing, and what is refused;
//! - [`votes`]: each member counts once, and nobody sees who has voted;
//! - [`schedules`]: random schedules of everything at once.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]

mod schedules;
mod votes;

use party::parts::wire::{Action, ClientFrame};
use party::testing::{TestMember, TestRoom};

use super::*;

type Member = TestMember<BoardRules>;

/// Returns a member with a name, in a room.
fn join(room: &TestRoom<Board>, name: &str) -> Member {
    let mut member = Member::new(name).introduced(&Name { name: name.to_owned() });
    member.join(room);
    member
}

/// Tests a room with these members. The first one is its founder, and so a moderator.
fn board<const N: usize>(names: [&str; N]) -> (TestRoom<Board>, [Member; N]) {
    let room = TestRoom::<Board>::new("board");
    let members = names.map(|name| join(&room, name));
    (room, members)
}

fn ask(member: &mut Member, text: &str) -> String {
    member.append(Ask { text: text.to_owned() })
}

fn edit(member: &mut Member, question: u64, text: &str) -> String {
    member.edit(question, Ask { text: text.to_owned() })
}

fn upvote(member: &mut Member, question: u64) -> String {
    member.command(Command::Upvote { question })
}

fn answer(member: &mut Member, question: u64) -> String {
    member.command(Command::Answer { question })
}

/// Returns a question, as a member sees it.
fn question(member: &mut Member, seq: u64) -> Question {
    member.read();
    member.items.get(&seq).and_then(|item| item.body.clone()).unwrap()
}

/// Returns the texts of all questions, as a member sees them.
fn texts(member: &mut Member) -> Vec<String> {
    member.bodies().into_iter().map(|question| question.text).collect()
}

/// Returns the code of the next error, and the frame that it is about.
fn refusal(member: &mut Member) -> (ErrorCode, Option<String>) {
    let error = member.error();
    (error.code, error.id)
}

#[test]
fn a_question_reaches_everyone_and_members_that_join_later() {
    let (room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut bob, "  Why is the sky blue? ");
    let asked =
        Question { text: "Why is the sky blue?".to_owned(), by: "Bob".to_owned(), votes: 0, answered: false };
    assert_eq!(question(&mut ada, 1), asked);
    room.crash();
    let mut cy = join(&room, "Cy");
    assert_eq!(question(&mut cy, 1), asked);
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn members_are_shown_with_their_names_and_can_change_them() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut bob, "One?");
    bob.introduce(Name { name: " Bobby ".to_owned() });
    ask(&mut bob, "Two?");
    assert_eq!((question(&mut ada, 1).by, question(&mut ada, 2).by), ("Bob".to_owned(), "Bobby".to_owned()));
    let mut names: Vec<&str> = ada.roster.values().map(|profile| profile.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ada", "Bobby"]);
}

#[test]
fn a_member_without_a_valid_name_joins_as_a_guest() {
    let room = TestRoom::<Board>::new("board");
    let mut ada = Member::new("Ada");
    ada.join(&room);
    let mut bob = Member::new("Bob").introduced(&Name { name: "x".repeat(41) });
    bob.join(&room);
    ada.read();
    assert_eq!(ada.roster.values().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["Guest"; 2]);
}

#[test]
fn an_edit_keeps_the_votes_the_author_and_the_answer() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut bob, "Wy?");
    upvote(&mut ada, 1);
    answer(&mut ada, 1);
    bob.introduce(Name { name: "Bobby".to_owned() });
    edit(&mut bob, 1, "Why?");
    let expected = Question { text: "Why?".to_owned(), by: "Bob".to_owned(), votes: 1, answered: true };
    assert_eq!(question(&mut ada, 1), expected);
    assert_eq!(question(&mut bob, 1), expected);
}

#[test]
fn only_a_moderator_marks_a_question_as_answered() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut bob, "Why?");
    let id = answer(&mut bob, 1);
    assert_eq!(refusal(&mut bob), (ErrorCode::FORBIDDEN, Some(id)));
    assert!(!question(&mut ada, 1).answered);
    let member = bob.member.clone();
    ada.moderate(Action::Appoint, &member, None);
    bob.read();
    answer(&mut bob, 1);
    assert!(question(&mut ada, 1).answered);
}

#[test]
fn a_question_is_removed_by_its_author_or_a_moderator_only() {
    let (room, [mut ada, mut bob, mut cy]) = board(["Ada", "Bob", "Cy"]);
    for text in ["One?", "Two?", "Three?"] {
        ask(&mut bob, text);
    }
    let id = cy.delete(1);
    assert_eq!(refusal(&mut cy), (ErrorCode::FORBIDDEN, Some(id)));
    bob.delete(1);
    ada.delete(2);
    for member in [&mut ada, &mut bob, &mut cy] {
        assert_eq!(texts(member), ["Three?"]);
    }
    room.crash();
    assert_eq!(texts(&mut join(&room, "Dan")), ["Three?"]);
}

#[test]
fn a_removed_question_cannot_be_edited_upvoted_or_answered() {
    let (_room, [mut ada]) = board(["Ada"]);
    ask(&mut ada, "Why?");
    ada.delete(1);
    for act in [upvote, answer, |member: &mut Member, seq| edit(member, seq, "How?")] {
        let id = act(&mut ada, 1);
        assert_eq!(refusal(&mut ada), (ErrorCode::NOT_FOUND, Some(id)));
    }
    let id = upvote(&mut ada, 7);
    assert_eq!(refusal(&mut ada), (ErrorCode::NOT_FOUND, Some(id)));
}

#[test]
fn a_member_cannot_edit_questions_of_others() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut bob, "Why?");
    let id = edit(&mut ada, 1, "How?");
    assert_eq!(refusal(&mut ada), (ErrorCode::FORBIDDEN, Some(id)));
    assert_eq!(question(&mut bob, 1).text, "Why?");
}

#[test]
fn bad_input_is_refused_by_its_id_and_changes_nothing() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    for text in ["", "  ", "a bell: \u{7}", "two\nlines", &"x".repeat(501)] {
        let id = ask(&mut bob, text);
        assert_eq!(refusal(&mut bob), (ErrorCode::INVALID, Some(id)), "{text:?}");
    }
    bob.socket().send(r#"{"type":"command","id":"c","data":{"do":"downvote","question":1}}"#);
    assert_eq!(refusal(&mut bob), (ErrorCode::INVALID, Some("c".to_owned())));
    bob.socket().send(r#"{"type":"append","id":"a","body":{"text":7}}"#);
    assert_eq!(refusal(&mut bob), (ErrorCode::INVALID, Some("a".to_owned())));
    let id = bob.introduce(Name { name: " ".to_owned() });
    assert_eq!(refusal(&mut bob), (ErrorCode::INVALID, Some(id)));
    assert!(ada.bodies().is_empty());
    ask(&mut bob, &"ü".repeat(500));
    assert_eq!(ada.bodies().len(), 1);
}

#[test]
fn the_room_sets_votes_and_author_and_ignores_those_in_a_frame() {
    let (_room, [mut ada, bob]) = board(["Ada", "Bob"]);
    let forged = r#"{"type":"append","id":"f","body":{"text":"Why?","by":"Ada","votes":99,"answered":true}}"#;
    bob.socket().send(forged);
    let expected = Question { text: "Why?".to_owned(), by: "Bob".to_owned(), votes: 0, answered: false };
    assert_eq!(question(&mut ada, 1), expected);
}

#[test]
fn a_muted_member_can_neither_ask_nor_vote() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "Why?");
    let member = bob.member.clone();
    ada.moderate(Action::Mute, &member, Some(600));
    bob.read();
    for act in [upvote, |member: &mut Member, _| ask(member, "How?")] {
        let id = act(&mut bob, 1);
        assert_eq!(refusal(&mut bob), (ErrorCode::MUTED, Some(id)));
    }
    assert_eq!(question(&mut ada, 1).votes, 0);
}

#[test]
fn questions_and_votes_sent_in_one_array_are_all_done_in_their_order() {
    let (_room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "Why?");
    bob.read();
    let frames: [ClientFrame<Ask, Name, Command>; 3] = [
        ClientFrame::Append { id: "a".to_owned(), body: Ask { text: "How?".to_owned() } },
        ClientFrame::Command { id: "b".to_owned(), data: Command::Upvote { question: 1 } },
        ClientFrame::Command { id: "c".to_owned(), data: Command::Upvote { question: 2 } },
    ];
    bob.socket().send_json(&frames);
    assert_eq!((question(&mut ada, 1).votes, question(&mut ada, 2).votes), (1, 1));
    assert_eq!((ada.head, ada.errors.len()), (4, 0));
}
