//! The table of rules. A rule says which files it is about, what must not be in them, and why.

use super::source::{Source, contains_word};

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// The files it is about.
    files: Files,
    /// What breaks it.
    breach: Breach,
    /// What is said about a breach: what is wrong, then what to do.
    pub(super) says: &'static str,
}

/// Which files a rule is about.
#[derive(Debug)]
struct Files {
    /// How their names end.
    endings: &'static [&'static str],
    /// Where they lie; anywhere if this is empty.
    under: &'static [&'static str],
    /// How the paths of the exceptions begin.
    except: &'static [&'static str],
    /// Whether tests are exceptions.
    not_in_tests: bool,
}

/// What breaks a rule.
#[derive(Debug)]
enum Breach {
    /// One of these words, in a comment as well as in code.
    Word(&'static [&'static str]),
    /// One of these words, in code.
    WordInCode(&'static [&'static str]),
    /// A line that is so.
    Line(fn(&str) -> bool),
    /// A whole file that is so.
    File(fn(&Source<'_>) -> bool),
    /// The lines of a file that are so beside their neighbours.
    Lines(fn(&Source<'_>) -> Vec<usize>),
}

/// What people write by hand.
const TEXTS: &[&str] = &[
    ".rs", ".ts", ".tsx", ".mjs", ".js", ".toml", ".md", ".css", ".html", ".sh", ".yml", ".yaml", ".ci/run",
];

/// What is compiled.
const SOURCES: &[&str] = &[".rs", ".ts", ".tsx", ".mjs"];

/// This table and its tests name what they forbid.
const ITSELF: &[&str] = &["xtask/src/tidy"];

/// Files with these endings, wherever they lie.
const fn all(endings: &'static [&'static str]) -> Files {
    Files { endings, under: &[], except: ITSELF, not_in_tests: false }
}

/// Returns Rust files in certain folders, or anywhere.
const fn rust_under(under: &'static [&'static str], except: &'static [&'static str]) -> Files {
    Files { endings: &[".rs"], under, except, not_in_tests: false }
}

/// All rules.
pub(super) const RULES: &[Rule] = &[
    Rule {
        files: rust_under(&[], &["party/tests/ui/"]),
        breach: Breach::File(|source| !source.text.starts_with("//!")),
        says: "a file begins with `//!`: say what lives in it",
    },
    Rule {
        files: all(&["mod.rs"]),
        breach: Breach::File(|source| source.path.ends_with("/mod.rs")),
        says: "a module `x` stands in `x.rs`: rename this file",
    },
    Rule {
        files: all(SOURCES),
        breach: Breach::File(|source| source.text.lines().count() > LONGEST_FILE && !is_generated(source)),
        says: "a file has at most 500 lines: part it by its concepts",
    },
    Rule {
        files: all(TEXTS),
        breach: Breach::Line(|line| line.ends_with([' ', '\t'])),
        says: "a line ends in blanks: remove them",
    },
    Rule {
        files: all(TEXTS),
        breach: Breach::File(|source| !source.text.is_empty() && !source.text.ends_with('\n')),
        says: "the last line has no end: add a line break",
    },
    Rule {
        files: all(TEXTS),
        breach: Breach::Word(&["TODO", "FIXME", "XXX"]),
        says: "a note to oneself: do it, or open an issue",
    },
    Rule {
        files: all(&[".rs"]),
        breach: Breach::WordInCode(&["#[ignore", "#[should_panic"]),
        says: "every test runs, and says itself what it expects: remove the attribute",
    },
    Rule {
        files: all(&[".test.ts", ".test.tsx"]),
        breach: Breach::WordInCode(&[".only(", ".skip(", ".todo(", "only:", "skip:", "todo:"]),
        says: "every test runs: remove what leaves one out",
    },
    Rule {
        files: all(&[".rs"]),
        breach: Breach::WordInCode(&["unsafe"]),
        says: "no `unsafe` in this repository: find the safe way",
    },
    Rule {
        files: Files { endings: &[".rs"], under: &[], except: ITSELF, not_in_tests: true },
        breach: Breach::WordInCode(&[".unwrap(", ".expect("]),
        says: "a panic resets every room of the isolate: return an error",
    },
    Rule {
        files: rust_under(
            &["party/src/"],
            &["party/src/platform/workers", "party/src/router", "party/src/__private"],
        ),
        breach: Breach::WordInCode(&["worker::", "worker_sys", "wasm_bindgen", "js_sys", "web_sys"]),
        says: "only the platform, the router and the macro's support name `worker` and JavaScript: ask the platform",
    },
    Rule {
        files: rust_under(&["party/src/"], &[]),
        breach: Breach::Lines(imports_without_catch),
        says: "an exception of JavaScript that nobody catches resets every room of the isolate: import it with `catch`",
    },
    Rule {
        files: rust_under(&["chat/src/", "examples/"], &[]),
        breach: Breach::WordInCode(&["wasm_bindgen", "js_sys", "web_sys", "JsValue"]),
        says: "an app sees no JavaScript values: use what `party` offers",
    },
    Rule {
        files: rust_under(&["party/src/", "party-macros/src/"], &[]),
        breach: Breach::WordInCode(&["chat::"]),
        says: "the framework knows no app: move this to `chat`",
    },
    Rule {
        files: Files {
            endings: &["Cargo.toml"],
            under: &["party/", "party-macros/"],
            except: &[],
            not_in_tests: false,
        },
        breach: Breach::WordInCode(&["chat"]),
        says: "the framework depends on no app: remove this",
    },
];

