//! An app that has only the rules that every app must have, and a job of its own.

use std::time::Duration;

use party::channel::{Channel, Context, NoCommand, Rules};
use party::parts::jobs::{Job, When};
use party::parts::wire::Action;
use party::testing::{TestMember, TestRoom};
use party::{Close, Connection, ConnectionContext, ErrorCode, Message, Props, Result, Room, Server, Tag};

use crate::support::{ROOM, told};

struct Least;

impl Rules for Least {
    type Draft = String;
    type Body = String;
    type Introduction = String;
    type Profile = String;
    type Command = NoCommand;

    fn profile(&self, by: &Context<'_, Self>, introduction: Option<String>) -> Result<String> {
        Ok(introduction.or_else(|| by.profile().cloned()).unwrap_or_default())
    }

    fn body(&self, _by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
        Ok(draft)
    }
}

/// A room that greets a minute after it has started.
struct Greeter(Channel<Least>);

impl Server for Greeter {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let channel = Channel::open(room, Least)?;
        channel.jobs().set_if_absent("greet", "all", When::after(Duration::from_secs(60)), &"hello")?;
        Ok(Self(channel))
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        self.0.connection_tags(connection, context).await
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        self.0.connect(who, context)
    }

    async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
        self.0.message(from, message).await
    }

    async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
        self.0.close(who)
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        let greet = async |job: &Job| {
            room.log(&format!("{} {}", job.kind(), job.payload::<String>()?));
            Ok(())
        };
        self.0.alarm(greet).await
    }
}

fn join(room: &TestRoom<Greeter>, id: &str) -> TestMember<Least> {
    let mut member = TestMember::new(id);
    member.join(room);
    member.read();
    member
}

#[test]
fn members_write_unless_a_moderator_has_muted_them() {
    let room = TestRoom::<Greeter>::new(ROOM);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    eve.append("hello".into());
    assert_eq!(ada.bodies(), ["hello"]);
    ada.moderate(Action::Mute, &eve.member, Some(60));
    eve.append("spam".into());
    assert_eq!(eve.error().code, ErrorCode::MUTED);
    assert_eq!(ada.bodies(), ["hello"]);
}

#[test]
fn a_profile_is_made_of_the_presence_data_in_the_address() {
    let room = TestRoom::<Greeter>::new(ROOM);
    let mut ada = TestMember::<Least>::new("ada").introduced(&"Ada".into());
    ada.join(&room);
    ada.read();
    assert_eq!(ada.roster.into_values().collect::<Vec<_>>(), ["Ada"]);
}

#[test]
fn a_command_is_refused_by_an_app_without_commands() {
    let room = TestRoom::<Greeter>::new(ROOM);
    let mut ada = join(&room, "ada");
    ada.socket().send(r#"{"type":"command","id":"c","data":"dance"}"#);
    assert_eq!(ada.error().id.as_deref(), Some("c"));
}

#[test]
fn a_job_of_the_app_runs_beside_those_of_the_channel() {
    let room = TestRoom::<Greeter>::new(ROOM);
    let mut ada = join(&room, "ada");
    room.advance(Duration::from_secs(59));
    assert!(told(&room).is_empty());
    room.advance(Duration::from_secs(1));
    assert_eq!(told(&room), ["greet hello"]);
    ada.vanish();
    room.advance(Duration::from_secs(3_600));
    assert_eq!((told(&room), room.errors()), (Vec::new(), Vec::new()));
}
