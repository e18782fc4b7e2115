//! Rows of the log's tables, and the entries that they are.

use serde::Deserialize;

use crate::error::Result;
use crate::parts::wire::{Entry, Json};

/// An item.
#[derive(Deserialize)]
pub(super) struct Item {
    seq: u64,
    id: String,
    author: String,
    at: u64,
    edited: Option<u64>,
    body: Option<String>,
}

/// An item or a change of one.
#[derive(Deserialize)]
pub(super) struct Any {
    seq: u64,
    id: String,
    author: String,
    at: u64,
    target: Option<u64>,
    edited: Option<u64>,
    body: Option<String>,
}

impl Item {
    /// How much of a page it takes.
    pub(super) fn bytes(&self) -> usize {
        bytes_of(&self.id, self.body.as_deref())
    }

    pub(super) fn entry(self) -> Result<Entry> {
        let Self { seq, id, author, at, edited, body } = self;
        Any { seq, id, author, at, target: None, edited, body }.entry()
    }
}

impl Any {
    /// How much of an answer it takes.
    pub(super) fn bytes(&self) -> usize {
        bytes_of(&self.id, self.body.as_deref())
    }

    pub(super) fn entry(self) -> Result<Entry> {
        let Self { seq, id, author, at, target, edited, body } = self;
        let body = body.map(Json::from_text).transpose()?;
        Ok(Entry { seq, id, author, at, target, edited, body })
    }
}

/// What an entry has on the wire beside id and body, generously.
const ENVELOPE: usize = 100;

fn bytes_of(id: &str, body: Option<&str>) -> usize {
    body.map_or(0, str::len).saturating_add(id.len()).saturating_add(ENVELOPE)
}
