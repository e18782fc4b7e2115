//! The channel: commands, own state, review, positions, founders and tokens, by an app of its own.
//!
//! - [`board`]: the app, and what the tests share;
//! - [`lines`]: a second protocol.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that overflows, or finds nothing, has failed"
)]

mod admission;
mod attacks;
pub(crate) mod board;
mod capacity;
mod commands;
mod costs;
mod defaults;
mod derived;
mod devices;
mod disk;
mod errors;
mod founder;
mod fuzz;
mod http;
mod lines;
mod policy;
mod position;
mod protocol;
mod queries;
mod review;
mod schedules;
mod shared;
mod state;
mod summaries;
mod time_to_live;
mod tokens;
mod tools;
mod unused;
