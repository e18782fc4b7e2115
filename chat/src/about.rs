//! What a room says about itself: its name and topic, its founder, what is pinned, who may write, and who may
//! join. Moderators set it, everyone receives it.

use std::time::Duration;

use party::parts::invitations::Invitations;
use party::parts::moderation::{Moderation, Role};
use party::parts::names::checked_title;
use party::parts::slow_mode::SlowMode;
use party::{Error, ErrorCode, MemberId, Result, Room};
use serde::{Deserialize, Serialize};

/// The longest name of a room, in characters.
pub const MAX_ROOM_NAME_CHARS: usize = 60;

/// The longest topic, in characters.
pub const MAX_TOPIC_CHARS: usize = 250;

/// The number of messages that are pinned at the same time.
pub const MAX_PINS: usize = 20;

/// The storage key.
const KEY: &str = "chat.about";

/// What everyone in the room receives.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    /// The name that moderators have given it. Without one it is called as in its address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(test, ts(as = "Option<String>", optional))]
    pub name: String,
    /// The topic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(test, ts(as = "Option<String>", optional))]
    pub topic: String,
    /// The first moderator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    pub founder: Option<MemberId>,
    /// The `seq` of each pinned message, the one that was pinned last at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, type = "number[]"))]
    pub pins: Vec<u64>,
    /// Whether only moderators may write.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub locked: bool,
    /// After how many seconds a member may write again. `0`: at once.
    #[serde(default, rename = "slowMode", skip_serializing_if = "is_zero")]
    #[cfg_attr(test, ts(as = "Option<u32>", optional))]
    pub slow_mode: u32,
    /// The key of the invitations, while only members that were let in may join. Members pass it on in a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub invitation: Option<String>,
    /// The largest size of a file in bytes, if messages can have files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub files: Option<u64>,
}

/// A change of it, by a moderator.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Another name; an empty one is none.
    Name(String),
    /// Another topic; an empty one is none.
    Topic(String),
    /// Pins a message.
    Pin(#[cfg_attr(test, ts(type = "number"))] u64),
    /// Takes a pin back.
    Unpin(#[cfg_attr(test, ts(type = "number"))] u64),
    /// Only moderators may write from now on, or everyone again.
    Lock(bool),
    /// After how many seconds a member may write again.
    SlowMode(u32),
    /// Only members that are here or have an invitation may join from now on, or everyone again.
    InvitationOnly(bool),
    /// A new key for the invitations: the links that were passed on before are no longer valid.
    NewInvitation,
}

/// What a room knows about itself.
#[derive(Debug)]
pub struct RoomAbout {
    room: Room,
    moderation: Moderation,
    /// Slow mode.
    pub slow_mode: SlowMode,
    /// The invitations.
    pub invitations: Invitations,
}

impl RoomAbout {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn open(room: &Room) -> Result<Self> {
        let (moderation, slow_mode) = (Moderation::open(room)?, SlowMode::open(room)?);
        Ok(Self { room: room.clone(), moderation, slow_mode, invitations: Invitations::open(room)? })
    }

    /// Returns all of it.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn read(&self) -> Result<About> {
        let about: About = self.room.storage().get(KEY)?.unwrap_or_default();
        let slow_mode = u32::try_from(self.slow_mode.interval()?.as_secs()).unwrap_or(u32::MAX);
        let (founder, locked) = (self.moderation.founder()?, self.moderation.writers()? == Role::Moderator);
        Ok(About { founder, locked, slow_mode, invitation: self.invitations.key()?, ..about })
    }

    /// Makes a change. Returns whether anything is different now.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`] and [`ErrorCode::TOO_LONG`] for a name or topic, [`ErrorCode::TOO_LARGE`] for too many
    /// pins and for an interval of more than a day.
    pub fn change(&self, change: Change) -> Result<bool> {
        let before = self.read()?;
        let mut about = before.clone();
        match change {
            Change::Name(name) => about.name = checked_title(&name, MAX_ROOM_NAME_CHARS)?,
            Change::Topic(topic) => about.topic = checked_title(&topic, MAX_TOPIC_CHARS)?,
            Change::Pin(message) if about.pins.contains(&message) => {}
            Change::Pin(_) if about.pins.len() >= MAX_PINS => {
                let text = format!("a room has at most {MAX_PINS} pinned messages: unpin one first");
                return Err(Error::client(ErrorCode::TOO_LARGE, text));
            }
            Change::Pin(message) => about.pins.push(message),
            Change::Unpin(message) => about.pins.retain(|pinned| *pinned != message),
            Change::Lock(locked) => {
                self.moderation.set_writers(if locked { Role::Moderator } else { Role::Member })?;
            }
            Change::SlowMode(seconds) => {
                self.slow_mode.set_interval(Duration::from_secs(u64::from(seconds)))?;
            }
            Change::InvitationOnly(true) => self.invitations.require()?,
            Change::InvitationOnly(false) => self.invitations.end()?,
            Change::NewInvitation => self.invitations.renew()?,
        }
        if about != before {
            self.room.storage().put(KEY, &About { invitation: None, ..about })?;
        }
        Ok(self.read()? != before)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
