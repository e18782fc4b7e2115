//! Messages with files.

use std::time::Duration;

use party::ErrorCode;
use party::http::Request;
use party::parts::wire::Action;
use party::testing::{TestBucket, TestResponse, TestRoom};

use super::guest::{Guest, draft};
use super::search::search;
use crate::about::About;
use crate::protocol::MessageDraft;
use crate::room::{Chat, FILES};

const ID: &str = "0123456789abcdefghijkl";

/// Returns a room with a bucket, and a member in it.
fn room() -> (TestRoom<Chat>, TestBucket, Guest) {
    let room = TestRoom::<Chat>::new("lobby");
    let bucket = room.bucket(FILES);
    let mut ada = Guest::new("Ada");
    ada.join(&room);
    (room, bucket, ada)
}

fn upload(room: &TestRoom<Chat>, by: &Guest, id: &str, size: usize) -> TestResponse {
    let request = Request::put(format!("/parties/party/lobby/files/{id}?name=sea.png&width=640&height=480"))
        .header("Authorization", format!("Bearer {}", by.secret.as_deref().unwrap()))
        .header("Content-Type", "image/png")
        .header("Content-Length", size);
    room.request(request.body("x".repeat(size)).unwrap())
}

fn with_file(content: &str, file: &str) -> MessageDraft {
    MessageDraft { file: Some(file.to_owned()), ..draft(content) }
}

#[test]
fn a_room_says_whether_it_takes_files_and_how_large() {
    let (_room, _bucket, ada) = room();
    let about: About = ada.shared.as_ref().unwrap().read().unwrap();
    assert_eq!(about.files, Some(10 * 1_024 * 1_024));
    let room = TestRoom::<Chat>::new("plain");
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    assert!(bob.shared.as_ref().is_none_or(|about| about.read::<About>().unwrap().files.is_none()));
}

#[test]
fn a_message_has_the_file_that_its_author_has_stored() {
    let (room, bucket, mut ada) = room();
    assert_eq!(upload(&room, &ada, ID, 7).status(), 201);
    ada.append(with_file("", ID));
    let file = ada.bodies()[0].file.clone().unwrap();
    assert_eq!((file.name.as_str(), file.size, file.width), ("sea.png", 7, Some(640)));
    ada.edit(1, draft("the sea"));
    assert_eq!(ada.bodies()[0].file, Some(file), "an edit does not change it");
    ada.edit(1, draft(""));
    assert!(ada.bodies()[0].content.is_empty(), "beside a file, a text may be empty");
    assert_eq!(bucket.keys().len(), 1);
    ada.delete(1);
    room.advance(Duration::from_secs(1));
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_message_without_text_and_file_is_refused_and_so_is_a_strange_file() {
    let (room, _bucket, mut ada) = room();
    let mut eve = Guest::new("Eve");
    eve.join(&room);
    ada.append(draft(" "));
    assert_eq!(ada.error().code, ErrorCode::EMPTY);
    assert_eq!(upload(&room, &ada, ID, 7).status(), 201);
    eve.append(with_file("mine", ID));
    assert_eq!(eve.error().code, ErrorCode::NOT_FOUND);
    ada.append(with_file("", ID));
    ada.append(with_file("again", ID));
    assert_eq!(ada.error().code, ErrorCode::NOT_FOUND);
    assert_eq!(ada.bodies().len(), 1);
}

#[test]
fn a_message_is_found_by_the_name_of_its_file() {
    let (room, _bucket, mut ada) = room();
    assert_eq!(upload(&room, &ada, ID, 7).status(), 201);
    ada.append(with_file("", ID));
    ada.say("the mountains");
    assert_eq!(search(&mut ada, "sea.png"), Ok(vec![String::new()]));
    ada.rewrite(1, "waves");
    assert_eq!(search(&mut ada, "waves sea"), Ok(vec!["waves".to_owned()]));
}

#[test]
fn members_that_may_not_write_store_no_files() {
    let (room, bucket, mut ada) = room();
    let mut bob = Guest::new("Bob");
    bob.join(&room);
    ada.moderate(Action::Mute, &bob.member, Some(60));
    assert_eq!(upload(&room, &bob, ID, 7).status(), 403);
    ada.moderate(Action::Ban, &bob.member, None);
    assert_eq!(upload(&room, &bob, ID, 7).status(), 403);
    let stranger =
        Request::put(format!("/parties/party/lobby/files/{ID}")).header("Authorization", "Bearer x");
    assert_eq!(room.request(stranger.body("x").unwrap()).status(), 401);
    assert!(bucket.keys().is_empty());
}
