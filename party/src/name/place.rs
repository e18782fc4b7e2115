//! Which object of a room an object is: the room's own, or one of its relays, which own connections of a large room.

use std::cell::RefCell;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;

use crate::message::frame;
use crate::sorted::Sorted;
use crate::timestamp::Timestamp;

/// Stands between a room's name and the number of a relay. No address has a room with it: an address ends a name at the
/// first `/`.
const MARK: &str = "/~relay/";

/// The longest name of a room that has relays: the platform tells an object names of at most 1,024 bytes.
pub(crate) const MAX_RELAYED_BYTES: usize = 1_000;

/// The most relays of a room.
pub(crate) const MAX_RELAYS: u32 = 1_000;

/// Returns the name of the object that is a relay of a room.
pub(crate) fn relay_object(room: &str, relay: u32) -> String {
    format!("{room}{MARK}{relay}")
}

/// Returns the room of an object, and which of its relays it is.
pub(crate) fn place_of(object: &str) -> (&str, Option<u32>) {
    let relay = object.rsplit_once(MARK).and_then(|(room, relay)| Some((room, relay.parse().ok()?)));
    match relay {
        Some((room, relay)) if relay < MAX_RELAYS && relay_object(room, relay) == object => {
            (room, Some(relay))
        }
        _ => (object, None),
    }
}

/// Returns which of `relays` has the connections of a key, such as a member's id. When there is one more, it takes its
/// part from each of the others, and no key changes between those.
///
/// This is the jump consistent hash of Lamping and Veach (2014).
pub(crate) fn relay_of(key: &str, relays: u32) -> u32 {
    let (mut state, mut relay, mut next) = (hash(key), 0, 0_u32);
    while next < relays {
        relay = next;
        state = state.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let chance = f64::from(u32::try_from(state >> 33).unwrap_or_default()) + 1.0;
        let jump = (f64::from(relay) + 1.0) * (f64::from(1_u32 << 31) / chance);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is no larger than `relays`"
        )]
        let jump = jump.min(f64::from(relays)) as u32;
        next = jump.max(relay.saturating_add(1));
    }
    relay
}

/// How long it is remembered how many relays a room has.
const REMEMBERED: Duration = Duration::from_secs(60);

/// The most rooms that are remembered.
const MOST_ROOMS: usize = 1_000;

/// Which rooms have relays, as one worker remembers them. What it remembers may be old: then the object that is asked
/// leads on.
#[derive(Default)]
pub(crate) struct Plans(RefCell<Sorted<String, (u32, Timestamp)>>);

impl Plans {
    /// Returns the object to which a client belongs. `known` is the name under which the room is remembered.
    pub(crate) fn object(&self, known: &str, room: &str, key: &str, now: Timestamp) -> String {
        match self.0.borrow().get(known) {
            Some((relays, since)) if *relays > 0 && !now.has_passed(*since, REMEMBERED) => {
                relay_object(room, relay_of(key, *relays))
            }
            _ => room.to_owned(),
        }
    }

    /// Remembers how many relays a room has.
    pub(crate) fn learn(&self, known: &str, relays: u32, now: Timestamp) {
        let mut plans = self.0.borrow_mut();
        if plans.len() >= MOST_ROOMS {
            plans.retain(|(_, since)| !now.has_passed(*since, REMEMBERED));
        }
        match relays {
            0 => drop(plans.remove(known)),
            _ if plans.len() < MOST_ROOMS => plans.insert(known.to_owned(), (relays, now)),
            _ => {}
        }
    }
}

/// FNV-1a, mixed as the end of splitmix64 does. It must never change: every worker and object of a room agrees on it.
fn hash(key: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    let hash = key.bytes().fold(0xCBF2_9CE4_8422_2325, fold);
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Returns the key by which a client finds its relay: its member, if it names one, so that all its devices and its next
/// connections are at the same relay; else the id of its connection. What it names is not verified here: a wrong name
/// leads to another relay, and to nothing else.
pub(crate) fn client_key(bearer: Option<&str>, id: Option<&str>) -> Option<String> {
    let named = bearer.and_then(|bearer| match bearer.split('.').collect::<Vec<_>>().as_slice() {
        [member, _seal] => Some((*member).to_owned()),
        [_, claims, _] => subject(claims),
        _ => None,
    });
    named.or_else(|| id.map(str::to_owned)).filter(|key| !key.is_empty())
}

/// Returns the subject of a signed token.
fn subject(claims: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let claims = Base64UrlUnpadded::decode_vec(claims).ok()?;
    frame::of_bytes::<Claims>(&claims).ok().map(|claims| claims.sub)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_the_room_itself_or_one_of_its_relays() {
        assert_eq!(place_of("lobby"), ("lobby", None));
        assert_eq!(place_of(&relay_object("lobby", 7)), ("lobby", Some(7)));
        for name in ["lobby/~relay/", "lobby/~relay/x", "lobby/~relay/07", "lobby/~relay/1000", "/~relay"] {
            assert_eq!(place_of(name), (name, None), "{name}");
        }
    }

    #[test]
    fn keys_are_spread_evenly_and_one_relay_more_takes_only_its_part() {
        let keys: Vec<String> = (0..10_000).map(|n| format!("m{n}")).collect();
        for relays in [1, 2, 3, 40] {
            let mut load = vec![0_u32; relays as usize];
            for key in &keys {
                let (before, after) = (relay_of(key, relays), relay_of(key, relays + 1));
                assert!(after == before || after == relays, "{key} moves from {before} to {after}");
                load[before as usize] += 1;
            }
            let fair = 10_000 / relays;
            assert!(load.iter().all(|load| load.abs_diff(fair) < fair / 3 + 60), "{load:?}");
        }
        assert_eq!(relay_of("ada", 0), 0);
    }

    #[test]
    fn a_client_is_known_by_its_member_then_by_its_subject_and_last_by_its_connection() {
        let key = |bearer, id| client_key(bearer, id);
        assert_eq!(key(Some("m1.seal"), Some("c1")).as_deref(), Some("m1"));
        let claims = Base64UrlUnpadded::encode_string(br#"{"sub":"ada","exp":1}"#);
        let token = format!("e30.{claims}.sig");
        assert_eq!(key(Some(&token), Some("c1")).as_deref(), Some("ada"));
        for bearer in
            [Some("e30.e30.sig"), Some("e30.%.sig"), Some("nothing"), Some("a.b.c.d"), Some(".seal"), None]
        {
            assert_eq!(
                key(bearer, Some("c1")).as_deref(),
                Some("c1").filter(|_| bearer != Some(".seal")),
                "{bearer:?}"
            );
        }
        assert_eq!(key(None, None), None);
    }

    #[test]
    fn the_relays_of_a_room_are_forgotten_after_a_minute() {
        let (plans, at) = (Plans::default(), Timestamp::from_millis);
        let object = |now| plans.object("chat/lobby", "lobby", "ada", at(now));
        assert_eq!(object(0), "lobby");
        plans.learn("chat/lobby", 40, at(0));
        assert_eq!(object(59_999), relay_object("lobby", relay_of("ada", 40)));
        assert_eq!(object(60_000), "lobby");
        plans.learn("chat/lobby", 40, at(0));
        plans.learn("chat/lobby", 0, at(1));
        assert_eq!(object(2), "lobby");
    }

    #[test]
    fn a_key_is_at_the_same_relay_in_every_build() {
        let at: Vec<u32> = ["ada", "bob", "mZm9vYmFyYmF6", ""].map(|key| relay_of(key, 40)).to_vec();
        assert_eq!(at, [21, 2, 25, 27]);
    }
}
