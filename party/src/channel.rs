//! A channel has what most realtime apps need: a durable log with exact resume, members, presence, moderation, limits
//! and commands of the app's own, over the protocol that `party-client` speaks (`docs/protocol.md`).
//!
//! A [`Channel`] is a field of the room's struct. It is built on [`parts`](crate::parts), which do not know it, and it
//! keeps the order that safety needs: identity before limits, standing before writing, storing before sending. The app
//! adds its rules with one trait, [`Rules`]. A room whose clients speak another protocol does not need it: it is a
//! plain [`Server`](crate::Server).
//!
//! # Example
//!
//! A complete chat room:
//!
//! ```
//! use party::channel::{Channel, Context, NoCommand, Rules, channel_hooks};
//! use party::{Error, ErrorCode, Props, Result, Room, Server, party};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Clone, Deserialize, Serialize)]
//! struct Message { text: String }
//!
//! #[derive(Debug)]
//! struct Talk;
//!
//! impl Rules for Talk {
//!     type Draft = Message;
//!     type Body = Message;
//!     type Introduction = String;
//!     type Profile = String;
//!     type Command = NoCommand;
//!
//!     fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
//!         Ok(name.or(by.profile().cloned()).unwrap_or_else(|| "Guest".to_owned()))
//!     }
//!
//!     fn body(&self, _by: &Context<'_, Self>, draft: Message, _old: Option<Message>) -> Result<Message> {
//!         match draft.text.len() {
//!             1..=2_000 => Ok(draft),
//!             _ => Err(Error::client(ErrorCode::TOO_LARGE, "a message has 1 to 2,000 bytes")),
//!         }
//!     }
//! }
//!
//! #[derive(Debug)]
//! #[party]
//! pub struct Lobby {
//!     channel: Channel<Talk>,
//! }
//!
//! impl Server for Lobby {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { channel: Channel::open(room, Talk)? })
//!     }
//!
//!     channel_hooks!(channel);
//! }
//! # use party::testing::{TestMember, TestRoom};
//! # let room = TestRoom::<Lobby>::new("lobby");
//! # let mut ada = TestMember::<Talk>::new("ada");
//! # ada.join(&room);
//! # ada.append(Message { text: "hello".to_owned() });
//! # assert!(ada.bodies().iter().map(|message| message.text.as_str()).eq(["hello"]));
//! ```

mod asker;
mod commands;
mod commit;
mod context;
mod files;
mod frames;
mod held;
mod hooks;
mod http;
mod join;
mod members;
mod operation;
mod operators;
mod protocol;
mod relays;
mod review;
mod room_rate;
mod rules;
mod settings;
mod summaries;
mod upkeep;

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use self::commands::Commands;
pub use self::context::{Context, Item};
use self::operation::Operation;
pub use self::protocol::{Protocol, Request};
pub use self::relays::Relays;
use self::relays::{Parts, Place};
use self::review::Turns;
pub use self::rules::{Attempt, Authentication, Derives, Effect, NoCommand, Rules};
pub use self::settings::Settings;
use self::summaries::Summaries;
pub use crate::channel_hooks;
use crate::error::Result;
use crate::parts::backlog::{Backlog, BacklogOptions};
use crate::parts::batch::Batch;
use crate::parts::ephemeral::{Ephemeral, EphemeralOptions};
use crate::parts::heartbeat::{Heartbeat, HeartbeatOptions};
use crate::parts::identity::Identity;
use crate::parts::jobs::Jobs;
use crate::parts::limits::Limits;
use crate::parts::log::{Log, PageSize, Retention};
use crate::parts::moderation::Moderation;
use crate::parts::presence::{Presence, PresenceOptions};
use crate::{Connection, MemberId, Room, Sql, Tag, Timestamp};

/// The tag of connections that speak the channel's protocol.
const MEMBER: Tag = Tag::from_static("party.channel");

/// The tags of those that accept several frames in one text, and of those that do not.
const BATCHED: Tag = Tag::from_static("party.channel.batched");
const SINGLE: Tag = Tag::from_static("party.channel.single");

