//! Moderation: roles, and the actions of moderators on members: mute, ban, kick.
//!
//! # Example
//!
//! ```
//! # use party::parts::moderation::{Moderation, Role};
//! # use party::{MemberId, Result, Room};
//! fn may_write(moderation: &Moderation, room: &Room, member: &MemberId) -> Result<bool> {
//!     let standing = moderation.standing(member)?;
//!     Ok(standing.role != Role::Reader && !standing.is_muted(room.now()))
//! }
//! ```

mod addresses;
mod followed;
mod standing;
mod standings;
mod writers;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use self::followed::Followed;
pub use self::standing::Standing;
use self::standings::Standings;
use super::identity::Identity;
pub use super::wire::{Action, Role};
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::room::learned::Learned;
use crate::sorted::Sorted;
use crate::{CloseCode, MemberId, Room, Sql, Timestamp};

/// Members with a standing of their own, and addresses that are banned with a member. Others have no row.
const NAME: &str = "party_standings";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_standings (
    member TEXT PRIMARY KEY, role TEXT NOT NULL, muted_until INTEGER, banned_until INTEGER, address TEXT
) WITHOUT ROWID";

/// The storage key of the room's first moderator.
const FOUNDER: &str = "party.moderation.founder";

/// The reasons of the closes, as people read them: for a member that was removed, for one that was banned, and for
/// another one from the address of a banned member.
const REMOVED: &str = "A moderator removed you";
const BANNED: &str = "A moderator banned you";
const ADDRESS_BANNED: &str = "A moderator banned somebody who came from your address";

/// The roles, mutes and bans of a room's members.
///
/// # Founder
///
/// The first moderator that the room has had is its founder. The other moderators cannot act on the founder, so a
/// moderator that the founder appoints cannot take the room away. Only the app can, by [`set_role`](Self::set_role).
///
/// # Limits
///
/// Members without a standing of their own cost nothing. The others are held in memory together while the room is
/// awake, about 100 bytes each, until the mute, ban or role ends. Moderators can make 10,000 of them.
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// use party::MemberId;
/// use party::parts::moderation::{Action, Moderation};
///
/// let moderation = Moderation::open(room)?;
/// let (ada, mallory) = (MemberId::new("ada")?, MemberId::new("mallory")?);
/// moderation.claim_founder(&ada)?;
/// moderation.act(&ada, Action::Ban, &mallory, None)?;
/// assert!(moderation.keeps_out(&mallory, None)?);
/// # Ok(()) });
/// ```
#[derive(Clone)]
pub struct Moderation(Rc<Inner>);

struct Inner {
    room: Room,
    sql: Sql,
    known: Rc<Known>,
    /// The addresses of members that left recently, the latest last.
    left: RefCell<VecDeque<(MemberId, String)>>,
    /// What the hub of a large room has told this object, if it is a relay.
    followed: RefCell<Option<Followed>>,
}

/// The standings of a room, in memory. They are read when they are first needed.
#[derive(Default)]
struct Known(Learned<Standings>);

/// A row of the table: a member with its standing.
type Row = (MemberId, Role, Option<Timestamp>, Option<Timestamp>, Option<String>);

