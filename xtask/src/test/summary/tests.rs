//! The end of a run's output.

use super::{Counts, Duration, Summary};

#[test]
fn the_last_line_has_the_totals_alone() {
    let mut summary = Summary::default();
    summary.add("checks", Counts { passed: 7, failed: 0, skipped: 0 }, Duration::from_secs(3));
    assert!(summary.all_passed());
    summary.add("native", Counts { passed: 40, failed: 2, skipped: 1 }, Duration::from_millis(1250));
    assert!(!summary.all_passed());
    let text = summary.to_string();
    assert_eq!(text.lines().last(), Some("47 passed, 2 failed"));
    assert!(text.contains("native          40       2        1       1.2 s"), "{text}");
}
