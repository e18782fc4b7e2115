//! Invitations: a room that only members may join that were let in.
//!
//! While invitations are [required](Invitations::require), a client joins if its member was let in before, or if it
//! brings the room's key: 128 random bits, which members pass on in a link. A member that has joined once is let in
//! from then on, also with a new key.
//!
//! # Example
//!
//! In a channel, [`admit`](Invitations::admit) belongs in [`Rules::admit`](crate::channel::Rules::admit):
//!
//! ```
//! # use party::channel::{Context, Rules};
//! # use party::parts::invitations::Invitations;
//! # use party::{ConnectionContext, Result};
//! struct Club {
//!     invitations: Invitations,
//! }
//!
//! # impl Club {
//! fn admit<R: Rules>(&self, by: &Context<'_, R>, context: &ConnectionContext) -> Result<()> {
//!     match by.is_moderator() {
//!         true => self.invitations.let_in(by.member()),
//!         false => self.invitations.admit(by.member(), context.invitation()),
//!     }
//! }
//! # }
//! ```

use std::fmt;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::identity::Identity;
use super::presence::in_grace;
use super::wire::Json;
use crate::error::{Error, ErrorCode, Result};
use crate::room::learned::Learned;
use crate::{CloseCode, MemberId, Room, Sql};

/// The members that were let in.
const NAME: &str = "party_invited";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_invited (
    member TEXT PRIMARY KEY, at INTEGER NOT NULL
) WITHOUT ROWID";

/// The storage key of the key.
const KEY: &str = "party.invitations";

/// The largest number of members that the key lets in.
const MAX_MEMBERS: u64 = 100_000;

/// The reasons for which a client is refused, as people read them.
const NOT_INVITED: &str = "This room is by invitation only";
const NOT_VALID: &str = "The invitation is not valid any more";
const TOO_MANY: &str = "The room has let in too many members";

/// The invitations of a room.
///
/// # Limits
///
/// The key lets in 100,000 members. Each is a row. While invitations are not required, nothing is written, and nothing
/// is read from the database but the key, once in an activation.
#[derive(Clone)]
pub struct Invitations {
    room: Room,
    sql: Sql,
    known: Rc<Known>,
}

/// What is known in memory.
#[derive(Default)]
struct Known {
    /// The key, while invitations are required.
    key: Learned<Option<String>>,
    /// The number of members that were let in.
    members: Learned<u64>,
}

