//! The key of a room, and what it proves.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Identity;
use crate::MemberId;
use crate::error::{Error, ErrorKind, Result};

/// The number of characters of a MAC that identify a guest or an address: 96 bits.
const SHORT: usize = 16;

/// The key of a room.
#[derive(Clone, Copy)]
pub(super) struct Key(pub(super) [u8; 32]);

impl Key {
    /// Returns the secret of a member.
    pub(super) fn secret(&self, member: &str) -> String {
        let seal = self.seal("member", member).finalize().into_bytes();
        format!("{member}.{}", Base64UrlUnpadded::encode_string(&seal))
    }

    /// Returns the member whose secret this is.
    pub(super) fn proved(&self, secret: &str) -> Option<MemberId> {
        let (member, seal) = secret.rsplit_once('.')?;
        let seal = Base64UrlUnpadded::decode_vec(seal).ok()?;
        // In constant time.
        self.seal("member", member).verify_slice(&seal).ok()?;
        MemberId::new(member).ok()
    }

    pub(super) fn short(&self, purpose: &str, text: &str) -> String {
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

/// Reads a key that is kept as text.
pub(super) fn read_key(text: &str) -> Result<Key> {
    let key = Base64UrlUnpadded::decode_vec(text).ok().and_then(|key| key.try_into().ok());
    key.map(Key).ok_or_else(|| Error::new(ErrorKind::Other, "the room's key is broken"))
}

impl Identity {
    /// Returns the room's key as text, for its relays. Whoever has it can prove to be any member.
    pub(crate) fn key_text(&self) -> Result<String> {
        Ok(Base64UrlUnpadded::encode_string(&self.key()?.0))
    }

    /// Takes the key of the room, as its relay.
    pub(crate) fn adopt(&self, key: &str) -> Result<()> {
        self.key.set(Some(read_key(key)?));
        Ok(())
    }
}
