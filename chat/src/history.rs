//! What is stored: the messages of one room, in the room's order.

use party::{Result, Sql};
use serde::Deserialize;

use crate::protocol::{Draft, Message, Role};

/// How many messages somebody gets who joins, at most.
pub const PAGE_MESSAGES: u32 = 100;

/// How many bytes of text they have together, at most.
pub const PAGE_BYTES: usize = 64 * 1024;

/// The tables, step by step. Steps are only ever added.
///
/// `seq` is SQLite's row number, so that order costs no index of its own; `id` has one, which makes a resend harmless.
const STEPS: &[&str] = &["CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    author TEXT NOT NULL,
    user TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    at INTEGER NOT NULL
)"];

/// The messages of a room.
#[derive(Debug)]
pub struct History {
    sql: Sql,
}

/// What came of storing a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stored {
    /// It is new, or its author has changed it: everyone is to hear of it.
    Changed(Message),
    /// It was there already, word for word: its author has sent it again.
    Same(Message),
    /// Its id belongs to somebody else's message, which stays as it is.
    Foreign,
}

/// A message as SQLite has it.
#[derive(Deserialize)]
struct Row {
    seq: u64,
    id: String,
    author: String,
    user: String,
    role: Role,
    content: String,
    at: u64,
}

impl History {
    /// The history of the room that owns this database.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn open(sql: Sql) -> Result<Self> {
        sql.migrate(STEPS)?;
        Ok(Self { sql })
    }

    /// The newest messages, oldest first: at most [`PAGE_MESSAGES`] with at most [`PAGE_BYTES`], but always the newest one.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn newest(&self) -> Result<Vec<Message>> {
        let rows: Vec<Row> =
            self.sql.query("SELECT * FROM messages ORDER BY seq DESC LIMIT ?", (PAGE_MESSAGES,))?;
        let mut bytes = 0_usize;
        let mut page: Vec<Message> = Vec::with_capacity(rows.len());
        for row in rows {
            bytes = bytes.saturating_add(row.bytes());
            if bytes > PAGE_BYTES && !page.is_empty() {
                break;
            }
            page.push(row.into());
        }
        page.reverse();
        Ok(page)
    }

    /// Stores a message of an author, or changes it if it is there and is theirs.
    ///
    /// # Errors
    ///
    /// When the database refuses; nothing is stored then.
    pub fn store(&self, draft: &Draft, author: &str, now: u64) -> Result<Stored> {
        let Draft { id, content, user, role } = draft;
        let at = i64::try_from(now).unwrap_or(i64::MAX);
        let added: Option<Row> = self.sql.query_one(
            "INSERT INTO messages (id, author, user, role, content, at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING RETURNING *",
            (id, author, user, role.as_str(), content, at),
        )?;
        if let Some(row) = added {
            return Ok(Stored::Changed(row.into()));
        }
        let Some(row) = self.sql.query_one::<Row>("SELECT * FROM messages WHERE id = ?", (id,))? else {
            return Ok(Stored::Foreign);
        };
        if row.author != author {
            return Ok(Stored::Foreign);
        }
        if (&row.content, &row.user, row.role) == (content, user, *role) {
            return Ok(Stored::Same(row.into()));
        }
        let changed = "UPDATE messages SET content = ?, user = ?, role = ? WHERE id = ?";
        self.sql.execute(changed, (content, user, role.as_str(), id))?;
        let Draft { id, content, user, role } = draft.clone();
        Ok(Stored::Changed(Message { id, content, user, role, seq: Some(row.seq), at: Some(row.at) }))
    }
}

impl Row {
    fn bytes(&self) -> usize {
        [&self.id, &self.user, &self.content].into_iter().map(String::len).fold(0, usize::saturating_add)
    }
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        let Row { seq, id, user, role, content, at, .. } = row;
        Self { id, content, user, role, seq: Some(seq), at: Some(at) }
    }
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}
