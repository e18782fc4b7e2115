//! Reactions: emoji that members give to items, such as the messages of a chat. Each member gives an emoji to an item
//! once.
//!
//! It fits the [summaries](crate::channel::Effect::summarize) of a channel: a command calls [`Reactions::set`], the
//! summary of the item puts [`Reactions::of_item`] into its body, and a member's own state is
//! [`Reactions::of_member`].
//!
//! # Example
//!
//! ```
//! use party::parts::reactions::Reactions;
//! use party::testing::TestRoom;
//! use party::{Connection, MemberId, Message, Props, Result, Room, Server};
//!
//! struct Poem {
//!     reactions: Reactions,
//! }
//!
//! impl Server for Poem {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { reactions: Reactions::open(room)? })
//!     }
//!
//!     async fn on_message(&self, room: &Room, from: &Connection, emoji: Message) -> Result<()> {
//!         let (line, member) = (1, MemberId::new(from.id().as_str())?);
//!         self.reactions.set(line, emoji.as_text().unwrap_or_default(), &member, from.id().as_str(), true)?;
//!         room.broadcast_json(&self.reactions.of_item(line)?)?.send();
//!         Ok(())
//!     }
//! }
//!
//! let room = TestRoom::<Poem>::new("poem");
//! let ada = room.connect("ada");
//! ada.send("❤️");
//! assert_eq!(ada.receive_text(), r#"[{"emoji":"❤️","count":1,"names":["ada"]}]"#);
//! ```

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::{MemberId, Room, Sql};

/// The reactions, and the index by which those of a member are found.
const NAME: &str = "party_reactions";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_reactions (
    item INTEGER NOT NULL, emoji TEXT NOT NULL, member TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (item, emoji, member)
) WITHOUT ROWID";
const INDEX: &str =
    "CREATE INDEX IF NOT EXISTS party_reactions_by_member ON party_reactions (member, item, emoji)";

/// The longest emoji, in bytes: families of four, and flags of parts of a country, have up to 28.
const MAX_EMOJI_BYTES: usize = 32;

/// The number of different emoji on an item.
const MAX_EMOJI: usize = 16;

/// The number of names that are listed for each emoji of an item, and their length in characters.
const LISTED_NAMES: usize = 5;
const MAX_NAME_CHARS: usize = 32;

/// The number of a member's own reactions that are returned.
const LISTED_OWN: usize = 500;

/// One emoji on an item, with who gave it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// The number of members that gave it.
    pub count: u32,
    /// The names of the first five of them, each cut to 32 characters.
    pub names: Vec<String>,
}

/// The reactions of a room's members.
///
/// # Limits
///
/// An emoji is one emoji of Unicode in at most 32 bytes, with its modifiers. An item has at most 16 different ones,
/// each from any number of members. A reaction writes two rows: its own, and one of an index. The table is made for the
/// first reaction, so a room without reactions has none.
#[derive(Clone, Debug)]
pub struct Reactions {
    sql: Sql,
    room: Room,
}

