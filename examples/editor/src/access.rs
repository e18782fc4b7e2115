//! The rule that tells writers from readers: a room is named by a hash of its key.
//!
//! Everyone who knows the name of a room may read. Only a client that shows the key may write. The name follows from
//! the key, and nobody finds the key from the name. So a link for readers has the name, a link for writers has the key,
//! and the room has nothing to store.

use base64ct::{Base64UrlUnpadded, Encoding};
use party::parts::document::Access;
use party::{Connection, RoomName};
use sha2::{Digest, Sha256};

/// The parameter of the address in which a client shows the key.
pub const KEY: &str = "key";

/// Returns what a connection may do in a room.
pub fn access(connection: &Connection, room: &RoomName) -> Access {
    match connection.query(KEY).is_some_and(|key| room_of(&key) == room.as_str()) {
        true => Access::Write,
        false => Access::Read,
    }
}

/// Returns the name of the room that a key opens. `client/address.ts` does the same.
pub fn room_of(key: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_room_is_the_hash_of_its_key() {
        // `client/tests/address.test.ts` has the same.
        assert_eq!(room_of("a key"), "j6Oqsvqpt54KA5jaW1q9B4AUJEKlvoC5pkYI1xjLH80");
        assert_eq!(room_of("Schlüssel"), "H716AMrLoLiaMbsAzSnmDT-GwI3XgGu-iRZCIUZyrww");
    }
}
