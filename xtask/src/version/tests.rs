//! Reading versions, and comparing them.

use super::Version;

#[test]
fn versions_are_read_as_programs_print_them() {
    for (text, version) in [
        ("v22.12.0\n", Some(Version(22, 12, 0))),
        ("24.1.10", Some(Version(24, 1, 10))),
        ("26.0.0-nightly.1", Some(Version(26, 0, 0))),
        ("22.12", None),
        ("", None),
        ("one.two.three", None),
    ] {
        assert_eq!(Version::parse(text), version, "{text:?}");
    }
}

#[test]
fn numbers_compare_as_numbers() {
    assert!(Version(22, 9, 0) < Version(22, 12, 0));
    assert!(Version(22, 18, 0) < Version(24, 0, 0));
}
