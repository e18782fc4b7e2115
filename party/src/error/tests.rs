//! The part of an error that a client is sent, and the part that stays in the log.

use super::*;

#[test]
fn a_failure_tells_a_client_nothing_of_its_cause() {
    let error = Error::other("password rejected by db-7");
    assert_eq!(error.public_text(), "Internal error");
    assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!error.is_public());
}

#[test]
fn a_refusal_carries_its_status_and_text() {
    let error = Error::refuse(StatusCode::UNAUTHORIZED, "sign in first");
    assert_eq!((error.status(), error.public_text()), (StatusCode::UNAUTHORIZED, "sign in first"));
}

#[test]
fn a_refusal_with_a_status_that_refuses_nothing_becomes_forbidden() {
    assert_eq!(Error::refuse(StatusCode::OK, "no").status(), StatusCode::FORBIDDEN);
}

#[test]
fn the_log_gets_every_cause_once() {
    let cause = "x".parse::<u8>().unwrap_err();
    let error = Error::caused(ErrorKind::Sql, "row 3 is broken", cause);
    assert_eq!(error.chain(), "row 3 is broken: invalid digit found in string");
    assert_eq!(Error::other(error).chain(), "row 3 is broken: invalid digit found in string");
}
