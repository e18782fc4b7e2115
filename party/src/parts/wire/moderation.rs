//! The words of moderation.

use serde::{Deserialize, Serialize};

/// The role of a member.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Read.
    Reader,
    /// Read and write.
    #[default]
    Member,
    /// Read, write, and moderate.
    Moderator,
}

/// A moderator's action on a member.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Closes the member's connections.
    Kick,
    /// Kicks, and refuses the member from then on.
    Ban,
    /// Ends a ban.
    Unban,
    /// Lets the member write no more.
    Mute,
    /// Ends a mute.
    Unmute,
    /// Makes the member a moderator.
    Appoint,
    /// Makes a moderator a member again.
    Dismiss,
}
