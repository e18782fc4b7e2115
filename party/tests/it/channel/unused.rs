//! Rooms in which nobody ever wrote: they are destroyed a day after the last client has left.

use std::time::Duration;

use party::channel::{Channel, Context, Rules, channel_hooks};
use party::parts::invitations::Invitations;
use party::parts::jobs::When;
use party::parts::wire::Action;
use party::testing::{TestMember, TestRoom};
use party::{Props, Result, Room, Server};

use crate::support::ROOM;

/// An app that stores nothing of its own.
struct Plain;

impl Rules for Plain {
    type Draft = String;
    type Body = String;
    type Introduction = String;
    type Profile = String;
    type Command = String;

    fn profile(&self, _by: &Context<'_, Self>, introduction: Option<String>) -> Result<String> {
        Ok(introduction.unwrap_or_default())
    }

    fn body(&self, _by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
        Ok(draft)
    }
}

struct App(Channel<Plain>);

impl Server for App {
    async fn on_start(room: &Room, props: Props) -> Result<Self> {
        let channel = Channel::open(room, Plain)?;
        match props.get::<String>()?.as_deref() {
            Some("table") => room.sql().migrate(&["CREATE TABLE own (n INTEGER)"])?,
            Some("invitations") => Invitations::open(room)?.require()?,
            Some("value") => room.storage().put("own", &1)?,
            Some("job") => {
                channel.jobs().set("own", "key", When::after(Duration::from_secs(90 * 24 * 3_600)), &())?;
            }
            _ => {}
        }
        Ok(Self(channel))
    }

    channel_hooks!(0);
}

/// Whether a room that somebody has visited is still stored more than a day later.
fn is_kept(room: &TestRoom<App>, content: &str) -> bool {
    room.set_props(content).unwrap();
    let mut ada = TestMember::<Plain>::new("ada");
    ada.join(room);
    match content {
        "item" => drop(ada.append("hello".into())),
        "ban" => {
            ada.read();
            ada.moderate(Action::Ban, "mallory", None);
        }
        _ => {}
    }
    ada.vanish();
    let tables = || room.sql().rows("SELECT name FROM sqlite_schema", ()).unwrap().len();
    room.advance(Duration::from_secs(12 * 3_600));
    assert!(tables() > 0);
    // An alarm costs: only the rooms that need one have it.
    let unused = matches!(content, "nothing" | "name");
    assert_eq!(room.alarm().is_some(), unused || content == "job", "{content}");
    room.advance(Duration::from_secs(13 * 3_600));
    assert_eq!(room.errors(), Vec::<String>::new());
    tables() > 0
}

#[test]
fn an_unused_room_is_destroyed_and_one_with_an_item_or_something_of_the_apps_own_is_kept() {
    for content in ["item", "table", "value", "job", "ban", "invitations"] {
        assert!(is_kept(&TestRoom::new(ROOM), content), "{content}");
    }
    assert!(!is_kept(&TestRoom::new(ROOM), "nothing"));
}

#[test]
fn an_unused_room_that_was_told_its_name_is_destroyed() {
    let room = TestRoom::unnamed();
    room.tell_name(ROOM);
    assert!(!is_kept(&room, "name"));
}
