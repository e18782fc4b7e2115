// How far the reader has read, and what they have missed.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { source, type Me, type State } from "party-client";
import { READ_KEY, readIn } from "../read-positions.ts";
import { followReading, type Reading } from "../reading.ts";
import type { ChatRoom, Message } from "../room-types.ts";

const kept = new Map<string, string>();
const events = new EventTarget();
Object.assign(globalThis, {
  localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) },
  addEventListener: events.addEventListener.bind(events),
  removeEventListener: events.removeEventListener.bind(events),
});

type Log = ChatRoom["log"]["value"];

const item = (seq: number, author = "ada"): Message => ({ id: `i${seq}`, seq, author, at: seq, body: { content: "text", user: author, role: "user" } });
const run = (from: number, to: number, author?: string) => Array.from({ length: to - from + 1 }, (_, n) => item(from + n, author));
const logOf = (items: readonly Message[], more: Partial<Log> = {}): Log => ({ loaded: true, items, older: false, loading: false, resets: 0, ...more });
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

/** A visit by a member called `me`, who looks at the end of the conversation unless something else is set. */
function visit(stored?: number) {
  if (stored !== undefined) kept.set(READ_KEY, JSON.stringify([["garden", stored]]));
  const log = source<Log>({ loaded: false, items: [], older: false, loading: false, resets: 0 });
  const state = source<State>({ status: "connecting" });
  const you = source<Me | undefined>({ member: "me", role: "member" });
  const [atEnd, visible, shown] = [source(true), source(true), source(false)];
  const reading: Reading = followReading({ log, state, you }, "garden", { atEnd, visible, shown });
  const connect = async (items: readonly Message[], more: Partial<Log> = {}) => {
    state.value = { status: "connected" };
    log.value = logOf(items, more);
    shown.value = true;
    await settled();
  };
  const lose = async () => {
    state.value = { status: "reconnecting" };
    await settled();
  };
  const add = (...items: Message[]) => (log.value = { ...log.value, items: [...log.value.items, ...items] });
  return { log, state, atEnd, visible, shown, reading, connect, lose, add };
}

beforeEach(() => kept.clear());

test("on a first visit all that is there counts as read, and is remembered", async () => {
  const { reading, connect } = visit();
  await connect(run(1, 30));
  assert.equal(reading.unread.value, "");
  assert.equal(reading.missed.value, undefined);
  assert.equal(readIn("garden"), 30);
});

test("on a later visit the messages since are new until the reader has seen them", async () => {
  const { reading, connect } = visit(10);
  await connect(run(1, 30));
  assert.equal(reading.unread.value, "20");
  assert.deepEqual(reading.missed.value, { after: 10 });
  reading.seen("i15");
  assert.equal(reading.unread.value, "15");
  assert.equal(readIn("garden"), 15);
  reading.seen("i30");
  assert.equal(reading.unread.value, "");
  assert.deepEqual(reading.missed.value, { after: 10, upTo: 30 });
});

test("messages that come while the reader looks at the end are read", async () => {
  const { reading, connect, add } = visit();
  await connect(run(1, 3));
  add(item(4));
  assert.equal(reading.unread.value, "");
  assert.equal(readIn("garden"), 4);
});

test("messages that come while the page is hidden are new, and stay so until they are seen", async () => {
  const { reading, connect, add, visible } = visit();
  await connect(run(1, 3));
  visible.value = false;
  add(item(4), item(5));
  reading.seen("i5");
  assert.equal(reading.unread.value, "2");
  visible.value = true;
  assert.equal(reading.unread.value, "2");
  add(item(6));
  assert.equal(reading.unread.value, "3");
  reading.seen("i6");
  assert.deepEqual(reading.missed.value, { after: 3, upTo: 6 });
  assert.equal(reading.unread.value, "");
});

test("messages that come together with a connection are new, although the page is visible", async () => {
  const { reading, connect, lose } = visit();
  await connect(run(1, 3));
  await lose();
  await connect(run(1, 5));
  assert.equal(reading.unread.value, "2");
  assert.deepEqual(reading.missed.value, { after: 3 });
});

test("an own message from another device does not count", async () => {
  const { reading, connect, add, visible } = visit(3);
  await connect([...run(1, 3), item(4, "me")]);
  assert.equal(reading.unread.value, "");
  visible.value = false;
  add(item(5, "me"), item(6));
  assert.equal(reading.unread.value, "1");
});

test("a reader who looks further up has not read what comes at the end", async () => {
  const { reading, connect, add, atEnd } = visit();
  await connect(run(1, 3));
  atEnd.value = false;
  add(item(4));
  assert.equal(reading.unread.value, "1");
  assert.deepEqual(reading.missed.value, { after: 3 });
});

test("a room that the page does not show is not read", async () => {
  const { reading, connect, add, shown } = visit();
  await connect(run(1, 3));
  shown.value = false;
  add(item(4));
  assert.equal(reading.unread.value, "1");
  assert.equal(readIn("garden"), 3);
});

test("a line that was seen is gone when the reader comes back", async () => {
  const { reading, connect, visible, add } = visit(1);
  await connect(run(1, 3));
  reading.seen("i3");
  visible.value = false;
  assert.equal(reading.missed.value, undefined);
  add(item(4));
  visible.value = true;
  assert.deepEqual(reading.missed.value, { after: 3 });
});

test("the next line stands where the reader had got to", async () => {
  const { reading, connect, add, atEnd } = visit(1);
  await connect(run(1, 3));
  reading.seen("i3");
  atEnd.value = false;
  add(item(4));
  assert.deepEqual(reading.missed.value, { after: 3 });
});

test("messages that another tab has read are read", async () => {
  const { reading, connect } = visit(1);
  await connect(run(1, 3));
  kept.set(READ_KEY, JSON.stringify([["garden", 3]]));
  events.dispatchEvent(Object.assign(new Event("storage"), { key: READ_KEY }));
  assert.equal(reading.unread.value, "");
});

test("a reader who jumps to the end has read all, and one who writes needs no line", async () => {
  const { reading, connect } = visit(1);
  await connect(run(1, 3));
  reading.catchUp();
  assert.equal(reading.unread.value, "");
  assert.deepEqual(reading.missed.value, { after: 1, upTo: 3 });
  reading.dismiss();
  assert.equal(reading.missed.value, undefined);
  assert.equal(readIn("garden"), 3);
});

test("where the missed messages begin before the loaded ones, only the end counts as seen", async () => {
  const { reading, connect } = visit(10);
  await connect(run(101, 200), { older: true });
  assert.equal(reading.unread.value, "100+");
  reading.seen("i120");
  assert.equal(reading.unread.value, "100+");
  reading.seen("i200");
  assert.equal(reading.unread.value, "");
});

test("a room that has begun again is not new to the reader, and what comes then is", async () => {
  const { reading, connect, add, visible } = visit(500);
  await connect(run(1, 3));
  assert.equal(reading.unread.value, "");
  visible.value = false;
  add(item(4));
  assert.equal(reading.unread.value, "1");
});

test("unread messages that are deleted leave nothing unread", async () => {
  const { reading, connect, log } = visit(2);
  await connect(run(1, 3));
  const { body: _, ...deleted } = item(3);
  log.value = logOf([...run(1, 2), deleted]);
  assert.equal(reading.unread.value, "");
});

test("nothing is followed after the end of the visit", async () => {
  const { reading, connect, add, visible } = visit();
  await connect(run(1, 3));
  reading.stop();
  visible.value = false;
  add(item(4));
  assert.equal(reading.unread.value, "");
});
