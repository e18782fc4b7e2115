// The text of a message before it is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inputNote } from "../sentences.ts";
import { bytesLeft, tidy } from "../message-text.ts";
import { LIMITS } from "../protocol.ts";

test("blank lines before and blanks after a text are cut, an indent and what is between stay", () => {
  assert.equal(tidy("\n  \n    let a = 1;\n\n    let b = 2;  \n"), "    let a = 1;\n\n    let b = 2;");
});

test("control characters of terminals and printers are left out", () => {
  assert.equal(tidy("\u001b[1mhello\f\u0085\tyou\r\n!\u0000"), "[1mhello\tyou\r\n!");
});

test("half of an emoji, as it is left by a cut between its halves, is left out", () => {
  assert.equal(tidy("\ud83da\u{1f388}b\udf88"), "a\u{1f388}b");
});

test("a text of blanks is empty", () => {
  assert.equal(tidy(" \n\t \n"), "");
});

test("the limit counts bytes, not letters", () => {
  assert.equal(bytesLeft("a"), LIMITS.contentBytes - 1);
  assert.equal(bytesLeft("é"), LIMITS.contentBytes - 2);
  assert.equal(bytesLeft("🎈"), LIMITS.contentBytes - 4);
});

test("the limit is mentioned only when it is near or passed", () => {
  const limitNote = (left: number) => inputNote(left, true, undefined);
  assert.equal(limitNote(5000), "Enter sends, Shift+Enter starts a new line");
  assert.equal(limitNote(1), "1 byte left");
  assert.equal(limitNote(0), "0 bytes left");
  assert.equal(limitNote(-12), "12 bytes too long");
});
