//! Each rule on a text that breaks it and on one that comes near.

use super::breaches;
use super::source::Source;

/// Returns the lines of a text that break a rule, with the beginning of what is said about each.
fn found(path: &str, text: &str) -> Vec<String> {
    let lines = breaches(&Source::new(path, text));
    lines.iter().map(|line| line.trim_start_matches(path).to_owned()).collect()
}

/// Fails unless just one rule is broken, at that line, with those words.
fn broken(path: &str, text: &str, line: usize, words: &str) {
    let found = found(path, text);
    let [only] = found.as_slice() else { panic!("{path}: {found:?}") };
    assert!(only.starts_with(&format!(":{line}: ")) && only.contains(words), "{only}");
}

/// Fails unless no rule is broken.
fn tidy(path: &str, text: &str) {
    assert_eq!(found(path, text), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn a_file_says_what_lives_in_it_and_ends_properly() {
    tidy("party/src/a.rs", "//! A.\n");
    broken("party/src/a.rs", "use std::fmt;\n", 1, "//!");
    broken("party/src/a.rs", "//! A.", 1, "line break");
    broken("party/src/a.rs", "//! A.\nfn a() {} \n", 2, "blanks");
    broken("party/src/a/mod.rs", "//! A.\n", 1, "rename");
    tidy("tests/golden.json", "{} ");
}

#[test]
fn a_long_file_is_parted_unless_a_program_wrote_it() {
    let long = "const a = 1;\n".repeat(501);
    broken("chat/client/a.ts", &long, 1, "500");
    tidy("chat/client/a.ts", &long.replacen("const", "// generated\nconst", 1));
    tidy("chat/client/a.css", &long);
}

#[test]
fn notes_to_oneself_are_found_in_comments_too() {
    broken("README.md", "a\nTODO: b\n", 2, "note");
    tidy("README.md", "TODOMVC\n");
}

#[test]
fn no_test_is_left_out() {
    broken("party/src/a/tests.rs", "//! A.\n#[ignore]\n", 2, "runs");
    broken("tests/worker/a.test.ts", "test.only(\"a\", () => {});\n", 1, "runs");
    broken("tests/worker/a.test.ts", "test(\"a\", { skip: true }, () => {});\n", 1, "runs");
    tidy("party/src/a.rs", "//! A.\nlet a = words.skip(1);\n");
}

#[test]
fn panics_are_for_tests() {
    let code = "//! A.\nfn a() { b().unwrap(); }\n";
    broken("party/src/a.rs", code, 2, "panic");
    for path in
        ["party/src/a/tests.rs", "party/tests/a.rs", "party/src/testing/a.rs", "party/src/platform/memory.rs"]
    {
        tidy(path, code);
    }
    tidy("party/src/a.rs", "//! A.\n/// `a.unwrap()`\nfn a() { b.unwrap_or(1); }\n");
    tidy("party/src/a.rs", "//! A.\n#[cfg(test)]\nmod tests {\n    fn a() { b().unwrap(); }\n}\n");
}

#[test]
fn unsafe_code_is_told_from_the_lint_of_that_name() {
    broken("party/src/a.rs", "//! A.\nunsafe { a() }\n", 2, "safe");
    tidy("party/src/a.rs", "//! A.\n#![forbid(unsafe_code)]\n");
}

#[test]
fn only_the_platform_names_the_platform() {
    let code = "//! A.\nuse worker::Env;\n";
    broken("party/src/room.rs", code, 2, "platform");
    for path in [
        "party/src/platform/workers/a.rs",
        "party/src/router.rs",
        "party/src/__private.rs",
        "chat/src/lib.rs",
    ] {
        tidy(path, code);
    }
    tidy("party/src/room.rs", "//! A.\n/// As `worker::Env` does.\nuse crate::my_worker::Env;\n");
}

#[test]
fn the_app_sees_no_javascript_values() {
    for path in ["chat/src/room.rs", "examples/a/src/lib.rs"] {
        broken(path, "//! A.\nuse wasm_bindgen::prelude::*;\n", 2, "JavaScript");
    }
}

#[test]
fn the_framework_knows_no_app() {
    broken("party/src/room.rs", "//! A.\nuse chat::Chat;\n", 2, "framework");
    broken("party/Cargo.toml", "chat.workspace = true\n", 1, "framework");
    tidy("party/src/room.rs", "//! A.\nlet party = \"chat\";\n");
}

#[test]
fn an_import_from_javascript_has_its_exceptions_caught() {
    let import = |attribute: &str| {
        format!(
            "//! A.\n#[wasm_bindgen]\nextern \"C\" {{\n    type A;\n{attribute}    pub(crate) fn a(this: &A);\n}}\n"
        )
    };
    let path = "party/src/platform/workers/a.rs";
    tidy(path, &import("    #[wasm_bindgen(method, catch)]\n"));
    broken(path, &import("    #[wasm_bindgen(method)]\n"), 6, "catch");
    broken(path, &import(""), 5, "catch");
    tidy(path, "//! A.\nfn a(body: &mut dyn FnMut()) {}\n");
}
