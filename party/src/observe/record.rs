//! A line of the log, with its fields.

use std::fmt;

use serde::Serialize;

use crate::connection::Connection;
use crate::error::Error;
use crate::platform::Platform;

/// The level of a line of the log.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    Info,
    /// Something failed.
    Error,
}

/// A line of the log. The platform adds the time.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Record {
    pub(crate) level: Level,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    room: String,
    /// The hook, or what else was being done.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    /// The id under which the client knows the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Record {
    /// Returns a line that is good to know.
    pub(crate) fn info(platform: &dyn Platform, message: impl Into<String>) -> Self {
        Self::new(platform, Level::Info, message.into())
    }

    /// Returns a line about a failure that no client was sent.
    pub(crate) fn failure(platform: &dyn Platform, message: impl Into<String>) -> Self {
        Self::new(platform, Level::Error, message.into())
    }

    fn new(platform: &dyn Platform, level: Level, message: String) -> Self {
        let room = platform.name().unwrap_or_default();
        Self { level, message, room, event: None, connection: None, error: None }
    }

    /// Adds the connection that the line is about.
    pub(crate) fn about(mut self, connection: &Connection) -> Self {
        self.connection = Some(connection.id().to_string());
        self
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.room.is_empty() {
            write!(f, "[{}] ", self.room)?;
        }
        match (self.event, &self.error) {
            (Some(event), Some(error)) => write!(f, "{event} failed, error {error}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

/// Logs an error with all its causes, under an id that a client may know.
pub(crate) fn log_error(
    platform: &dyn Platform,
    event: &'static str,
    connection: Option<&Connection>,
    error: Error,
) -> Error {
    let mut bytes = [0; 4];
    platform.random(&mut bytes);
    let id = format!("{:08x}", u32::from_be_bytes(bytes));
    let mut record = Record::failure(platform, error.chain());
    (record.event, record.error) = (Some(event), Some(id.clone()));
    if let Some(connection) = connection {
        record = record.about(connection);
    }
    platform.log(record);
    error.logged(id)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::platform::Surroundings;
    use crate::platform::memory::{Chance, Durable, Memory, World};

    #[test]
    fn a_line_has_the_fields_that_are_known_and_no_others() {
        let (world, name) = (Rc::new(World::default()), Some("lobby".to_owned()));
        let durable = Durable::new(world, "party", name, Chance::new(1)).unwrap();
        let platform = Memory::new(Rc::clone(&durable), Rc::new(|_| {}));
        let error = log_error(&platform, "on_message", None, Error::other("db-7 is down"));
        platform.log(Record::info(&platform, "hello"));

        let lines = durable.log.borrow();
        let id = error.error_id().unwrap();
        assert_eq!(
            serde_json::to_value(&lines[0]).unwrap(),
            serde_json::json!({"level": "error", "message": "db-7 is down", "room": "lobby", "event": "on_message", "error": id})
        );
        let hello = serde_json::json!({"level": "info", "message": "hello", "room": "lobby"});
        assert_eq!(serde_json::to_value(&lines[1]).unwrap(), hello);
        assert_eq!(lines[0].to_string(), format!("[lobby] on_message failed, error {id}: db-7 is down"));
    }
}
