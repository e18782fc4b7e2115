//! Presence: a roster of the members, which every client has and which changes by small frames.
//!
//! A member is present once, with any number of connections. When the last of them closes, the member stays for a grace
//! period, so that a reconnect does not count as a leave and a join. In a large room clients receive only the number of
//! members.
//!
//! The roster is computed from the data of the connections, and each member in its grace period has a
//! [job](super::jobs) of the room. So the roster survives when the room sleeps.
//!
//! # Example
//!
//! ```
//! use party::parts::jobs::Jobs;
//! use party::parts::presence::{Presence, PresenceOptions};
//! use party::{Close, Connection, ConnectionContext, MemberId, Props, Result, Room, Server};
//!
//! struct Lobby {
//!     jobs: Jobs,
//!     presence: Presence,
//! }
//!
//! impl Server for Lobby {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         let jobs = Jobs::open(room)?;
//!         Ok(Self { presence: Presence::open(room, &jobs, PresenceOptions::default())?, jobs })
//!     }
//!
//!     async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
//!         self.presence.join(who, &MemberId::new("ada")?, &"Ada Lovelace")?;
//!         who.send_json(&self.presence.roster()?)
//!     }
//!
//!     async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
//!         self.presence.leave(who)
//!     }
//!
//!     async fn on_alarm(&self, _room: &Room) -> Result<()> {
//!         self.jobs.run(async |job| self.presence.handle(job).map(drop)).await
//!     }
//! }
//! # let room = party::testing::TestRoom::<Lobby>::new("lobby");
//! # assert!(room.connect("1").received().len() >= 1);
//! ```

mod members;
mod options;
mod query;
mod tell;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::members::Members;
pub use self::options::PresenceOptions;
use super::jobs::{Job, Jobs, When};
use super::wire::{Json, Member, Roster};
use crate::error::{Error, ErrorCode, Result};
use crate::{Connection, MemberId, Room};

/// The name of this part's data with a connection.
const PART: &str = "presence";

/// The job by which a member leaves after its grace period. Its key is the member.
const LEAVE: &str = "party.presence.leave";

/// The job that sends a large room the number of its members.
const COUNT: &str = "party.presence.count";

/// The largest presence data of a member, in bytes of JSON.
pub const MAX_DATA_BYTES: usize = 1_024;

/// The presence of the members of a room.
///
/// # Limits
///
/// The presence data of a member has at most 1,024 bytes as JSON. A roster goes to rooms of up to [100
/// members](PresenceOptions::roster_up_to); changes in a larger one cost one small frame a second, however many members
/// join and leave.
#[derive(Clone)]
pub struct Presence(Rc<Inner>);

struct Inner {
    room: Room,
    jobs: Jobs,
    options: PresenceOptions,
    members: RefCell<Option<Members>>,
}

/// The presence of a member, as it is kept with a connection, and with the job by which the member leaves.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Share {
    member: MemberId,
    data: Json,
}

impl Share {
    fn new<D: Serialize + ?Sized>(member: &MemberId, data: &D) -> Result<Self> {
        let data = Json::of(data)?;
        if data.as_str().len() > MAX_DATA_BYTES {
            let text = format!("presence data has {} bytes, more than {MAX_DATA_BYTES}", data.as_str().len());
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        Ok(Self { member: member.clone(), data })
    }
}

impl Presence {
    /// Opens the presence of a room, whose jobs run members' leaving.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::jobs::Jobs;
    /// use party::parts::presence::{Presence, PresenceOptions};
    ///
    /// let jobs = Jobs::open(room)?;
    /// let presence = Presence::open(room, &jobs, PresenceOptions::default())?;
    /// assert_eq!(presence.count()?, 0);
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, jobs: &Jobs, options: PresenceOptions) -> Result<Self> {
        let members = RefCell::default();
        Ok(Self(Rc::new(Inner { room: room.clone(), jobs: jobs.clone(), options, members })))
    }

