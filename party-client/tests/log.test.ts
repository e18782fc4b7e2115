// A log when entries and pages arrive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf, withEntries, withPage, withWelcome, type Log } from "../src/log.ts";
import type { Entry } from "../src/wire.ts";
import { item, welcome, type Body } from "./visit.ts";

const begin = (...seqs: number[]) => withWelcome<Body>(undefined, welcome({ entries: seqs.map((seq) => item(seq)), older: (seqs[0] ?? 1) > 1 }));
const seqs = (log: Log<Body>) => log.items.map(({ seq }) => seq).join(" ");
const edit = (seq: number, target: number, content: string): Entry<Body> => item(seq, { target, body: { content } });
const deletion = (seq: number, target: number): Entry<Body> => {
  const { body: _, ...entry } = item(seq, { target });
  return entry;
};

test("entries are taken in order, and those that are known change nothing", () => {
  const log = withEntries(begin(1, 2), [item(2), item(3), item(3), item(4)]);
  assert.equal(seqs(log), "1 2 3 4");
  assert.equal(log.head, 4);
  assert.equal(withEntries(log, [item(1), item(4)]), log);
});

test("nothing is taken after a gap", () => {
  const log = withEntries(begin(1, 2), [item(3), item(5), item(4)]);
  assert.equal(seqs(log), "1 2 3");
  assert.equal(log.head, 3);
});

test("an edit replaces the body and leaves everything else", () => {
  const log = withEntries(begin(1, 2), [edit(3, 1, "edit")]);
  assert.deepEqual(log.items[0], { ...item(1), body: { content: "edit" }, edited: 3 });
  assert.deepEqual(log.items[1], item(2));
});

test("a deletion takes the body away and leaves the item in its place", () => {
  const log = withEntries(begin(1, 2), [deletion(3, 1)]);
  assert.deepEqual(Object.keys(log.items[0] ?? {}), ["seq", "id", "author", "at", "edited", "deletedBy"]);
  assert.equal(seqs(log), "1 2");
});

test("a change of an item that is not loaded counts as taken", () => {
  const log = withEntries(begin(5, 6), [edit(7, 2, "edit"), deletion(8, 3)]);
  assert.equal(log.head, 8);
  assert.equal(seqs(log), "5 6");
});

test("one log is never changed by what comes after it", () => {
  const log = begin(1, 2);
  withEntries(log, [edit(3, 1, "edit"), item(4)]);
  assert.deepEqual(log.items, [item(1), item(2)]);
});

test("a recovered log is extended and keeps what is older", () => {
  const log = withWelcome(withPage(begin(3, 4), { before: 3, entries: [item(1), item(2)], more: false }), {
    ...welcome({ recovered: true, entries: [edit(5, 1, "edit"), item(6)], older: true, head: 6 }),
  });
  assert.equal(seqs(log), "1 2 3 4 6");
  assert.equal(log.items[0]?.edited, 5);
  assert.equal(log.older, false);
  assert.equal(log.resets, 0);
});

test("a log that was not recovered begins from scratch, and says so", () => {
  const log = withWelcome(begin(1, 2), welcome({ epoch: "e2", entries: [item(8), item(9)], older: true }));
  assert.equal(seqs(log), "8 9");
  assert.deepEqual([log.epoch, log.head, log.older, log.resets], ["e2", 9, true, 1]);
});

test("an older page goes before what is known, and only where it belongs", () => {
  const log = withPage(begin(3, 4), { before: 3, entries: [item(1), item(2)], more: true });
  assert.equal(seqs(log), "1 2 3 4");
  assert.equal(log.older, true);
  assert.equal(withPage(log, { before: 3, entries: [item(1), item(2)], more: true }), log);
  assert.equal(withPage(log, { after: 4, entries: [], more: false }), log);
});

test("an item is found among many without looking at each", () => {
  const items = Array.from({ length: 1000 }, (_, index) => ({ seq: 2 * index }));
  assert.equal(indexOf(items, 998), 499);
  assert.equal(indexOf(items, 999), -1);
  assert.equal(indexOf([], 1), -1);
});

test("a batch of many entries is taken in as fast as it is long", () => {
  const entries = Array.from({ length: 200_000 }, (_, index) => (index % 10 ? item(index + 1) : edit(index + 1, index, "edit")));
  const before = process.cpuUsage(); // Hardly more on a busy machine, unlike the time of the clock.
  assert.equal(withEntries(begin(), entries).head, 200_000);
  // Copying the items for each entry would take minutes.
  assert.ok(process.cpuUsage(before).user < 5_000_000);
});