impl Moderation {
    /// Opens the moderation of a room. It makes its table for the first member that has a standing of its own.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::MemberId;
    /// use party::parts::moderation::{Moderation, Role};
    ///
    /// let moderation = Moderation::open(room)?;
    /// assert_eq!(moderation.standing(&MemberId::new("ada")?)?.role, Role::Member);
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        let sql = room.sql().clone();
        Ok(Self(Rc::new(Inner {
            room: room.clone(),
            sql,
            known: room.shared(),
            left: RefCell::default(),
            followed: RefCell::default(),
        })))
    }

    /// Returns the standing of a member.
    ///
    /// A member that the room does not know is a [`Role::Member`] without a mute or a ban.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::{Error, ErrorCode, MemberId};
    /// # use party::parts::moderation::{Moderation, Role};
    /// # let (moderation, member) = (Moderation::open(room)?, MemberId::new("ada")?);
    /// if moderation.standing(&member)?.role < Role::Member {
    ///     return Err(Error::client(ErrorCode::FORBIDDEN, "you may only read"));
    /// }
    /// # Ok(()) });
    /// ```
    pub fn standing(&self, member: &MemberId) -> Result<Standing> {
        self.with(|standings| standings.members.get(member).cloned().unwrap_or_default())
    }

    /// Returns whether a client must be refused now: the member is banned, or a member that connected from this
    /// [address](Identity::address) is. A moderator is refused only for its own ban.
    ///
    /// Ask it before a client is admitted.
    ///
    /// # Errors
    ///
    /// As [`standing`](Self::standing).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # use party::parts::moderation::Moderation;
    /// # use party::{CloseCode, Error, ErrorCode};
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// # let (identity, moderation) = (Identity::open(room)?, Moderation::open(room)?);
    /// let member = identity.admit(who, context)?.member;
    /// let address = Identity::address(who)?;
    /// if moderation.keeps_out(&member, address.as_deref())? {
    ///     return Err(Error::client(ErrorCode::FORBIDDEN, "you are banned").closing(CloseCode::FORBIDDEN));
    /// }
    /// # Ok(()) });
    /// ```
    pub fn keeps_out(&self, member: &MemberId, address: Option<&str>) -> Result<bool> {
        let now = self.0.room.now();
        self.with(|standings| match standings.members.get(member) {
            Some(own) if own.is_banned(now) => true,
            Some(own) if own.role == Role::Moderator => false,
            _ => address.is_some_and(|address| {
                let from_there = |standing: &&Standing| standing.address.as_deref() == Some(address);
                standings.members.values().filter(from_there).any(|standing| standing.is_banned(now))
            }),
        })
    }

    /// Refuses a client that a ban [keeps out](Self::keeps_out). The text says whether the ban is its own.
    pub(crate) fn check_ban(&self, member: &MemberId, address: Option<&str>) -> Result<()> {
        if !self.keeps_out(member, address)? {
            return Ok(());
        }
        let own = self.standing(member)?.is_banned(self.0.room.now());
        Err(Error::client(ErrorCode::FORBIDDEN, if own { BANNED } else { ADDRESS_BANNED }))
    }

    /// Makes the member the founder, and so a moderator, if the room has never had a moderator. Returns whether it did.
    ///
    /// **Security:** call it only for a member that has [proved](super::identity::Identity::confirm) its identity. The
    /// answer to a first handshake can be lost, with the secret in it: then nobody could be that founder again.
    ///
    /// # Errors
    ///
    /// As [`set_role`](Self::set_role).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::moderation::{Moderation, Role};
    /// let moderation = Moderation::open(room)?;
    /// let (ada, bob) = (MemberId::new("ada")?, MemberId::new("bob")?);
    /// assert!(moderation.claim_founder(&ada)?);
    /// assert!(!moderation.claim_founder(&bob)?, "there is one founder");
    /// assert_eq!(moderation.standing(&ada)?.role, Role::Moderator);
    /// # Ok(()) });
    /// ```
    pub fn claim_founder(&self, member: &MemberId) -> Result<bool> {
        let first = self.is_fresh()?;
        if first {
            self.set_role(member, Role::Moderator)?;
        }
        Ok(first)
    }

    /// Returns whether the room has never had a moderator.
    pub(crate) fn is_fresh(&self) -> Result<bool> {
        self.with(Standings::is_fresh)
    }

    /// Gives a member a role.
    ///
    /// It is the app's decision: no moderator is asked, and it applies to the founder, too. Connected clients are not
    /// sent the change: see [`Channel::set_role`](crate::channel::Channel::set_role).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::moderation::{Moderation, Role};
    /// # let moderation = Moderation::open(room)?;
    /// let guest = MemberId::new("guest")?;
    /// moderation.set_role(&guest, Role::Reader)?;
    /// assert_eq!(moderation.standing(&guest)?.role, Role::Reader);
    /// # Ok(()) });
    /// ```
    pub fn set_role(&self, member: &MemberId, role: Role) -> Result<()> {
        let founds = role == Role::Moderator && self.is_fresh()?;
        self.change(member, |standing| standing.role = role)?;
        if founds {
            self.0.room.storage().put(FOUNDER, member)?;
            self.update(|standings| standings.founder = Some(member.clone()));
        }
        Ok(())
    }

    /// Returns whether moderators have done nothing yet: at most the founder has a standing.
    pub(crate) fn is_untouched(&self) -> Result<bool> {
        self.with(|standings| {
            standings.members.iter().all(|(member, _)| standings.founder.as_ref() == Some(member))
        })
    }

    /// Returns whether a member may act on another. Only moderators may, and not on themselves or on the founder.
    ///
    /// # Errors
    ///
    /// As [`standing`](Self::standing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::moderation::{Moderation, Role};
    /// # let moderation = Moderation::open(room)?;
    /// # let (ada, bob) = (MemberId::new("ada")?, MemberId::new("bob")?);
    /// moderation.claim_founder(&ada)?;
    /// moderation.set_role(&bob, Role::Moderator)?;
    /// assert!(moderation.may_act(&ada, &bob)?);
    /// assert!(!moderation.may_act(&bob, &ada)?, "nobody acts on the founder");
    /// # Ok(()) });
    /// ```
    pub fn may_act(&self, moderator: &MemberId, member: &MemberId) -> Result<bool> {
        self.with(|standings| {
            let moderates = |standing: &Standing| standing.role == Role::Moderator;
            moderator != member
                && standings.founder.as_ref() != Some(member)
                && standings.members.get(moderator).is_some_and(moderates)
        })
    }

    /// Applies a moderator's action to a member and its connections: those of kicked and banned members are closed with
    /// [`CloseCode::FORBIDDEN`]. `time` is the length of a ban or a mute; without it, it lasts until it is ended.
    ///
    /// A ban also blocks the addresses that the member is connected from, and closes other connections from them,
    /// except those of moderators: an anonymous member could rejoin as another one, or be connected as several.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`] when the moderator [may not](Self::may_act) act on the member, [`ErrorCode::TOO_LARGE`]
    /// when 10,000 members are banned, muted or moderators already; and as [`set_role`](Self::set_role).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::{ErrorCode, MemberId};
    /// # use party::parts::moderation::{Action, Moderation};
    /// # let moderation = Moderation::open(room)?;
    /// # let (ada, bob) = (MemberId::new("ada")?, MemberId::new("bob")?);
    /// moderation.claim_founder(&ada)?;
    /// moderation.act(&ada, Action::Mute, &bob, Some(std::time::Duration::from_secs(600)))?;
    /// let error = moderation.act(&bob, Action::Kick, &ada, None).unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::FORBIDDEN);
    /// # Ok(()) });
    /// ```
    pub fn act(
        &self,
        moderator: &MemberId,
        action: Action,
        member: &MemberId,
        time: Option<Duration>,
    ) -> Result<()> {
        if !self.may_act(moderator, member)? {
            let text = "only moderators can do that, and not to themselves or to the founder of the room";
            return Err(Error::client(ErrorCode::FORBIDDEN, text));
        }
        self.apply(action, member, time)
    }

    /// Applies an action to a member, without checking who asks for it.
    pub(crate) fn apply(&self, action: Action, member: &MemberId, time: Option<Duration>) -> Result<()> {
        let now = self.0.room.now();
        let remembered = matches!(action, Action::Ban | Action::Mute | Action::Appoint);
        if remembered && !self.with(|standings| standings.has_place_for(member, now))? {
            let text = "too many members are banned, muted or moderators already";
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        let until = Some(time.map_or(Timestamp::MAX, |time| now + time));
        match action {
            Action::Kick => {}
            Action::Ban => {
                let address = self.address_of(member)?;
                self.change(member, |standing| {
                    standing.banned_until = until;
                    // A member that is banned again is mostly not present.
                    standing.address = address.or(standing.address.take());
                })?;
            }
            Action::Unban => self.change(member, |standing| {
                (standing.banned_until, standing.address) = (None, None);
            })?,
            Action::Mute => self.change(member, |standing| standing.muted_until = until)?,
            Action::Unmute => self.change(member, |standing| standing.muted_until = None)?,
            Action::Appoint => self.set_role(member, Role::Moderator)?,
            Action::Dismiss => self.set_role(member, Role::Member)?,
        }
        match action {
            Action::Kick => self.close_all(member, None, REMOVED)?,
            Action::Ban => {
                let address = self.standing(member)?.address;
                self.close_all(member, address.as_deref(), BANNED)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Closes a member's connections, and those of other members from an address, except moderators.
    fn close_all(&self, member: &MemberId, address: Option<&str>, reason: &str) -> Result<()> {
        for connection in self.0.room.connections() {
            let Some((other, from)) = Identity::who(&connection)? else { continue };
            let from_there = address.is_some() && from.as_deref() == address;
            if other == *member {
                connection.close(CloseCode::FORBIDDEN, reason);
            } else if from_there && self.standing(&other)?.role != Role::Moderator {
                connection.close(CloseCode::FORBIDDEN, ADDRESS_BANNED);
            }
        }
        Ok(())
    }

    /// Changes a member's standing. Those that are over are forgotten, this one too if it is as everybody's now.
    fn change(&self, member: &MemberId, change: impl FnOnce(&mut Standing)) -> Result<()> {
        let mut standing = self.standing(member)?;
        change(&mut standing);
        self.store(member, standing)
    }

    fn store(&self, member: &MemberId, standing: Standing) -> Result<()> {
        if self.0.followed.borrow().is_some() {
            return Err(Error::new(ErrorKind::Invalid, "a relay does not say who may do what"));
        }
        self.0.sql.ensure_table(NAME, TABLE)?;
        self.0.sql.execute(
            "INSERT OR REPLACE INTO party_standings (member, role, muted_until, banned_until, address)
             VALUES (?, ?, ?, ?, ?)",
            (
                member,
                standing.role.as_str(),
                standing.muted_until,
                standing.banned_until,
                standing.address.as_deref(),
            ),
        )?;
        // Memory follows what is stored.
        self.update(|standings| standings.members.insert(member.clone(), standing));
        let now = self.0.room.now();
        if self.with(|standings| standings.members.values().any(|standing| standing.is_over(now)))? {
            // They are removed when all are loaded again.
            self.0.known.0.forget();
        }
        Ok(())
    }

    fn with<T>(&self, ask: impl FnOnce(&Standings) -> T) -> Result<T> {
        if let Some(followed) = &*self.0.followed.borrow() {
            return Ok(ask(&followed.standings));
        }
        self.0.known.0.ask(&self.0.sql, || self.read(), ask)
    }

    fn update(&self, change: impl FnOnce(&mut Standings)) {
        self.0.known.0.update(&self.0.sql, change);
    }

    /// Reads all standings, and removes those that are over.
    fn read(&self) -> Result<Standings> {
        let query = "SELECT member, role, muted_until, banned_until, address FROM party_standings
                     ORDER BY member";
        let rows: Vec<Row> =
            if self.0.sql.has_table(NAME)? { self.0.sql.query(query, ())? } else { Vec::new() };
        let (now, found) = (self.0.room.now(), rows.len());
        let mut members = Sorted::default();
        for (member, role, muted_until, banned_until, address) in rows {
            let standing = Standing { role, muted_until, banned_until, address };
            if !standing.is_over(now) {
                members.insert(member, standing);
            }
        }
        if members.len() < found {
            let statement = "DELETE FROM party_standings WHERE role = 'member'
                             AND coalesce(muted_until, 0) <= ?1 AND coalesce(banned_until, 0) <= ?1";
            self.0.sql.execute(statement, (now,))?;
        }
        let storage = self.0.room.storage();
        let writers = storage.get(writers::WRITERS)?.unwrap_or_default();
        Ok(Standings { founder: storage.get(FOUNDER)?, members, writers })
    }
}

impl fmt::Debug for Moderation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moderation")
    }
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Member => "member",
            Self::Moderator => "moderator",
        }
    }
}
