//! Which profile is built.

use super::Profile;

#[test]
fn a_named_profile_goes_before_wranglers_command() {
    for (named, wrangler, profile) in [
        (None, None, Profile::Release),
        (None, Some("dev"), Profile::Dev),
        (None, Some("deploy"), Profile::Release),
        (Some("dev"), Some("deploy"), Profile::Dev),
        (Some("release"), Some("dev"), Profile::Release),
    ] {
        assert_eq!(Profile::choose(named, wrangler).unwrap(), profile, "{named:?} {wrangler:?}");
    }
}

#[test]
fn an_unknown_profile_is_refused() {
    assert!(Profile::choose(Some("fast"), None).is_err());
}
