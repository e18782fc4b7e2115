import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, excerptOf } from "../excerpt.ts";

test("an excerpt is one line without the marks of formatting", () => {
  assert.equal(excerpt("**Looks** good. `npm run lights`:\n```\nlet x = 1;\n```"), "Looks good. npm run lights: let x = 1;");
  assert.equal(excerpt("> a quote\n\n- one\n- two"), "a quote – one – two");
  assert.equal(excerpt("🎉"), "🎉");
});

test("an excerpt of a long message ends within it, and never within a character", () => {
  assert.equal(excerpt("a".repeat(120)), "a".repeat(120));
  assert.equal(excerpt("a".repeat(121)), `${"a".repeat(120)}…`);
  assert.equal(excerpt(`${"a".repeat(119)}🎉🎉`), `${"a".repeat(119)}…`);
  assert.ok(excerpt(`one ${" ".repeat(1_000)} two`).endsWith("…"));
});

test("a message that has only a file is shown by the file's name", () => {
  const file = { id: "f1", name: "sea.png", type: "image/png", size: 6 };
  assert.equal(excerptOf({ content: "", file }), "sea.png");
  assert.equal(excerptOf({ content: "the *sea*", file }), "the sea");
  assert.equal(excerptOf({ content: "no file" }), "no file");
});