impl Invitations {
    /// Opens the invitations of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::invitations::Invitations;
    ///
    /// let invitations = Invitations::open(room)?;
    /// assert_eq!(invitations.key()?, None, "everyone may join");
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { room: room.clone(), sql: room.sql().clone(), known: room.shared() })
    }

    /// Returns the key that lets members in, or `None` if everyone may join: 22 characters of base64url.
    ///
    /// **Security:** whoever has it can join.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// invitations.require()?;
    /// assert_eq!(invitations.key()?.map(|key| key.len()), Some(22));
    /// # Ok(()) });
    /// ```
    pub fn key(&self) -> Result<Option<String>> {
        self.ask(Option::clone)
    }

    /// Requires invitations from now on, with a new key. All members that are present are let in: those that are
    /// connected, and those that have left within the grace of their [presence](super::presence). It does nothing if
    /// invitations are required already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is changed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::{MemberId, parts::invitations::Invitations};
    /// let invitations = Invitations::open(room)?;
    /// invitations.require()?;
    /// assert!(invitations.admit(&MemberId::new("bob")?, None).is_err());
    /// # Ok(()) });
    /// ```
    pub fn require(&self) -> Result<()> {
        if self.key()?.is_some() {
            return Ok(());
        }
        let mut present = in_grace(&self.room)?;
        for connection in self.room.connections() {
            present.extend(Identity::member(&connection)?);
        }
        let (present, now) = (Json::of(&present)?, self.room.now());
        self.sql.transaction(|| {
            self.sql.ensure_table(NAME, TABLE)?;
            let statement =
                "INSERT OR IGNORE INTO party_invited (member, at) SELECT value, ? FROM json_each(?)";
            self.sql.execute(statement, (now, present.as_str()))?;
            self.set_key()
        })
    }

    /// Makes a new key, with which the old one is no longer valid. Members that were let in stay so. It does nothing
    /// while invitations are not required.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// invitations.require()?;
    /// let old = invitations.key()?.unwrap();
    /// invitations.renew()?;
    /// assert!(!invitations.is_valid(&old)?);
    /// # Ok(()) });
    /// ```
    pub fn renew(&self) -> Result<()> {
        match self.key()? {
            Some(_) => self.set_key(),
            None => Ok(()),
        }
    }

    fn set_key(&self) -> Result<()> {
        self.room.storage().put(KEY, &self.room.random_id())?;
        self.forget();
        Ok(())
    }

    /// Lets everyone join again, and forgets the key and who was let in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses; then nothing is changed.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// invitations.require()?;
    /// invitations.end()?;
    /// invitations.admit(&party::MemberId::new("bob")?, None)?;
    /// # Ok(()) });
    /// ```
    pub fn end(&self) -> Result<()> {
        if self.key()?.is_none() {
            return Ok(());
        }
        self.sql.transaction(|| {
            self.room.storage().delete(KEY)?;
            self.sql.execute("DELETE FROM party_invited", ())
        })?;
        self.forget();
        Ok(())
    }

    /// Returns whether a text is the key. Nothing is while invitations are not required.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// invitations.require()?;
    /// assert!(!invitations.is_valid("open sesame")?);
    /// # Ok(()) });
    /// ```
    pub fn is_valid(&self, key: &str) -> Result<bool> {
        // Of their hashes, so that the time that it takes says nothing of the key.
        self.ask(|own| own.as_ref().is_some_and(|own| Sha256::digest(own) == Sha256::digest(key)))
    }

    /// Lets a member in, whatever it brings. It does nothing while invitations are not required.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// # let bob = party::MemberId::new("bob")?;
    /// invitations.require()?;
    /// invitations.let_in(&bob)?;
    /// invitations.admit(&bob, None)?;
    /// # Ok(()) });
    /// ```
    pub fn let_in(&self, member: &MemberId) -> Result<()> {
        if self.key()?.is_none() || self.is_let_in(member)? {
            return Ok(());
        }
        let statement = "INSERT INTO party_invited (member, at) VALUES (?, ?)";
        self.sql.execute(statement, (member, self.room.now()))?;
        self.known.members.update(&self.sql, |members| *members = members.saturating_add(1));
        Ok(())
    }

    /// Returns whether a member was let in. Nobody is while invitations are not required.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// # invitations.require()?;
    /// assert!(!invitations.is_let_in(&party::MemberId::new("bob")?)?);
    /// # Ok(()) });
    /// ```
    pub fn is_let_in(&self, member: &MemberId) -> Result<bool> {
        if self.key()?.is_none() {
            return Ok(false);
        }
        let query = "SELECT 1 FROM party_invited WHERE member = ?";
        Ok(self.sql.query_opt::<(u64,)>(query, (member,))?.is_some())
    }

    /// Takes back that a member was let in: it needs an invitation again. A [channel](crate::channel) does that for a
    /// member that is kicked.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// # let bob = party::MemberId::new("bob")?;
    /// # invitations.require()?;
    /// invitations.let_in(&bob)?;
    /// invitations.withdraw(&bob)?;
    /// assert!(invitations.admit(&bob, None).is_err());
    /// # Ok(()) });
    /// ```
    pub fn withdraw(&self, member: &MemberId) -> Result<()> {
        if !self.is_let_in(member)? {
            return Ok(());
        }
        self.sql.execute("DELETE FROM party_invited WHERE member = ?", (member,))?;
        self.known.members.update(&self.sql, |members| *members = members.saturating_sub(1));
        Ok(())
    }

    /// Admits a member that was let in, and lets in one that brings the key. While invitations are not required, it
    /// admits everyone. Nothing is written for a member that is refused.
    ///
    /// **Security:** a client can send any text as a key. It has 128 random bits, so it cannot be guessed; a
    /// [channel](crate::channel) also limits how often a client and its address can try.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FORBIDDEN`], which closes the connection with 4403. Its text says whether a key is missing or is
    /// not valid.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # let invitations = party::parts::invitations::Invitations::open(room)?;
    /// # let bob = party::MemberId::new("bob")?;
    /// invitations.require()?;
    /// invitations.admit(&bob, invitations.key()?.as_deref())?;
    /// invitations.renew()?;
    /// invitations.admit(&bob, None)?; // It was let in.
    /// # Ok(()) });
    /// ```
    pub fn admit(&self, member: &MemberId, key: Option<&str>) -> Result<()> {
        if self.key()?.is_none() || self.is_let_in(member)? {
            return Ok(());
        }
        let refused =
            |why: &'static str| Err(Error::client(ErrorCode::FORBIDDEN, why).closing(CloseCode::FORBIDDEN));
        match key {
            None => refused(NOT_INVITED),
            Some(key) if !self.is_valid(key)? => refused(NOT_VALID),
            Some(_) if self.members()? >= MAX_MEMBERS => refused(TOO_MANY),
            Some(_) => self.let_in(member),
        }
    }

    fn ask<T>(&self, ask: impl FnOnce(&Option<String>) -> T) -> Result<T> {
        self.known.key.ask(&self.sql, || self.room.storage().get(KEY), ask)
    }

    /// Returns the number of members that were let in.
    fn members(&self) -> Result<u64> {
        let count = || Ok(self.sql.query_one::<(u64,)>("SELECT count(*) FROM party_invited", ())?.0);
        self.known.members.ask(&self.sql, count, |members| *members)
    }

    fn forget(&self) {
        self.known.key.forget();
        self.known.members.forget();
    }
}

impl fmt::Debug for Invitations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitations")
    }
}
