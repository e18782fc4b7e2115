//! The options of a room's presence.

use std::time::Duration;

use crate::Tag;

/// The options of presence.
///
/// | option | default |
/// | --- | --- |
/// | [how long a member stays](Self::grace) after its last connection | 10 seconds |
/// | [members up to which clients receive a roster](Self::roster_up_to) | 100 |
/// | [connections that receive changes](Self::audience) | all |
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::parts::presence::PresenceOptions;
///
/// let options = PresenceOptions::default().grace(Duration::from_secs(30)).roster_up_to(20);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct PresenceOptions {
    pub(super) grace: Duration,
    pub(super) roster_up_to: usize,
    pub(super) audience: Option<Tag>,
}

impl Default for PresenceOptions {
    fn default() -> Self {
        Self { grace: Duration::from_secs(10), roster_up_to: 100, audience: None }
    }
}

impl PresenceOptions {
    /// Sets how long a member stays after its last connection.
    ///
    /// The default is 10 seconds. A reload of a page takes about one second, a change of a phone's network a few.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::parts::presence::PresenceOptions;
    ///
    /// let patient = PresenceOptions::default().grace(Duration::from_secs(30));
    /// # let _ = patient;
    /// ```
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Sets the largest number of members for which a roster is sent to all.
    ///
    /// The default is 100. In a larger room clients receive the number of members instead, at most once a second.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::presence::PresenceOptions;
    ///
    /// let only_counts = PresenceOptions::default().roster_up_to(0);
    /// # let _ = only_counts;
    /// ```
    #[must_use]
    pub fn roster_up_to(self, members: usize) -> Self {
        Self { roster_up_to: members, ..self }
    }

    /// Sets the connections that receive changes: those with this tag.
    ///
    /// By default all connections do.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Tag;
    /// use party::parts::presence::PresenceOptions;
    ///
    /// let options = PresenceOptions::default().audience(Tag::from_static("player"));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn audience(self, tag: Tag) -> Self {
        Self { audience: Some(tag), ..self }
    }
}
