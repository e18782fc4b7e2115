//! Identity: the room recognises members that reconnect, by a secret that it has given them.
//!
//! Nobody has to sign up. A client without a secret is a new member and is given one. A client with a secret is the
//! same member again, over reconnects, reloads and on several devices at once. The room stores nothing for a member: a
//! secret is the member's id with a MAC (HMAC-SHA-256) by the room's own key.
//!
//! Apps with accounts know their members already: they check a signed [token](super::token) and call
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

use std::cell::OnceCell;
use std::fmt;
use std::net::Ipv6Addr;
use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::{Error, ErrorKind, Result};
use crate::sorted::SortedSet;
use crate::{Connection, ConnectionContext, MemberId, Room, Timestamp};

/// The name of this part's data with a connection.
const PART: &str = "identity";

/// The storage key of the room's key.
const KEY: &str = "party.identity.key";

/// The number of characters of a MAC that identify a guest or an address: 96 bits.
const SHORT: usize = 16;

/// The members of a room and their secrets.
#[derive(Clone)]
pub struct Identity {
    room: Room,
    /// Read, or made, when it is first needed.
    key: Rc<OnceCell<Key>>,
}

/// The key of a room.
#[derive(Clone, Copy)]
struct Key([u8; 32]);

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
    /// [`ErrorKind::Sql`] when the database refuses.
    pub fn open(room: &Room) -> Result<Self> {
        Ok(Self { room: room.clone(), key: Rc::default() })
    }

    /// Returns the room's key, if it was made.
    fn kept_key(&self) -> Result<Option<&Key>> {
        if self.key.get().is_none() {
            let kept: Option<String> = self.room.storage().get(KEY)?;
            let Some(kept) = kept else { return Ok(None) };
            let key = Base64UrlUnpadded::decode_vec(&kept).ok().and_then(|key| key.try_into().ok());
            let broken = || Error::new(ErrorKind::Other, "the room's key is broken");
            let _same = self.key.set(key.map(Key).ok_or_else(broken)?);
        }
        Ok(self.key.get())
    }

    /// Returns the room's key.
    fn key(&self) -> Result<&Key> {
        if self.kept_key()?.is_none() {
            let mut key = [0; 32];
            self.room.random(&mut key);
            self.room.storage().put(KEY, &Base64UrlUnpadded::encode_string(&key))?;
            let _new = self.key.set(Key(key));
        }
        self.key.get().ok_or_else(|| Error::new(ErrorKind::Other, "the room has no key"))
    }

    /// Admits a client: as the member whose secret it [offers](ConnectionContext::bearer), or else as a new one. A
    /// secret that is not of this room is taken for none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] when it cannot be kept with the connection any more.
    pub fn admit(&self, who: &Connection, context: &ConnectionContext) -> Result<Admission> {
        let proved = match (context.bearer(), self.kept_key()?) {
            (Some(secret), Some(key)) => key.proved(secret),
            _ => None,
        };
        let admission = match proved {
            Some(member) => Admission { member, secret: None },
            None => {
                let mut bytes = [0; 12];
                self.room.random(&mut bytes);
                let member = MemberId::new(&format!("m{}", Base64UrlUnpadded::encode_string(&bytes)))?;
                let secret = self.key()?.secret(&member);
                Admission { member, secret: Some(secret) }
            }
        };
        self.recognise(who, context, &admission.member)?;
        Ok(admission)
    }

    /// Returns whether a secret is this member's: proof that the answer to its first handshake has arrived.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the database refuses.
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

    /// Admits a client that can prove nothing, such as one of the original wire: it is the member of its connection's
    /// id, which only it and the room know, and so the same one when it reconnects.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    pub fn admit_guest(&self, who: &Connection, context: &ConnectionContext) -> Result<Admission> {
        let member = MemberId::new(&format!("g{}", self.key()?.short("guest", who.id().as_str())))?;
        self.recognise(who, context, &member)?;
        Ok(Admission { member, secret: None })
    }

    /// Returns the network from which a client connects, before the room knows anything of it: for a limit, and never
    /// to be stored.
    pub(crate) fn network(context: &ConnectionContext) -> Option<String> {
        context.header("cf-connecting-ip").map(network)
    }

    /// Returns the address of a request, as it is kept with connections. `None` in a room that has kept none yet.
    pub(crate) fn known_address(&self, address: &str) -> Result<Option<String>> {
        Ok(self.kept_key()?.map(|key| key.short("address", &network(address))))
    }

    /// Binds a connection to a member that the app knows from elsewhere, such as from a signed token.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    pub fn recognise(&self, who: &Connection, context: &ConnectionContext, member: &MemberId) -> Result<()> {
        let from = match Self::network(context) {
            Some(network) => Some(self.key()?.short("address", &network)),
            None => None,
        };
        who.set_share(PART, Share { member: member.clone(), from, until: None })
    }

    /// Notes until when a connection is known to be its member's: until its token expires, and later when the client
    /// has handed over a fresh one. A connection without a member stays so.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    ///
    /// # Example
    ///
    /// A client hands over a fresh token in time, or is closed and comes back with another:
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

    /// Returns whether the time has passed until which a connection was known to be its member's.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    pub fn is_expired(&self, who: &Connection) -> Result<bool> {
        let now = self.room.now();
        Ok(share_of(who)?.and_then(|share| share.until).is_some_and(|until| until <= now))
    }

    /// Detaches the connection from its member, for example after refusing it.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    pub fn forget(&self, who: &Connection) -> Result<()> {
        who.remove_share(PART)
    }

    /// Returns whether a connection is this member's.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
    pub fn is_member(who: &Connection, member: &MemberId) -> Result<bool> {
        Ok(share_of(who)?.is_some_and(|share| share.member == *member))
    }

    /// Returns the member of a connection, or `None` if it was not admitted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when it was kept by another version of this crate.
    pub fn member(who: &Connection) -> Result<Option<MemberId>> {
        Ok(share_of(who)?.map(|share| share.member.clone()))
    }

    /// Returns [`member`](Self::member) and [`address`](Self::address) at once.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
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
    pub fn address(who: &Connection) -> Result<Option<String>> {
        Ok(share_of(who)?.and_then(|share| share.from.clone()))
    }

    /// Returns how many members are connected from an [address](Self::address). It looks at all connections of the
    /// room.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member).
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