    /// Adds a connection of a member, with the member's presence data. Call it in
    /// [`on_connect`](crate::Server::on_connect), and again when the data has changed. The others are sent the change,
    /// if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::TOO_LARGE`] when the data has more than [`MAX_DATA_BYTES`];
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when it cannot be written as JSON; the errors of the room's jobs.
    ///
    /// # Example
    ///
    /// ```
    /// # let (ada, bob) = party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// presence.join(ada, &MemberId::new("ada")?, &"Ada Lovelace")?;
    /// # Ok(()) });
    /// # let frame = bob.receive_text();
    /// assert_eq!(frame, r#"{"type":"presence","count":1,"join":[{"member":"ada","data":"Ada Lovelace"}]}"#);
    /// ```
    pub fn join<D: Serialize + ?Sized>(&self, who: &Connection, member: &MemberId, data: &D) -> Result<()> {
        let share = Share::new(member, data)?;
        self.read()?;
        who.set_share(PART, share.clone())?;
        // A job by which the member would leave finds it here again: to take it back would cost more than to let it
        // run.
        match self.changed(|members| members.join(who, &share))? {
            true => self.tell(Some(share), None),
            false => Ok(()),
        }
    }

    /// Stores the member and its presence data with a connection, before the connection is accepted: in
    /// [`connection_tags`](crate::Server::connection_tags), where that costs nothing. [`join`](Self::join) in
    /// `on_connect`, with the same data, then has nothing to write.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
    ///
    /// # Example
    ///
    /// The data is stored with the socket when the connection is accepted:
    ///
    /// ```
    /// # use party::*;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # struct Lobby { presence: Presence }
    /// # impl Server for Lobby {
    /// # async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    /// #     Ok(Self { presence: Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())? })
    /// # }
    /// async fn connection_tags(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<Vec<Tag>> {
    ///     self.presence.prepare(who, &MemberId::new(who.id().as_str())?, "Ada Lovelace")?;
    ///     Ok(vec![])
    /// }
    ///
    /// async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     self.presence.join(who, &MemberId::new(who.id().as_str())?, "Ada Lovelace")
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Lobby>::new("lobby");
    /// # assert!(room.connect("ada").is_open() && room.errors().is_empty());
    /// ```
    pub fn prepare<D: Serialize + ?Sized>(
        &self,
        who: &Connection,
        member: &MemberId,
        data: &D,
    ) -> Result<()> {
        let share = Share::new(member, data)?;
        self.read()?;
        who.set_share(PART, share)
    }

    /// Returns the presence data of a connection's member, if the connection has joined.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data has another shape. A connection from before the room
    /// slept, whose data another build of the app has made, is closed instead, with
    /// [`CloseCode::RESTART`](crate::CloseCode::RESTART): its client comes back at once, and joins again.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// presence.join(ada, &MemberId::new("ada")?, &"Ada Lovelace")?;
    /// assert_eq!(Presence::data::<String>(ada)?.as_deref(), Some("Ada Lovelace"));
    /// # Ok(()) });
    /// ```
    pub fn data<D: DeserializeOwned>(who: &Connection) -> Result<Option<D>> {
        let data = share_of(who)?.map(|share| share.data.read()).transpose();
        data.or_else(|error| who.is_unreadable(error))
    }

    /// Notes that a connection has closed. Call it in [`on_close`](crate::Server::on_close), for any connection.
    ///
    /// The member is still present for its [grace](PresenceOptions::grace), 10 seconds by default. Then the others are
    /// sent that it has left.
    ///
    /// # Errors
    ///
    /// The errors of the room's jobs.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # use party::parts::presence::Presence;
    /// # struct Lobby { presence: Presence }
    /// # impl Lobby {
    /// async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
    ///     self.presence.leave(who)
    /// }
    /// # }
    /// ```
    pub fn leave(&self, who: &Connection) -> Result<()> {
        let Some(share) = share_of(who)? else { return Ok(()) };
        let last = self.changed(|members| members.leave(who, &share))?;
        match last {
            true => self.0.jobs.set(LEAVE, &share.member, When::after(self.0.options.grace), &*share),
            false => Ok(()),
        }
    }

    /// Removes a connection that is taken for dead, as by a [sweep](super::heartbeat::Heartbeat::sweep). Nothing is
    /// left to do if its close arrives later.
    ///
    /// # Errors
    ///
    /// As [`leave`](Self::leave).
    ///
    /// # Example
    ///
    /// ```
    /// use party::Result;
    /// use party::parts::heartbeat::Heartbeat;
    /// use party::parts::presence::Presence;
    ///
    /// fn sweep(heartbeat: &Heartbeat, presence: &Presence) -> Result<()> {
    ///     heartbeat.sweep().iter().try_for_each(|dead| presence.lost(dead))
    /// }
    /// ```
    pub fn lost(&self, who: &Connection) -> Result<()> {
        self.leave(who)?;
        who.remove_share(PART)
    }

