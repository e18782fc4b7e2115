//! Tests of native rooms through the public API alone: everything that a room's author can rely on.
//!
//! Each module has a small party of its own, written for what it asks. The parties tell what they did in the room's
//! log, which outlives their memory; see `support`. Random numbers come from a seed; see `chance`.
//!
//! ```text
//! start        a room is made once in a life, before anything else
//! connect      how a client comes in, and how it is turned away
//! messages     what a client says, and what happens to it when that fails
//! close        how a connection ends, from either side
//! connections  who is connected: ids, tags, state
//! deploys      a room that wakes with another build
//! document     documents that people edit together, with clients of Yjs
//! fixtures     what each release has left behind
//! rollbacks    migrations that fail, older workers, restored databases
//! broadcast    one frame to many
//! requests     HTTP
//! errors       what the platform reports on a connection
//! calls        what workers and other rooms ask
//! world        rooms that call each other, and calls that fail; `bank` with money that is never lost
//! alarm        the one alarm
//! heartbeat    pings, and connections that are dead
//! jobs         many jobs on it
//! token        signed tokens
//! sql          rows, parameters, transactions; `migrations` for the numbered steps
//! storage      values by key
//! names        the room's name, told or not
//! channel      commands, own state, review, positions, founders, tokens of a channel
//! life         sleep, crash, tasks that go on, chance, the log
//! files        files of members, in a bucket
//! log          the durable log: order, changes, pages, resume, retention
//! identity     who is who; `accounts` by signed tokens
//! invitations  who may join
//! moderation   roles, and what moderators do
//! presence     who is here
//! search       words in the log
//! limits       rates, moments, batches; `backlog` for clients that do not read
//! ```

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test speaks by panicking")]

#[cfg(feature = "jwt")]
mod accounts;
mod alarm;
mod backlog;
mod broadcast;
mod calls;
mod chance;
mod channel;
mod close;
mod connect;
mod connections;
mod deploys;
#[cfg(feature = "document")]
mod document;
mod errors;
mod files;
mod fixtures;
mod heartbeat;
mod identity;
mod invitations;
mod jobs;
mod life;
mod limits;
mod log;
mod messages;
mod migrations;
mod moderation;
mod names;
mod observe;
mod presence;
mod reactions;
mod requests;
mod rollbacks;
mod search;
mod secrets;
mod slow_mode;
mod sql;
mod start;
mod storage;
mod support;
#[cfg(feature = "jwt")]
mod token;
mod world;
