//! The standing of one member.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::parts::wire::Role;

/// The standing of a member: its role, mute and ban.
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// use party::MemberId;
/// use party::parts::moderation::{Moderation, Role};
///
/// let standing = Moderation::open(room)?.standing(&MemberId::new("ada")?)?;
/// assert_eq!((standing.role, standing.muted_until), (Role::Member, None));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Standing {
    /// The role of the member.
    pub role: Role,
    /// The end of the member's mute; [`Timestamp::MAX`] for one without an end.
    pub muted_until: Option<Timestamp>,
    /// The end of the member's ban.
    pub banned_until: Option<Timestamp>,
    /// The address of the member when it was banned.
    pub(super) address: Option<String>,
}

impl Standing {
    /// Returns whether the member may not write now.
    ///
    /// A mute ends by itself at its time.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// use std::time::Duration;
    /// use party::parts::moderation::{Action, Moderation, Role};
    ///
    /// let moderation = Moderation::open(room)?;
    /// let (ada, bob) = (MemberId::new("ada")?, MemberId::new("bob")?);
    /// moderation.set_role(&ada, Role::Moderator)?;
    /// moderation.act(&ada, Action::Mute, &bob, Some(Duration::from_secs(60)))?;
    /// let standing = moderation.standing(&bob)?;
    /// assert!(standing.is_muted(room.now()));
    /// assert!(!standing.is_muted(room.now() + Duration::from_secs(60)));
    /// # Ok(()) });
    /// ```
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.muted_until.is_some_and(|until| now < until)
    }

    /// Returns whether the member is banned now.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::moderation::{Action, Moderation, Role};
    /// # let moderation = Moderation::open(room)?;
    /// # let (ada, bob) = (MemberId::new("ada")?, MemberId::new("bob")?);
    /// # moderation.set_role(&ada, Role::Moderator)?;
    /// moderation.act(&ada, Action::Ban, &bob, None)?;
    /// assert!(moderation.standing(&bob)?.is_banned(room.now()));
    /// # Ok(()) });
    /// ```
    pub fn is_banned(&self, now: Timestamp) -> bool {
        self.banned_until.is_some_and(|until| now < until)
    }

    /// Returns whether nothing of it is in force any more: it is that of every member.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.role == Role::Member && !self.is_muted(now) && !self.is_banned(now)
    }
}
