// The formatting within a paragraph.
import assert from "node:assert/strict";
import { test } from "node:test";
import { markedLine } from "./formatting-text.ts";

/** Holds for pairs of a text and its formatting. */
const hold = (pairs: Record<string, string>) => {
  for (const [text, formatting] of Object.entries(pairs)) assert.equal(markedLine(text), formatting, text);
};

/** Holds for texts that are not formatted. */
const plain = (...texts: string[]) => hold(Object.fromEntries(texts.map((text) => [text, text])));

test("words between marks are formatted", () => {
  hold({
    "a **bold** word": "a <strong>bold</strong> word",
    "an *italic* word, _this_ too": "an <em>italic</em> word, <em>this</em> too",
    "~~gone~~": "<s>gone</s>",
    "run `cargo test` now": "run <code>cargo test</code> now",
    "*two\nlines*": "<em>two\nlines</em>",
    "**(in brackets)**, *\"quoted\"*": "<strong>(in brackets)</strong>, <em>\"quoted\"</em>",
    "**🎉**": "<strong>🎉</strong>",
  });
});

test("marks can be within each other, and the same one counts once", () => {
  hold({
    "***both***": "<em><strong>both</strong></em>",
    "**bold and *italic* **": "**bold and <em>italic</em> **",
    "**bold and *italic***": "<strong>bold and <em>italic</em></strong>",
    "*italic **and bold***": "<em>italic <strong>and bold</strong></em>",
    "~~**x** y~~": "<s><strong>x</strong> y</s>",
    "*a _b_ c*": "<em>a b c</em>",
    "**`code`**": "<strong><code>code</code></strong>",
  });
});

test("names, sums, patterns and pointers are not formatted", () => {
  plain(
    "snake_case_names and _private names_too",
    "2 * 3 * 4 and 2*3*4 and 2**3**4",
    "*.js and *.ts, or *.*",
    "*. and *.",
    "f(*args, **kwargs)",
    "char *a, *b;",
    "int* c, int* d",
    "__init__ and __main__",
    "5* hotels, 4* hotels",
    "f*** this s*** up",
    "*_* and ^_^ and -_- and ~_~",
    "~/a ~/b, about ~5 or ~6, wow~~~ yes~~~",
    "**** five stars *****",
    "* not a list * not italic *",
    "** spaces **",
    "\u00af\\_(\u30c4)_/\u00af",
    "one *star",
  );
});

test("a mark after a backslash stays, as does the backslash", () => {
  plain("\\*not italic\\*", "C:\\_a_", "\\`not code\\`");
  hold({ "*a\\*b*": "<em>a\\*b</em>" });
});

test("letters without spaces around them can be formatted where they are not Latin", () => {
  hold({ "\u8fd9\u662f*\u91cd\u70b9*\u5427": "\u8fd9\u662f<em>\u91cd\u70b9</em>\u5427" });
});

test("nothing in code is formatted or a link", () => {
  hold({
    "`a *b* c_d_` and *e*": "<code>a *b* c_d_</code> and <em>e</em>",
    "`https://a.example/`": "<code>https://a.example/</code>",
    "``a ` b``": "<code>a ` b</code>",
    "`` `a` ``": "<code>`a`</code>",
    "*a `b* c`": "*a <code>b* c</code>",
    "`` not closed`": "`` not closed`",
    "` `": "` `",
  });
});

test("nothing in an address is formatted, and marks around it are not part of it", () => {
  hold({
    "https://a.example/a_b_c/*d*/__e__": "<a>https://a.example/a_b_c/*d*/__e</a>__",
    "**https://a.example/b**, yes": "<strong><a>https://a.example/b</a></strong>, yes",
    "*see https://a.example/b_c*": "<em>see <a>https://a.example/b_c</a></em>",
    "_https://a.example/_": "<em><a>https://a.example/</a></em>",
    "~~https://a.example/~~": "<s><a>https://a.example/</a></s>",
    "https://b\u00fccher.example/*a *b*": "<a>https://xn--bcher-kva.example/*a</a> <em>b</em>",
  });
});

test("links in brackets and markup are text", () => {
  plain("[your bank](javascript:alert(1))", "<b>bold</b> &amp; <img src=x>", "![x](y)");
});
