//! Identity: the room recognises members that reconnect, by a secret that it has given them.
//!
//! Nobody has to sign up. A client without a secret is a new member and is given one. A client with a secret is the
//! same member again, over reconnects, reloads and on several devices at once. The room stores nothing for a member: a
//! secret is the member's id with a MAC (HMAC-SHA-256) by the room's own key.
//!
//! Apps with accounts know their members already: they check a signed token (module `token`, feature `jwt`) and call
//! [`Identity::recognise`] and [`Identity::set_expiry`].
//!
//! # Example
//!
//! ```
//! use party::parts::identity::Identity;
//! use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server};
//!
//! struct Lobby {
//!     identity: Identity,
//! }
//!
//! impl Server for Lobby {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         Ok(Self { identity: Identity::open(room)? })
//!     }
//!
//!     async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
//!         let admission = self.identity.admit(who, context)?;
//!         who.send_json(&(admission.member, admission.secret))
//!     }
//!
//!     async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
//!         let author = Identity::member(from)?;
//!         room.broadcast_json(&(author, message.as_text()))?.send();
//!         Ok(())
//!     }
//! }
//! # let room = party::testing::TestRoom::<Lobby>::new("lobby");
//! # let ada = room.connect("1");
//! # let (member, secret): (String, Option<String>) = ada.receive_json();
//! # let again = room.connecting("2").bearer(&secret.unwrap()).connect();
//! # assert_eq!(again.receive_json::<(String, Option<String>)>(), (member, None));
//! ```

mod key;
mod network;

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use self::key::{Key, read_key};
pub(crate) use self::network::network;
use crate::error::Result;
use crate::sorted::SortedSet;
use crate::{Connection, ConnectionContext, MemberId, Room, Timestamp};

/// The name of this part's data with a connection.
const PART: &str = "identity";

/// The storage key of the room's key.
const KEY: &str = "party.identity.key";

/// How many ids are tried for a new member of a relay, until one is of that relay. With 1,000 relays one in 1,000 is.
const ATTEMPTS: u32 = 10_000;

/// The members of a room and their secrets.
#[derive(Clone)]
pub struct Identity {
    room: Room,
    /// Read, or made, when it is first needed.
    key: Rc<Cell<Option<Key>>>,
}

/// A member that was admitted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Admission {
    /// The member. Its id does not help anybody to join as this member, and may be shown to everyone.
    pub member: MemberId,
    /// A secret that was just made. It must be sent to the client, and to nobody else.
    pub secret: Option<String>,
}

