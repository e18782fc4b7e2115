//! The state of a room, for operators, at any time.

use std::time::Duration;

use serde::Serialize;

use super::observation::ServerHook;
use crate::error::Error;
use crate::timestamp::{Timestamp, millis};

/// The state of a room, for operators, from [`Room::inspect`](crate::Room::inspect). As JSON its fields have the same
/// names.
///
/// Counts are of the present activation: they begin at 0 when the room wakes.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The room's name.
    pub room: String,
    /// The name of its party, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The time.
    pub now: Timestamp,
    /// When the present activation began.
    pub awake_since: Timestamp,
    /// The number of open connections.
    pub connections: usize,
    /// The number of hooks that have been called and have not returned: this request is one of them.
    pub running_hooks: usize,
    /// The size of the database in bytes: what the platform charges and limits
    /// ([10 GB](https://developers.cloudflare.com/durable-objects/platform/limits/)).
    pub stored_bytes: u64,
    /// The bytes of all frames that were sent to clients. A frame to several clients counts once.
    pub sent_bytes: u64,
    /// When the alarm is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Timestamp>,
    /// The hooks that were called, with what became of them.
    pub hooks: Vec<HookCounts>,
}

/// The calls of a hook, and their results.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct HookCounts {
    /// The hook.
    pub hook: ServerHook,
    /// The number of calls that have returned.
    pub calls: u64,
    /// The number of calls that have refused a client.
    pub refused: u64,
    /// The number of calls that have failed. The log has each error.
    pub failed: u64,
    /// The time of the slowest call, in milliseconds, see [`Observation::duration`](super::Observation::duration).
    pub slowest_ms: u64,
    /// The time of all calls together, in milliseconds.
    pub total_ms: u64,
}

impl HookCounts {
    pub(super) fn new(hook: ServerHook) -> Self {
        Self { hook, calls: 0, refused: 0, failed: 0, slowest_ms: 0, total_ms: 0 }
    }

    /// Adds a call.
    pub(super) fn add(&mut self, took: Duration, error: Option<&Error>) {
        let took = millis(took);
        self.calls = self.calls.saturating_add(1);
        self.slowest_ms = self.slowest_ms.max(took);
        self.total_ms = self.total_ms.saturating_add(took);
        match error {
            None => {}
            Some(error) if error.is_public() => self.refused = self.refused.saturating_add(1),
            Some(_) => self.failed = self.failed.saturating_add(1),
        }
    }
}
