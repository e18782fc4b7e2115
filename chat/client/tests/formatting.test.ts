// The blocks of a message: code, quotes, lists, emoji alone, and the text between them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatted } from "../formatting.ts";
import { marked } from "./formatting-text.ts";

const hold = (pairs: Record<string, string>) => {
  for (const [text, formatting] of Object.entries(pairs)) assert.equal(marked(text), formatting, text);
};
const plain = (...texts: string[]) => {
  for (const text of texts) assert.deepEqual(formatted(text), [{ kind: "text", parts: [text] }]);
};

test("plain prose is one text, letter for letter", () => {
  plain("", "Hello!", "two\nlines\n\n  and  a third  \n", "  indented", "Dinner - at 8?\nYes - fine.", "tabs\tand \u00a0 spaces");
});

test("lines between three backticks are code, with the language after the first ones", () => {
  hold({
    "see\n```rust\nfn main() {}\n\n  x\n```\nthere": "see|<pre rust>fn main() {}\n\n  x</pre>|there",
    "```\n*a*\n> b\n- c\n```": "<pre >*a*\n> b\n- c</pre>",
    "````\n```\n````": "<pre >```</pre>",
    "```\nto the end": "<pre >to the end</pre>",
    "  ```\n  a\n   b\n  ```": "<pre >a\n b</pre>",
    "```\na\n```\n```\nb\n```": "<pre >a</pre>|<pre >b</pre>",
  });
});

test("backticks that hold nothing, or stand in a line, are not a block", () => {
  plain("```", "```\n```");
  hold({ "```one line```": "<code>one line</code>", "```two words\nand more```": "<code>two words\nand more</code>" });
});

test("lines after > are a quote", () => {
  hold({
    "> said *so*\n> twice\nI agree": "<quote>said <em>so</em>\ntwice</quote>|I agree",
    "> a\n>\n> b": "<quote>a\n\nb</quote>",
    "> > deep\n> not": "<quote><quote>deep</quote>|not</quote>",
    "> - a\n> - b": "<quote><list><*>a<*>b</list></quote>",
    "> ```\n> x\n> ```": "<quote><pre >x</pre></quote>",
  });
});

test("lines that only look like quotes are text", () => {
  plain(">:(", ">_<", ">>> print()", ">50 % of us", "a > b", ">", "> ");
});

test("lines after dashes, stars or numbers are a list, which keeps its numbers", () => {
  hold({
    "Bring:\n- bread\n- *good* wine": "Bring:|<list><*>bread<*><em>good</em> wine</list>",
    "* a\n* b": "<list><*>a<*>b</list>",
    "3. c\n4. d\n9. e": "<list><3>c<4>d<9>e</list>",
    "1) a\n2) b\nend": "<list><1>a<2>b</list>|end",
    "- a\n  - b\n  - c\n- d": "<list><*>a|<list><*>b<*>c</list><*>d</list>",
    "- a\n  more of a\n- b": "<list><*>a\nmore of a<*>b</list>",
    "1. see\n   ```\n   x\n   ```\n2. b": "<list><1>see|<pre >x</pre><2>b</list>",
    "- a\n* b": "- a\n* b",
  });
});

test("one line is not a list, and neither are numbers, dashes and dialogue", () => {
  plain("- Ada", "2024. What a year.", "* waves", "-1\n-2", "1.5\n2.5", "- - -\n- - -", "---\n---", "\u2013 a\n\u2013 b", "-\n-", "12345. a\n12346. b");
});

test("blank lines beside a block are dropped, others stay", () => {
  hold({ "a\n\n\nb\n\n- c\n- d\n\n\ne": "a\n\n\nb|<list><*>c<*>d</list>|e" });
});

test("nothing that is formatted goes on after a blank line", () => {
  hold({ "*a\n\nb*": "*a\n\nb*", "`a\n \nb`": "`a\n \nb`" });
});

test("line ends of another system are line ends", () => {
  hold({ "```\r\na\r\n```\r\nb": "<pre >a</pre>|b" });
});

test("depth is limited, and what is deeper is text", () => {
  assert.match(marked("> ".repeat(100) + "x"), /^(<quote>){4}> /);
  const list = Array.from({ length: 9 }, (_, depth) => `${"  ".repeat(depth)}- ${depth}`).join("\n");
  assert.equal(marked(list).split("<list>").length - 1, 4);
});

test("a few emoji alone are large", () => {
  for (const text of ["🎉", "👍🏽 👍", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "❤️", "❤️‍🔥", "1️⃣ #️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺️"]) {
    assert.deepEqual(formatted(text), [{ kind: "emoji", text }], text);
  }
  plain("ok 👍", "1", "12", "#", "©", "(c)", " ", "™", "👍".repeat(40));
});