/// How long a file may be.
const LONGEST_FILE: usize = 500;

/// Returns whether a program has written the file, as its first two lines then say.
pub(super) fn is_generated(source: &Source<'_>) -> bool {
    source.text.lines().take(2).any(|line| line.to_lowercase().contains("generated"))
}

/// The functions that are imported from JavaScript without `catch`.
fn imports_without_catch(source: &Source<'_>) -> Vec<usize> {
    let (mut found, mut is_import, mut is_caught) = (Vec::new(), false, false);
    for line in source.lines() {
        let code = line.code().trim();
        if line.text.starts_with("extern \"C\" {") {
            is_import = true;
        } else if line.text.starts_with('}') {
            is_import = false;
        } else if code.starts_with("#[wasm_bindgen") {
            is_caught = contains_word(code, "catch");
        } else if is_import && contains_word(code, "fn") && !code.starts_with("#[") {
            // A `fn` in a type, as of a callback, does not begin a line.
            let begins =
                code.split("fn ").next().is_some_and(|before| before.is_empty() || before.starts_with("pub"));
            if begins && !is_caught {
                found.push(line.number);
            }
            is_caught = false;
        }
    }
    found
}

impl Rule {
    /// Returns the numbers of the lines that break the rule.
    pub(super) fn breaches(&self, source: &Source<'_>) -> Vec<usize> {
        if !self.files.has(source) {
            return Vec::new();
        }
        let lines = source.lines().filter(|line| !(self.files.not_in_tests && line.in_tests));
        match &self.breach {
            Breach::File(is_so) => is_so(source).then_some(1).into_iter().collect(),
            Breach::Lines(of) => of(source),
            Breach::Line(is_so) => lines.filter(|line| is_so(line.text)).map(|line| line.number).collect(),
            Breach::Word(words) => {
                lines.filter(|line| has_any(line.text, words)).map(|line| line.number).collect()
            }
            Breach::WordInCode(words) => {
                lines.filter(|line| has_any(line.code(), words)).map(|line| line.number).collect()
            }
        }
    }
}

/// Returns whether one of the words is in a line.
fn has_any(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| contains_word(line, word))
}

impl Files {
    /// Returns whether a file is one of them.
    fn has(&self, source: &Source<'_>) -> bool {
        let path = source.path;
        self.endings.iter().any(|ending| path.ends_with(ending))
            && (self.under.is_empty() || self.under.iter().any(|folder| path.starts_with(folder)))
            && !self.except.iter().any(|beginning| path.starts_with(beginning))
            && !(self.not_in_tests && source.is_test())
    }
}
