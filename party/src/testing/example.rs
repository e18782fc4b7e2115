//! Rooms for the examples in the documentation, so that each example shows only the method that it is about.

use std::cell::RefCell;
use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Connecting, TestClient, TestMember, TestRoom};
use crate::channel::{Channel, Rules};
use crate::{
    Body, Call, Connection, ConnectionContext, MemberId, Message, Props, RemoteCall, Reply, Request,
    Response, Result, Room, Server, response,
};

/// A hook whose types are forgotten.
type Hook = Box<dyn FnOnce(Room, Connection) -> Pin<Box<dyn Future<Output = Result<()>>>>>;

/// A hook with the request of a client.
type ArrivalHook = Box<dyn FnOnce(&Room, &Connection, &ConnectionContext) -> Result<()>>;

/// A hook with a channel.
type ChannelHook = Box<dyn FnOnce(&Channel<Notes>) -> Result<()>>;

thread_local! {
    /// The hook that runs next, and whether the last one has ended.
    static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
    static HAS_ENDED: RefCell<bool> = const { RefCell::new(false) };
    static ARRIVAL_HOOK: RefCell<Option<ArrivalHook>> = const { RefCell::new(None) };
    /// The hook with a channel that runs next.
    static CHANNEL_HOOK: RefCell<Option<ChannelHook>> = const { RefCell::new(None) };
}

/// The party whose hooks are the examples.
struct Stage;

impl Server for Stage {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
        if let Some(hook) = HOOK.take()
            && let Err(error) = hook(room.clone(), from.clone()).await
        {
            panic!("the example failed: {}", error.chain());
        }
        HAS_ENDED.replace(true);
        Ok(())
    }
}

/// Runs a hook in a room with two clients, as if the first had sent a message. Returns both clients.
pub fn hook(hook: impl AsyncFnOnce(&Room, &Connection) -> Result<()> + 'static) -> (TestClient, TestClient) {
    let room = TestRoom::<Stage>::new("lobby");
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    HOOK.replace(Some(Box::new(move |room, from| Box::pin(async move { hook(&room, &from).await }))));
    ada.send("run");
    assert!(HAS_ENDED.take(), "the example has not ended");
    (ada, bob)
}

/// Runs a hook with the channel of a room in which the member `ada` is. Returns the room and the member.
pub fn channel(
    hook: impl FnOnce(&Channel<Notes>, &MemberId) -> Result<()> + 'static,
) -> (TestRoom<Pad>, TestMember<Notes>) {
    let room = TestRoom::<Pad>::new("pad");
    let mut ada = TestMember::<Notes>::new("ada").introduced(&"Ada".to_owned());
    ada.join(&room);
    ada.read();
    within(&room, &ada, hook);
    ada.read();
    (room, ada)
}

/// Runs a hook with the channel of a room, for a member.
pub fn within(
    room: &TestRoom<Pad>,
    member: &TestMember<Notes>,
    hook: impl FnOnce(&Channel<Notes>, &MemberId) -> Result<()> + 'static,
) {
    let member = MemberId::new(&member.member).unwrap_or_else(|error| panic!("{error}"));
    CHANNEL_HOOK.replace(Some(Box::new(move |channel| hook(channel, &member))));
    assert_eq!(room.get("").text(), "", "the example failed");
}

/// Runs a hook with the request of a client that connects. `prepare` adds to that request.
pub fn arrival(
    prepare: impl FnOnce(Connecting) -> Connecting,
    hook: impl FnOnce(&Room, &Connection, &ConnectionContext) -> Result<()> + 'static,
) {
    ARRIVAL_HOOK.replace(Some(Box::new(hook)));
    let room = TestRoom::<Door>::new("lobby");
    let _client = prepare(room.connecting("ada")).connect();
    assert_eq!(room.errors(), Vec::<String>::new(), "the example failed");
}

/// The party of [`arrival`].
struct Door;

impl Server for Door {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        ARRIVAL_HOOK.take().map_or(Ok(()), |hook| hook(room, who, context))
    }
}

/// The party of the examples of [`TestRoom`]: it counts its messages, and forgets them after a quiet minute.
#[derive(Debug)]
pub struct Counter;

impl Counter {
    fn count(room: &Room) -> Result<u32> {
        Ok(room.storage().get("count")?.unwrap_or(0))
    }
}

