//! The inputs that a fuzz target makes of bytes: numbers, texts, JSON, and texts that are nearly right.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use arbtest::arbtest;
use serde_json::{Value, json};

/// For how long a target runs if nothing else is said, as in `cargo xtask test`.
const MOMENT: Duration = Duration::from_millis(400);

/// The most bytes of an input.
const MAX_BYTES: u32 = 1_024;

/// How many inputs a target is to have, in place of a moment. `cargo xtask fuzz` sets it.
const CASES: &str = "FUZZ_CASES";

/// The seed of an input that failed: the target has this one alone.
const SEED: &str = "ARBTEST_SEED";

/// Runs a target for each of many inputs. One that fails is named by its seed.
pub(crate) fn for_each(target: impl Fn(&mut Input<'_>)) {
    let cases = std::env::var(CASES).ok().and_then(|cases| cases.parse::<u64>().ok());
    let mut run = |bytes: &mut arbtest::arbitrary::Unstructured<'_>| {
        target(&mut Input::new(bytes.bytes(bytes.len())?));
        Ok(())
    };
    let Some(cases) = cases.filter(|_| std::env::var_os(SEED).is_none()) else {
        return arbtest(run).size_min(8).size_max(MAX_BYTES).budget(MOMENT).run();
    };
    for case in 0..cases {
        // A seed has the number of bytes in its lower half.
        let size = 8 << (case % 8);
        arbtest(&mut run).seed(RandomState::new().hash_one(case) << 32 | size).run();
    }
}

/// Bytes that decide what comes next. When they are used up, everything is the first choice.
pub(crate) struct Input<'a> {
    bytes: &'a [u8],
}

/// Pieces of texts that readers are known to stumble over.
const PIECES: &[&str] = &[
    "",
    " ",
    "a",
    "x",
    "0",
    "1",
    "7",
    "-1",
    "1.5",
    "1e999",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "hello",
    "null",
    "true",
    "type",
    "id",
    "__proto__",
    "\u{0}",
    "\u{1}",
    "\n",
    "\r",
    "\t",
    "\"",
    "\\",
    "/",
    "//",
    ".",
    "..",
    "%",
    "%00",
    "%2F",
    "%2e",
    "%C3%A9",
    "%ff",
    "%zz",
    "+",
    "&",
    "=",
    "?",
    "#",
    ",",
    ";",
    ":",
    "@",
    "{",
    "}",
    "[",
    "]",
    "'",
    "<",
    ">",
    "é",
    "e\u{301}",
    "😀",
    "👩\u{200d}💻",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2066}",
    "\u{3000}",
    "\u{feff}",
    "\u{e0041}",
    "\u{fffd}",
    "\u{10ffff}",
    "ß",
    "İ",
    "ﬁ",
    "party",
    "party.bearer.",
    "m1",
    "\\u0000",
    "\\ud800",
];

/// Numbers at the edge of something.
const EDGES: &[u64] = &[
    0,
    1,
    2,
    3,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    257,
    9_007_199_254_740_990,
    9_007_199_254_740_991,
    9_007_199_254_740_992,
    9_223_372_036_854_775_807,
    9_223_372_036_854_775_808,
    18_446_744_073_709_551_615,
];

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// Returns a number that is less than `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let mut number = usize::from(self.byte());
        if bound > 256 {
            number = number << 8 | usize::from(self.byte());
        }
        number.checked_rem(bound).unwrap_or_default()
    }

    /// Returns `true` once in `times` calls, on average.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times.saturating_sub(1)
    }

    /// Returns one of these.
    pub(crate) fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Returns as many things as the input says, less than `bound`.
    pub(crate) fn several<T>(&mut self, bound: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(bound)).map(|_| make(self)).collect()
    }

    pub(crate) fn number(&mut self) -> u64 {
        if self.once_in(4) {
            (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
        } else {
            self.one(EDGES)
        }
    }

    /// Returns a text: a few pieces, and sometimes one of them very often.
    pub(crate) fn text(&mut self) -> String {
        if self.once_in(24) {
            let times = self.one(&[16, 64, 65, 128, 256, 257, 1_025]);
            return self.piece().repeat(times);
        }
        self.several(6, Self::piece).concat()
    }

    fn piece(&mut self) -> String {
        if self.once_in(6) {
            let code =
                u32::from(self.byte()) << 12 | u32::from(self.byte()) << 4 | u32::from(self.byte()) >> 4;
            return char::from_u32(code).unwrap_or('\u{fffd}').to_string();
        }
        self.one(PIECES).to_owned()
    }

    /// Returns any JSON.
    pub(crate) fn json(&mut self) -> Value {
        match self.below(9) {
            0 => Value::Null,
            1 => json!(self.once_in(2)),
            2 => json!(self.number()),
            3 => json!(self.one(&[-1.0, 1.5, 1e300, -0.0])),
            4 => Value::Array(self.several(4, Self::json)),
            5 => self.several(4, |input| (input.text(), input.json())).into_iter().collect(),
            6 => {
                let depth = self.one(&[1, 30, 126, 127, 128, 200]);
                (0..depth).fold(Value::Null, |inner, _| json!([inner]))
            }
            _ => json!(self.text()),
        }
    }

    /// Returns the text, or now and then one that has lost something or has something in its midst.
    pub(crate) fn damaged(&mut self, text: String, once_in: usize) -> String {
        if !self.once_in(once_in) {
            return text;
        }
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(characters.len().saturating_add(1));
            let until = at.saturating_add(self.below(4)).min(characters.len());
            let piece: Vec<char> = self.piece().chars().collect();
            characters.splice(at..until, piece);
        }
        characters.into_iter().collect()
    }

    /// Returns a frame: one of these types, with the fields of one, most of them of the right kind.
    pub(crate) fn frame(
        &mut self,
        types: &[(&str, &[&str])],
        value: &mut dyn FnMut(&mut Self, &str) -> Value,
    ) -> Value {
        let (kind, fields) = self.one(types);
        let mut frame = serde_json::Map::new();
        frame.insert("type".into(), if self.once_in(30) { self.json() } else { json!(kind) });
        for field in fields {
            if self.once_in(16) {
                continue;
            }
            let value = if self.once_in(10) { self.json() } else { value(self, field) };
            frame.insert((*field).into(), value);
        }
        if self.once_in(8) {
            let (_, fields) = self.one(types);
            if !fields.is_empty() {
                frame.insert(self.one(fields).into(), self.json());
            }
        }
        Value::Object(frame)
    }
}
