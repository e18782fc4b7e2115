//! Who is present: the questions that a room asks.

use serde::de::DeserializeOwned;

use super::{Presence, Share};
use crate::MemberId;
use crate::error::Result;
use crate::parts::wire::{Member, Roster};

impl Presence {
    /// Returns the number of members present, also those in their grace period.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// let (member, bob) = (MemberId::new("ada")?, room.connection("bob").unwrap());
    /// presence.join(ada, &member, &"Ada")?;
    /// presence.join(&bob, &member, &"Ada")?;
    /// assert_eq!(presence.count()?, 1, "one member on two connections");
    /// # Ok(()) });
    /// ```
    pub fn count(&self) -> Result<usize> {
        self.changed(|members| members.len())
    }

    /// Returns whether a member is present, or in its grace period.
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
    /// presence.join(ada, &MemberId::new("ada")?, &"Ada")?;
    /// assert!(presence.is_here(&MemberId::new("ada")?)?);
    /// assert!(!presence.is_here(&MemberId::new("bob")?)?);
    /// # Ok(()) });
    /// ```
    pub fn is_here(&self, member: &MemberId) -> Result<bool> {
        self.changed(|members| members.has(member))
    }

    /// Returns the presence data of a member, if it is present or in its grace period.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data has another shape; and as [`count`](Self::count).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// # use party::MemberId;
    /// # use party::parts::jobs::Jobs;
    /// # use party::parts::presence::{Presence, PresenceOptions};
    /// # let presence = Presence::open(room, &Jobs::open(room)?, PresenceOptions::default())?;
    /// presence.join(ada, &MemberId::new("ada")?, &("Ada", "blue"))?;
    /// let shown: Option<(String, String)> = presence.shown("ada")?;
    /// assert_eq!(shown.unwrap().1, "blue");
    /// # Ok(()) });
    /// ```
    pub fn shown<D: DeserializeOwned>(&self, member: &str) -> Result<Option<D>> {
        let data = self.changed(|members| members.shown(member).cloned())?;
        data.map(|data| data.read()).transpose()
    }

    /// Returns how many open connections a member has.
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
    /// let member = MemberId::new("ada")?;
    /// assert_eq!(presence.connections(&member)?, 0);
    /// presence.join(ada, &member, &"Ada")?;
    /// assert_eq!(presence.connections(&member)?, 1);
    /// # Ok(()) });
    /// ```
    pub fn connections(&self, member: &MemberId) -> Result<usize> {
        self.changed(|members| members.connections(member, self.0.room.platform()))
    }

    /// Returns the roster for a new client: all members, or only their number in a large room.
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
    /// presence.join(ada, &MemberId::new("ada")?, &"Ada")?;
    /// let roster = presence.roster()?;
    /// assert_eq!((roster.count, roster.members.map(|all| all.len())), (1, Some(1)));
    /// # Ok(()) });
    /// ```
    pub fn roster(&self) -> Result<Roster> {
        let large = self.is_large()?;
        self.changed(|members| {
            let all = (!large).then(|| members.iter().map(Share::clone).map(Member::from).collect());
            Roster { count: members.len(), members: all, join: None, leave: None }
        })
    }
}