impl Reactions {
    /// Opens the reactions of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::reactions::Reactions;
    ///
    /// let reactions = Reactions::open(room)?;
    /// assert!(reactions.of_item(1)?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { sql: room.sql().clone(), room: room.clone() })
    }

    /// Gives an item an emoji of a member, or takes it back. Returns whether that changed anything. `name` is shown to
    /// others, as it is now.
    ///
    /// Whether there is such an item, and whether the member may react to it, is for the app to decide before.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`] when the text is not one emoji, [`ErrorCode::TOO_LARGE`] when the item has 16 other
    /// emoji, [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::{ErrorCode, MemberId};
    /// # use party::parts::reactions::Reactions;
    /// # let (reactions, ada) = (Reactions::open(room)?, MemberId::new("ada")?);
    /// assert!(reactions.set(7, "👍", &ada, "Ada", true)?);
    /// assert!(!reactions.set(7, "👍", &ada, "Ada", true)?, "once for each member");
    /// assert!(reactions.set(7, "👍", &ada, "Ada", false)?);
    /// assert_eq!(reactions.set(7, "ok", &ada, "Ada", true).unwrap_err().code(), ErrorCode::INVALID);
    /// # Ok(()) });
    /// ```
    pub fn set(&self, item: u64, emoji: &str, member: &MemberId, name: &str, on: bool) -> Result<bool> {
        if !is_emoji(emoji) {
            return Err(Error::client(ErrorCode::INVALID, "a reaction is one emoji"));
        }
        match on {
            true => self.add(item, emoji, member, name),
            false => self.remove(item, emoji, member),
        }
    }

    fn add(&self, item: u64, emoji: &str, member: &MemberId, name: &str) -> Result<bool> {
        if self.sql.ensure_table(NAME, TABLE)? {
            self.sql.execute(INDEX, ())?;
        }
        let others = "SELECT count(DISTINCT emoji) FROM party_reactions WHERE item = ? AND emoji <> ?";
        let (others,): (usize,) = self.sql.query_one(others, (item, emoji))?;
        if others >= MAX_EMOJI {
            let text = format!("a message has at most {MAX_EMOJI} different reactions");
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        let name: String = name.chars().take(MAX_NAME_CHARS).collect();
        let statement = "INSERT INTO party_reactions (item, emoji, member, name, at) VALUES (?, ?, ?, ?, ?)
                         ON CONFLICT DO NOTHING RETURNING 1";
        let added = self.sql.rows(statement, (item, emoji, member, name, self.room.now()))?;
        Ok(!added.is_empty())
    }

    fn remove(&self, item: u64, emoji: &str, member: &MemberId) -> Result<bool> {
        if !self.sql.has_table(NAME)? {
            return Ok(false);
        }
        let statement = "DELETE FROM party_reactions WHERE item = ? AND emoji = ? AND member = ? RETURNING 1";
        Ok(!self.sql.rows(statement, (item, emoji, member))?.is_empty())
    }

    /// Returns the reactions to an item, in the order in which their emoji were first given.
    ///
    /// It reads one row for each reaction to the item.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::reactions::Reactions;
    /// # let reactions = Reactions::open(room)?;
    /// reactions.set(7, "👍", &MemberId::new("ada")?, "Ada", true)?;
    /// reactions.set(7, "👍", &MemberId::new("bob")?, "Bob", true)?;
    /// let thumbs = &reactions.of_item(7)?[0];
    /// assert_eq!((thumbs.count, thumbs.names.join(" and ")), (2, "Ada and Bob".to_owned()));
    /// # Ok(()) });
    /// ```
    pub fn of_item(&self, item: u64) -> Result<Vec<Reaction>> {
        if !self.sql.has_table(NAME)? {
            return Ok(Vec::new());
        }
        let query = "SELECT emoji, name FROM party_reactions WHERE item = ? ORDER BY at, member";
        let given: Vec<(String, String)> = self.sql.query(query, (item,))?;
        let mut reactions: Vec<Reaction> = Vec::new();
        for (emoji, name) in given {
            match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
                Some(reaction) => {
                    reaction.count = reaction.count.saturating_add(1);
                    if reaction.names.len() < LISTED_NAMES {
                        reaction.names.push(name);
                    }
                }
                None => reactions.push(Reaction { emoji, count: 1, names: vec![name] }),
            }
        }
        Ok(reactions)
    }

    /// Returns a member's own reactions, each with its item: those to the newest items, at most 500.
    ///
    /// Send them in the member's [own state](crate::channel::Rules::own), so that its page can mark them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::reactions::Reactions;
    /// # let (reactions, ada) = (Reactions::open(room)?, MemberId::new("ada")?);
    /// reactions.set(7, "👍", &ada, "Ada", true)?;
    /// assert_eq!(reactions.of_member(&ada)?, [(7, "👍".to_owned())]);
    /// # Ok(()) });
    /// ```
    pub fn of_member(&self, member: &MemberId) -> Result<Vec<(u64, String)>> {
        if !self.sql.has_table(NAME)? {
            return Ok(Vec::new());
        }
        let query =
            "SELECT item, emoji FROM party_reactions WHERE member = ? ORDER BY item DESC, emoji LIMIT ?";
        self.sql.query(query, (member, LISTED_OWN))
    }

    /// Removes all reactions to an item, such as one that is deleted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::MemberId;
    /// # use party::parts::reactions::Reactions;
    /// # let (reactions, ada) = (Reactions::open(room)?, MemberId::new("ada")?);
    /// reactions.set(7, "👍", &ada, "Ada", true)?;
    /// reactions.forget(7)?;
    /// assert!(reactions.of_item(7)?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn forget(&self, item: u64) -> Result<()> {
        match self.sql.has_table(NAME)? {
            true => self.sql.execute("DELETE FROM party_reactions WHERE item = ?", (item,)),
            false => Ok(()),
        }
    }
}

