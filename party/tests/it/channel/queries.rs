//! Queries: what a member asks, and the app answers.

use party::ErrorCode;
use party::parts::wire::Json;

use super::board::{Mode, Query, join, room, rows};

#[test]
fn a_query_is_answered_to_the_one_who_asked() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("milk?".into());
    bob.read();
    assert_eq!(bob.ask(&Query::Votes(1)).map(|votes| votes.as_str().to_owned()), Ok("0".to_owned()));
    assert_eq!(bob.ask(&Query::Me).map(|me| me.read().unwrap()), Ok(bob.member.clone()));
    ada.read();
    assert!(ada.errors.is_empty() && bob.errors.is_empty());
}

#[test]
fn a_query_that_the_app_refuses_names_its_reason_and_its_frame() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let error = ada.ask(&Query::Votes(7)).unwrap_err();
    assert_eq!(error.code, ErrorCode::NOT_FOUND);
    let error = ada.ask(&"no query of this app").unwrap_err();
    assert_eq!((error.code, error.retry_after), (ErrorCode::INVALID, None));
}

#[test]
fn a_query_that_fails_may_be_asked_again_and_says_nothing_about_the_room() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let error = ada.ask(&Query::Fail).unwrap_err();
    assert_eq!(error.retry_after, Some(5_000));
    assert!(!error.message.contains("db-7"), "{error:?}");
    assert!(room.errors().iter().any(|line| line.contains("db-7")));
}

#[test]
fn queries_count_as_frames_and_write_nothing() {
    let room = room(Mode::Small);
    let mut ada = join(&room, "ada");
    let limited = |answer: party::Result<Json, party::ErrorFrame>| {
        answer.is_err_and(|error| error.code == ErrorCode::SLOW_DOWN)
    };
    assert!((0..200).any(|_| limited(ada.ask(&Query::Me))));
    assert_eq!(rows(&room, "party_channel_commands"), 0);
}
