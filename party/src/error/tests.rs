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

#[test]
fn a_refusal_has_the_code_of_its_status() {
    let code = |status: u16| Error::refuse(StatusCode::from_u16(status).unwrap(), "no").code();
    for (status, meaning) in [
        (400, ErrorCode::BAD_MESSAGE),
        (401, ErrorCode::UNAUTHORIZED),
        (403, ErrorCode::FORBIDDEN),
        (404, ErrorCode::NOT_FOUND),
        (409, ErrorCode::CONFLICT),
        (413, ErrorCode::TOO_LARGE),
        (414, ErrorCode::TOO_LARGE),
        (418, ErrorCode::BAD_MESSAGE),
        (429, ErrorCode::SLOW_DOWN),
        (500, ErrorCode::INTERNAL),
        (501, ErrorCode::UNSUPPORTED),
        (502, ErrorCode::UNAVAILABLE),
        (503, ErrorCode::UNAVAILABLE),
        (504, ErrorCode::UNAVAILABLE),
        (505, ErrorCode::INTERNAL),
    ] {
        assert_eq!(code(status), meaning, "{status}");
    }
}

#[test]
fn an_error_about_the_content_of_a_frame_is_of_another_kind_than_a_refusal() {
    for code in [ErrorCode::BAD_MESSAGE, ErrorCode::BINARY, ErrorCode::INVALID, ErrorCode::TOO_LARGE] {
        assert_eq!(Error::client(code, "no").kind(), ErrorKind::Message);
    }
    for code in [ErrorCode::FORBIDDEN, ErrorCode::MUTED, ErrorCode::SLOW_DOWN] {
        assert_eq!(Error::client(code, "no").kind(), ErrorKind::Refused);
    }
}