/// Returns whether a text is one emoji: a picture, with what changes it and what is joined to it.
fn is_emoji(text: &str) -> bool {
    if text.len() > MAX_EMOJI_BYTES {
        return false;
    }
    let mut chars = text.chars().peekable();
    loop {
        match chars.next() {
            Some(first) if is_region(first) => {
                if !chars.next().is_some_and(is_region) {
                    return false;
                }
            }
            Some('0'..='9' | '#' | '*') => {
                return chars.next_if_eq(&'\u{fe0f}').is_some_and(|_| chars.eq(['\u{20e3}']));
            }
            Some(picture) if is_picture(picture) => {}
            _ => return false,
        }
        while chars.next_if(|char| is_modifier(*char)).is_some() {}
        match chars.next() {
            None => return true,
            Some('\u{200d}') => {}
            Some(_) => return false,
        }
    }
}

/// Returns whether a character is a letter of a flag.
fn is_region(char: char) -> bool {
    matches!(char, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Returns whether a character changes the picture before it: its style, its skin, or which region's flag it is.
fn is_modifier(char: char) -> bool {
    matches!(char, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

/// Returns whether a character is in a block of pictures. Some of a block are shown as text; they do no harm.
fn is_picture(char: char) -> bool {
    matches!(char,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23ff}' | '\u{24c2}'
        | '\u{25aa}'..='\u{25fe}' | '\u{2600}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b55}'
        | '\u{1f004}'..='\u{1f0cf}' | '\u{1f170}'..='\u{1f251}' | '\u{1f300}'..='\u{1f3fa}'
        | '\u{1f400}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_accepted_with_all_that_changes_it() {
        for emoji in
            ["👍", "👍🏽", "❤️", "❤", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#️⃣", "©", "☕", "🫶", "⏰", "㊗️", "🀄"]
        {
            assert!(is_emoji(emoji), "{emoji} {:?}", emoji.escape_unicode().to_string());
        }
    }

    #[test]
    fn texts_and_several_emoji_are_refused() {
        for text in [
            "",
            "a",
            "1",
            "ok",
            "👍👍",
            "👍 ",
            " 👍",
            "👍a",
            "🇩",
            "🇩a",
            "🇩🇪🇫🇷",
            "1⃣",
            "1️",
            "1️⃣1",
            "\u{200d}",
            "\u{fe0f}",
        ] {
            assert!(!is_emoji(text), "{text:?}");
        }
        for text in ["👍\u{200d}", "\u{200d}👍", "🏽👍", "é", "中", "\u{202e}", "\0"] {
            assert!(!is_emoji(text), "{text:?}");
        }
        assert!(!is_emoji(&format!("👍{}", "\u{fe0f}".repeat(20))));
    }
}
