// The ledger on what clients of a large room could receive.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Breach } from "./checker.ts";
import type { Entry, Happening } from "./history.ts";
import { Ledger } from "./ledger.ts";

const entry = (seq: number, content = `text ${seq}`): Entry => ({ seq, id: `e${seq}`, author: "ada", body: { content } });
const receives = (seq: number, content?: string): Happening => ({ what: "entry", entry: entry(seq, content) });
const welcome = (head: number, entries: Entry[] = [], recovered = true): Happening =>
  ({ what: "welcome", member: "bob", epoch: "one", head, recovered, entries });
const acknowledged = (seq: number): Happening => ({ what: "acknowledged", id: `e${seq}`, seq });
const end = (seq: number): Happening => ({ what: "end", epoch: "one", seq, whole: false });

/** Has two clients of a room with two messages receive things, one after the other, and returns the verdict. */
function judge(ada: readonly Happening[], bob: readonly Happening[]) {
  const ledger = new Ledger();
  for (const seq of [1, 2]) {
    const { id, body } = entry(seq);
    ledger.record("ada", { what: "sent", operation: { type: "append", id, body } });
  }
  for (const happening of ada) ledger.record("ada", happening);
  for (const happening of bob) ledger.record("bob", happening);
  return ledger.verdict();
}

const whole = [welcome(0, [], false), receives(1), acknowledged(1), receives(2), acknowledged(2), end(2)];

function finds(breach: Breach, bob: readonly Happening[]): void {
  const found = judge(whole, bob).faults.map((fault) => fault.breach);
  assert.ok(found.includes(breach), `found ${JSON.stringify(found)}, not "${breach}"`);
}

test("a client that receives everything once, or resumes, keeps the protocol", () => {
  assert.deepEqual(judge(whole, whole).faults, []);
  const { faults, figures } = judge(whole, [welcome(0, [], false), receives(1), welcome(2, [entry(2)]), end(2)]);
  assert.deepEqual(faults, []);
  assert.deepEqual([figures.received, figures.resumed, figures.head, figures.clients], [4, 1, 2, 2]);
});

test("a breach of the protocol is found", () => {
  const joins = welcome(0, [], false);
  finds("gap", [joins, receives(2), end(2)]);
  finds("gap", [joins, receives(1), welcome(2), end(2)]);
  finds("doubled", [joins, receives(1), receives(1), receives(2), end(2)]);
  finds("doubled", [joins, receives(1), receives(2), welcome(2, [entry(2)]), end(2)]);
  finds("two views", [joins, receives(1), receives(2, "other"), end(2)]);
  finds("lost", [joins, receives(1), welcome(2, [entry(1), entry(2)], false), end(2)]);
  finds("lost", [joins, receives(1), receives(2), acknowledged(3), end(2)]);
  finds("false acknowledgement", [joins, receives(1), receives(2), { what: "acknowledged", id: "e2", seq: 1 }, end(2)]);
  finds("different ends", [joins, receives(1), end(1)]);
  finds("wrong author", [joins, receives(1), receives(2), receives(3), end(3)]);
});
