//! Files of members, in a bucket: what belongs to an item stays, and nothing else does.

use std::time::Duration;

use party::channel::{Channel, Context, Rules, Settings, channel_hooks};
use party::http::Request;
use party::parts::files::{File, Files, FilesOptions};
use party::parts::log::Retention;
use party::testing::{PendingResponse, TestBucket, TestMember, TestResponse, TestRoom};
use party::{Body, ErrorCode, ErrorFrame, Props, Response, Result, Room, Server};
use serde::{Deserialize, Serialize};

const BUCKET: &str = "FILES";
const HOUR: Duration = Duration::from_secs(3_600);

struct Album {
    channel: Channel<Pictures>,
}

impl Server for Album {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let options = FilesOptions::new(BUCKET).file_bytes(100).room_bytes(500).waiting(3);
        Ok(Self { channel: Channel::open(room, Pictures { files: Files::open(room, options)? })? })
    }

    channel_hooks!(channel);

    async fn on_request(&self, _room: &Room, request: party::Request) -> Result<Response> {
        match request.uri().path().ends_with("/clear") {
            true => self.channel.clear().map(|()| Response::new(Body::empty())),
            false => self.channel.request(request).await,
        }
    }
}

struct Pictures {
    files: Files,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Picture {
    file: Option<File>,
}

impl Rules for Pictures {
    type Draft = String;
    type Body = Picture;
    type Introduction = ();
    type Profile = ();
    type Command = party::channel::NoCommand;

    fn files(&self) -> Option<&Files> {
        Some(&self.files)
    }

    fn settings(&self) -> Settings {
        Settings::default().operator_key("OPERATOR_KEY").retention(Retention::default().items(3))
    }

    fn profile(&self, _by: &Context<'_, Self>, _introduction: Option<()>) -> Result<()> {
        Ok(())
    }

