//! What a room gets from its platform: the clock, randomness, secrets, tasks beside the hooks, the log.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::Room;
use crate::error::{Error, ErrorKind, Result};
use crate::name::PartyName;
use crate::observe::{Inspection, Record};
use crate::platform;
use crate::timestamp::Timestamp;

impl Room {
    /// Returns the name of the room's party, as it is in the address: `chat` of `/parties/chat/lobby`.
    ///
    /// It is found by asking each binding of the worker whether the room is one of its objects, in any hook. `None` for
    /// an object that was not addressed by name, or whose class another worker binds. In tests it is the party that
    /// `TestWorld::room` names, and `party` for a room of `TestRoom::new`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Room;
    /// fn address(room: &Room) -> Option<String> {
    ///     Some(format!("/parties/{}/{}", room.party()?, room.name()))
    /// }
    /// ```
    pub fn party(&self) -> Option<PartyName> {
        platform::party(self.platform())
    }

    /// Returns a secret or a variable of the worker, as set by `wrangler secret put` or in `wrangler.toml`. In tests,
    /// `TestRoom::set_secret` sets it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the worker has no text under this name, or an
    /// empty one: a key that is empty would let in everybody who sends nothing. The error names it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// fn token_key(room: &Room) -> Result<Vec<u8>> {
    ///     Ok(room.secret("TOKEN_KEY")?.into_bytes())
    /// }
    /// ```
    pub fn secret(&self, name: &str) -> Result<String> {
        let missing = || {
            format!("the worker has no secret or variable `{name}`: set it by `wrangler secret put {name}`")
        };
        platform::secret(self.platform(), name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Platform, missing()))
    }

    /// Returns the time. On Workers it does not move while a hook computes and goes on at an await
    /// ([time](https://developers.cloudflare.com/workers/reference/security-model/)); in tests it is virtual.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// let deadline = room.now() + Duration::from_secs(30);
    /// assert_eq!(deadline.since(room.now()), Duration::from_secs(30));
    /// # Ok(()) });
    /// ```
    pub fn now(&self) -> Timestamp {
        self.0.platform.now()
    }

    /// Fills `bytes` with random bytes, fit for secrets. In tests they come from a seed.
    ///
    /// # Example
    ///
    /// ```
    /// # fn token(room: &party::Room) -> [u8; 16] {
    /// let mut token = [0; 16];
    /// room.random(&mut token);
    /// token
    /// # }
    /// ```
    pub fn random(&self, bytes: &mut [u8]) {
        self.0.platform.random(bytes);
    }

    /// Returns a random text that nobody can guess: 22 characters of `A-Za-z0-9_-`, 128 bits. In tests it comes from a
    /// seed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// let invitation = room.random_id();
    /// assert_eq!(invitation.len(), 22);
    /// assert_ne!(invitation, room.random_id());
    /// # Ok(()) });
    /// ```
    pub fn random_id(&self) -> String {
        let mut bytes = [0; 16];
        self.random(&mut bytes);
        Base64UrlUnpadded::encode_string(&bytes)
    }

    /// Waits for a time. Other events run meanwhile, and the room does not sleep. If the memory of the room is lost,
    /// the wait never ends: use the [alarm](Self::alarm) for work that must happen. In tests, it waits until the
    /// test lets that much time pass (`TestRoom::advance`).
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, Message, Props, Result, Room, Server};
    /// # struct Dice;
    /// # impl Server for Dice {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
    ///     room.broadcast("the dice roll").send();
    ///     room.sleep(Duration::from_secs(2)).await;
    ///     room.broadcast("a six").send();
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Dice>::new("table");
    /// let ada = room.connect("ada");
    /// ada.send("roll");
    /// assert_eq!(ada.received().len(), 1);
    /// room.advance(Duration::from_secs(2));
    /// assert_eq!(ada.receive_text(), "a six");
    /// ```
    pub async fn sleep(&self, time: Duration) {
        self.0.platform.sleep(time).await;
    }

    /// Returns what a task returns, or `None` if that takes longer.
    pub(crate) async fn within<T>(&self, time: Duration, task: impl Future<Output = T>) -> Option<T> {
        let (mut task, mut late) = (pin!(task), pin!(self.sleep(time)));
        poll_fn(|context| {
            if let Poll::Ready(done) = task.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            late.as_mut().poll(context).map(|()| None)
        })
        .await
    }

    /// Runs a task that goes on after the hook has returned. The room does not sleep before the task ends, and it does
    /// not wait for the task: its work is lost in a crash.
    ///
    /// Use it for work that the sender of an event need not wait for, such as a line in another service's log. Work
    /// that must not be lost is a [job](crate::parts::jobs).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use std::time::Duration;
    /// let task = room.clone();
    /// room.wait_until(async move {
    ///     task.sleep(Duration::from_secs(5)).await;
    ///     task.broadcast("five seconds have passed").send();
    /// });
    /// # Ok(()) });
    /// ```
    pub fn wait_until(&self, task: impl Future<Output = ()> + 'static) {
        self.0.platform.wait_until(Box::pin(task));
    }

    /// Returns the state of the room, for operators: connections, stored bytes, the alarm, and counts of its hooks.
    ///
    /// It reads no row. It contains data about the room's members, so guard the request: a [channel](crate::channel)
    /// does, see [`Settings::operator_key`](crate::channel::Settings::operator_key).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform does not know the size of the database or
    /// the alarm.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Board;
    /// # impl Server for Board {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
    ///     let key = room.secret("INSPECTION_KEY")?;
    ///     match request.headers().get("x-key").is_some_and(|given| given.as_bytes() == key.as_bytes()) {
    ///         true => Ok(Response::new(Body::json(&room.inspect().await?)?)),
    ///         false => Err(Error::refuse(http::StatusCode::UNAUTHORIZED, "the key is wrong")),
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn inspect(&self) -> Result<Inspection> {
        Ok(Inspection {
            room: self.name().to_string(),
            party: self.party().map(|party| party.to_string()),
            now: self.now(),
            awake_since: self.0.awake_since,
            connections: self.connections().len(),
            running_hooks: self.0.activity.running(),
            stored_bytes: platform::stored_bytes(self.platform())?,
            sent_bytes: self.sent_bytes(),
            alarm: self.alarm().due().await?,
            hooks: self.0.activity.counts(),
        })
    }

    /// Writes a line to the room's log, with the room's name in its own field.
    ///
    /// On Workers it is an object with the fields `level`, `message` and `room`, see [`observe`](crate::observe). Do
    /// not log secrets, or the messages of members.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// room.log(&format!("{} started a game", ada.id()));
    /// # Ok(()) });
    /// ```
    pub fn log(&self, line: &str) {
        self.0.platform.log(Record::info(self.platform(), line));
    }
}