/// The data that is kept with a connection.
#[derive(Clone, Deserialize, Serialize)]
struct Share {
    member: MemberId,
    /// The address it came from, sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// Until when it is known to be this member.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl Identity {
    /// Opens the identities of a room. The room's key, which never leaves the room, is made for the first client that
    /// connects.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, ada| {
    /// use party::parts::identity::Identity;
    ///
    /// let identity = Identity::open(room)?;
    /// assert_eq!(Identity::member(ada)?, None, "nobody was admitted yet");
    /// # let _ = identity;
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { room: room.clone(), key: Rc::default() })
    }

    /// Returns the room's key, if it was made.
    fn kept_key(&self) -> Result<Option<Key>> {
        if self.key.get().is_none() {
            let kept: Option<String> = self.room.storage().get(KEY)?;
            let Some(kept) = kept else { return Ok(None) };
            self.key.set(Some(read_key(&kept)?));
        }
        Ok(self.key.get())
    }

    /// Returns the room's key.
    fn key(&self) -> Result<Key> {
        if let Some(key) = self.kept_key()? {
            return Ok(key);
        }
        let mut key = [0; 32];
        self.room.random(&mut key);
        self.room.storage().put(KEY, &Base64UrlUnpadded::encode_string(&key))?;
        self.key.set(Some(Key(key)));
        Ok(Key(key))
    }

    /// Admits a client: as the member whose secret it [offers](ConnectionContext::bearer), or else as a new one. A
    /// secret of another room is ignored.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) when there is no space for it with the connection.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let identity = Identity::open(room)?;
    /// let admission = identity.admit(who, context)?;
    /// assert_eq!(Identity::member(who)?, Some(admission.member));
    /// assert!(admission.secret.is_some(), "the client is new, and is sent its secret");
    /// # Ok(()) });
    /// ```
    pub fn admit(&self, who: &Connection, context: &ConnectionContext) -> Result<Admission> {
        self.admit_fitting(who, context, |_| true)
    }

    /// Admits a client, see [`admit`](Self::admit). A new member is one that fits.
    pub(crate) fn admit_fitting(
        &self,
        who: &Connection,
        context: &ConnectionContext,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Admission> {
        let proved = match (context.bearer(), self.kept_key()?) {
            (Some(secret), Some(key)) => key.proved(secret),
            _ => None,
        };
        let admission = match proved {
            Some(member) => Admission { member, secret: None },
            None => {
                let random = || {
                    let mut bytes = [0; 12];
                    self.room.random(&mut bytes);
                    format!("m{}", Base64UrlUnpadded::encode_string(&bytes))
                };
                let fitting = (0..ATTEMPTS).map(|_| random()).find(|member| fits(member));
                let member = MemberId::new(&fitting.unwrap_or_else(random))?;
                let secret = self.key()?.secret(&member);
                Admission { member, secret: Some(secret) }
            }
        };
        self.recognise(who, context, &admission.member)?;
        Ok(admission)
    }

    /// Returns the member whose secret this is, such as the caller of an HTTP request. `None` for any other text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let identity = Identity::open(room)?;
    /// let admission = identity.admit(who, context)?;
    /// assert_eq!(identity.proved(&admission.secret.unwrap())?, Some(admission.member));
    /// assert_eq!(identity.proved("a guess")?, None);
    /// # Ok(()) });
    /// ```
    pub fn proved(&self, secret: &str) -> Result<Option<MemberId>> {
        Ok(self.kept_key()?.and_then(|key| key.proved(secret)))
    }

    /// Returns whether a secret is this member's: proof that the answer to its first handshake has arrived.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # use party::parts::moderation::Moderation;
    /// # use party::{MemberId, Result};
    /// fn confirm(identity: &Identity, moderation: &Moderation, member: &MemberId, secret: &str) -> Result<bool> {
    ///     Ok(identity.confirm(member, secret)? && moderation.claim_founder(member)?)
    /// }
    /// ```
    pub fn confirm(&self, member: &MemberId, secret: &str) -> Result<bool> {
        Ok(self.kept_key()?.is_some_and(|key| key.proved(secret).as_ref() == Some(member)))
    }

    /// Admits a client that cannot prove its identity, such as one of the original protocol. Its member follows from
    /// its connection's id, which only the client and the room know, so it is the same one when it reconnects.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let guest = Identity::open(room)?.admit_guest(who, context)?;
    /// assert_eq!(guest.secret, None);
    /// # Ok(()) });
    /// ```
    pub fn admit_guest(&self, who: &Connection, context: &ConnectionContext) -> Result<Admission> {
        let member = MemberId::new(&format!("g{}", self.key()?.short("guest", who.id().as_str())))?;
        self.recognise(who, context, &member)?;
        Ok(Admission { member, secret: None })
    }

    /// Binds a connection to a member that the app knows from elsewhere, such as from a signed token.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::MemberId;
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let subject = "user_2f9a"; // of a token that was verified
    /// Identity::open(room)?.recognise(who, context, &MemberId::new(subject)?)?;
    /// assert_eq!(Identity::member(who)?.unwrap(), "user_2f9a");
    /// # Ok(()) });
    /// ```
    pub fn recognise(&self, who: &Connection, context: &ConnectionContext, member: &MemberId) -> Result<()> {
        let from = match Self::network(context) {
            Some(network) => Some(self.key()?.short("address", &network)),
            None => None,
        };
        who.set_share(PART, Share { member: member.clone(), from, until: None })
    }

    /// Sets how long a connection belongs to its member: until its token expires, and longer when the client has sent a
    /// fresh one. A connection without a member stays so.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// A client sends a fresh token in time, or is closed and reconnects with another:
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # use party::{CloseCode, Connection, Result, Timestamp};
    /// # struct Claims { subject: String, expires: Timestamp }
    /// fn renew(identity: &Identity, from: &Connection, fresh: &Claims) -> Result<()> {
    ///     if Identity::member(from)?.is_some_and(|member| member == fresh.subject) {
    ///         identity.set_expiry(from, fresh.expires)?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// fn still_known(identity: &Identity, from: &Connection) -> Result<bool> {
    ///     let expired = identity.is_expired(from)?;
    ///     if expired {
    ///         from.close(CloseCode::UNAUTHORIZED, "The token has expired");
    ///     }
    ///     Ok(!expired)
    /// }
    /// ```
    pub fn set_expiry(&self, who: &Connection, until: Timestamp) -> Result<()> {
        match share_of(who)? {
            Some(share) => who.set_share(PART, Share { until: Some(until), ..Share::clone(&share) }),
            None => Ok(()),
        }
    }

    /// Returns whether the time of [`set_expiry`](Self::set_expiry) has passed.
    ///
    /// `false` for a connection without such a time.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # use std::time::Duration;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let identity = Identity::open(room)?;
    /// identity.admit(who, context)?;
    /// identity.set_expiry(who, room.now() + Duration::from_secs(300))?;
    /// assert!(!identity.is_expired(who)?);
    /// identity.set_expiry(who, room.now())?;
    /// assert!(identity.is_expired(who)?);
    /// # Ok(()) });
    /// ```
    pub fn is_expired(&self, who: &Connection) -> Result<bool> {
        let now = self.room.now();
        Ok(share_of(who)?.and_then(|share| share.until).is_some_and(|until| until <= now))
    }

    /// Detaches the connection from its member, for example after refusing it.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let identity = Identity::open(room)?;
    /// identity.admit(who, context)?;
    /// identity.forget(who)?;
    /// assert_eq!(Identity::member(who)?, None);
    /// # Ok(()) });
    /// ```
    pub fn forget(&self, who: &Connection) -> Result<()> {
        who.remove_share(PART)
    }

    /// Returns whether a connection is this member's.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client, |room, who, context| {
    /// let admission = Identity::open(room)?.admit(who, context)?;
    /// assert!(Identity::is_member(who, &admission.member)?);
    /// # Ok(()) });
    /// ```
    pub fn is_member(who: &Connection, member: &MemberId) -> Result<bool> {
        Ok(share_of(who)?.is_some_and(|share| share.member == *member))
    }

    /// Returns the member of a connection, or `None` if it was not admitted.
    ///
    /// It costs no access to the database: the member is stored with the connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when it was kept by another version of this crate.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::identity::Identity;
    /// use party::{Connection, Error, ErrorCode, MemberId, Result};
    ///
    /// fn author(from: &Connection) -> Result<MemberId> {
    ///     Identity::member(from)?.ok_or_else(|| Error::client(ErrorCode::UNAUTHORIZED, "join first"))
    /// }
    /// ```
    pub fn member(who: &Connection) -> Result<Option<MemberId>> {
        Ok(share_of(who)?.map(|share| share.member.clone()))
    }

    /// Returns [`member`](Self::member) and [`address`](Self::address) at once.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client.header("cf-connecting-ip", "192.0.2.7"), |room, who, context| {
    /// let admission = Identity::open(room)?.admit(who, context)?;
    /// let (member, address) = Identity::who(who)?.unwrap();
    /// assert_eq!(member, admission.member);
    /// assert!(address.is_some());
    /// # Ok(()) });
    /// ```
    pub fn who(who: &Connection) -> Result<Option<(MemberId, Option<String>)>> {
        Ok(share_of(who)?.map(|share| (share.member.clone(), share.from.clone())))
    }

    /// Returns where a connection comes from, as something that is the same for the same address and does not tell it:
    /// 16 characters. `None` where the platform does not say.
    ///
    /// Addresses of IPv6 count by their /64, of which one household has a whole one.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client.header("cf-connecting-ip", "192.0.2.7"), |room, who, context| {
    /// Identity::open(room)?.admit(who, context)?;
    /// assert_eq!(Identity::address(who)?.unwrap().len(), 16);
    /// # Ok(()) });
    /// ```
    pub fn address(who: &Connection) -> Result<Option<String>> {
        Ok(share_of(who)?.and_then(|share| share.from.clone()))
    }

    /// Returns how many members are connected from an [address](Self::address). It looks at all connections of the
    /// room.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::identity::Identity;
    /// # party::testing::example::arrival(|client| client.header("cf-connecting-ip", "192.0.2.7"), |room, who, context| {
    /// let identity = Identity::open(room)?;
    /// identity.admit(who, context)?;
    /// let address = Identity::address(who)?.unwrap();
    /// assert_eq!(identity.members_from(&address)?, 1);
    /// # Ok(()) });
    /// ```
    pub fn members_from(&self, address: &str) -> Result<usize> {
        let mut members = SortedSet::default();
        for connection in self.room.connections() {
            if let Some((member, from)) = Self::who(&connection)?
                && from.as_deref() == Some(address)
            {
                members.insert(member, ());
            }
        }
        Ok(members.len())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

fn share_of(who: &Connection) -> Result<Option<Rc<Share>>> {
    who.share(PART)
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests;
