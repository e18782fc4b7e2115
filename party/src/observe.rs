//! Observation of a room by operators: lines in the log with fields, an [`Observation`] of each event, and an
//! [`Inspection`] on demand.
//!
//! # Logs
//!
//! Every line that the framework logs is an object, which Workers Logs and `wrangler tail` index by its fields:
//! `level`, `room`, `event` (the hook), `connection`, `error` (the id that the client was sent), `message`.
//!
//! # Metrics and traces
//!
//! A party that sets [`Server::OBSERVES`](crate::Server::OBSERVES) gets an [`Observation`] after each of its hooks. One
//! that does not set it has no code for it.
//!
//! # Inspection
//!
//! [`Room::inspect`](crate::Room::inspect) returns at any time the number of connections, the size of the database, and
//! the hooks that were slow or failed. A [channel](crate::channel) adds its own, and answers requests of operators, see
//! [`Settings::operator_key`](crate::channel::Settings::operator_key).

mod activity;
mod inspection;
mod observation;
mod record;

pub(crate) use self::activity::{Activity, Called};
pub use self::inspection::{HookCounts, Inspection};
pub use self::observation::{Observation, ServerHook};
pub use self::record::Level;
pub(crate) use self::record::{Record, log_error};
