// Which part of a found message is shown, and which words of it are marked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundWords } from "../found-words.ts";

/** Returns what is shown, with the marked words in brackets. */
function shown(content: string, words: string): string {
  return foundWords(content, words).map(({ text, hit }) => (hit ? `[${text}]` : text)).join("");
}

test("the beginnings of words are marked in any case and with any accents", () => {
  assert.equal(shown("Two Cafés and a decaf", "cafe"), "Two [Café]s and a decaf");
  assert.equal(shown("cafe\u0301!", "CAFÉ"), "[cafe\u0301]!");
  assert.equal(shown("İstanbul", "istan"), "[İstan]bul");
  assert.equal(shown("oat milk, Milky", "mil oat"), "[oat] [mil]k, [Mil]ky");
});

test("a word of one letter is a whole word, and one with signs is marked with what is between", () => {
  assert.equal(shown("a plan, plan A", "a"), "[a] plan, plan [A]");
  assert.equal(shown("foo bar, foo-bar", "foo-ba"), "[foo ba]r, [foo-ba]r");
  assert.equal(shown("a.*b", ".*"), "a.*b");
});

test("words are marked anywhere in texts without spaces", () => {
  assert.equal(shown("我的手机坏了", "手机"), "我的[手机]坏了");
  assert.equal(shown("ที่นี่มีกาแฟ", "กาแฟ"), "ที่นี่มี[กาแฟ]");
});

test("a long message is shown around the first of the words, on one line and without marks of formatting", () => {
  const long = `${"before ".repeat(30)}**milk** and\n${"after ".repeat(60)}`;
  const text = shown(long, "milk");
  assert.match(text, /^…before (before )+\[milk\] and after/);
  assert.match(text, /…$/);
  assert.ok(text.length < 200, text);
});

test("nothing is marked where the words are not seen, and no character is cut in two", () => {
  assert.equal(shown("tea", "milk"), "tea");
  assert.equal(shown("tea", ""), "tea");
  assert.equal(shown("😀".repeat(91), "x"), `${"😀".repeat(90)}…`);
  assert.doesNotThrow(() => encodeURIComponent(shown(`a${"😀".repeat(200)}`, "x")));
});