/// A durable channel of a room, see [the module](self).
///
/// It is a field of the room's struct, made in [`on_start`](crate::Server::on_start).
///
/// # Example
///
/// ```
/// # let (room, mut ada) = party::testing::example::channel(|channel, ada| {
/// channel.append("a1", ada, &"milk".to_owned())?;
/// channel.send_event(&"the shop closes soon")?;
/// # Ok(()) });
/// assert_eq!((ada.bodies().len(), ada.events.len()), (1, 1));
/// ```
pub struct Channel<R: Rules> {
    room: Room,
    sql: Sql,
    rules: R,
    log: Log,
    identity: Identity,
    moderation: Moderation,
    presence: Presence,
    ephemeral: Ephemeral,
    limits: Limits,
    heartbeat: Heartbeat,
    backlog: Backlog,
    jobs: Jobs,
    commands: Commands,
    batch: Batch<Vec<Operation<R>>>,
    turns: Turns,
    summaries: Summaries,
    place: Place,
    others: Vec<(Tag, Box<dyn Protocol<R>>)>,
    options: Options,
    /// When dead connections were last looked for.
    looked_at: Cell<Timestamp>,
    /// Whether a sweep is known to be set.
    sweeps: Cell<bool>,
}

/// The settings of the channel itself, not of a part.
struct Options {
    retention: Retention,
    page: PageSize,
    sweep: Duration,
    ephemeral: Option<Vec<String>>,
    founder: bool,
    review: Option<settings::Review>,
    operator_key: Option<String>,
    time_to_live: Option<Duration>,
}

