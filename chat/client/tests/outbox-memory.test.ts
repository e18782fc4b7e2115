// What is unsent when the page is loaded again.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pending } from "../conversation.ts";
import { recallOutbox, rememberOutbox } from "../outbox-memory.ts";
import type { Memory } from "../storage.ts";

const pending: Pending = { draft: { id: "a", content: "hello", user: "Maya", role: "user" }, writtenAt: 7, failure: "No." };

function memory(): Memory {
  const kept = new Map<string, string>();
  return { recall: (key) => kept.get(key) ?? null, remember: (key, value) => void kept.set(key, value) };
}

test("an unsent message survives a reload of the page, with its failure", () => {
  const tab = memory();
  rememberOutbox("den", [pending], tab);
  assert.deepEqual(recallOutbox("den", tab), [pending]);
});

test("every room has its own", () => {
  const tab = memory();
  rememberOutbox("den", [pending], tab);
  assert.deepEqual(recallOutbox("attic", tab), []);
});

test("what cannot be read back is nothing", () => {
  assert.deepEqual(recallOutbox("den", { recall: () => "{", remember: () => {} }), []);
});

test("where the browser forbids storage nothing is kept and nothing breaks", () => {
  rememberOutbox("den", [pending]); // Node has no sessionStorage unless it is told to.
  assert.ok(Array.isArray(recallOutbox("den")));
});
