//! Cron patterns, in UTC. The reading and the search are `croner`'s, the time is always the caller's.

use chrono::DateTime;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::error::{Error, ErrorKind, Result};
use crate::timestamp::Timestamp;

/// The longest pattern, in bytes.
const MAX_BYTES: usize = 256;

/// A pattern of five fields.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// As the app has written it: it is stored so.
    text: String,
    cron: Box<Cron>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self> {
        if text.len() > MAX_BYTES {
            return Err(Error::new(ErrorKind::Invalid, "a cron pattern has at most 256 bytes"));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(text).map_err(|error| {
            Error::caused(ErrorKind::Invalid, format!("{text:?} is not a cron pattern"), error)
        })?;
        Ok(Self { text: text.to_owned(), cron: Box::new(cron) })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the first of the pattern's moments after this one.
    pub(super) fn next(&self, after: Timestamp) -> Result<Timestamp> {
        let after = i64::try_from(after.as_millis()).ok().and_then(DateTime::from_timestamp_millis);
        let next = after.map(|after| self.cron.find_next_occurrence(&after, false)).transpose();
        let none = || format!("the cron pattern {:?} never fires again", self.text);
        let next = next.map_err(|error| Error::caused(ErrorKind::Invalid, none(), error))?;
        let millis = next.and_then(|next| u64::try_from(next.timestamp_millis()).ok());
        millis.map(Timestamp::from_millis).ok_or_else(|| Error::new(ErrorKind::Invalid, none()))
    }
}