impl<R: Rules> Channel<R> {
    /// Opens the channel of a room. Call it in [`on_start`](crate::Server::on_start). The first time it makes its
    /// tables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses,
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a heartbeat of more than 2,048 characters.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Props, Result, Room, Server};
    ///
    /// struct Lobby<R: Rules> {
    ///     channel: Channel<R>,
    /// }
    ///
    /// impl<R: Rules + Default> Server for Lobby<R> {
    ///     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    ///         Ok(Self { channel: Channel::open(room, R::default())? })
    ///     }
    /// }
    /// ```
    pub fn open(room: &Room, rules: R) -> Result<Self> {
        let settings = rules.settings();
        let jobs = Jobs::open(room)?;
        let (ping, pong) = &settings.ping;
        // Clients of the channel's own protocol ping, so silence counts from the moment in which they connect.
        let pings = |client: &Connection| client.has_tag(MEMBER);
        let heartbeat =
            HeartbeatOptions::default().answer(ping, pong).timeout(settings.silence).required_of(pings);
        let presence = PresenceOptions::default()
            .grace(settings.grace)
            .roster_up_to(settings.roster_up_to)
            .audience(MEMBER);
        let (log, presence) = (Log::open(room)?, Presence::open(room, &jobs, presence)?);
        let (identity, moderation) = (Identity::open(room)?, Moderation::open(room)?);
        let parts = Parts {
            log: &log,
            jobs: &jobs,
            presence: &presence,
            identity: &identity,
            moderation: &moderation,
        };
        Ok(Self {
            place: Place::of(room, settings.relays, &parts),
            log,
            identity,
            moderation,
            presence,
            ephemeral: Ephemeral::open(room, EphemeralOptions::default().audience(MEMBER))?,
            commands: Commands::new(room),
            limits: Limits::open(
                room,
                match settings.relays {
                    Some(relays) => settings.limits.members(relays.members),
                    None => settings.limits,
                },
            )?,
            batch: Batch::open(room, settings.window)?,
            turns: Turns::default(),
            summaries: Summaries::default(),
            others: Vec::new(),
            options: Options {
                retention: settings.retention,
                page: settings.page,
                sweep: settings.sweep,
                ephemeral: settings.ephemeral,
                founder: settings.founder,
                review: settings.review,
                operator_key: settings.operator_key,
                time_to_live: settings.time_to_live,
            },
            looked_at: Cell::new(room.now()),
            sweeps: Cell::new(false),
            room: room.clone(),
            sql: room.sql().clone(),
            rules,
            heartbeat: Heartbeat::open(room, heartbeat)?,
            backlog: Backlog::open(room, BacklogOptions::default())?,
            jobs,
        })
    }

    /// Adds a second protocol, whose clients share the room.
    ///
    /// Call it in [`on_start`](crate::Server::on_start), right after [`open`](Self::open). The protocols must be added
    /// in the same order in every build: a connection that sleeps remembers its protocol by its number.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) when its tag is not valid.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Protocol, Rules};
    /// use party::{Result, Room};
    ///
    /// fn open<R: Rules>(room: &Room, rules: R, old: impl Protocol<R> + 'static) -> Result<Channel<R>> {
    ///     Channel::open(room, rules)?.protocol(old)
    /// }
    /// ```
    pub fn protocol(mut self, protocol: impl Protocol<R> + 'static) -> Result<Self> {
        self.others.push((Tag::new(protocol.tag())?, Box::new(protocol)));
        Ok(self)
    }

    /// Returns the rules.
    ///
    /// Use it for state that the app keeps in its rules.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, _ada| {
    /// let party::testing::example::Notes = channel.rules();
    /// # Ok(()) });
    /// ```
    pub fn rules(&self) -> &R {
        &self.rules
    }

    /// Returns the log, to read it. What is written through it is not sent to anybody: use [`append`](Self::append),
    /// [`amend`](Self::amend) and [`clear`](Self::clear).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, ada| {
    /// channel.append("a1", ada, &"milk".to_owned())?;
    /// let item = channel.log().item(1)?.unwrap();
    /// assert_eq!(item.read_body::<String>()?, "milk");
    /// # Ok(()) });
    /// ```
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Returns the members that are present.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, ada| {
    /// assert!(channel.presence().is_here(ada)?);
    /// assert_eq!(channel.presence().count()?, 1);
    /// # Ok(()) });
    /// ```
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Returns the members' roles, mutes and bans, to read them. A change that is made through it is not sent to the
    /// member's clients: use [`set_role`](Self::set_role) and [`moderate_as_app`](Self::moderate_as_app).
    ///
    /// # Example
    ///
    /// The first member of this room is its founder, and so a moderator:
    ///
    /// ```
    /// # party::testing::example::channel(|channel, ada| {
    /// use party::parts::moderation::Role;
    ///
    /// assert_eq!(channel.moderation().standing(ada)?.role, Role::Moderator);
    /// # Ok(()) });
    /// ```
    pub fn moderation(&self) -> &Moderation {
        &self.moderation
    }

    /// Returns the jobs of the room, for the app's own jobs beside the channel's, see [`alarm`](Self::alarm).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, _ada| {
    /// use std::time::Duration;
    /// use party::parts::jobs::When;
    ///
    /// channel.jobs().set("close", "poll", When::after(Duration::from_secs(600)), &())?;
    /// # Ok(()) });
    /// ```
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Returns the size of a page of the history.
    ///
    /// By default it is 100 items, and about 64 KiB.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::channel(|channel, _ada| {
    /// assert_eq!(channel.page_size().items, 100);
    /// # Ok(()) });
    /// ```
    pub fn page_size(&self) -> PageSize {
        self.options.page
    }

    /// Sends an event of the app's own to everyone. It is not stored: a client that is away misses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data cannot be written as JSON;
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) in a relay of a large room, which would reach only its own
    /// clients.
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, _ada| {
    /// channel.send_event(&("round", 2))?;
    /// # Ok(()) });
    /// assert_eq!(ada.events[0].as_str(), r#"["round",2]"#);
    /// ```
    pub fn send_event<T: Serialize + ?Sized>(&self, data: &T) -> Result<()> {
        self.deliver(crate::parts::wire::Json::of(data)?, None)
    }

    /// Sends an event of the app's own to the clients of one member, see [`send_event`](Self::send_event).
    ///
    /// # Errors
    ///
    /// As [`send_event`](Self::send_event).
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, member| {
    /// channel.send_event_to(member, &"it is your turn")?;
    /// # Ok(()) });
    /// assert_eq!(ada.events[0].as_str(), r#""it is your turn""#);
    /// ```
    pub fn send_event_to<T: Serialize + ?Sized>(&self, member: &MemberId, data: &T) -> Result<()> {
        self.deliver(crate::parts::wire::Json::of(data)?, Some(member))
    }
}

impl<R: Rules> fmt::Debug for Channel<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("room", &self.room).finish_non_exhaustive()
    }
}
