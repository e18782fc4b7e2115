// The rooms that one was in, as the browser keeps them.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { source } from "party-client";
import { forgetRoom, hasDraft, MOST_ROOMS, rememberVisit, ROOMS_KEY, visitedRooms } from "../my-rooms.ts";
import type { RoomSession } from "../room-session.ts";

const kept = new Map<string, string>();
let full = false;
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (full) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
  },
});

beforeEach(() => {
  kept.clear();
  full = false;
});

function session(name: string, items: unknown[] = [{}]) {
  const log = source({ loaded: true, items });
  const shared = source<{ name?: string } | null>(null);
  return { log, shared, session: { name, room: { log, shared } } as unknown as RoomSession };
}

const names = () => visitedRooms().map(({ room, name }) => (name ? `${room} (${name})` : room));

test("a room is remembered from the first message on, the last one first", () => {
  rememberVisit(session("garden").session);
  const kitchen = session("kitchen", []);
  rememberVisit(kitchen.session);
  assert.deepEqual(names(), ["garden"]);
  kitchen.log.value = { loaded: true, items: [{}] };
  assert.deepEqual(names(), ["kitchen", "garden"]);
});

test("the name that a room was given is remembered, and another one when it changes", () => {
  const { shared, session: garden } = session("garden");
  const stop = rememberVisit(garden);
  shared.value = { name: "Garden club" };
  assert.deepEqual(names(), ["garden (Garden club)"]);
  shared.value = {};
  assert.deepEqual(names(), ["garden"]);
  stop();
  shared.value = { name: "Too late" };
  assert.deepEqual(names(), ["garden"]);
});

test("a room is forgotten, and the oldest one when there are too many", () => {
  for (let n = 0; n <= MOST_ROOMS; n++) rememberVisit(session(`room ${n}`).session);
  assert.deepEqual([visitedRooms().length, names().at(-1)], [MOST_ROOMS, "room 1"]);
  forgetRoom("room 50");
  assert.equal(names().includes("room 50"), false);
});

test("a list that somebody else has written, or that cannot be kept, breaks nothing", () => {
  for (const text of ["", "7", "{", '[null, 7, {"room": 7}, {"room": "a", "at": "now"}, {"room": "b", "at": 1}]']) {
    kept.set(ROOMS_KEY, text);
    assert.deepEqual(names(), text.startsWith("[") ? ["b"] : []);
  }
  full = true;
  rememberVisit(session("garden").session);
  assert.deepEqual(names(), ["b"]);
});

test("a room has a draft where one is kept", () => {
  kept.set("party.draft.garden", "{}");
  assert.deepEqual([hasDraft("garden"), hasDraft("kitchen")], [true, false]);
});
