//! Connections with which another build has kept something that this one cannot read. They are closed, so that their
//! clients come back at once and are admitted by the build that runs.

use super::{Connection, close_quietly};
use crate::error::{Error, Result};
use crate::message::close::CloseCode;
use crate::observe::Record;
use crate::platform::{Platform, SocketId};

/// Why such a connection is closed, for the log and for the close frame.
const OTHER_BUILD: &str = "What another build has kept cannot be read: connect again";

/// Closes a socket of which nothing is known but that the framework accepted it.
pub(super) fn close(platform: &dyn Platform, socket: SocketId) {
    platform.log(Record::info(platform, OTHER_BUILD));
    close_quietly(platform, socket, CloseCode::RESTART, OTHER_BUILD);
    // Later events of the socket are ignored.
    let _unmarked = platform.attach(socket, &[]);
}

impl Connection {
    /// Closes the connection, so that its client comes back at once, if its state was kept in an earlier activation and
    /// cannot be read.
    pub(crate) fn restart_unless(&self, is_readable: fn(&str) -> bool) {
        let is_old = self.0.is_state_old.get();
        if is_old && self.0.state.borrow().as_deref().is_some_and(|state| !is_readable(state.get())) {
            self.close(CloseCode::RESTART, OTHER_BUILD);
        }
    }

    /// Closes a connection whose kept data cannot be read: its client reconnects at once, and is admitted again.
    pub(crate) fn is_unreadable<T>(&self, error: Error) -> Result<Option<T>> {
        if !self.0.is_woken {
            return Err(error);
        }
        let text = format!("{OTHER_BUILD}: {}", error.chain());
        self.0.platform.log(Record::info(&*self.0.platform, text).about(self));
        self.close(CloseCode::RESTART, OTHER_BUILD);
        Ok(None)
    }
}
