//! What travels beside the document: custom messages of `y-partyserver`, as JSON.

use party::Frame;
use party::parts::document::Version;
use serde::Serialize;

/// A command of a page whose member may write.
#[derive(Debug, Frame)]
pub enum Command {
    /// Save the text as it is, as a version.
    Save {
        /// The name of the version.
        name: String,
    },
    /// Make the text what it was in a version.
    Restore {
        /// The number of the version.
        version: u64,
    },
    /// Delete a version.
    Delete {
        /// The number of the version.
        version: u64,
    },
}

/// What the room tells a page.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum News<'a> {
    /// The versions, the oldest first: when a page connects, and after each change.
    Versions {
        /// All of them.
        versions: Vec<Version>,
    },
    /// A command was not carried out.
    Refused {
        /// The reason, in words.
        reason: &'a str,
    },
}
