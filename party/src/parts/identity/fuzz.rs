//! Secrets of members: nothing but the secret itself proves a member.

use std::net::Ipv6Addr;

use super::*;
use crate::fuzz::for_each;

const KEY: Key = Key([7; 32]);

#[test]
fn only_the_secret_that_the_room_has_made_proves_its_member() {
    for_each(|input| {
        let member = if input.once_in(3) { input.text() } else { "mAda".to_owned() };
        let secret = if input.once_in(5) { Key([8; 32]).secret(&member) } else { KEY.secret(&member) };
        let offered = input.damaged(secret, 2);
        match KEY.proved(&offered) {
            Some(proved) => {
                // Not a character can be changed.
                assert!((1..=128).contains(&proved.len()) && offered == KEY.secret(&proved), "{offered:?}");
                assert_eq!(proved, member);
            }
            None => {
                assert!(offered != KEY.secret(&member) || !(1..=128).contains(&member.len()), "{offered:?}")
            }
        }
    });
}

#[test]
fn an_address_is_one_household_or_stays_as_it_is() {
    for_each(|input| {
        let text =
            input.one(&["2001:db8:1:2:", "::ffff:192.0.2.", "192.0.2.", "::", ""]).to_owned() + &input.text();
        let of = network(&text);
        match text.parse::<Ipv6Addr>() {
            Ok(address) => {
                let prefix = u128::from(address) >> 64;
                let sibling = Ipv6Addr::from(prefix << 64 | u128::from(input.number()));
                assert_eq!(network(&sibling.to_string()), of);
            }
            Err(_) => assert_eq!(of, text),
        }
    });
}