impl Key {
    /// Returns the secret of a member.
    fn secret(&self, member: &str) -> String {
        let seal = self.seal("member", member).finalize().into_bytes();
        format!("{member}.{}", Base64UrlUnpadded::encode_string(&seal))
    }

    /// Returns the member whose secret this is.
    fn proved(&self, secret: &str) -> Option<MemberId> {
        let (member, seal) = secret.rsplit_once('.')?;
        let seal = Base64UrlUnpadded::decode_vec(seal).ok()?;
        // In constant time.
        self.seal("member", member).verify_slice(&seal).ok()?;
        MemberId::new(member).ok()
    }

    fn short(&self, purpose: &str, text: &str) -> String {
        let seal = self.seal(purpose, text).finalize().into_bytes();
        Base64UrlUnpadded::encode_string(&seal).chars().take(SHORT).collect()
    }

    /// Returns the MAC of a text. A MAC for one purpose is not valid for another.
    fn seal(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        // HMAC fills up a key that is shorter than its block with zeros; so a whole block, for which nothing can fail.
        let mut block = [0; 64];
        block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte = key);
        let mut seal = <Hmac<Sha256> as KeyInit>::new(&block.into());
        seal.update(purpose.as_bytes());
        seal.update(b":");
        seal.update(text.as_bytes());
        seal
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

/// Returns the part of an address that identifies one client.
pub(crate) fn network(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key([7; 32]);

    #[test]
    fn a_secret_proves_its_member_and_no_other() {
        let secret = KEY.secret("mAda");
        assert_eq!(KEY.proved(&secret).as_deref(), Some("mAda"));
        let (_, seal) = secret.rsplit_once('.').unwrap();
        for forged in
            [format!("mBob.{seal}"), "mAda.".into(), "mAda".into(), format!("{secret}A"), String::new()]
        {
            assert_eq!(KEY.proved(&forged), None, "{forged}");
        }
        assert_eq!(Key([8; 32]).proved(&secret), None);
    }

    #[test]
    fn a_mac_for_one_purpose_is_invalid_for_another() {
        assert_ne!(KEY.short("guest", "x"), KEY.short("address", "x"));
    }

    #[test]
    fn addresses_of_one_household_are_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