impl Server for Counter {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
        let count = Self::count(room)?.saturating_add(1);
        room.storage().put("count", &count)?;
        room.alarm().set_after(Duration::from_secs(60))?;
        room.broadcast_json(&count)?.send();
        Ok(())
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        room.storage().delete("count")?;
        room.broadcast_json(&0)?.send();
        Ok(())
    }

    async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
        Ok(Response::new(Body::json(&Self::count(room)?)?))
    }
}

/// Rings at a desk; the answer is how often the desk was rung by then.
#[derive(Debug, Deserialize, Serialize)]
pub struct Ring;

impl Call for Ring {
    type Reply = u32;
}

/// The party of the examples of `TestWorld`: it rings at the desk `front` for each message, and answers with the count
/// or with the kind of the error.
#[derive(Debug)]
pub struct Guest;

impl Server for Guest {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
        match room.stub("desk", "front")?.call(&Ring).await {
            Ok(rings) => from.send(rings.to_string()),
            Err(error) => from.send(format!("{:?}", error.kind())),
        }
        Ok(())
    }
}

/// The party that a [`Guest`] calls.
#[derive(Debug)]
pub struct Desk;

impl Server for Desk {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        let rings = room.storage().get::<u32>("rings")?.unwrap_or(0).saturating_add(1);
        room.storage().put("rings", &rings)?;
        call.answer(async |_: Ring| Ok(rings)).await
    }
}

/// The rules of a channel whose items and profiles are texts.
#[derive(Debug)]
pub struct Notes;

impl Rules for Notes {
    crate::example_rules!(@body);
    crate::example_rules!(@profile);
    crate::example_rules!(@command);
}

/// A room with such a channel.
#[derive(Debug)]
pub struct Pad(Channel<Notes>);

impl Server for Pad {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self(Channel::open(room, Notes)?))
    }

    crate::channel_hooks!(0);

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        match CHANNEL_HOOK.take() {
            Some(hook) => Ok(response(
                StatusCode::OK,
                hook(&self.0).err().map_or_else(String::new, |error| error.chain()),
            )),
            None => self.0.request(request).await,
        }
    }
}

/// Writes the rules of a channel, `Notes`, and a room with this channel, `Pad`. The items are texts, and so are the
/// profiles. The given rules take the place of those: after `body:` with the types `Draft` and `Body`, after `profile:`
/// with `Introduction` and `Profile`, after `command:` with `Command`, after `rules:` all others.
#[macro_export]
#[doc(hidden)]
macro_rules! example_rules {
    (rules: $($rule:tt)*) => {
        $crate::example_rules! { @all $crate::example_rules!(@body); $crate::example_rules!(@profile);
            $crate::example_rules!(@command); $($rule)* }
    };
    (body: $($rule:tt)*) => {
        $crate::example_rules! { @all $crate::example_rules!(@profile); $crate::example_rules!(@command); $($rule)* }
    };
    (profile: $($rule:tt)*) => {
        $crate::example_rules! { @all $crate::example_rules!(@body); $crate::example_rules!(@command); $($rule)* }
    };
    (command: $($rule:tt)*) => {
        $crate::example_rules! { @all $crate::example_rules!(@body); $crate::example_rules!(@profile); $($rule)* }
    };
    (@body) => {
        type Draft = String;
        type Body = String;

        fn body(
            &self,
            _by: &$crate::channel::Context<'_, Self>,
            draft: String,
            _old: Option<String>,
        ) -> $crate::Result<String> {
            Ok(draft)
        }
    };
    (@profile) => {
        type Introduction = String;
        type Profile = String;

        fn profile(
            &self,
            by: &$crate::channel::Context<'_, Self>,
            name: Option<String>,
        ) -> $crate::Result<String> {
            Ok(name.or(by.profile().cloned()).unwrap_or_else(|| "Guest".to_owned()))
        }
    };
    (@command) => {
        type Command = $crate::channel::NoCommand;
    };
    (@all $($rule:tt)*) => {
        /// The rules of the example.
        #[derive(Debug)]
        pub struct Notes;

        impl $crate::channel::Rules for Notes {
            $($rule)*
        }

        /// The room of the example.
        #[derive(Debug)]
        pub struct Pad($crate::channel::Channel<Notes>);

        impl $crate::Server for Pad {
            async fn on_start(room: &$crate::Room, _props: $crate::Props) -> $crate::Result<Self> {
                Ok(Self($crate::channel::Channel::open(room, Notes)?))
            }

            $crate::channel_hooks!(0);
        }
    };
}
