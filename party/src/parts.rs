//! Parts that any room can use. A room has the parts that it needs, and calls them in its own hooks.
//!
//! A part is a field of the room's struct. It is made in [`on_start`](crate::Server::on_start) and called in the hooks.
//! No part runs by itself, and an unused part costs nothing. Parts are built on the public API of every room: its
//! [database](crate::Sql), its [alarm](crate::Alarm), its [connections](crate::Connection).
//!
//! | part | purpose |
//! | --- | --- |
//! | [`log`] | a durable, ordered, editable log, and exact resume for clients that reconnect |
//! | [`identity`] | members that are recognised by a secret |
//! | [`moderation`] | roles, and the actions of moderators: kick, ban, mute |
//! | [`invitations`] | a room that only members may join that were let in |
//! | [`presence`] | the members that are present, without flicker |
//! | [`ephemeral`] | events that are not stored, such as "is typing" |
//! | [`reactions`] | emoji that members give to items |
//! | `document` | documents of Yjs that people edit together: feature `document` |
//! | [`files`] | images and other files of members, in a bucket |
//! | [`search`] | the items of the log that contain some words |
//! | [`slow_mode`] | each member writes at most once in an interval |
//! | [`names`] | the names that members may have: visible, and not those of the app |
//! | [`limits`] | rate limits, and when to retry |
//! | [`batch`] | messages of the same few milliseconds are committed together |
//! | [`heartbeat`] | finds and closes dead connections, without waking the room for each ping |
//! | [`backlog`] | finds and closes clients that do not read |
//! | [`jobs`] | many jobs on the one alarm: at a time, after a delay, by cron |
//! | `token` | signed tokens (JWT) of apps with accounts: feature `jwt` |
//! | [`wire`] | the frames between a room of parts and its clients |

pub mod backlog;
pub mod batch;
#[cfg(feature = "document")]
pub mod document;
pub mod ephemeral;
pub mod files;
pub mod heartbeat;
pub mod identity;
pub mod invitations;
pub mod jobs;
pub mod limits;
pub mod log;
pub mod moderation;
pub mod names;
pub mod presence;
pub mod reactions;
pub mod search;
pub mod slow_mode;
#[cfg(feature = "jwt")]
pub mod token;
pub mod wire;
