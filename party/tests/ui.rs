//! Valid uses of `#[party]`, and every mistake that it reports: each file in `ui/fail` is one, its `.stderr` the
//! compiler's answer.
//!
//! The files use no crate but `party`, as an app may. After a change of a message, `TRYBUILD=overwrite` writes them
//! again.

#[test]
fn the_macro_takes_what_is_right_and_tells_what_is_wrong() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
