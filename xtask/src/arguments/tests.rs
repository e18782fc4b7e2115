//! The meaning of the words after `cargo xtask`.

use super::Arguments;

fn arguments(line: &str) -> Arguments {
    Arguments(line.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn an_option_takes_its_value_in_either_spelling() {
    for line in ["--port 8788 rest", "--port=8788 rest", "rest --port 8788"] {
        let mut arguments = arguments(line);
        assert_eq!(arguments.option("--port").unwrap().as_deref(), Some("8788"), "{line}");
        assert_eq!(arguments.rest(), ["rest"], "{line}");
    }
}

#[test]
fn an_option_without_a_value_is_refused() {
    assert!(arguments("--port").option("--port").is_err());
}

#[test]
fn an_option_whose_name_only_begins_alike_is_left_alone() {
    let mut arguments = arguments("--portable");
    assert_eq!(arguments.option("--port").unwrap(), None);
    assert!(arguments.finish().is_err());
}

#[test]
fn words_are_taken_once() {
    let mut arguments = arguments("build --dev");
    assert_eq!(arguments.next().as_deref(), Some("build"));
    assert!(arguments.flag("--dev"));
    assert!(!arguments.flag("--dev"));
    assert!(arguments.finish().is_ok());
}

#[test]
fn help_is_asked_for_before_the_words_of_another_program() {
    assert!(arguments("new --help").ask_for_help());
    assert!(arguments("-h").ask_for_help());
    assert!(!arguments("dev -- --help").ask_for_help());
    assert!(!arguments("--helpful").ask_for_help());
}
