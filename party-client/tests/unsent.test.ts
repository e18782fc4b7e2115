// The operations on their way to the log, without a room: which ones are sent next, and what each of them comes to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { delivery } from "../src/delivery.ts";
import { stopClock } from "./visit.ts";

const append = (id: string) => ({ type: "append", id, body: id }) as const;
const refused = { code: "invalid", message: "it is invalid" };

/** Writes these operations, and returns what has them. */
function written(...ids: string[]) {
  const unsent = delivery<string, unknown>();
  return { unsent, sent: ids.map((id) => unsent.write(append(id))), next: () => unsent.next(new Set(), 9).map(({ id }) => id).join(" ") };
}

test("an operation that the room delays holds up those after it, and none before it", () => {
  const { unsent, next } = written("a", "b", "c", "d");
  unsent.later("b");
  assert.equal(next(), "a b");
  unsent.later("c");
  assert.equal(next(), "a b");
  unsent.settle([{ id: "b" }]);
  assert.equal(next(), "a c d");
});

test("an operation that was refused holds up nothing, also where it was delayed before", () => {
  const { unsent, next } = written("a", "b", "c");
  unsent.later("b");
  unsent.refuse("b", refused);
  assert.equal(next(), "a c");
  unsent.later("b");
  assert.equal(next(), "a c");
});

test("an operation without a place in the log resolves without one", async () => {
  const { unsent, sent } = written("a", "b");
  unsent.settle([{ id: "a" }, { id: "b", seq: 5 }]);
  assert.deepEqual(await Promise.all(sent.map(({ done }) => done)), [{}, { seq: 5 }]);
});

test("a discarded operation rejects with the reason", async () => {
  const { unsent, sent } = written("a");
  unsent.discard("a");
  await assert.rejects(sent[0]?.done ?? Promise.resolve(), { code: "discarded", message: "it was discarded" });
  assert.deepEqual(unsent.outbox.value, []);
});

test("the refusal of something else changes no operation", () => {
  const { unsent } = written("a");
  const before = unsent.outbox.value;
  assert.equal(unsent.refuse("other", refused), false);
  assert.equal(unsent.outbox.value, before);
  assert.equal(unsent.refuse("a", refused), true);
  assert.deepEqual(unsent.outbox.value[0]?.error, refused);
});

test("an operation that is written after those of another page were taken over has a later stamp than they", (context) => {
  stopClock(context);
  const unsent = delivery<string, unknown>();
  const stamp = Date.now() + 3_600_000;
  unsent.adopt([{ frame: append("a"), at: 1, stamp }]);
  unsent.write(append("b"));
  assert.deepEqual(unsent.outbox.value.map((pending) => pending.stamp), [stamp, stamp + 1]);
});

test("more than 1,000 unsent operations are refused with the reason", () => {
  const { unsent } = written(...Array.from({ length: 1000 }, (_, index) => `${index}`));
  assert.throws(() => unsent.write(append("last")), { code: "outbox_full", message: "1000 entries are unsent" });
});
