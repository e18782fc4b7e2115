// Which frames travel together.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { batch } from "../src/batch.ts";
import { stopClock } from "./visit.ts";

const frame = (n: number, text = "") => ({ n, text });

test("the first frame goes at once, and what follows within a few milliseconds goes together", (context) => {
  stopClock(context);
  const texts: string[] = [];
  const { push } = batch((text) => texts.push(text), 5);
  push([frame(1)]);
  assert.deepEqual(texts, [JSON.stringify(frame(1))]);
  push([frame(2)]);
  mock.timers.tick(4);
  push([frame(3)]);
  assert.equal(texts.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(texts[1], JSON.stringify([frame(2), frame(3)]));
  mock.timers.tick(5);
  push([frame(4)]);
  assert.deepEqual(texts[2], JSON.stringify(frame(4)));
});

test("frames of one moment go at once as one array", (context) => {
  stopClock(context);
  const texts: string[] = [];
  batch((text) => texts.push(text), 5).push([frame(1), frame(2)]);
  assert.deepEqual(texts, [JSON.stringify([frame(1), frame(2)])]);
});

test("an array has at most 64 frames, and is not larger than a room takes", (context) => {
  stopClock(context);
  const arrays: { n: number }[][] = [];
  const { push } = batch((text) => arrays.push([JSON.parse(text) as { n: number }].flat()), 5);
  push(Array.from({ length: 130 }, (_, n) => frame(n)));
  assert.deepEqual(arrays.map((array) => array.length), [64, 64, 2]);
  assert.deepEqual(arrays.flat().map(({ n }) => n), Array.from({ length: 130 }, (_, n) => n));
  mock.timers.tick(5);
  push([1, 2, 3, 4].map((n) => frame(n, "x".repeat(9_000))));
  assert.deepEqual(arrays.slice(3).map((array) => array.length), [2, 2]);
  mock.timers.tick(5);
  push([1, 2, 3].map((n) => frame(n, "x".repeat(30_000))));
  assert.deepEqual(arrays.slice(5).map((array) => array.length), [1, 1, 1]);
});

test("frames of exactly 20,000 letters together are one array", (context) => {
  stopClock(context);
  const texts: string[] = [];
  const half = "x".repeat(10_000 - JSON.stringify(frame(1)).length);
  batch((text) => texts.push(text), 5).push([frame(1, half), frame(2, half)]);
  assert.deepEqual(texts, [JSON.stringify([frame(1, half), frame(2, half)])]);
});

test("frames that are taken back are named by their ids and not sent, and frames without an id stay", (context) => {
  stopClock(context);
  const texts: string[] = [];
  const { push, recall } = batch((text) => texts.push(text), 5);
  push([frame(1)]);
  push([{ id: "a" }, frame(2), { id: "b" }]);
  assert.deepEqual(recall(), ["a", "b"]);
  assert.deepEqual(recall(), []);
  mock.timers.tick(5);
  assert.deepEqual(texts.slice(1), [JSON.stringify(frame(2))]);
});

test("after what was gathered is forgotten, the next frame goes at once", (context) => {
  stopClock(context);
  const texts: string[] = [];
  const { push, clear } = batch((text) => texts.push(text), 5);
  push([frame(1)]);
  clear();
  push([frame(2)]);
  assert.deepEqual(texts, [JSON.stringify(frame(1)), JSON.stringify(frame(2))]);
});

test("without batching every frame goes alone and at once", (context) => {
  stopClock(context);
  const texts: string[] = [];
  batch((text) => texts.push(text), false).push([frame(1), frame(2)]);
  assert.deepEqual(texts, [JSON.stringify(frame(1)), JSON.stringify(frame(2))]);
});

test("a cleared frame is never sent", (context) => {
  stopClock(context);
  const texts: string[] = [];
  const { push, clear } = batch((text) => texts.push(text), 5);
  push([frame(1)]);
  push([frame(2)]);
  clear();
  mock.timers.tick(50);
  assert.equal(texts.length, 1);
  push([frame(3)]);
  assert.equal(texts.length, 2);
});
