// Reading the frames of the room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrames } from "../src/frames.ts";
import { entry, welcome } from "./visit.ts";

const types = (value: unknown) => readFrames(typeof value === "string" ? value : JSON.stringify(value)).map(({ type }) => type);

test("every frame of the wire is read, alone and in an array", () => {
  const frames = [
    welcome(),
    entry(1),
    { type: "ack", id: "a", seq: 1 },
    { type: "ack", id: "a" },
    { type: "page", id: "a", before: 5, entries: [entry(1)], more: false },
    { type: "page", id: "a", after: 5, entries: [], more: true },
    { type: "presence", count: 1 },
    { type: "presence", count: 1, join: [{ member: "a", data: null }], leave: ["b"] },
    { type: "ephemeral", from: "a", kind: "typing", ttl: 5 },
    { type: "you", member: "a", role: "member", mutedFor: 5 },
    { type: "own", data: null },
    { type: "event", data: [1] },
    { type: "probe", id: "a" },
    { type: "error", code: "muted", message: "no", id: "a", retryAfter: 5 },
  ];
  for (const frame of frames) assert.deepEqual(readFrames(JSON.stringify(frame)), [frame]);
  assert.deepEqual(readFrames(JSON.stringify(frames)), frames);
});

test("a welcome may come without a roster", () => {
  const { presence: _, ...without } = welcome();
  assert.deepEqual(types(without), ["welcome"]);
});

test("a value that is not a frame is ignored, and the frames beside it are not", () => {
  for (const value of ["", "{", "null", "5", "[]", "[[]]", '"welcome"', "pong", '{"type":5}', '{"type":"__proto__"}', '{"type":"constructor"}']) {
    assert.deepEqual(types(value), [], value);
  }
  assert.deepEqual(types([null, { type: "tomorrow" }, { type: "ack", id: "a", seq: 1 }, 5]), ["ack"]);
  assert.deepEqual(readFrames(new Uint8Array(2)), []);
  assert.deepEqual(readFrames(undefined), []);
});

test("a frame whose fields are of the wrong kind is ignored", () => {
  const { seq: _, ...unplaced } = entry(1);
  const wrong = [
    welcome({ head: "5" as never }),
    welcome({ now: "5" as never }),
    welcome({ position: 5 as never }),
    welcome({ entries: [{ seq: 1 }] as never }),
    welcome({ you: { member: 5 } as never }),
    welcome({ presence: { count: 1, members: [null] } as never }),
    unplaced,
    entry(1, { target: "1" as never }),
    { type: "ack" },
    { type: "ack", id: "a", seq: "1" },
    { type: "page", before: 5, entries: [], more: false },
    { type: "page", id: "a", before: 5, entries: {} },
    { type: "presence", count: 1, leave: [5] },
    { type: "presence", count: 1, join: "all" },
    { type: "presence", count: 1, join: [{ member: 5 }] },
    { type: "probe" },
    { type: "ephemeral", from: "a", kind: "typing", ttl: "long" },
    { type: "you" },
    { type: "error", code: "muted", message: "no", retryAfter: "5" },
  ];
  for (const frame of wrong) assert.deepEqual(types(frame), [], JSON.stringify(frame));
});

test("a frame with null in place of a member is ignored alone, and the frames beside it are read", () => {
  const frames = [{ type: "presence", count: 1, members: [null] }, { type: "ack", id: "a" }];
  assert.deepEqual(types(frames), ["ack"]);
});
