//! What test programs print, and how many tests that is.

use super::Counts;

fn counts(passed: usize, failed: usize, skipped: usize) -> Counts {
    Counts { passed, failed, skipped }
}

#[test]
fn all_programs_of_a_cargo_run_are_added_up() {
    let text = "running 3 tests\n...\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\n\
                test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
    assert_eq!(Counts::from_libtest(text), counts(13, 2, 1));
}

#[test]
fn files_of_trybuild_are_counted_with_and_without_colours() {
    let text = "running 1 test\ntest \u{1b}[1mtests/ui/fail/a.rs\u{1b}[0m ... \u{1b}[32mok\u{1b}[0m\n\
                test tests/ui/fail/b.rs ... mismatch\ntest messages ... FAILED\n";
    assert_eq!(Counts::from_trybuild(text), counts(1, 1, 0));
}

#[test]
fn the_last_summary_of_node_counts() {
    let text = "ℹ pass 99\n✔ a (1ms)\nℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n";
    assert_eq!(Counts::from_node(text), counts(3, 2, 1));
    assert_eq!(Counts::from_node("# pass 4\n# fail 0\n"), counts(4, 0, 0));
    assert_eq!(Counts::from_node("ℹ passing 4\n"), counts(0, 0, 0));
}

#[test]
fn a_failure_without_a_test_is_a_failure() {
    assert_eq!(counts(3, 0, 0).of_program(false), counts(3, 1, 0));
    assert_eq!(counts(3, 2, 0).of_program(false), counts(3, 2, 0));
    assert_eq!(counts(3, 0, 0).of_program(true), counts(3, 0, 0));
}
