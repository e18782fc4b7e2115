//! Names: of rooms, parties, connections and tags. Each is checked once, where it is made, and is always valid
//! afterwards.

mod member;
pub(crate) mod place;

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Serialize, Serializer};

pub use self::member::MemberId;
use crate::error::{Error, ErrorKind, Result};

/// The longest name of a Durable Object, in bytes
/// ([`idFromName`](https://developers.cloudflare.com/durable-objects/api/namespace/)).
const MAX_ROOM_BYTES: usize = 1024;

/// The longest tag of a socket, in bytes of UTF-8
/// ([`acceptWebSocket`](https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket)).
const MAX_TAG_BYTES: usize = 256;

/// The number of characters of a connection id that the framework makes: 126 bits of randomness.
const MADE_ID_CHARS: usize = 21;

/// What stays as it is in a room's name that is made of a text: what JavaScript's `encodeURIComponent` leaves. So is an
/// address that Cloudflare's assets have written for a page.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*');

/// The name of a room, exactly as it is in the address: one segment of its path.
///
/// # Identity
///
/// Two rooms are the same if their names are the same byte for byte: percent-encoding is kept and case matters.
/// Use [`decoded`](Self::decoded) to show a name to people, and [`encoded`](Self::encoded) to make a name of any text.
///
/// # Limits
///
/// 1 to 1,024 bytes. It is not `.` or `..`, percent-encoded or not: browsers resolve such a segment away.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomName(Arc<str>);

impl RoomName {
    /// Returns a room's name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an empty name, for one of more than 1,024 bytes, and for `.` and `..`, also as `%2e`.
    ///
    /// # Example
    ///
    /// ```
    /// use party::RoomName;
    ///
    /// assert_eq!(RoomName::new("lobby")?.as_str(), "lobby");
    /// assert!(RoomName::new("").is_err());
    /// assert!(RoomName::new("%2e%2e").is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(name: &str) -> Result<Self> {
        if percent_decode_str(name).eq(*b".") || percent_decode_str(name).eq(*b"..") {
            return Err(Error::new(ErrorKind::Invalid, format!("no address can have the room {name:?}")));
        }
        match name.len() {
            0 => Err(Error::new(ErrorKind::Invalid, "a room's name is empty")),
            1..=MAX_ROOM_BYTES => Ok(Self(name.into())),
            len => {
                Err(Error::new(ErrorKind::Invalid, format!("a room's name has {len} bytes, more than 1,024")))
            }
        }
    }

    /// Makes the name of the room for any text: ASCII letters, digits and `-._~!'()*` stay, every other byte is
    /// percent-encoded, as by JavaScript's `encodeURIComponent`. So each text has its own room, and `team/general` is
    /// not another path of the room `team`. Texts are the same if their characters are: a composed `é` and an `e` with
    /// an accent are two.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a text whose name is empty or has more than 1,024 bytes, and for `.` and `..`, which
    /// are no segments of an address.
    ///
    /// # Example
    ///
    /// ```
    /// use party::RoomName;
    ///
    /// let name = RoomName::encoded("team/general #1")?;
    /// assert_eq!(name.as_str(), "team%2Fgeneral%20%231");
    /// assert_eq!(name.decoded(), "team/general #1");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn encoded(text: &str) -> Result<Self> {
        Self::new(&utf8_percent_encode(text, SEGMENT).to_string())
    }

    /// Returns the name as it is in the address.
    ///
    /// Names are compared as they are in the address, so this is also the key of the room in other places.
    ///
    /// # Example
    ///
    /// ```
    /// use party::RoomName;
    ///
    /// assert_eq!(RoomName::encoded("caf\u{e9}")?.as_str(), "caf%C3%A9");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name without percent-encoding, for people. Bytes that are not UTF-8 become `U+FFFD`.
    ///
    /// # Example
    ///
    /// ```
    /// let name = party::RoomName::new("caf%C3%A9")?;
    /// assert_eq!(name.as_str(), "caf%C3%A9");
    /// assert_eq!(name.decoded(), "café");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn decoded(&self) -> Cow<'_, str> {
        percent_decode_str(&self.0).decode_utf8_lossy()
    }
}

/// The name of a party in an address: `chat` in `/parties/chat/lobby`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartyName(Arc<str>);

impl PartyName {
    /// Returns the party that a Durable Object binding serves: the binding's name in kebab case.
    ///
    /// # Example
    ///
    /// ```
    /// use party::PartyName;
    ///
    /// assert_eq!(PartyName::of_binding("MyServer").as_str(), "my-server");
    /// assert_eq!(PartyName::of_binding("CHAT_ROOM").as_str(), "chat-room");
    /// ```
    pub fn of_binding(binding: &str) -> Self {
        // Bindings are JavaScript names. Only ASCII has cases here: Unicode's tables would be a tenth of the worker.
        let shouted = binding.bytes().any(|b| b.is_ascii_uppercase())
            && !binding.bytes().any(|b| b.is_ascii_lowercase());
        let mut kebab = String::with_capacity(binding.len());
        for c in binding.chars() {
            if c.is_ascii_uppercase() && !shouted && !kebab.is_empty() {
                kebab.push('-');
            }
            kebab.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
        }
        Self(kebab.strip_suffix('-').unwrap_or(&kebab).into())
    }

