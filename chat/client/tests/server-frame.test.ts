// Reading what the room sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrame } from "../server-frame.ts";

const message = { id: "a", content: "hello", user: "Maya", role: "user" };

test("the frames of the wire are read", () => {
  for (const frame of [
    { type: "all", messages: [message] },
    { type: "add", ...message, seq: 1, at: 2 },
    { type: "update", ...message },
    { type: "error", code: "too_large", message: "Too long.", id: "a" },
  ]) {
    assert.deepEqual(readFrame(JSON.stringify(frame)), frame);
  }
});

test("a frame of a kind we do not know is ignored", () => {
  assert.equal(readFrame('{"type":"typing","user":"Maya"}'), undefined);
});

test("what is no frame at all is ignored", () => {
  for (const text of ["", "pong", "null", "[]", '{"type":"add"}', '{"type":"all"}', new Uint8Array(2)]) assert.equal(readFrame(text), undefined);
});

test("one bad message in a history does not cost the others", () => {
  assert.deepEqual(readFrame(JSON.stringify({ type: "all", messages: [{ id: 1 }, message] })), { type: "all", messages: [message] });
});
