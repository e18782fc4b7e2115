//! Who founded the room, and who may write in it.

use super::{Moderation, Role};
use crate::MemberId;
use crate::error::{Error, ErrorCode, Result};

/// The storage key of the lowest role that may write, where that is not a member's.
pub(super) const WRITERS: &str = "party.moderation.writers";

impl Moderation {
    /// Returns the room's first moderator, if there ever was one.
    ///
    /// # Errors
    ///
    /// As [`standing`](Self::standing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::{MemberId, parts::moderation::Moderation};
    /// # let (moderation, ada) = (Moderation::open(room)?, MemberId::new("ada")?);
    /// moderation.claim_founder(&ada)?;
    /// assert_eq!(moderation.founder()?, Some(ada));
    /// # Ok(()) });
    /// ```
    pub fn founder(&self) -> Result<Option<MemberId>> {
        self.with(|standings| standings.founder.clone())
    }

    /// Returns the lowest role that may write: [`Role::Member`], unless it was [set](Self::set_writers).
    ///
    /// # Errors
    ///
    /// As [`standing`](Self::standing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::moderation::{Moderation, Role};
    ///
    /// let locked = Moderation::open(room)?.writers()? == Role::Moderator;
    /// # assert!(!locked);
    /// # Ok(()) });
    /// ```
    pub fn writers(&self) -> Result<Role> {
        self.with(|standings| standings.writers)
    }

    /// Sets the lowest role that may write. [`Role::Moderator`] locks the room: members only read.
    ///
    /// A channel asks for it in [`Context::require_writer`](crate::channel::Context::require_writer), and so in its
    /// default policy. Nobody is told: an app that shows it to clients has it in its [state of the
    /// room](crate::channel::Rules::shared).
    ///
    /// # Errors
    ///
    /// As [`standing`](Self::standing).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::moderation::{Moderation, Role};
    /// # let moderation = Moderation::open(room)?;
    /// moderation.set_writers(Role::Moderator)?;
    /// assert!(moderation.check_writes(Role::Member).is_err());
    /// # Ok(()) });
    /// ```
    pub fn set_writers(&self, role: Role) -> Result<()> {
        match role {
            Role::Member => self.0.room.storage().delete(WRITERS).map(drop)?,
            role => self.0.room.storage().put(WRITERS, &role)?,
        }
        self.update(|standings| standings.writers = role);
        Ok(())
    }

    /// Refuses a role that may not write.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`].
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::moderation::{Moderation, Role};
    /// # let moderation = Moderation::open(room)?;
    /// assert!(moderation.check_writes(Role::Reader).is_err());
    /// moderation.check_writes(Role::Member)?;
    /// # Ok(()) });
    /// ```
    pub fn check_writes(&self, role: Role) -> Result<()> {
        if role >= self.writers()? {
            return Ok(());
        }
        let text = match role {
            Role::Reader => "you may read here, but not write",
            _ => "the room is locked: only moderators may write",
        };
        Err(Error::client(ErrorCode::FORBIDDEN, text))
    }
}
