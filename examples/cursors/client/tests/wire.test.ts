// The bytes of a move, and the colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hueOf } from "../hue.ts";
import { decodeMove, encodeMove } from "../wire.ts";

test("a move is little endian, in both directions", () => {
  assert.deepEqual([...encodeMove({ x: 0x1234, y: 65_535 })], [0x34, 0x12, 0xff, 0xff]);
  const frame = new Uint8Array([2, 1, 0x34, 0x12, 0xff, 0xff]);
  assert.deepEqual(decodeMove(frame.buffer), { number: 258, at: { x: 0x1234, y: 65_535 } });
});

test("the first eight members have colours that differ clearly", () => {
  const hues = Array.from({ length: 8 }, (_, index) => hueOf(index + 1));
  for (const [index, hue] of hues.entries()) {
    for (const other of hues.slice(index + 1)) {
      const apart = Math.abs(hue - other);
      assert.ok(Math.min(apart, 360 - apart) > 30, String(hues));
    }
  }
});