    fn body(&self, by: &Context<'_, Self>, file: String, _old: Option<Picture>) -> Result<Picture> {
        let file = if file.is_empty() { None } else { Some(by.file(&file)?) };
        Ok(Picture { file })
    }
}

type Ada = TestMember<Pictures>;

/// Returns a room with a bucket, and a member in it.
fn album() -> (TestRoom<Album>, TestBucket, Ada) {
    let room = TestRoom::<Album>::new("holidays");
    room.set_secret("OPERATOR_KEY", "0123456789abcdef");
    let bucket = room.bucket(BUCKET);
    let mut ada = Ada::new("ada");
    ada.join(&room);
    // A room in which nobody has written is destroyed after a day.
    ada.append(String::new());
    (room, bucket, ada)
}

/// Returns an id of the right length.
fn id(number: usize) -> String {
    format!("file-of-a-member-{number:06}")
}

fn put(by: &Ada, id: &str, size: usize, content: usize) -> Request<String> {
    Request::put(format!("/parties/party/holidays/files/{id}?name=sea.png"))
        .header("Authorization", format!("Bearer {}", by.secret.as_deref().unwrap()))
        .header("Content-Type", "image/png")
        .header("Content-Length", size)
        .body("x".repeat(content))
        .unwrap()
}

fn upload(room: &TestRoom<Album>, by: &Ada, id: &str, size: usize) -> TestResponse {
    room.request(put(by, id, size, size))
}

fn begin(room: &TestRoom<Album>, by: &Ada, id: &str) -> PendingResponse {
    room.begin_request(put(by, id, 7, 7))
}

fn code(response: &TestResponse) -> ErrorCode {
    response.read_json::<ErrorFrame>().code
}

fn operate(room: &TestRoom<Album>, method: &str, path: &str) -> u16 {
    let request = Request::builder().method(method).uri(format!("/parties/party/holidays{path}"));
    let request = request.header("Authorization", "Bearer 0123456789abcdef").body(String::new()).unwrap();
    room.request(request).status().as_u16()
}

/// Returns how many files the room's database knows.
fn known(room: &TestRoom<Album>) -> usize {
    room.sql().rows("SELECT 1 FROM party_files", ()).unwrap().len()
}

#[test]
fn a_file_belongs_to_its_item_until_that_is_deleted() {
    let (room, bucket, mut ada) = album();
    assert_eq!(upload(&room, &ada, &id(1), 7).status(), 201);
    ada.append(id(1));
    room.advance(48 * HOUR);
    assert_eq!((bucket.keys().len(), known(&room)), (1, 1), "it stays as long as its item");
    ada.join(&room);
    ada.delete(2);
    room.advance(Duration::from_secs(1));
    assert_eq!((bucket.keys().len(), known(&room)), (0, 0));
}

#[test]
fn a_file_that_no_item_names_is_deleted_after_a_day() {
    let (room, bucket, ada) = album();
    upload(&room, &ada, &id(1), 7);
    room.advance(12 * HOUR);
    upload(&room, &ada, &id(2), 7);
    room.advance(13 * HOUR);
    assert_eq!(bucket.keys().len(), 1, "the second one is younger");
    room.advance(12 * HOUR);
    assert_eq!((bucket.keys().len(), known(&room)), (0, 0));
}

#[test]
fn a_file_whose_item_is_removed_by_the_retention_is_deleted() {
    let (room, bucket, mut ada) = album();
    upload(&room, &ada, &id(1), 7);
    ada.append(id(1));
    for _ in 0..3 {
        ada.append(String::new());
    }
    upload(&room, &ada, &id(2), 7);
    ada.append(id(2));
    room.advance(Duration::from_secs(900));
    assert_eq!(bucket.keys().len(), 1);
}

#[test]
fn clearing_the_log_deletes_the_files_of_its_items() {
    let (room, bucket, mut ada) = album();
    upload(&room, &ada, &id(1), 7);
    upload(&room, &ada, &id(2), 7);
    ada.append(id(1));
    room.get("/parties/party/holidays/clear");
    room.advance(Duration::from_secs(1));
    assert_eq!(bucket.keys().len(), 1, "the other belongs to no item");
}

#[test]
fn an_upload_that_is_sent_again_is_stored_once_and_another_members_id_is_refused() {
    let (room, bucket, ada) = album();
    let mut eve = Ada::new("eve");
    eve.join(&room);
    assert_eq!(upload(&room, &ada, &id(1), 7).status(), 201);
    let again = upload(&room, &ada, &id(1), 9);
    assert_eq!((again.status().as_u16(), again.read_json::<File>().size), (201, 7), "the first one stays");
    assert_eq!(code(&upload(&room, &eve, &id(1), 7)), ErrorCode::CONFLICT);
    assert_eq!((bucket.keys().len(), known(&room)), (1, 1));
}

#[test]
fn uploads_have_limits_and_what_is_refused_stores_nothing() {
    let (room, bucket, ada) = album();
    assert_eq!(code(&upload(&room, &ada, &id(1), 101)), ErrorCode::TOO_LARGE);
    assert_eq!(code(&upload(&room, &ada, &id(1), 0)), ErrorCode::EMPTY);
    for id in ["short", &"x".repeat(65), "file-of-a-member-00000%2F"] {
        assert_eq!(code(&upload(&room, &ada, id, 7)), ErrorCode::INVALID, "{id}");
    }
    let mut unsized_one = put(&ada, &id(1), 7, 7);
    unsized_one.headers_mut().remove("content-length");
    assert_eq!(room.request(unsized_one).status(), 411);
    assert_eq!(bucket.keys().len(), 0);
    for number in 0..3 {
        assert_eq!(upload(&room, &ada, &id(number), 7).status(), 201);
    }
    let fourth = upload(&room, &ada, &id(4), 7);
    assert_eq!((fourth.status().as_u16(), code(&fourth)), (429, ErrorCode::SLOW_DOWN));
    assert_eq!(bucket.keys().len(), 3);
}

#[test]
fn a_room_has_a_limit_and_deleted_files_make_space() {
    let (room, _bucket, mut ada) = album();
    for number in 0..5 {
        assert_eq!(upload(&room, &ada, &id(number), 100).status(), 201);
        ada.append(id(number));
    }
    assert_eq!(code(&upload(&room, &ada, &id(5), 1)), ErrorCode::TOO_LARGE);
    ada.delete(4);
    room.advance(Duration::from_secs(1));
    assert_eq!(upload(&room, &ada, &id(6), 100).status(), 201);
}

#[test]
fn a_body_of_another_size_is_not_stored_and_its_place_is_free_again() {
    let (room, bucket, ada) = album();
    for content in [6, 8] {
        let refused = room.request(put(&ada, &id(content), 7, content));
        assert!(refused.status().as_u16() >= 400, "{}", refused.status());
    }
    room.advance(Duration::from_secs(1));
    assert_eq!((bucket.keys().len(), known(&room)), (0, 0));
    assert_eq!(upload(&room, &ada, &id(1), 7).status(), 201, "with another id it goes");
}

#[test]
fn a_bucket_that_refuses_is_told_to_the_sender_and_asked_again_to_delete() {
    let (room, bucket, mut ada) = album();
    bucket.refuse(true);
    assert_eq!(upload(&room, &ada, &id(1), 7).status(), 500);
    bucket.refuse(false);
    upload(&room, &ada, &id(2), 7);
    ada.append(id(2));
    bucket.refuse(true);
    ada.delete(2);
    room.advance(Duration::from_secs(1));
    assert_eq!(bucket.keys().len(), 1);
    bucket.refuse(false);
    room.advance(Duration::from_secs(60));
    assert_eq!((bucket.keys().len(), known(&room)), (0, 0));
}

#[test]
fn an_item_is_not_stored_before_the_bucket_has_its_file() {
    let (room, bucket, mut ada) = album();
    bucket.hold(true);
    let pending = begin(&room, &ada, &id(1));
    ada.append(id(1));
    assert_eq!(ada.error().code, ErrorCode::NOT_FOUND);
    bucket.hold(false);
    assert_eq!(pending.finish().status(), 201);
    ada.append(id(1));
    assert_eq!(ada.bodies().len(), 2);
}

#[test]
fn an_upload_in_which_the_room_crashes_is_deleted_after_a_day() {
    let (room, bucket, ada) = album();
    bucket.hold(true);
    let _lost = begin(&room, &ada, &id(1));
    room.crash();
    bucket.hold(false);
    room.get("");
    assert_eq!(known(&room), 1);
    room.advance(25 * HOUR);
    assert_eq!((bucket.keys().len(), known(&room)), (0, 0));
}

#[test]
fn a_room_that_is_destroyed_takes_its_files_along_and_those_on_their_way() {
    let (room, bucket, mut ada) = album();
    upload(&room, &ada, &id(1), 7);
    ada.append(id(1));
    bucket.hold(true);
    let pending = begin(&room, &ada, &id(2));
    bucket.refuse(true);
    bucket.hold(false);
    assert_eq!(pending.finish().status(), 500);
    assert_eq!(operate(&room, "DELETE", ""), 500, "the bucket has not deleted them");
    assert_eq!(known(&room), 2, "so the room is still there");
    bucket.refuse(false);
    assert_eq!(operate(&room, "DELETE", ""), 204);
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_room_without_a_bucket_refuses_files_and_works() {
    let room = TestRoom::<Album>::new("holidays");
    let mut ada = Ada::new("ada");
    ada.join(&room);
    assert_eq!(code(&upload(&room, &ada, &id(1), 7)), ErrorCode::UNSUPPORTED);
    ada.append(String::new());
    assert_eq!(ada.bodies(), [Picture { file: None }]);
    assert!(
        room.sql().rows("SELECT 1 FROM sqlite_schema WHERE name = 'party_files'", ()).unwrap().is_empty()
    );
}

#[test]
fn files_of_a_room_are_apart_from_those_of_another() {
    let (room, bucket, mut ada) = album();
    upload(&room, &ada, &id(1), 7);
    ada.append(id(1));
    let key = &bucket.keys()[0];
    assert!(key.starts_with("party/") && key.ends_with(&format!("/{}", id(1))), "{key}");
    assert!(!key.contains("holidays"), "the bucket does not say the room's name: {key}");
}
