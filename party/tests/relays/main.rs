//! Rooms that are too large for one object, through the public API: their relays give everyone the same log, exactly
//! once, whatever happens to the calls between the objects, and to the objects.
//!
//! ```text
//! hall       the app: a room of texts that gets relays early; its members
//! growth     relays come and go
//! joins      how members come to a relay
//! rules      the app's rules, moderators
//! presence   the number of members
//! hundred_thousand  what the name says
//! failures   objects that sleep, crash, are replaced; calls that are lost
//! schedules  all that can go wrong, in random order
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that overflows, or finds nothing, has failed"
)]

#[path = "../it/chance.rs"]
mod chance;
mod failures;
mod growth;
mod hall;
mod hundred_thousand;
mod joins;
mod presence;
mod rules;
mod schedules;
