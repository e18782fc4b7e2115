//! The context of a rule: the member that acts, and its connection.

mod events;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::Channel;
use super::rules::{Attempt, Rules};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::moderation::{Role, Standing};
use crate::parts::wire::Json;
use crate::{MemberId, Room, Sql, Timestamp};

/// The member for which a [rule](Rules) is called, and the parts of the room that the rule may need.
///
/// The examples of its methods are rules of a channel whose items are texts.
pub struct Context<'a, R: Rules> {
    channel: &'a Channel<R>,
    member: &'a MemberId,
    standing: Standing,
    profile: Option<Rc<R::Profile>>,
    guest: bool,
    /// Whether the member's own state has changed.
    own_changed: Cell<bool>,
    /// Whether the room's state has changed.
    shared_changed: Cell<bool>,
    /// Whether everyone is let in.
    open: Cell<bool>,
    /// The files that this operation's item will have.
    taken: RefCell<Vec<String>>,
    /// Events of the app's own, sent when all is committed.
    events: RefCell<Vec<Event>>,
}

/// An event of the app, and the member that receives it, or `None` for everyone.
pub(super) struct Event {
    pub(super) data: Json,
    pub(super) to: Option<MemberId>,
}

/// An item of the log with its body.
///
/// # Example
///
/// ```
/// # party::testing::example::channel(|channel, ada| {
/// channel.append("a1", ada, &"milk".to_owned())?;
/// # Ok(()) });
/// # use party::channel::*;
/// fn credit<R: Rules<Body = String>>(by: &Context<'_, R>, seq: u64) -> party::Result<String> {
///     let Item { author, body, .. } = by.item(seq)?;
///     Ok(format!("{body} (by {author})"))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Item<B> {
    /// The author.
    pub author: String,
    /// The time at which the room accepted it.
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
            shared_changed: Cell::new(false),
            open: Cell::new(false),
            taken: RefCell::default(),
            events: RefCell::default(),
        })
    }

    pub(super) fn channel(&self) -> &'a Channel<R> {
        self.channel
    }

    /// Has a file belong to the item of this operation.
    pub(super) fn take_file(&self, id: &str) {
        self.taken.borrow_mut().push(id.to_owned());
    }

    /// Returns whether everyone is let in.
    pub(super) fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Lets a member in, in [`Rules::admit`], and says that everyone is let in at present. A relay of a large room then
    /// lets in the next members without a question, for at most ten seconds, or until the [shared](Rules::shared) state
    /// changes.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Context, Rules};
    /// use party::parts::invitations::Invitations;
    /// use party::{ConnectionContext, Result};
    ///
    /// fn admit<R: Rules>(
    ///     invitations: &Invitations,
    ///     by: &Context<'_, R>,
    ///     context: &ConnectionContext,
    /// ) -> Result<()> {
    ///     match invitations.key()? {
    ///         None => by.let_everyone_in(),
    ///         Some(_) => invitations.admit(by.member(), context.invitation()),
    ///     }
    /// }
    /// ```
    pub fn let_everyone_in(&self) -> Result<()> {
        self.open.set(true);
        Ok(())
    }

    pub(super) fn has_files(&self) -> bool {
        !self.taken.borrow().is_empty()
    }

    /// Returns the files that were taken.
    pub(super) fn taken_files(&self) -> Vec<String> {
        self.taken.take()
    }

    /// Returns the room.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { command:
    /// # type Command = String;
    /// fn command(&self, by: &Context<'_, Self>, _invite: String) -> Result<Effect<String>> {
    ///     by.send_event_to(by.member(), &by.room().random_id())?;
    ///     Ok(Effect::None)
    /// }
    /// # }
    /// ```
    pub fn room(&self) -> &Room {
        &self.channel.room
    }

    /// Returns the room's database.
    ///
    /// Writes are in the transaction of the rule, and undone with it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { command:
    /// # type Command = u64;
    /// fn command(&self, by: &Context<'_, Self>, item: u64) -> Result<Effect<String>> {
    ///     by.sql().execute("INSERT INTO stars (member, item) VALUES (?, ?)", (by.member().as_str(), item))?;
    ///     Ok(Effect::None)
    /// }
    /// # }
    /// ```
    pub fn sql(&self) -> &Sql {
        &self.channel.sql
    }

    /// Returns the time.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result, Timestamp};
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     const END: Timestamp = Timestamp::from_millis(1_798_761_600_000);
    ///
    ///     match by.now() < END {
    ///         true => by.default_policy(attempt),
    ///         false => Err(Error::client(ErrorCode::FORBIDDEN, "the vote has ended")),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn now(&self) -> Timestamp {
        self.channel.room.now()
    }

    /// Returns the member.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { profile:
    /// type Introduction = String;
    /// type Profile = (String, String);
    ///
    /// fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<(String, String)> {
    ///     Ok((by.member().to_string(), name.unwrap_or_default()))
    /// }
    /// # }
    /// ```
    pub fn member(&self) -> &MemberId {
        self.member
    }

    /// Returns the member's role.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # use party::parts::moderation::Role;
    /// # party::example_rules! { profile:
    /// # type Introduction = String;
    /// # type Profile = String;
    /// fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
    ///     let name = name.unwrap_or_else(|| "Guest".to_owned());
    ///     Ok(if by.role() == Role::Moderator { format!("{name} (moderator)") } else { name })
    /// }
    /// # }
    /// ```
    pub fn role(&self) -> Role {
        self.standing.role
    }

    /// Returns whether the member is a moderator.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     match attempt {
    ///         Attempt::Append if !by.is_moderator() => {
    ///             Err(Error::client(ErrorCode::FORBIDDEN, "only moderators announce"))
    ///         }
    ///         other => by.default_policy(other),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn is_moderator(&self) -> bool {
        self.standing.role == Role::Moderator
    }

    /// Returns the end of the member's mute, if it is muted now.
    ///
    /// [`Timestamp::MAX`] for a mute without an end.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { profile:
    /// # type Introduction = String;
    /// # type Profile = (String, bool);
    /// fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<(String, bool)> {
    ///     Ok((name.unwrap_or_default(), by.muted_until().is_some()))
    /// }
    /// # }
    /// ```
    pub fn muted_until(&self) -> Option<Timestamp> {
        self.standing.muted_until.filter(|_| self.standing.is_muted(self.now()))
    }

    pub(super) fn is_banned(&self) -> bool {
        self.standing.is_banned(self.now())
    }

    /// Returns whether the member connected by a [second protocol](super::Protocol), without proof of its identity.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     if by.is_guest() && matches!(attempt, Attempt::Command) {
    ///         return Err(Error::client(ErrorCode::FORBIDDEN, "this needs the newest app"));
    ///     }
    ///     by.default_policy(attempt)
    /// }
    /// # }
    /// ```
    pub fn is_guest(&self) -> bool {
        self.guest
    }

    /// Returns the profile of the member, as all members see it. `None` if it is not present yet: its first profile is
    /// being made.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { profile:
    /// # type Introduction = String;
    /// # type Profile = String;
    /// fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
    ///     Ok(name.or(by.profile().cloned()).unwrap_or_else(|| "Guest".to_owned()))
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada").introduced(&"Ada".to_owned());
    /// # ada.join(&room);
    /// # ada.read();
    /// # assert_eq!(ada.roster[&ada.member], "Ada");
    /// ```
    pub fn profile(&self) -> Option<&R::Profile> {
        self.profile.as_deref()
    }

    /// Returns an item of the log.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`] when there is no such item, or it is deleted.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { command:
    /// # type Command = u64;
    /// fn command(&self, by: &Context<'_, Self>, seq: u64) -> Result<Effect<String>> {
    ///     let item = by.item(seq)?;
    ///     Ok(Effect::Append(format!("{} said: {}", item.author.len(), item.body)))
    /// }
    /// # }
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.command(7);
    /// # assert_eq!(ada.error().code, party::ErrorCode::NOT_FOUND);
    /// ```
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
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # use party::parts::moderation::Role;
    /// # party::example_rules! { command:
    /// # type Command = u64;
    /// fn command(&self, by: &Context<'_, Self>, pinned: u64) -> Result<Effect<String>> {
    ///     by.require(Role::Moderator)?;
    ///     by.send_event(&("pinned", pinned))?;
    ///     Ok(Effect::None)
    /// }
    /// # }
    /// ```
    pub fn require(&self, role: Role) -> Result<()> {
        match self.standing.role >= role {
            true => Ok(()),
            false => Err(Error::client(ErrorCode::FORBIDDEN, "your role does not allow that")),
        }
    }

    /// Refuses a member that may not write: a reader, one that is muted, or any member while [only moderators
    /// write](crate::parts::moderation::Moderation::set_writers).
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`], [`ErrorCode::MUTED`].
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     match attempt {
    ///         // On this board every member edits every item.
    ///         Attempt::Edit(_) | Attempt::Delete(_) => by.require_writer(),
    ///         other => by.default_policy(other),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn require_writer(&self) -> Result<()> {
        self.channel.moderation.check_writes(self.standing.role)?;
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
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{Error, ErrorCode, Result};
    /// # party::example_rules! { rules:
    /// fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
    ///     match attempt {
    ///         Attempt::Edit(_) => Err(Error::client(ErrorCode::FORBIDDEN, "what is said is said")),
    ///         other => by.default_policy(other),
    ///     }
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Pad>::new("pad");
    /// # let mut ada = party::testing::TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.append("milk".to_owned());
    /// # ada.edit(1, "bread".to_owned());
    /// # assert_eq!(ada.bodies(), ["milk"]);
    /// ```
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
}

impl<R: Rules> fmt::Debug for Context<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("member", &self.member).finish_non_exhaustive()
    }
}
