//! The counts of small files, and what is said about them.

use super::{Counts, Percent, Source, breaches, count};

/// Returns the counts of a text in the crate.
fn counted(text: &str) -> Counts {
    count(&Source::new("party/src/a.rs", text))
}

/// Returns how many public functions a text has, and how many of them have an example.
fn functions(text: &str) -> (usize, usize) {
    let counts = counted(text);
    (counts.functions, counts.with_example)
}

#[test]
fn public_functions_are_counted_with_their_examples() {
    assert_eq!(
        functions("/// A.\npub fn a() {}\n/// B.\n/// ```\n/// b();\n/// ```\npub fn b() {}\n"),
        (2, 1)
    );
    assert_eq!(
        functions("impl A {\n    /// ```\n    /// ```\n    #[must_use]\n    pub const fn a() {}\n}\n"),
        (1, 1)
    );
    assert_eq!(functions("pub async fn a() {}\npub(crate) fn b() {}\nfn c() {}\nasync fn d() {}\n"), (1, 0));
    assert_eq!(functions("#[doc(hidden)]\npub fn a() {}\n"), (0, 0));
}

#[test]
fn the_methods_of_a_public_trait_are_public() {
    let text = "pub trait A {\n    /// ```\n    /// ```\n    fn a() {\n        fn inner() {}\n    }\n    async fn b();\n}\nfn c() {}\n";
    assert_eq!(functions(text), (2, 1));
    assert_eq!(functions("trait A {\n    fn a();\n}\n"), (0, 0));
}

#[test]
fn a_block_in_another_language_is_not_an_example() {
    assert_eq!(functions("/// ```text\n/// a\n/// ```\npub fn a() {}\n"), (1, 0));
    assert_eq!(functions("/// ```sh\n/// ```\n/// ```no_run\n/// ```\npub fn a() {}\n"), (1, 1));
}

#[test]
fn an_example_belongs_to_the_next_item_only() {
    assert_eq!(functions("/// ```\n/// ```\nstruct A;\npub fn a() {}\n"), (1, 0));
}

#[test]
fn lines_of_documentation_and_of_code_are_counted() {
    let counts =
        counted("//! A.\n\n// Why.\n/// B.\nfn b() {}\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n");
    assert_eq!((counts.documentation, counts.code), (2, 2));
    assert_eq!(count(&Source::new("party/src/a/tests.rs", "fn a() {}\n")), Counts::default());
}

#[test]
fn a_figure_may_rise_and_not_fall() {
    let counts = Counts { functions: 10, with_example: 5, documentation: 70, code: 100 };
    let said = |examples, lines| breaches(counts, Percent { examples, lines });
    assert_eq!(said(50, 69), Vec::<String>::new());
    let [low] = said(51, 70).try_into().expect("one breach");
    assert!(low.contains("write one for each function that you add") && low.contains("50 %"), "{low}");
    let [low] = said(50, 71).try_into().expect("one breach");
    assert!(low.contains("document what you add") && low.contains("70 %"), "{low}");
    let [high] = said(48, 70).try_into().expect("one breach");
    assert!(high.contains("set it to 50"), "{high}");
}
