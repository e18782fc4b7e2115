//! Running hooks: each is counted, and observed if its party wants that.

use super::{Host, Live};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::observe::{Called, Observation, ServerHook};
use crate::platform;
use crate::server::Server;

impl<S: Server> Host<S> {
    /// Runs a hook, counts it, and has it observed.
    pub(super) async fn hook<T>(
        &self,
        live: &Live<S>,
        hook: ServerHook,
        connection: Option<&Connection>,
        run: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let called = self.called();
        let result = run.await;
        self.returned(Some(live), hook, connection, called, result.as_ref().err());
        result
    }

    pub(super) fn called(&self) -> Called {
        let mut called = self.activity.called(self.platform.now());
        if S::OBSERVES {
            called.rows = platform::counted_rows(&*self.platform);
            called.sent = self.registry.all_sent_bytes();
        }
        called
    }

    /// Notes that a hook has returned. A hook that could not make the room is not observed.
    pub(super) fn returned(
        &self,
        live: Option<&Live<S>>,
        hook: ServerHook,
        connection: Option<&Connection>,
        called: Called,
        error: Option<&Error>,
    ) {
        let duration = self.activity.returned(hook, called, self.platform.now(), error);
        if !S::OBSERVES {
            return;
        }
        let Some(Live { room, server }) = live else { return };
        let (read, written) = platform::counted_rows(&*self.platform);
        let Called { began, queue, rows, sent } = called;
        server.observe(
            room,
            &Observation {
                hook,
                connection,
                error,
                began,
                duration,
                queue,
                rows_read: read.saturating_sub(rows.0),
                rows_written: written.saturating_sub(rows.1),
                sent_bytes: self.registry.all_sent_bytes().saturating_sub(sent),
            },
        );
    }
}
