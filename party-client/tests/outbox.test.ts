// The stored operations, and the next ones to send.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toSend, withAdopted, withError, without, type Outbox } from "../src/outbox.ts";

const outbox = (...ids: string[]): Outbox<string> => ids.map((id) => ({ frame: { type: "append", id, body: id }, at: 1 }));
const ids = (of: readonly { frame?: { id: string }; id?: string }[]) => of.map(({ frame, id }) => frame?.id ?? id).join(" ");

test("an acknowledged message is taken out, and nothing else", () => {
  assert.equal(ids(without(outbox("a", "b", "c"), new Set(["b", "x"]))), "a c");
  const same = outbox("a");
  assert.equal(without(same, new Set(["x"])), same);
});

test("a refused message is not sent until it is tried again", () => {
  const refused = withError(outbox("a", "b"), "a", { code: "forbidden", message: "no" });
  assert.equal(ids(toSend(refused, new Set(), 9)), "b");
  assert.equal(ids(toSend(withError(refused, "a"), new Set(), 9)), "a b");
});

test("an adopted message is put where it belongs by its stamp, and once", () => {
  assert.equal(ids(withAdopted(outbox("c", "d"), outbox("a", "c", "b"))), "a b c d");
  const at = (stamp: number, ...ids: string[]) => outbox(...ids).map((pending) => ({ ...pending, stamp }));
  assert.equal(ids(withAdopted([...at(2, "b"), ...at(4, "d")], [...at(1, "a"), ...at(3, "c")])), "a b c d");
});

test("messages of one page stay in their order, whatever its clock and its stamps say", () => {
  const by = (...stamps: [string, number][]) => stamps.map(([id, at]) => ({ ...outbox(id)[0]!, at }));
  assert.equal(ids(withAdopted(by(["a", 9], ["b", 1]), [])), "a b");
  assert.equal(ids(withAdopted([], by(["a", 9], ["b", 1]))), "a b");
  assert.equal(ids(withAdopted(by(["x", 5]), by(["a", 9], ["b", 1]))), "x a b");
  assert.equal(ids(withAdopted(by(["a", 9], ["b", 1]), by(["x", 5]))), "x a b");
});

test("nothing that was written after what was put off is sent before it", () => {
  const all = outbox("a", "b", "c", "d");
  assert.equal(ids(toSend(all, new Set(), 9, "b")), "a b");
  assert.equal(ids(toSend(all, new Set(["b"]), 9, "b")), "a");
  assert.equal(ids(toSend(without(all, new Set(["b"])), new Set(), 9, "b")), "a c d");
  assert.equal(ids(toSend(withError(all, "b", { code: "muted", message: "no" }), new Set(), 9, "b")), "a c d");
});

test("a message under way is not sent, and no more than there is room for", () => {
  assert.equal(ids(toSend(outbox("a", "b", "c", "d"), new Set(["a"]), 2)), "b c");
  assert.equal(ids(toSend(outbox("a", "b", "c"), new Set(["a", "b"]), 0)), "");
});