    /// Returns the name as it is in the address.
    ///
    /// # Example
    ///
    /// ```
    /// use party::PartyName;
    ///
    /// assert_eq!(PartyName::of_binding("CHAT").as_str(), "chat");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of a connection.
///
/// # Identity
///
/// The client may choose it (`?_pk=` in the address, as `partysocket` does), else it is made of 21 random characters.
/// At any time at most one open connection of a room has a given id: a newer one takes the place of an older one, which
/// is closed with [`CloseCode::REPLACED`](crate::CloseCode::REPLACED).
///
/// **Security:** a client that knows an id can replace its connection. Do not send ids to other clients.
///
/// # Limits
///
/// 1 to 256 bytes of UTF-8, since it is also the connection's first tag.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(Arc<str>);

impl ConnectionId {
    /// Returns a connection's id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an empty id and for one of more than 256 bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ConnectionId;
    ///
    /// assert_eq!(ConnectionId::new("tab-7")?, "tab-7");
    /// assert!(ConnectionId::new(&"x".repeat(257)).is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(id: &str) -> Result<Self> {
        tag_sized(id, "a connection's id").map(Self)
    }

    /// Returns an id of 21 characters from `A-Za-z0-9_-`.
    pub(crate) fn random(fill: impl FnOnce(&mut [u8])) -> Self {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        let mut bytes = [0; MADE_ID_CHARS];
        fill(&mut bytes);
        let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 63)).copied().map_or('_', char::from);
        Self(bytes.iter().map(letter).collect::<String>().into())
    }

    /// Returns the id.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ConnectionId;
    ///
    /// assert_eq!(ConnectionId::new("tab-7")?.as_str(), "tab-7");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A label of a connection. A broadcast can choose its connections by tag.
///
/// **Security:** a connection's id is its first tag, and a client may choose its id. So a tag alone proves nothing:
/// keep a role in the [connection's state](crate::Connection::set_state).
///
/// # Limits
///
/// 1 to 256 bytes of UTF-8; a connection has at most 10 tags, its id among them.
#[derive(Clone)]
pub struct Tag(Text);

/// The text of a tag: of the program itself, or shared.
#[derive(Clone)]
enum Text {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Tag {
    /// Returns a tag.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an empty tag and for one of more than 256 bytes.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(party::Tag::new("spectator")?.as_str(), "spectator");
    /// assert!(party::Tag::new("").is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(tag: &str) -> Result<Self> {
        tag_sized(tag, "a tag").map(|tag| Self(Text::Shared(tag)))
    }

    /// Makes a tag of a literal, for a `const`.
    ///
    /// # Panics
    ///
    /// For an empty tag and for one of more than 256 bytes. In a `const` that is a compiler error.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Room, Tag};
    ///
    /// const SPECTATOR: Tag = Tag::from_static("spectator");
    ///
    /// fn cheer(room: &Room) {
    ///     room.broadcast("a goal!").to_tag(SPECTATOR).send();
    /// }
    /// ```
    ///
    /// ```compile_fail
    /// const NOTHING: party::Tag = party::Tag::from_static("");
    /// ```
    pub const fn from_static(tag: &'static str) -> Self {
        assert!(!tag.is_empty() && tag.len() <= MAX_TAG_BYTES, "a tag has 1 to 256 bytes");
        Self(Text::Static(tag))
    }

    /// Returns the tag.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(party::Tag::from_static("spectator").as_str(), "spectator");
    /// ```
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Static(text) => text,
            Text::Shared(text) => text,
        }
    }
}

fn tag_sized(text: &str, what: &str) -> Result<Arc<str>> {
    match text.len() {
        0 => Err(Error::new(ErrorKind::Invalid, format!("{what} is empty"))),
        1..=MAX_TAG_BYTES => Ok(text.into()),
        _ => Err(Error::new(ErrorKind::Invalid, format!("{what} has more than {MAX_TAG_BYTES} bytes"))),
    }
}

macro_rules! text_traits {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                Self::new(text)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
    )*};
}

impl PartyName {
    /// Returns a party's name as it is in an address. Any text is valid; the worker decides whether there is such a
    /// party.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an empty name.
    ///
    /// # Example
    ///
    /// ```
    /// use party::PartyName;
    ///
    /// assert_eq!(PartyName::new("chat")?, "chat");
    /// assert!(PartyName::new("").is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn new(name: &str) -> Result<Self> {
        if name.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "a party's name is empty"));
        }
        Ok(Self(name.into()))
    }
}

text_traits!(RoomName PartyName ConnectionId MemberId Tag);

impl Borrow<str> for Tag {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Tag {}

impl PartialOrd for Tag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Tag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests;
