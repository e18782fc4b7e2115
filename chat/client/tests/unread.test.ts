// The unread messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "party-client";
import { newMessages } from "../mention-count.ts";
import { countText, isCutOff, newest, unreadAfter } from "../unread.ts";

const item = (seq: number, author: string, more: Partial<Item<string>> = {}): Item<string> => ({ id: `i${seq}`, seq, author, at: seq, body: "text", ...more });
const sending: Item<string> = { id: "p", author: "me", at: 9, body: "text" };
const items = [item(1, "ada"), item(2, "bob"), item(3, "me"), item(5, "ada"), sending];

test("new is what others wrote after the last message read", () => {
  assert.equal(unreadAfter(items, 1, "me"), 2);
  assert.equal(unreadAfter(items, 5, "me"), 0);
});

test("all is new to a reader who left an empty room", () => {
  assert.equal(unreadAfter(items, newest([]), "me"), 3);
});

test("a deleted message does not count as unread", () => {
  const { body: _, ...deleted } = item(5, "ada");
  assert.equal(unreadAfter([item(1, "ada"), deleted], 0, "me"), 1);
});

test("the newest place is that of the last message that everyone has", () => {
  assert.equal(newest(items), 5);
});

test("messages may be missing only where older ones are not loaded and the known ones begin later", () => {
  assert.equal(isCutOff([item(5, "ada")], true, 3), true);
  assert.equal(isCutOff([item(5, "ada")], true, 4), false);
  assert.equal(isCutOff([item(5, "ada")], false, 0), false);
});

test("a count says when there may be more, and is nothing when there are none", () => {
  assert.deepEqual([countText(0, true), countText(1, false), countText(97, true)], ["", "1", "97+"]);
  assert.deepEqual(["1", "2", "97+"].map((count) => newMessages(count)), ["1 new message", "2 new messages", "97+ new messages"]);
});
