//! Parts that any room can use: a durable log, resume, presence, identity, limits and more, each on its own.
//!
//! A room has the parts that it holds: they are fields of its struct, made in
//! [`on_start`](crate::Server::on_start) and asked in its hooks. None of them hooks itself in, and one that is not used costs
//! nothing.
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
//! | [`wire`] | what travels between a room of parts and its clients |

pub mod batch;
pub mod ephemeral;
pub mod identity;
pub mod jobs;
pub mod limits;
pub mod log;
pub mod moderation;
pub mod presence;
pub mod wire;
