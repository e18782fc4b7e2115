// The items as they are shown: those of the log with the operations that are on their way.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../src/log.ts";
import type { Operation, Pending } from "../src/outbox.ts";
import { view } from "../src/view.ts";
import { item } from "./visit.ts";

type Text = { content: string };

const text = (content: string): Text => ({ content });
const log = (...items: Log<Text>["items"]): Log<Text> => ({ epoch: "e", position: "p", head: items.length, items, older: true, resets: 2 });
const pending = (frame: Operation<Text>, error?: Pending["error"]): Pending<Text> => ({ frame, at: 5, ...(error ? { error } : {}) });
const preview = (draft: Text, now?: Text) => text(now ? `${now.content} now ${draft.content}` : draft.content);

test("before the log has come nothing is loaded, and nothing is older", () => {
  assert.deepEqual(view<Text, Text>(undefined, [], preview, undefined, false), { loaded: false, items: [], older: false, loading: false, resets: 0 });
  assert.deepEqual(view<Text, Text>(log(), [], preview, "me", true), { loaded: true, items: [], older: true, loading: true, resets: 2 });
});

test("an item that is not acknowledged is the last one, and has an author once our member is known", () => {
  const one = pending({ type: "append", id: "a", body: text("one") });
  const shown = { id: "a", at: 5, body: text("one"), pending: one };
  assert.deepEqual(view(log(item(1)), [one], preview, undefined, false).items, [item(1), shown]);
  assert.deepEqual(view(log(item(1)), [one], preview, "me", false).items, [item(1), { ...shown, author: "me" }]);
});

test("a command is not shown, and changes no item", () => {
  const one = pending({ type: "append", id: "a", body: text("one") });
  const command = pending({ type: "command", id: "c", data: "vote" });
  for (const known of [undefined, log(), log(item(1))]) {
    assert.deepEqual(view(known, [one, command], preview, "me", false).items, view(known, [one], preview, "me", false).items);
  }
});

test("an edit is shown as the app previews it, and a deletion without a body", () => {
  const edit = pending({ type: "edit", id: "e", target: 1, body: text("edit") });
  const deletion = pending({ type: "delete", id: "d", target: 2 });
  const { body: _, ...deleted } = item(2);
  assert.deepEqual(view(log(item(1), item(2), item(3)), [edit, deletion], preview, "me", false).items, [
    { ...item(1), body: text("text 1 now edit"), pending: edit },
    { ...deleted, pending: deletion },
    item(3),
  ]);
});

test("a refused change is marked on its item, which stays as it is", () => {
  const edit = pending({ type: "edit", id: "e", target: 1, body: text("edit") }, { code: "muted", message: "no" });
  assert.deepEqual(view(log(item(1)), [edit], preview, "me", false).items, [{ ...item(1), pending: edit }]);
});

test("a change of an item that is not loaded is not shown", () => {
  const edit = pending({ type: "edit", id: "e", target: 9, body: text("edit") });
  assert.deepEqual(view(log(item(1)), [edit], preview, "me", false).items, [item(1)]);
});
