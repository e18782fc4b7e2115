//! Which steps run.

use super::{STEPS, select};

/// Returns the names of the steps that these words select.
fn selected(words: &str) -> Vec<&'static str> {
    let names: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    select(&names).unwrap().iter().map(|step| step.name).collect()
}

#[test]
fn without_a_name_all_steps_run() {
    assert_eq!(selected("").len(), STEPS.len());
}

#[test]
fn named_steps_run_in_their_own_order_after_the_build_they_need() {
    assert_eq!(selected("native checks"), ["checks", "native"]);
    assert_eq!(selected("browser"), ["build", "browser"]);
}

#[test]
fn an_unknown_step_is_refused() {
    assert!(select(&["everything".to_owned()]).is_err());
}
