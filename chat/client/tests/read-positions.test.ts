// How far one has read in each room, as the browser keeps it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MOST_ROOMS, onReadElsewhere, READ_KEY, readIn, rememberRead } from "../read-positions.ts";

const kept = new Map<string, string>();
let full = false;
const events = new EventTarget();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (full) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
  },
  addEventListener: events.addEventListener.bind(events),
  removeEventListener: events.removeEventListener.bind(events),
});

beforeEach(() => {
  kept.clear();
  full = false;
});

const changed = (key: string) => events.dispatchEvent(Object.assign(new Event("storage"), { key }));

test("a place is kept for each room", () => {
  rememberRead("garden", 7);
  rememberRead("kitchen", 3);
  rememberRead("garden", 9);
  assert.deepEqual([readIn("garden"), readIn("kitchen"), readIn("cellar")], [9, 3, undefined]);
});

test("the rooms that were not read for the longest time are forgotten", () => {
  for (let n = 0; n <= MOST_ROOMS; n++) rememberRead(`room ${n}`, n);
  rememberRead("room 1", 1);
  rememberRead("one more", 1);
  assert.deepEqual([readIn("room 0"), readIn("room 1"), readIn("room 2"), readIn("one more")], [undefined, 1, undefined, 1]);
});

test("a browser that stores nothing is no obstacle", () => {
  full = true;
  rememberRead("garden", 7);
  assert.equal(readIn("garden"), undefined);
});

test("other values in the storage are not taken for places", () => {
  for (const text of ["", "{", "null", "7", '{"garden":7}', '[7,null,["garden"],["garden","7"],["garden",1.5]]']) {
    kept.set(READ_KEY, text);
    assert.equal(readIn("garden"), undefined, text);
  }
  rememberRead("garden", 7);
  assert.equal(readIn("garden"), 7);
});

test("another tab that reads on is noticed until nobody listens", () => {
  const heard: number[] = [];
  const stop = onReadElsewhere("garden", (seq) => heard.push(seq));
  rememberRead("garden", 7);
  changed(READ_KEY);
  changed("another key");
  stop();
  changed(READ_KEY);
  assert.deepEqual(heard, [7]);
});
