//! Votes: each member counts once, however often and from wherever it votes, and nobody sees who has voted.

use super::*;

/// Returns the own votes of a member, as it knows them.
fn own(member: &mut Member) -> Vec<u64> {
    member.read();
    member.own.as_ref().map(|own| own.read().unwrap()).unwrap_or_default()
}

/// Returns how many votes the room has stored for a question.
fn stored(room: &TestRoom<Board>, question: u64) -> usize {
    room.sql().rows("SELECT member FROM votes WHERE question = ?", (question,)).unwrap().len()
}

#[test]
fn a_second_vote_of_a_member_is_acknowledged_and_not_counted() {
    let (room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "Why?");
    upvote(&mut bob, 1);
    let second = upvote(&mut bob, 1);
    assert_eq!(question(&mut bob, 1).votes, 1);
    assert_eq!(bob.acknowledged.get(&second), Some(&None));
    upvote(&mut ada, 1);
    assert_eq!(question(&mut bob, 1).votes, 2);
    assert_eq!((stored(&room, 1), bob.head), (2, 3));
}

#[test]
fn a_vote_counts_once_over_a_resend_a_reconnect_and_a_crash() {
    let (room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "Why?");
    bob.read();
    let id = upvote(&mut bob, 1);
    // Its answer is lost, and so is that of the second attempt.
    bob.resend();
    bob.vanish();
    bob.join(&room);
    room.crash();
    bob.join(&room);
    assert_eq!(bob.acknowledged.get(&id), Some(&Some(2)));
    assert!(bob.outbox.is_empty());
    let repeated = ClientFrame::Command { id: id.clone(), data: Command::Upvote { question: 1 } };
    room.evict();
    bob.send(&repeated);
    ada.join(&room);
    assert_eq!((question(&mut ada, 1).votes, question(&mut bob, 1).votes), (1, 1));
    assert_eq!(stored(&room, 1), 1);
}

#[test]
fn a_vote_counts_once_over_two_devices_of_a_member() {
    let (room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "Why?");
    let mut phone = bob.on_another_device("phone");
    phone.join(&room);
    upvote(&mut bob, 1);
    upvote(&mut phone, 1);
    assert_eq!((question(&mut ada, 1).votes, question(&mut phone, 1).votes), (1, 1));
    assert!(phone.outbox.is_empty() && phone.errors.is_empty());
}

#[test]
fn own_votes_are_in_the_welcome_and_reach_all_devices_of_the_member_only() {
    let (room, [mut ada, mut bob]) = board(["Ada", "Bob"]);
    ask(&mut ada, "One?");
    ask(&mut ada, "Two?");
    let mut phone = bob.on_another_device("phone");
    phone.join(&room);
    upvote(&mut bob, 2);
    assert_eq!((own(&mut bob), own(&mut phone), own(&mut ada)), (vec![2], vec![2], vec![]));
    upvote(&mut phone, 1);
    assert_eq!((own(&mut bob), own(&mut phone), own(&mut ada)), (vec![2, 1], vec![2, 1], vec![]));
    room.crash();
    let mut tablet = bob.on_another_device("tablet");
    tablet.join(&room);
    assert_eq!(own(&mut tablet), [2, 1]);
    assert!(own(&mut join(&room, "Cy")).is_empty());
}

#[test]
fn nobody_else_sees_who_has_voted() {
    let (room, [mut ada, mut bob, mut eve]) = board(["Ada", "Bob", "Eve"]);
    ask(&mut ada, "Why?");
    eve.read();
    upvote(&mut bob, 1);
    let texts = |member: &Member| -> Vec<String> {
        member.socket().received().iter().filter_map(|frame| Some(frame.as_text()?.to_owned())).collect()
    };
    let received = texts(&eve);
    assert!(received.iter().any(|text| text.contains(r#""votes":1"#)), "{received:?}");
    // A member that catches up learns no more than one that was present.
    eve.vanish();
    let (mut late, position) = (join(&room, "Late"), eve.connecting(&room).connect());
    let caught: Vec<String> =
        position.received().iter().filter_map(|frame| Some(frame.as_text()?.to_owned())).collect();
    assert!(caught.iter().any(|text| text.contains(r#""votes":1"#)), "{caught:?}");
    let named = |text: &String| text.contains(&format!(r#""author":"{}""#, bob.member));
    assert!(!received.iter().chain(&caught).any(named), "{received:?} {caught:?}");
    assert_eq!(question(&mut late, 1).votes, 1);
    assert!(own(&mut late).is_empty());
}

#[test]
fn a_vote_whose_question_cannot_be_changed_is_not_stored() {
    let (room, [mut ada]) = board(["Ada"]);
    ask(&mut ada, "Why?");
    let refuse =
        "CREATE TRIGGER refuse BEFORE INSERT ON party_log_changes BEGIN SELECT RAISE(ABORT, 'no'); END";
    room.sql().execute(refuse, ()).unwrap();
    let id = upvote(&mut ada, 1);
    assert_eq!(refusal(&mut ada), (ErrorCode::INTERNAL, Some(id.clone())));
    assert_eq!(stored(&room, 1), 0);
    room.sql().execute("DROP TRIGGER refuse", ()).unwrap();
    ada.resend();
    assert_eq!(question(&mut ada, 1).votes, 1);
    assert_eq!((stored(&room, 1), ada.acknowledged.get(&id)), (1, Some(&Some(2))));
}
