//! The ids of members.

use std::borrow::Borrow;
use std::ops::Deref;
use std::sync::Arc;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

/// The longest id of a member, in bytes.
const MAX_MEMBER_BYTES: usize = 128;

/// The name by which a room knows a member, over reconnects and on several devices: made by
/// [`parts::identity`](crate::parts::identity), or by the app from an account's id.
///
/// It proves nothing, and everyone may know it.
///
/// # Limits
///
/// 1 to 128 bytes of UTF-8.
///
/// # Example
///
/// ```
/// use party::MemberId;
///
/// let ada = MemberId::new("ada")?;
/// assert_eq!(ada, "ada");
/// assert!(ada.starts_with('a'));
/// assert!(MemberId::new("").is_err());
/// # Ok::<(), party::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct MemberId(Arc<str>);

impl MemberId {
    /// Makes a member's id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an empty id and for one of more than 128 bytes.
    ///
    /// # Example
    ///
    /// The subject of a token is a good member id, if it does not change:
    ///
    /// ```
    /// use party::MemberId;
    ///
    /// let ada = MemberId::new("user_2f9a")?;
    /// assert_eq!(ada, "user_2f9a");
    /// assert!(MemberId::new(&"x".repeat(129)).is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(id: &str) -> Result<Self> {
        match id.len() {
            1..=MAX_MEMBER_BYTES => Ok(Self(id.into())),
            _ => Err(Error::new(ErrorKind::Invalid, "a member's id has 1 to 128 bytes")),
        }
    }

    /// Returns the id.
    ///
    /// # Example
    ///
    /// ```
    /// use party::MemberId;
    ///
    /// assert_eq!(MemberId::new("ada")?.as_str(), "ada");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for MemberId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for MemberId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<String> for MemberId {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<MemberId> for String {
    fn eq(&self, other: &MemberId) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<MemberId> for &str {
    fn eq(&self, other: &MemberId) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<MemberId> for str {
    fn eq(&self, other: &MemberId) -> bool {
        self == other.as_str()
    }
}

impl TryFrom<String> for MemberId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self> {
        Self::new(&id)
    }
}

impl From<MemberId> for String {
    fn from(id: MemberId) -> Self {
        id.as_str().to_owned()
    }
}
