//! The member that a client is admitted as.

use crate::{MemberId, Timestamp};

/// The member that a client is admitted as.
///
/// # Example
///
/// ```
/// use party::channel::Authentication;
/// use party::{MemberId, Result, Room};
///
/// fn authenticate(room: &Room, bearer: Option<&str>) -> Result<Authentication> {
///     match bearer {
///         Some(key) if key == room.secret("BOT_KEY")? => Ok(Authentication::member(MemberId::new("bot")?)),
///         _ => Ok(Authentication::anonymous()),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Authentication {
    pub(in crate::channel) member: Option<MemberId>,
    pub(in crate::channel) expires: Option<Timestamp>,
}

impl Authentication {
    /// Returns a member with a secret that the room makes: the client keeps it, and is the same member when it comes
    /// back.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Authentication;
    ///
    /// let by_secret = Authentication::anonymous();
    /// # let _ = by_secret;
    /// ```
    pub fn anonymous() -> Self {
        Self { member: None, expires: None }
    }

    /// Returns a member that the app knows, such as the subject of a signed token.
    ///
    /// # Example
    ///
    /// ```
    /// use party::MemberId;
    /// use party::channel::Authentication;
    ///
    /// let ada = Authentication::member(MemberId::new("user_2f9a")?);
    /// # let _ = ada;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn member(member: MemberId) -> Self {
        Self { member: Some(member), expires: None }
    }

    /// Sets how long the proof is valid. Then the connection is closed with 4401, unless its client has sent a fresh
    /// token.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Authentication;
    /// use party::{MemberId, Result, Room};
    ///
    /// fn for_an_hour(room: &Room, subject: &str) -> Result<Authentication> {
    ///     Ok(Authentication::member(MemberId::new(subject)?).until(room.now() + Duration::from_secs(3_600)))
    /// }
    /// ```
    #[must_use]
    pub fn until(self, expires: Timestamp) -> Self {
        Self { expires: Some(expires), ..self }
    }
}
