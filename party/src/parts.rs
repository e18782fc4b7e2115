//! Parts that any room can use: a room takes those it wants and composes them in its own hooks.
//!
//! A part is a field of the room's struct, made in [`on_start`](crate::Server::on_start) and asked in its hooks. None
//! hooks itself in, none costs anything where it is not used, and each is built on what every room can use: its
//! [database](crate::Sql), its [alarm](crate::Alarm), its [connections](crate::Connection).
//!
//! | part | what it is for |
//! | --- | --- |
//! | [`log`] | a durable, ordered, editable log, and exact resume for those who come back |
//! | [`identity`] | who is who: members that are recognised by a secret |
//! | [`moderation`] | roles, and what moderators do: kick, ban, mute |
//! | [`presence`] | who is here, without flicker |
//! | [`ephemeral`] | what holds for a moment, such as "is typing" |
//! | [`limits`] | how much is too much, and when again |
//! | [`batch`] | what comes within the same few milliseconds is done together |
//! | [`heartbeat`] | connections that are dead are found and closed, without waking the room for each ping |
//! | [`backlog`] | clients that do not read what they are sent are found and closed |
//! | [`jobs`] | many jobs on the one alarm: at a moment, after a delay, by cron |
//! | `token` | signed tokens (JWT) of apps with accounts: feature `jwt` |
//! | [`wire`] | what travels between a room of parts and its clients |

pub mod backlog;
pub mod batch;
pub mod ephemeral;
pub mod heartbeat;
pub mod identity;
pub mod jobs;
pub mod limits;
pub mod log;
pub mod moderation;
pub mod presence;
#[cfg(feature = "jwt")]
pub mod token;
pub mod wire;
