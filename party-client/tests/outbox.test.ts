// What is kept of what was written, and what is sent next.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toSend, withAdopted, withError, without, type Outbox } from "../src/outbox.ts";

const outbox = (...ids: string[]): Outbox<string> => ids.map((id) => ({ frame: { type: "append", id, body: id }, at: 1 }));
const ids = (of: readonly { frame?: { id: string }; id?: string }[]) => of.map(({ frame, id }) => frame?.id ?? id).join(" ");

test("what is acknowledged is taken out, and nothing else", () => {
  assert.equal(ids(without(outbox("a", "b", "c"), new Set(["b", "x"]))), "a c");
  const same = outbox("a");
  assert.equal(without(same, new Set(["x"])), same);
});

test("what was refused is not sent until it is tried again", () => {
  const refused = withError(outbox("a", "b"), "a", { code: "forbidden", message: "no" });
  assert.equal(ids(toSend(refused, new Set(), 9)), "b");
  assert.equal(ids(toSend(withError(refused, "a"), new Set(), 9)), "a b");
});

test("what was left behind is put where it belongs by its time, and once", () => {
  assert.equal(ids(withAdopted(outbox("c", "d"), outbox("a", "c", "b"))), "a b c d");
  const at = (time: number, ...ids: string[]) => outbox(...ids).map((pending) => ({ ...pending, at: time }));
  assert.equal(ids(withAdopted([...at(2, "b"), ...at(4, "d")], [...at(1, "a"), ...at(3, "c")])), "a b c d");
});

test("what is under way is not sent, and no more than there is room for", () => {
  assert.equal(ids(toSend(outbox("a", "b", "c", "d"), new Set(["a"]), 2)), "b c");
  assert.equal(ids(toSend(outbox("a", "b", "c"), new Set(["a", "b"]), 0)), "");
});
