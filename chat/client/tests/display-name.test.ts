// Names people write under.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanName } from "../display-name.ts";
import { initials } from "../initials.ts";
import { LIMITS } from "../protocol.ts";
import { randomName } from "../random-name.ts";

test("a name is one line without stray spaces", () => {
  assert.equal(cleanName("  Maya \n\t van   Dyk "), "Maya van Dyk");
});

test("a name keeps its letters and emoji, and loses what would turn the text around it", () => {
  assert.equal(cleanName("王小明 👩‍🚀"), "王小明 👩‍🚀");
  assert.equal(cleanName("\u202eayaM\u2066"), "ayaM");
});

test("half of an emoji is no part of a name", () => {
  assert.equal(cleanName("\ud83dMaya \u{1f388}\udf88"), "Maya \u{1f388}");
});

test("a name with nothing visible in it is empty", () => {
  assert.equal(cleanName(" \u200b\u2060 "), "");
});

test("a name is cut to the room's limit without halving a letter", () => {
  assert.equal(Array.from(cleanName("🎈".repeat(100))).length, LIMITS.userChars);
});

test("a suggested name is valid as it is", () => {
  for (const chance of [0, 0.5, 0.999999]) {
    const name = randomName(() => chance);
    assert.match(name, /^[A-Z][a-z]+ [A-Z][a-z]+$/);
    assert.equal(cleanName(name), name);
  }
});

test("initials are the first letters of the first and the last word", () => {
  assert.equal(initials("Maya van Dyk"), "MD");
  assert.equal(initials("tomás"), "T");
  assert.equal(initials("(the) 👍 2nd"), "T2");
  assert.equal(initials("👍"), "👍");
  assert.equal(initials(""), "");
});
