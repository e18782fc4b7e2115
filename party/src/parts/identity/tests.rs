//! Secrets and addresses.

use super::*;

const KEY: Key = Key([7; 32]);

#[test]
fn a_secret_proves_its_member_and_no_other() {
    let secret = KEY.secret("mAda");
    assert_eq!(KEY.proved(&secret).as_deref(), Some("mAda"));
    let (_, seal) = secret.rsplit_once('.').unwrap();
    for forged in [format!("mBob.{seal}"), "mAda.".into(), "mAda".into(), format!("{secret}A"), String::new()]
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
