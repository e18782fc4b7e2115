// What is new to the reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../protocol.ts";
import { tabTitle, unreadAfter } from "../unread.ts";

const messages: Message[] = ["a", "b", "mine", "c"].map((id) => ({ id, content: id, user: "Maya", role: "user" }));
const isMine = (id: string) => id === "mine";

test("new is what others wrote after the last message read", () => {
  assert.equal(unreadAfter(messages, "a", isMine), 2);
  assert.equal(unreadAfter(messages, "c", isMine), 0);
});

test("all is new to a reader who left an empty room", () => {
  assert.equal(unreadAfter(messages, "", isMine), 3);
});

test("the tab's title carries the count only when there is one", () => {
  assert.equal(tabTitle("den", 0), "den · Party chat");
  assert.equal(tabTitle("den", 3), "(3) den · Party chat");
});
