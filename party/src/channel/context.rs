//! The context of a rule: the member that acts, and its connection.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::Channel;
use super::rules::{Attempt, Rules};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::moderation::{Role, Standing};
use crate::parts::wire::Json;
use crate::{MemberId, Room, Sql, Timestamp};

/// The member for which a [rule](Rules) is called, and the parts of the room that the rule may need.
pub struct Context<'a, R: Rules> {
    channel: &'a Channel<R>,
    member: &'a MemberId,
    standing: Standing,
    profile: Option<Rc<R::Profile>>,
    guest: bool,
    /// Whether the member's own state has changed.
    own_changed: Cell<bool>,
    /// Events of the app's own, sent when all is committed.
    events: RefCell<Vec<Event>>,
}

/// An event of the app, and the member that receives it, or `None` for everyone.
pub(super) struct Event {
    pub(super) data: Json,
    pub(super) to: Option<MemberId>,
}

/// An item of the log with its body.
#[derive(Clone, Debug)]
pub struct Item<B> {
    /// The author.
    pub author: String,
    /// When the room took it.
    pub at: Timestamp,
    /// The body as it is now.
    pub body: B,
}

impl<'a, R: Rules> Context<'a, R> {
    pub(super) fn new(
        channel: &'a Channel<R>,
        member: &'a MemberId,
        profile: Option<Rc<R::Profile>>,
        guest: bool,
    ) -> Result<Self> {
        Ok(Self {
            channel,
            member,
            standing: channel.moderation.standing(member)?,
            profile,
            guest,
            own_changed: Cell::new(false),
            events: RefCell::default(),
        })
    }

    /// Returns the room.
    pub fn room(&self) -> &Room {
        &self.channel.room
    }

    /// Returns the room's database.
    pub fn sql(&self) -> &Sql {
        &self.channel.sql
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        self.channel.room.now()
    }

    /// Returns the member.
    pub fn member(&self) -> &MemberId {
        self.member
    }

    /// Returns the member's role.
    pub fn role(&self) -> Role {
        self.standing.role
    }

    /// Returns whether the member is a moderator.
    pub fn is_moderator(&self) -> bool {
        self.standing.role == Role::Moderator
    }

    /// Returns until when the member may not write, if it is muted now.
    pub fn muted_until(&self) -> Option<Timestamp> {
        self.standing.muted_until.filter(|_| self.standing.is_muted(self.now()))
    }

    pub(super) fn is_banned(&self) -> bool {
        self.standing.is_banned(self.now())
    }

    /// Returns whether the member connected by a [second protocol](super::Protocol), without proof of its identity.
    pub fn is_guest(&self) -> bool {
        self.guest
    }

    /// Returns what all members are shown of the member. `None` if it is not present yet: its first profile
    /// is being made.
    pub fn profile(&self) -> Option<&R::Profile> {
        self.profile.as_deref()
    }

    /// Returns an item of the log.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`] when there is no such item, or it is deleted.
    pub fn item(&self, seq: u64) -> Result<Item<R::Body>> {
        let missing = || Error::client(ErrorCode::NOT_FOUND, "there is no such item any more");
        let entry = self.channel.log.item(seq)?.ok_or_else(missing)?;
        Ok(Item { body: entry.read_body()?, author: entry.author, at: entry.at })
    }

    /// Refuses a member whose role is lower.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`].
    pub fn require(&self, role: Role) -> Result<()> {
        match self.standing.role >= role {
            true => Ok(()),
            false => Err(Error::client(ErrorCode::FORBIDDEN, "your role does not allow that")),
        }
    }

    /// Refuses a member that may not write: a reader, or one that is muted.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`], [`ErrorCode::MUTED`].
    pub fn require_writer(&self) -> Result<()> {
        if self.standing.role == Role::Reader {
            return Err(Error::client(ErrorCode::FORBIDDEN, "you may read here, but not write"));
        }
        match self.muted_until() {
            Some(_) => Err(Error::client(ErrorCode::MUTED, "a moderator muted you")),
            None => Ok(()),
        }
    }

    /// Checks the default rules: members that are not muted write, edit and delete their own items, and send
    /// commands; moderators delete any item; only moderators act on members.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`], [`ErrorCode::MUTED`].
    pub fn default_policy(&self, attempt: Attempt<'_>) -> Result<()> {
        let not_theirs = || Err(Error::client(ErrorCode::FORBIDDEN, "the item is another member's"));
        match attempt {
            Attempt::Moderate(..) => self.require(Role::Moderator),
            Attempt::Edit(item) if item.author != *self.member => {
                self.require_writer().and_then(|()| not_theirs())
            }
            Attempt::Delete(item) if item.author != *self.member && !self.is_moderator() => {
                self.require_writer().and_then(|()| not_theirs())
            }
            _ => self.require_writer(),
        }
    }

    /// Has the member's [own state](Rules::own) sent to its clients, once all is committed.
    pub fn update_own(&self) {
        self.own_changed.set(true);
    }

    /// Sends an event of the app's own to everyone, once all is committed. It is not stored: a client that is away
    /// misses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data cannot be written as JSON.
    pub fn send_event<T: Serialize + ?Sized>(&self, data: &T) -> Result<()> {
        self.events.borrow_mut().push(Event { data: Json::of(data)?, to: None });
        Ok(())
    }

    /// Sends an event of the app's own to the clients of one member, see [`send_event`](Self::send_event).
    ///
    /// # Errors
    ///
    /// As [`send_event`](Self::send_event).
    pub fn send_event_to<T: Serialize + ?Sized>(&self, member: &MemberId, data: &T) -> Result<()> {
        self.events.borrow_mut().push(Event { data: Json::of(data)?, to: Some(member.clone()) });
        Ok(())
    }

    /// Sends what a rule has asked for, now that all is committed.
    pub(super) fn release(&self) -> Result<()> {
        if self.own_changed.take() {
            self.channel.send_own(self.member)?;
        }
        for Event { data, to } in self.events.take() {
            self.channel.deliver(data, to.as_ref())?;
        }
        Ok(())
    }
}

impl<R: Rules> fmt::Debug for Context<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("member", &self.member).finish_non_exhaustive()
    }
}
