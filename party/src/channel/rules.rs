//! The rules that an app has for its channel.

mod attempt;
mod authentication;
mod derives;
mod effect;
mod no_command;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::attempt::Attempt;
pub use self::authentication::Authentication;
pub use self::derives::Derives;
pub use self::effect::Effect;
pub use self::no_command::NoCommand;
use super::context::Context;
use super::settings::Settings;
use crate::error::{Error, ErrorCode, Result};
use crate::parts::files::Files;
use crate::parts::wire::{Entry, Json};
use crate::{ConnectionContext, Room};

/// The rules of an app for its [`Channel`](super::Channel): what clients may send, what is stored and sent to others,
/// who may do what.
///
/// All rules except [`review`](Self::review) are synchronous: nothing else runs in the room between reading the stored
/// state and committing a change. An error that a rule returns is sent to the client, and names the frame that it is
/// about.
///
#[doc = include_str!("../docs/rules.md")]
pub trait Rules: Sized + 'static {
    /// The `body` of an append or an edit, as a client sends it.
    type Draft: DeserializeOwned + Clone;
    /// The body of an item as it is stored, and as every client gets it.
    type Body: Serialize + DeserializeOwned;
    /// The presence data that a client sends.
    type Introduction: DeserializeOwned;
    /// The presence data of a member that every client gets: at most 1,024 bytes of JSON.
    type Profile: Serialize + DeserializeOwned;
    /// A command of the app's own. [`NoCommand`] if there is none.
    type Command: DeserializeOwned + Clone;

    /// Returns the settings. Called once, when the room starts.
    ///
    /// **Default:** [`Settings::default`]. **Not called** again before the room's next start: a setting that must
    /// change at run time belongs in the other rules.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use std::time::Duration;
    /// # party::example_rules! { rules:
    /// fn settings(&self) -> Settings {
    ///     Settings::default().grace(Duration::from_secs(30)).founder(false)
    /// }
    /// # }
    /// ```
    fn settings(&self) -> Settings {
        Settings::default()
    }

    /// Returns the member of a client, by the secret or token that it offers: when it connects, and when it sends a
    /// fresh token.
    ///
    /// **Default:** anonymous: a member with a secret that the room makes. **An error** refuses a client that connects:
    /// its connection is closed with 4401 (4403 for the code `forbidden`) after the error frame. A fresh token that is
    /// refused is answered with the error, and the connection stays open as long as the old token is valid.
    ///
    /// **Not called** for clients of a second [`Protocol`](super::Protocol), which are guests, or for requests with the
    /// operator key.
    ///
    /// # Example
    ///
    /// An app with accounts, whose server signs tokens:
    ///
    /// ```
    /// # #[cfg(feature = "jwt")]
    /// # fn example(tokens: &party::parts::token::Tokens, room: &party::Room, bearer: Option<&str>) -> party::Result<party::channel::Authentication> {
    /// # use party::MemberId;
    /// # use party::channel::Authentication;
    /// let claims = tokens.verify(bearer.unwrap_or_default(), room.now())?;
    /// Ok(Authentication::member(MemberId::new(claims.subject())?).until(claims.expires()))
    /// # }
    /// ```
    fn authenticate(&self, room: &Room, bearer: Option<&str>) -> Result<Authentication> {
        let _unused = (room, bearer);
        Ok(Authentication::anonymous())
    }

    /// Decides whether a member may join. **Default:** everyone may.
    ///
    /// **When:** a client connects, on every device and after each interruption, and before each HTTP request of a
    /// member. **Then:** the member is known and not banned, and there is capacity for it. **An error** refuses the
    /// client: its connection is closed with 4401 (4403 for the code `forbidden`) after the error frame. **Not called**
    /// when a sleeping room wakes: connected clients stay connected.
    ///
    /// **Security:** a client can send any text. Its tries count as connects for the rates of its address. Write
    /// nothing for a client that is refused.
    ///
    /// # Example
    ///
    /// Rooms by invitation have the part [`invitations`](crate::parts::invitations). This one has a password:
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{ConnectionContext, Error, ErrorCode, Result};
    /// # party::example_rules! { rules:
    /// fn admit(&self, by: &Context<'_, Self>, context: &ConnectionContext) -> Result<()> {
    ///     match context.invitation() {
    ///         Some(password) if password == by.room().secret("PASSWORD")? => Ok(()),
    ///         _ => Err(Error::client(ErrorCode::FORBIDDEN, "the password is not right")),
    ///     }
    /// }
    /// # }
    /// ```
    fn admit(&self, by: &Context<'_, Self>, context: &ConnectionContext) -> Result<()> {
        let _unused = context;
        by.let_everyone_in()
    }

    /// Returns the presence data that a client sends when it connects, if any. **Default:** the JSON in the parameter
    /// `presence` of its address.
    ///
    /// **Not called** when a client sends other presence data later: that is read from its frame. Data that cannot be
    /// read is `None`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::ConnectionContext;
    /// # party::example_rules! { rules:
    /// fn introduction(&self, context: &ConnectionContext) -> Option<String> {
    ///     context.query("name").map(|name| name.into_owned())
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada").query("name", "Ada");
    /// # ada.join(&room);
    /// # assert_eq!(ada.roster[&ada.member], "Ada");
    /// ```
    fn introduction(&self, context: &ConnectionContext) -> Option<Self::Introduction> {
        serde_json::from_str(&context.query("presence")?).ok()
    }

    /// Returns the files of the members, if items can have some: then the channel answers uploads, and deletes files
    /// with their items. [`body`](Self::body) takes a file by [`Context::file`]. **Default:** none.
    ///
    /// # Example
    ///
    /// See [`parts::files`](crate::parts::files).
    fn files(&self) -> Option<&Files> {
        None
    }

    /// Checks the presence data of a member, and returns the profile that all members receive.
    ///
    /// Called with `None` when a client connects without presence data, or with data that is refused, and when the
    /// member's role or mute changes. [`by.profile()`](Context::profile) is the profile so far, if the member is
    /// present. Events that it asks for while a client connects are not sent.
    ///
    /// **An error** refuses the new presence data: the client is sent it, and its profile stays. The profile has at
    /// most 1,024 bytes as JSON.
    ///
    /// **Security:** a client can send any text. Check its length, and whether it is the name of somebody else.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { profile:
    /// # type Introduction = String;
    /// # type Profile = String;
    /// fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
    ///     match name {
    ///         Some(name) if name.chars().count() > 40 => {
    ///             Err(Error::client(ErrorCode::TOO_LONG, "a name has at most 40 characters"))
    ///         }
    ///         name => Ok(name.or(by.profile().cloned()).unwrap_or_else(|| "Guest".to_owned())),
    ///     }
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.introduce("a".repeat(41));
    /// # assert_eq!(ada.error().code, party::ErrorCode::TOO_LONG);
    /// ```
    fn profile(
        &self,
        by: &Context<'_, Self>,
        introduction: Option<Self::Introduction>,
    ) -> Result<Self::Profile>;

    /// Checks a draft, and returns the body that is stored and sent to everyone. `old` is the item's body, for an edit.
    ///
    /// **When:** a client appends or edits, after [`authorize`](Self::authorize) and [`review`](Self::review). **An
    /// error** refuses the operation, and nothing is stored. An append that a client sends again may call it again, so
    /// it must have no effects of its own. **Not called** for what the room itself [appends](super::Channel::append) or
    /// [amends](super::Channel::amend), or for the [effect](Effect) of a command.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { body:
    /// # type Draft = String;
    /// # type Body = String;
    /// fn body(&self, _by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
    ///     match draft.trim() {
    ///         "" => Err(Error::client(ErrorCode::EMPTY, "write something")),
    ///         text => Ok(text.to_owned()),
    ///     }
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.append(" milk ".to_owned());
    /// # ada.append(" ".to_owned());
    /// # assert_eq!(ada.bodies(), ["milk"]);
    /// ```
    fn body(&self, by: &Context<'_, Self>, draft: Self::Draft, old: Option<Self::Body>)
    -> Result<Self::Body>;

    /// Decides whether a member may do something. **Default:** [`Context::default_policy`].
    ///
    /// **When:** before each append, edit, deletion, command, moderation, ephemeral event and change of presence data.
    /// **An error** refuses it, with the error's code. **Not called** for banned members, whose connections are closed,
    /// and for what the app does by the methods of [`Channel`](super::Channel).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Action;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     match attempt {
    ///         Attempt::Moderate(Action::Ban, _) => Err(Error::client(ErrorCode::FORBIDDEN, "ask an operator")),
    ///         other => by.default_policy(other),
    ///     }
    /// }
    /// # }
    /// ```
    fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
        by.default_policy(attempt)
    }

    /// Carries out a command of the app, once for each id, however often its client sends it.
    ///
    /// It runs in a transaction with what it causes: tables of the app's own that it writes to are undone if it fails.
    ///
    /// **Default:** refused with the code `unsupported`. **An error** is sent to the client, and a later try with the
    /// same id runs the command again. **Not called** for an id that is known: its client gets the acknowledgement
    /// again. Commands without an entry are remembered for 30 days.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { command:
    /// type Command = u64;
    ///
    /// fn command(&self, by: &Context<'_, Self>, done: u64) -> Result<Effect<String>> {
    ///     let text = by.item(done)?.body;
    ///     Ok(Effect::amend(done, format!("{text} (done)")))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("buy milk".to_owned());
    /// ada.command(1);
    /// assert_eq!(ada.bodies(), ["buy milk (done)"]);
    /// ```
    fn command(&self, by: &Context<'_, Self>, command: Self::Command) -> Result<Effect<Self::Body>> {
        let _unused = (by, command);
        Err(Error::client(ErrorCode::UNSUPPORTED, "this room has no commands"))
    }

    /// Returns the body of an item with its new summary: what the app's own tables say about it by now, such as the
    /// number of its votes. Called for [`Effect::summarize`], at most once a second for each item. **Default:** the
    /// body as it is.
    ///
    /// It may run after the command, as a job: it must depend on nothing but the tables and the body. A body that is
    /// the same as before makes no entry.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// # struct Question { text: String, votes: u64 }
    /// fn summary(room: &Room, seq: u64, question: Question) -> Result<Question> {
    ///     let (votes,) = room.sql().query_one("SELECT count(*) FROM votes WHERE question = ?", (seq,))?;
    ///     Ok(Question { votes, ..question })
    /// }
    /// ```
    fn summary(&self, room: &Room, seq: u64, body: Self::Body) -> Result<Self::Body> {
        let _unused = (room, seq);
        Ok(body)
    }

    /// Returns the app's own state of a member. The client receives it in its welcome, and after
    /// [`Context::update_own`]. **Default:** none. A state that is removed is sent as `null`.
    ///
    /// **An error** fails the event that asked for it, such as the connect. **Not called** for guests of a second
    /// [`Protocol`](super::Protocol).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Json;
    /// # use party::Result;
    /// # party::example_rules! { rules:
    /// fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
    ///     let seat: Option<u32> = by.room().storage().get(&format!("seat:{}", by.member()))?;
    ///     seat.map(|seat| Json::of(&seat)).transpose()
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # assert!(ada.own.is_none());
    /// ```
    fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
        let _unused = by;
        Ok(None)
    }

    /// Returns the app's own state of the room: what every member sees beside the log, such as a topic or what is
    /// pinned. A client receives it in its welcome, and everyone after [`Context::update_shared`]. **Default:** none. A
    /// state that is removed is sent as `null`.
    ///
    /// It is sent as a whole each time, to everyone: what grows belongs in the log. **An error** fails the event that
    /// asked for it, such as the connect. **Not sent** to guests of a second [`Protocol`](super::Protocol).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Json;
    /// # use party::{Result, Room};
    /// # party::example_rules! { rules:
    /// fn shared(&self, room: &Room) -> Result<Option<Json>> {
    ///     room.storage().get("topic")
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # room.storage().put("topic", "the weather")?;
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # assert_eq!(ada.shared.unwrap().as_str(), r#""the weather""#);
    /// # Ok::<(), party::Error>(())
    /// ```
    fn shared(&self, room: &Room) -> Result<Option<Json>> {
        let _unused = room;
        Ok(None)
    }

    /// Answers a query of a member: a search, say. It must change nothing: a client may send it again, and it runs
    /// again then. Read it with [`Json::read_input`]. **Default:** refused with the code `unsupported`. **An error** is
    /// sent to the client.
    ///
    /// **Not called** for guests of a second [`Protocol`](super::Protocol). Who may ask what is decided here:
    /// [`authorize`](Self::authorize) is not asked. Queries count as frames for the rates of a member and its address.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Json;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { rules:
    /// fn query(&self, by: &Context<'_, Self>, query: Json) -> Result<Json> {
    ///     let seq = query.read_input()?;
    ///     Json::of(&by.item(seq)?.body.len())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// assert_eq!(ada.ask(&1).map(|answer| answer.as_str().to_owned()), Ok("4".to_owned()));
    /// assert_eq!(ada.ask(&2).map_err(|error| error.code), Err(party::ErrorCode::NOT_FOUND));
    /// ```
    fn query(&self, by: &Context<'_, Self>, query: Json) -> Result<Json> {
        let _unused = (by, query);
        Err(Error::client(ErrorCode::UNSUPPORTED, "this room answers no queries"))
    }

    /// Returns from which new entries the app derives something: for these [`committed`](Self::committed) is called.
    /// **Default:** [`Derives::Nothing`].
    ///
    /// It is asked before each operation and after it, so it must be cheap. The answer may change at run time: an app
    /// with a slow mode derives from new items only while that is on.
    ///
    /// # Example
    ///
    /// See [`Derives`] and [`committed`](Self::committed).
    fn derives(&self) -> Result<Derives> {
        Ok(Derives::Nothing)
    }

    /// Derives tables of the app's own from a new entry (a search index, counters, an outbox), in the same transaction:
    /// an error rolls the entry back, and its client receives the error.
    ///
    /// **Not called** for entries that [`derives`](Self::derives) leaves out, for an operation that its client sends
    /// again, and not after [`Channel::clear`](super::Channel::clear): an app clears its own tables itself.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Entry;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { rules:
    /// fn derives(&self) -> Result<Derives> {
    ///     Ok(Derives::Entries)
    /// }
    ///
    /// fn committed(&self, by: &Context<'_, Self>, entry: &Entry) -> Result<()> {
    ///     let entries = by.room().storage().get::<u64>(&entry.author)?.unwrap_or(0);
    ///     by.room().storage().put(&entry.author, &(entries + 1))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// assert_eq!(room.storage().get::<u64>(&ada.member)?, Some(1));
    /// # Ok::<(), party::Error>(())
    /// ```
    fn committed(&self, by: &Context<'_, Self>, entry: &Entry) -> Result<()> {
        let _unused = (by, entry);
        Ok(())
    }

    /// Checks a draft by slow work, such as a call to another service. Called if the [settings](Settings) ask for it,
    /// before [`body`](Self::body). The entries of one member keep their order.
    ///
    /// **Default:** accepts every draft. **An error** refuses the draft, and its client is sent the error. **Not
    /// called** without [`review_or_accept`](Settings::review_or_accept) or
    /// [`review_or_refuse`](Settings::review_or_refuse), and for commands.
    ///
    #[doc = include_str!("../docs/review.md")]
    fn review(&self, by: &Context<'_, Self>, draft: &Self::Draft) -> impl Future<Output = Result<()>> {
        let _unused = (by, draft);
        std::future::ready(Ok(()))
    }
}
