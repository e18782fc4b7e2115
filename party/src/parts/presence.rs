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

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::members::Members;
use super::jobs::{Job, Jobs, When};
use super::wire::{Json, Member, Roster, ServerFrame};
use crate::error::{Error, ErrorCode, Result};
use crate::{Connection, MemberId, Room, Tag};

/// The name of this part's data with a connection.
const PART: &str = "presence";

/// The job by which a member leaves after its grace period. Its key is the member.
const LEAVE: &str = "party.presence.leave";

/// The job that sends a large room the number of its members.
const COUNT: &str = "party.presence.count";

/// Its key: there is one such job.
const ALL: &str = "all";

/// The shortest time between two counts that a large room is sent.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// The key under which the room stores that its clients have no roster.
const LARGE: &str = "party.presence.large";

/// The largest presence data of a member, in bytes of JSON.
pub const MAX_DATA_BYTES: usize = 1_024;

/// The options of presence. By default a member stays for 10 seconds after its last connection is gone, a roster goes
/// to rooms of up to 100 members, and all connections receive the changes.
#[derive(Clone, Debug)]
pub struct PresenceOptions {
    grace: Duration,
    roster_up_to: usize,
    audience: Option<Tag>,
}

impl Default for PresenceOptions {
    fn default() -> Self {
        Self { grace: Duration::from_secs(10), roster_up_to: 100, audience: None }
    }
}

impl PresenceOptions {
    /// Sets how long a member whose last connection is gone is still here.
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Sets up to how many members a roster goes to all.
    #[must_use]
    pub fn roster_up_to(self, members: usize) -> Self {
        Self { roster_up_to: members, ..self }
    }

    /// Sets which connections get changes: those with this tag.
    #[must_use]
    pub fn audience(self, tag: Tag) -> Self {
        Self { audience: Some(tag), ..self }
    }
}

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
    /// None: it is a `Result` as for every part.
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
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when it cannot be written as JSON; what the room's jobs fail with.
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

    /// Keeps with a connection whose it is and what the member shows, before the connection is accepted: in
    /// [`connection_tags`](crate::Server::connection_tags), where that costs nothing. [`join`](Self::join) in
    /// `on_connect`, with the same data, then has nothing to write.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
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

    /// Returns what a connection's member shows, if the connection has joined.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data has another shape. A connection from before the room
    /// slept, whose data another build of the app has made, is closed instead, with
    /// [`CloseCode::RESTART`](crate::CloseCode::RESTART): its client comes back at once, and joins again.
    pub fn data<D: DeserializeOwned>(who: &Connection) -> Result<Option<D>> {
        let data = share_of(who)?.map(|share| share.data.read()).transpose();
        data.or_else(|error| who.is_unreadable(error))
    }

    /// Notes that a connection has closed. Call it in [`on_close`](crate::Server::on_close), for any connection.
    ///
    /// # Errors
    ///
    /// The errors of the room's jobs.
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
    pub fn lost(&self, who: &Connection) -> Result<()> {
        self.leave(who)?;
        who.remove_share(PART)
    }

    /// Undoes a [join](Self::join): the room could not admit the client after all. Its member is gone without grace,
    /// unless it has another connection.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    pub fn withdraw(&self, who: &Connection) -> Result<()> {
        let Some(share) = share_of(who)? else { return Ok(()) };
        who.remove_share(PART)?;
        let gone = self.changed(|members| members.leave(who, &share) && members.remove(&share.member))?;
        match gone {
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

    /// Does a job of this part; `false` if it is another's.
    ///
    /// # Errors
    ///
    /// The errors of the room's jobs.
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

    /// Returns how many members are here, those in their grace included.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    pub fn count(&self) -> Result<usize> {
        self.changed(|members| members.len())
    }

    /// Returns whether a member is here, or in its grace.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    pub fn is_here(&self, member: &MemberId) -> Result<bool> {
        self.changed(|members| members.has(member))
    }

    /// Returns what a member shows, if it is here or in its grace.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data has another shape; and as [`count`](Self::count).
    pub fn shown<D: DeserializeOwned>(&self, member: &str) -> Result<Option<D>> {
        let data = self.changed(|members| members.shown(member).cloned())?;
        data.map(|data| data.read()).transpose()
    }

    /// Returns how many open connections a member has.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    pub fn connections(&self, member: &MemberId) -> Result<usize> {
        self.changed(|members| members.connections(member, self.0.room.platform()))
    }

    /// Returns the roster for a new client: all members, or only their number in a large room.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    pub fn roster(&self) -> Result<Roster> {
        let large = self.is_large()?;
        self.changed(|members| {
            let all = (!large).then(|| members.iter().map(Share::clone).map(Member::from).collect());
            Roster { count: members.len(), members: all, join: None, leave: None }
        })
    }

    /// Tells the others of a change.
    fn tell(&self, came: Option<Share>, gone: Option<String>) -> Result<()> {
        let (count, was_large) = (self.count()?, self.is_large()?);
        // Once large, a room stays so until it is well below, so that a member that joins and leaves does not make
        // everyone forget and learn.
        let below = self.0.options.roster_up_to.saturating_sub(self.0.options.roster_up_to / 5);
        let large = count > if was_large { below } else { self.0.options.roster_up_to };
        if large != was_large {
            self.0.room.storage().put(LARGE, &large)?;
            self.changed(|members| members.large = Some(large))?;
            return self.send(self.roster()?);
        }
        if large {
            return self.0.jobs.set_if_absent(COUNT, ALL, When::after(COUNT_EVERY), &()).map(drop);
        }
        let join = came.map(|share| vec![Member::from(share)]);
        self.send(Roster { count, members: None, join, leave: gone.map(|member| vec![member]) })
    }

    fn send(&self, roster: Roster) -> Result<()> {
        let frame: ServerFrame = ServerFrame::Presence(roster);
        let broadcast = self.0.room.broadcast_json(&frame)?;
        match &self.0.options.audience {
            Some(tag) => broadcast.to_tag(tag).send(),
            None => broadcast.send(),
        }
        Ok(())
    }

    fn is_large(&self) -> Result<bool> {
        // Only a room that was ever large has something to read.
        let known = self.changed(|members| members.large)?;
        match known {
            Some(large) => Ok(large),
            None => {
                let large = self.0.room.storage().get(LARGE)?.unwrap_or(false);
                self.changed(|members| members.large = Some(large))?;
                Ok(large)
            }
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
