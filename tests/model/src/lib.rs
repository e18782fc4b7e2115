//! A model of a room that is larger than one object: a hub that owns the log, and relays that own the sockets.
//!
//! `stateright` visits every state that it can reach, within a budget of faults, and checks the promises of
//! `docs/large-rooms.md` in each: no client sees a gap or an entry twice, what was acknowledged is in the log once, and
//! when nothing is left to do, everyone has everything. It is a model of the protocol and not of the code: who knows
//! what, which calls there are, what happens when one is lost, doubled, late, or its receiver has lost its memory.
//!
//! - [`state`]: the hub, the relays, the clients, and the calls on their way;
//! - [`hub`] and [`relay`]: what each does with a call;
//! - [`faults`]: what can go wrong, and how often;
//! - [`check`]: the promises.

#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a few small numbers; a mistake in the model ends the check"
)]

pub mod check;
pub mod faults;
pub mod hub;
pub mod relay;
pub mod state;
