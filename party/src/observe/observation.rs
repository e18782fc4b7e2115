//! The observation of one hook that has returned.

use std::time::Duration;

use serde::Serialize;

use crate::{Connection, Error, Timestamp};

/// A hook of [`Server`](crate::Server).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerHook {
    /// [`on_start`](crate::Server::on_start).
    OnStart,
    /// [`on_connect`](crate::Server::on_connect), and [`connection_tags`](crate::Server::connection_tags) before it.
    OnConnect,
    /// [`on_message`](crate::Server::on_message).
    OnMessage,
    /// [`on_close`](crate::Server::on_close).
    OnClose,
    /// [`on_error`](crate::Server::on_error).
    OnError,
    /// [`on_request`](crate::Server::on_request).
    OnRequest,
    /// [`on_call`](crate::Server::on_call).
    OnCall,
    /// [`on_alarm`](crate::Server::on_alarm).
    OnAlarm,
    /// [`on_relay`](crate::Server::on_relay).
    OnRelay,
}

impl ServerHook {
    /// The number of hooks.
    pub(super) const COUNT: usize = 9;

    /// Returns the name of the hook's method, such as `on_message`.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(party::observe::ServerHook::OnMessage.as_str(), "on_message");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnStart => "on_start",
            Self::OnConnect => "on_connect",
            Self::OnMessage => "on_message",
            Self::OnClose => "on_close",
            Self::OnError => "on_error",
            Self::OnRequest => "on_request",
            Self::OnCall => "on_call",
            Self::OnAlarm => "on_alarm",
            Self::OnRelay => "on_relay",
        }
    }
}

/// One hook that has returned, for [`Server::observe`](crate::Server::observe).
///
/// Other hooks may have run while this one waited. Then what they read, wrote and sent counts for this one, too.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The hook.
    pub hook: ServerHook,
    /// The connection that it was called for, if it was called for one.
    pub connection: Option<&'a Connection>,
    /// The error of the hook. One [made for clients](Error::is_public) is a refusal, any other a failure.
    pub error: Option<&'a Error>,
    /// When it was called.
    pub began: Timestamp,
    /// The time it took, in milliseconds of the room's clock. On Workers that clock does not move while code computes
    /// ([security model](https://developers.cloudflare.com/workers/reference/security-model/)), so this is the time
    /// that the hook waited: for storage, for other services, for the batch of a channel. Processor time is in the
    /// platform's own metrics.
    pub duration: Duration,
    /// The number of other hooks of the room that had not returned yet when this one was called.
    pub queue: usize,
    /// The rows that its statements read, as the platform counts and charges them. In tests 0: only the platform counts
    /// them.
    pub rows_read: u64,
    /// The rows that its statements wrote, see [`rows_read`](Self::rows_read).
    pub rows_written: u64,
    /// The bytes of the frames that it sent to clients. A frame to several clients counts once.
    pub sent_bytes: u64,
}