    /// Undoes a [join](Self::join): the room could not admit the client after all. Its member leaves without grace,
    /// unless it has another connection.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// presence.join(ada, &MemberId::new("ada")?, &"Ada Lovelace")?;
    /// presence.withdraw(ada)?;
    /// assert_eq!(presence.count()?, 0);
    /// # Ok(()) });
    /// ```
    pub fn withdraw(&self, who: &Connection) -> Result<()> {
        let Some(share) = share_of(who)? else { return Ok(()) };
        match self.take_out(who)? {
            true => self.tell(None, Some(share.member.to_string())),
            false => Ok(()),
        }
    }

    /// Makes members without a connection leave, also if the database could not store that when their last connection
    /// was closed.
    pub(crate) fn settle(&self) -> Result<()> {
        for share in self.changed(|members| members.waiting())? {
            self.0.jobs.set_if_absent(LEAVE, &share.member, When::after(self.0.options.grace), &share)?;
        }
        Ok(())
    }

    /// Removes a member at once, with all its connections, as when a moderator removes it.
    ///
    /// # Errors
    ///
    /// The errors of the room's jobs.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// let member = MemberId::new("ada")?;
    /// presence.join(ada, &member, &"Ada Lovelace")?;
    /// presence.remove(&member)?;
    /// assert!(!presence.is_here(&member)?, "without grace");
    /// # Ok(()) });
    /// ```
    pub fn remove(&self, member: &MemberId) -> Result<()> {
        self.read()?;
        for connection in self.0.room.connections() {
            if share_of(&connection)?.is_some_and(|share| share.member == *member) {
                connection.remove_share(PART)?;
            }
        }
        self.0.jobs.cancel(LEAVE, member)?;
        match self.changed(|members| members.remove(member))? {
            true => self.tell(None, Some(member.to_string())),
            false => Ok(()),
        }
    }

    /// Runs a job of this part. Returns `false` for any other job.
    ///
    /// Its kinds begin with `party.presence.`.
    ///
    /// # Errors
    ///
    /// The errors of the room's jobs.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Result;
    /// use party::parts::jobs::{Job, Jobs};
    /// use party::parts::presence::Presence;
    ///
    /// async fn run(jobs: &Jobs, presence: &Presence) -> Result<()> {
    ///     jobs.run(async |job: &Job| match presence.handle(job)? {
    ///         true => Ok(()),
    ///         false => Ok(println!("a job of the app: {}", job.kind())),
    ///     })
    ///     .await
    /// }
    /// ```
    pub fn handle(&self, job: &Job) -> Result<bool> {
        match job.kind() {
            LEAVE => {
                let gone = self.changed(|members| members.gone(job.key()))?;
                if gone {
                    self.tell(None, Some(job.key().to_owned()))?;
                }
                Ok(true)
            }
            COUNT => {
                // A room that has become small since has sent everyone the roster.
                if self.is_large()? {
                    self.send(Roster { count: self.count()?, members: None, join: None, leave: None })?;
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Reads the members from the connections and the jobs, if they are not known in this activation. Call it before a
    /// change of a share: a later read would have the change already, and nobody would be sent the change.
    fn read(&self) -> Result<()> {
        if self.0.members.borrow().is_none() {
            let members = Members::read(&self.0.room, &self.0.jobs)?;
            self.0.members.replace(Some(members));
        }
        Ok(())
    }

    /// Asks or changes the members.
    fn changed<T>(&self, change: impl FnOnce(&mut Members) -> T) -> Result<T> {
        self.read()?;
        let mut members = self.0.members.borrow_mut();
        Ok(change(members.get_or_insert_default()))
    }
}

/// Returns the presence of a connection, or `None`, also if its member was removed.
/// Returns the members of a room that are in their grace: they have left, and may come back.
pub(crate) fn in_grace(room: &Room) -> Result<Vec<MemberId>> {
    Jobs::open(room)?.list(LEAVE)?.iter().map(|job| MemberId::new(job.key())).collect()
}

fn share_of(connection: &Connection) -> Result<Option<Rc<Share>>> {
    connection.share(PART)
}

impl From<Share> for Member {
    fn from(Share { member, data }: Share) -> Self {
        Self { member: member.into(), data }
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presence").field("grace", &self.0.options.grace).finish_non_exhaustive()
    }
}
